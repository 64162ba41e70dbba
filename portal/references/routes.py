"""Letters: where they stand for applicants, what they say for readers, and the referee's own page, by a link."""

import uuid
from collections.abc import Callable
from typing import Annotated, Any

import sqlmodel
from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from portal import i18n
from portal.accounts import throttle
from portal.accounts import words as account_words
from portal.accounts.access import Relation, allow
from portal.accounts.entrance import database, network, settings
from portal.accounts.rules import mailbox as mailbox_of
from portal.accounts.viewer import CurrentViewer
from portal.applications import queries as applications
from portal.applications.models import Application
from portal.clock import now
from portal.errors import Conflict, NotFound
from portal.files.downloads import download
from portal.files.models import Kind
from portal.files.uploads import Uploaded, uploaded
from portal.i18n import N_
from portal.references import actions, queries, rules, words
from portal.references.forms import LONGEST, Again, Referee, Reference
from portal.references.queries import Asked, Wanted
from portal.web import once
from portal.web.forms import Pressed, Sent, blank, pressed, sent
from portal.web.links import go
from portal.web.templating import page
from portal.web.transaction import Session

router = APIRouter()
SentReferee = Annotated[Sent[Referee], Depends(sent(Referee))]
SentAgain = Annotated[Sent[Again], Depends(pressed(Again))]
SentReference = Annotated[Sent[Reference], Depends(sent(Reference))]
LetterFile = Annotated[Uploaded, Depends(uploaded("letter", Kind.PDF, Kind.DOCX))]
ASKED = N_("The mail with the link was sent. You see here when the letter arrives.")
ASKED_AGAIN = N_("The mail was sent again with a new link. The link in the earlier mail is dead.")
OWN_ADDRESS = N_("A referee is somebody else. Enter the address of a teacher, an employer or another person you know.")
ASKED_BEFORE = N_("This referee was asked already. Go back and send the mail again, or name somebody else.")
NOTHING = N_("Choose a file, or type your letter.")


@router.get("/applications/{application_id}/letters")
@allow(Relation.APPLICANT)
def list_letters(request: Request, session: Session, viewer: CurrentViewer, application_id: uuid.UUID) -> Response:
    application = applications.get_own(session, viewer, application_id)
    wanted = queries.wanted(session, application)
    return page(request, "references/list.html", application=application, wanted=wanted, rules=rules, words=words)


@router.get("/applications/{application_id}/letters/{requested_id}/referee")
@allow(Relation.APPLICANT)
def show_referee(
    request: Request, session: Session, viewer: CurrentViewer, application_id: uuid.UUID, requested_id: uuid.UUID
) -> Response:
    application = applications.get_own(session, viewer, application_id)
    wanted = queries.get_wanted(session, application, requested_id)
    reason = rules.why_no_referee(wanted.letter, application, now())
    if reason is not None:
        raise Conflict(reason)
    return _referee_page(request, application, wanted, blank(Referee, language=i18n.language()))


@router.post("/applications/{application_id}/letters/{requested_id}/referee")
@allow(Relation.APPLICANT)
def ask(
    form: SentReferee, request: Request, session: Session, viewer: CurrentViewer,
    application_id: uuid.UUID, requested_id: uuid.UUID,
) -> Response:  # fmt: skip
    arrival = once.arrival(session, request, viewer.id, form.data.key if form.data else None)
    if arrival.earlier:
        return arrival.earlier
    wanted = queries.lock_wanted(session, viewer, application_id, requested_id)
    application = applications.get_own(session, viewer, application_id)
    form = _checked(session, application, wanted, form)
    if form.data is None:
        return _referee_page(request, application, wanted, form, 422)
    actions.ask(session, application, wanted, form.data, by=viewer, origin=settings(request).public_origin)
    return arrival.done(f"/applications/{application.id}/letters", ASKED)


def _checked(session: sqlmodel.Session, application: Application, wanted: Wanted, form: Sent[Referee]) -> Sent[Referee]:
    if form.data is None:
        return form
    mailbox = mailbox_of(form.data.email)
    if mailbox in queries.own_mailboxes(session, application):
        return form.refused("email", OWN_ADDRESS)
    is_same = wanted.letter is not None and mailbox == mailbox_of(wanted.letter.referee_email)
    return form.refused("email", ASKED_BEFORE) if is_same else form


def _referee_page(
    request: Request, application: Application, wanted: Wanted, form: Sent[Referee], status: int = 200
) -> Response:
    return page(
        request, "references/referee.html", status, application=application, wanted=wanted, form=form, words=words,
        all_languages=account_words.languages(),
    )  # fmt: skip


