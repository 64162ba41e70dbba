"""One's own page of consents in an edition or a call: naming a guardian, or, of age, deciding alone."""

import uuid
from typing import Annotated, Any

import sqlmodel
from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from portal import i18n
from portal.accounts.access import Relation, allow
from portal.accounts.entrance import settings
from portal.accounts.viewer import CurrentViewer
from portal.consenting import actions, queries
from portal.consenting.queries import Entry
from portal.consenting.routes import answering
from portal.consenting.routes.answering import SentAnswers
from portal.consents import queries as consents
from portal.consents import wording, words
from portal.consents.forms import Again, Answers, Named, OneMore
from portal.consents.models import Programme, Purpose
from portal.consents.rules import Standing
from portal.consents.wording import Reader, Reading
from portal.errors import Conflict
from portal.i18n import N_
from portal.web import once
from portal.web.forms import Sent, blank, pressed, sent
from portal.web.links import go
from portal.web.templating import page
from portal.web.transaction import Session

router = APIRouter()
WHOSE = (Relation.APPLICANT, Relation.AUTHOR)
SentNamed = Annotated[Sent[Named], Depends(sent(Named))]
SentAgain = Annotated[Sent[Again], Depends(pressed(Again))]
SentOne = Annotated[Sent[OneMore], Depends(sent(OneMore))]
ASKED = N_("The mail with the link was sent. You see here when your guardian has answered.")
ASKED_AGAIN = N_("The mail was sent again with a new link. The link in the earlier mail is dead.")
DECIDED = N_("Your answers are kept. You can withdraw each yes at any time.")
WITHDRAWN = N_("You withdrew this consent. What depended on it has ended.")
ANOTHERS = N_(
    "This address is yours, or that of another young person who takes part. "
    "Enter the address of your parent or guardian."
)
CHANGED = N_("The text has changed since you opened the page. Read it again, then decide.")


@router.get("/consents/{programme}/{round_id}")
@allow(*WHOSE)
def show(
    request: Request, session: Session, viewer: CurrentViewer, programme: Programme, round_id: uuid.UUID, read: str = ""
) -> Response:
    entry = queries.get_own(session, viewer, programme, round_id)
    return _page(request, session, entry, queries.standing(session, entry), language=read)


@router.post("/consents/{programme}/{round_id}/guardian")
@allow(*WHOSE)
def name_guardian(
    form: SentNamed, request: Request, session: Session, viewer: CurrentViewer, programme: Programme,
    round_id: uuid.UUID,
) -> Response:  # fmt: skip
    arrival = once.arrival(session, request, viewer.id, form.data.key if form.data else None)
    if arrival.earlier:
        return arrival.earlier
    entry, standing = actions.hold(session, viewer, programme, round_id)
    if form.data is not None and queries.is_anothers(session, entry, form.data.email):
        form = form.refused("email", ANOTHERS)
    if form.data is None:
        return _page(request, session, entry, standing, named=form, status=422)
    actions.ask(session, entry, standing, form.data, by=viewer, origin=settings(request).public_origin)
    return arrival.done(entry.path, ASKED)


@router.post("/consents/{programme}/{round_id}/again")
@allow(*WHOSE)
def ask_again(
    form: SentAgain, request: Request, session: Session, viewer: CurrentViewer, programme: Programme,
    round_id: uuid.UUID,
) -> Response:  # fmt: skip
    arrival = once.arrival(session, request, viewer.id, form.data.key if form.data else None)
    if arrival.earlier:
        return arrival.earlier
    entry, standing = actions.hold(session, viewer, programme, round_id)
    actions.ask_again(session, entry, standing, by=viewer, origin=settings(request).public_origin)
    return arrival.done(entry.path, ASKED_AGAIN)


@router.post("/consents/{programme}/{round_id}/decide")
@allow(*WHOSE)
def decide(
    form: SentAnswers, request: Request, session: Session, viewer: CurrentViewer, programme: Programme,
    round_id: uuid.UUID,
) -> Response:  # fmt: skip
    entry, standing = actions.hold(session, viewer, programme, round_id)
    actions.ensure_own(entry, standing)
    read = _own_text(entry, form.values.get("language", ""))
    form = answering.checked(form, read, signs=False)
    answers = answering.completed(form)
    if answers is None:
        return _page(request, session, entry, standing, answers=form, language=read.language, status=422)
    origin = settings(request).public_origin
    actions.decide_own(session, entry, standing, answers, by=viewer, read=read, origin=origin)
    return go(request, entry.path, DECIDED)


@router.post("/consents/{programme}/{round_id}/{purpose}/give")
@allow(*WHOSE)
def give(
    form: SentOne, request: Request, session: Session, viewer: CurrentViewer, programme: Programme,
    round_id: uuid.UUID, purpose: Purpose,
) -> Response:  # fmt: skip
    entry, standing = actions.hold(session, viewer, programme, round_id)
    actions.ensure_own(entry, standing)
    read = _own_text(entry, form.values.get("language", ""))
    if form.data is None or form.data.digest != read.digest:
        raise Conflict(CHANGED, link=(entry.path, N_("Read the text")))
    origin = settings(request).public_origin
    actions.give_own(session, entry, standing, purpose, by=viewer, read=read, origin=origin)
    return go(request, _back(entry, form), DECIDED)


@router.post("/consents/{programme}/{round_id}/{purpose}/withdraw")
@allow(*WHOSE)
def withdraw(
    form: SentOne, request: Request, session: Session, viewer: CurrentViewer, programme: Programme,
    round_id: uuid.UUID, purpose: Purpose,
) -> Response:  # fmt: skip
    entry, standing = actions.hold(session, viewer, programme, round_id)
    origin = settings(request).public_origin
    actions.withdraw_own(session, entry, standing, purpose, by=viewer, origin=origin)
    return go(request, _back(entry, form), WITHDRAWN)


def _back(entry: Entry, form: Sent[OneMore]) -> str:
    return "/account/data" if form.data and form.data.then == "data" else entry.path


def _own_text(entry: Entry, language: str) -> Reading:
    return wording.reading(entry.about, answering.language(language, i18n.language()), Reader.OWN)


def _page(
    request: Request, session: sqlmodel.Session, entry: Entry, standing: Standing, *, named: Sent[Named] | None = None,
    answers: Sent[Answers] | None = None, language: str = "", status: int = 200,
) -> Response:  # fmt: skip
    """`named` and `answers` are the forms, as they were sent or to be filled in."""
    in_language = answering.language(language, i18n.language())
    reader = Reader.GUARDIAN if standing.needs_guardian else Reader.OWN
    guardian = standing.guardian.name if standing.guardian else str(N_("(name of your guardian)"))
    read = wording.reading(entry.about, in_language, reader, guardian=guardian)
    return page(
        request, "consenting/own.html", status, entry=entry, standing=standing, words=words, purposes=Purpose,
        named=named or _prefilled(standing), answers=answers or blank(Answers), form=named or answers,
        names=consents.guardian_names(session, list(standing.current.values())), **answering.shown(read),
    )  # fmt: skip


def _prefilled(standing: Standing) -> Sent[Named]:
    """What stands there is corrected; for a new question after an answer it is asked anew."""
    guardian: Any = standing.guardian
    if guardian is None or guardian.answered_at is not None:
        return blank(Named, language=i18n.language())
    return blank(Named, name=guardian.name, email=guardian.email, language=guardian.language)