@router.post("/applications/{application_id}/letters/{requested_id}/again")
@allow(Relation.APPLICANT)
def ask_again(
    form: SentAgain, request: Request, session: Session, viewer: CurrentViewer,
    application_id: uuid.UUID, requested_id: uuid.UUID,
) -> Response:  # fmt: skip
    arrival = once.arrival(session, request, viewer.id, form.data.key if form.data else None)
    if arrival.earlier:
        return arrival.earlier
    wanted = queries.lock_wanted(session, viewer, application_id, requested_id)
    application = applications.get_own(session, viewer, application_id)
    actions.ask_again(session, application, wanted, by=viewer, origin=settings(request).public_origin)
    return arrival.done(f"/applications/{application.id}/letters", ASKED_AGAIN)


@router.get("/applications/{application_id}/letters/{requested_id}")
@allow(Relation.HOME, Relation.HOST, Relation.SECRETARY, Relation.AUDITOR)
def read(
    request: Request, session: Session, viewer: CurrentViewer, application_id: uuid.UUID, requested_id: uuid.UUID
) -> Response:
    letter, application = queries.get_readable(session, viewer, application_id, requested_id)
    return page(request, "references/read.html", letter=letter, application=application, words=words)


@router.get("/applications/{application_id}/letters/{requested_id}/file")
@allow(Relation.HOME, Relation.HOST, Relation.SECRETARY, Relation.AUDITOR)
def read_file(
    request: Request, session: Session, viewer: CurrentViewer, application_id: uuid.UUID, requested_id: uuid.UUID
) -> Response:
    letter, _application = queries.get_readable(session, viewer, application_id, requested_id)
    if letter.file is None:
        raise NotFound
    return download(request, letter.file)


def known_link(request: Request, token: str) -> None:
    """At the door, before a file is read: who guesses at links is stopped after some, and a guess costs no parsing."""
    with database(request).session(writes=False) as session:
        if queries.is_known(session, token):
            return
    throttle.admit(database(request), [throttle.limit(rules.GUESSES, "letter-links", network(request))])
    raise NotFound(queries.UNKNOWN)


def counted(request: Request) -> None:
    throttle.admit(database(request), throttle.forms(network(request)))


KnownLink = Annotated[None, Depends(known_link)]
Counted = Annotated[None, Depends(counted)]


@router.get("/letters/{token}")
@allow(Relation.VISITOR)
def show_link(_known: KnownLink, request: Request, token: str, session: Session, viewer: CurrentViewer) -> Response:
    """Changes nothing: mail scanners open links too."""
    return _link_page(request, token, queries.by_token(session, token), blank(Reference))


@router.post("/letters/{token}")
@allow(Relation.VISITOR)
def receive(
    _known: KnownLink, _counted: Counted, letter: LetterFile, form: SentReference,
    request: Request, token: str, session: Session, viewer: CurrentViewer,
) -> Response:  # fmt: skip
    asked = queries.by_token(session, token, lock=True)
    form = _with_content(form, letter)
    if form.data is None:
        return _link_page(request, token, asked, form, 422)
    text = form.data.text
    return _answered(request, token, asked, lambda: actions.receive(session, asked, text=text, checked=letter.checked))


@router.post("/letters/{token}/decline")
@allow(Relation.VISITOR)
def decline(
    _known: KnownLink, _counted: Counted, _pressed: Pressed,
    request: Request, token: str, session: Session, viewer: CurrentViewer,
) -> Response:  # fmt: skip
    asked = queries.by_token(session, token, lock=True)
    return _answered(request, token, asked, lambda: actions.decline(session, asked))


def _with_content(form: Sent[Reference], letter: Uploaded) -> Sent[Reference]:
    if letter.error:
        return form.refused("letter", letter.error)
    is_empty = form.data is not None and not form.data.text and letter.checked is None
    return form.refused("letter", NOTHING) if is_empty else form


def _answered(request: Request, token: str, asked: Asked, act: Callable[[], None]) -> Response:
    """A second press finds the link used, and is told so on the same quiet page."""
    try:
        act()
    except Conflict:
        return _link_page(request, token, asked, blank(Reference))
    return go(request, f"/letters/{token}")


def _link_page(request: Request, token: str, asked: Asked, form: Sent[Any], status: int = 200) -> Response:
    closed = rules.why_closed(asked.letter, asked.application, now())
    if closed is not None:
        is_answered = asked.letter.received_at is not None or asked.letter.declined_at is not None
        is_thanks = is_answered and request.method == "GET"
        return page(request, "references/closed.html", 200 if is_thanks else 409, reason=closed)
    return page(
        request, "references/link.html", status, token=token, letter=asked.letter, application=asked.application,
        form=form, words=words, longest=LONGEST,
    )  # fmt: skip
