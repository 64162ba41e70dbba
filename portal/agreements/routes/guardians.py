"""Naming a guardian, and the guardian's own page, by a link and without an account."""

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
from portal.accounts.rules import mailbox
from portal.accounts.viewer import CurrentViewer
from portal.agreements import actions, queries, rules, words
from portal.agreements.forms import Again, GuardiansRefusal, GuardiansWord, Named
from portal.agreements.models import Party
from portal.agreements.routes.reading import pdf, texts
from portal.agreements.rules import Standing, Step
from portal.clock import now
from portal.errors import Conflict, NotFound
from portal.i18n import N_
from portal.web import once
from portal.web.forms import Sent, blank, pressed, sent
from portal.web.links import go
from portal.web.templating import page
from portal.web.transaction import Session

router = APIRouter()
SentNamed = Annotated[Sent[Named], Depends(sent(Named))]
SentAgain = Annotated[Sent[Again], Depends(pressed(Again))]
SentWord = Annotated[Sent[GuardiansWord], Depends(sent(GuardiansWord))]
SentRefusal = Annotated[Sent[GuardiansRefusal], Depends(sent(GuardiansRefusal))]
ASKED = N_("The mail with the link was sent. You see here when your guardian has answered.")
ASKED_AGAIN = N_("The mail was sent again with a new link. The link in the earlier mail is dead.")
OTHER_ADDRESS = N_(
    "This address belongs to somebody who is a party already. Enter the address of the parent or guardian."
)


@router.get("/placements/{placement_id}/agreement/guardian")
@allow(Relation.APPLICANT)
def show_guardian(request: Request, session: Session, viewer: CurrentViewer, placement_id: uuid.UUID) -> Response:
    standing = queries.get_visible(session, viewer, placement_id)
    actions.ensure(Step.NAME_GUARDIAN, standing, by=viewer)
    return _guardian_page(request, standing, _prefilled(standing))


@router.post("/placements/{placement_id}/agreement/guardian")
@allow(Relation.APPLICANT)
def name_guardian(
    form: SentNamed, request: Request, session: Session, viewer: CurrentViewer, placement_id: uuid.UUID
) -> Response:
    arrival = once.arrival(session, request, viewer.id, form.data.key if form.data else None)
    if arrival.earlier:
        return arrival.earlier
    standing = queries.lock_visible(session, viewer, placement_id)
    actions.ensure(Step.NAME_GUARDIAN, standing, by=viewer)
    form = _checked(session, standing, form)
    if form.data is None:
        return _guardian_page(request, standing, form, 422)
    actions.name_guardian(session, standing, form.data, by=viewer, origin=settings(request).public_origin)
    return arrival.done(f"/placements/{placement_id}/agreement", ASKED)


@router.post("/placements/{placement_id}/agreement/guardian/again")
@allow(Relation.APPLICANT)
def ask_again(
    form: SentAgain, request: Request, session: Session, viewer: CurrentViewer, placement_id: uuid.UUID
) -> Response:
    arrival = once.arrival(session, request, viewer.id, form.data.key if form.data else None)
    if arrival.earlier:
        return arrival.earlier
    standing = queries.lock_visible(session, viewer, placement_id)
    actions.ask_guardian_again(session, standing, by=viewer, origin=settings(request).public_origin)
    return arrival.done(f"/placements/{placement_id}/agreement", ASKED_AGAIN)


def _prefilled(standing: Standing) -> Sent[Named]:
    guardian = standing.guardian
    if guardian is None:
        return blank(Named, language=i18n.language())
    return blank(Named, name=guardian.name, email=guardian.email, language=guardian.language)


def _checked(session: sqlmodel.Session, standing: Standing, form: Sent[Named]) -> Sent[Named]:
    if form.data is None:
        return form
    is_taken = mailbox(form.data.email) in queries.other_mailboxes(session, standing)
    return form.refused("email", OTHER_ADDRESS) if is_taken else form


def _guardian_page(request: Request, standing: Standing, form: Sent[Named], status: int = 200) -> Response:
    languages = account_words.languages()
    return page(request, "agreements/guardian.html", status, standing=standing, form=form, all_languages=languages)


# The link


def known_link(request: Request, token: str) -> None:
    """At the door: who guesses at links is stopped after some."""
    with database(request).session(writes=False) as session:
        if queries.is_known(session, token):
            return
    throttle.admit(database(request), [throttle.limit(rules.GUESSES, "guardian-links", network(request))])
    raise NotFound(queries.UNKNOWN)


def counted(request: Request) -> None:
    throttle.admit(database(request), throttle.forms(network(request)))


KnownLink = Annotated[None, Depends(known_link)]
Counted = Annotated[None, Depends(counted)]


@router.get("/guardians/{token}")
@allow(Relation.VISITOR)
def show_link(_known: KnownLink, request: Request, token: str, session: Session, viewer: CurrentViewer) -> Response:
    """Changes nothing: mail scanners open links too."""
    return _link_page(request, token, queries.by_token(session, token), blank(GuardiansWord))


@router.get("/guardians/{token}/agreement.pdf")
@allow(Relation.VISITOR)
def read_pdf(_known: KnownLink, request: Request, token: str, session: Session, viewer: CurrentViewer) -> Response:
    standing = queries.by_token(session, token)
    if not _reads(standing):
        raise Conflict(rules.EXPIRED)
    return pdf(standing)


@router.post("/guardians/{token}/confirm")
@allow(Relation.VISITOR)
def confirm(
    _known: KnownLink, _counted: Counted, form: SentWord,
    request: Request, token: str, session: Session, viewer: CurrentViewer,
) -> Response:  # fmt: skip
    standing, typed, origin = queries.by_token(session, token, lock=True), form.data, settings(request).public_origin
    if typed is None:
        return _link_page(request, token, standing, form, 422)

    def act() -> None:
        actions.confirm_as_guardian(session, standing, name=typed.name, digest=typed.digest, origin=origin)

    return _answered(request, token, standing, act)


@router.get("/guardians/{token}/refuse")
@allow(Relation.VISITOR)
def show_refuse(_known: KnownLink, request: Request, token: str, session: Session, viewer: CurrentViewer) -> Response:
    return _refuse_page(request, token, queries.by_token(session, token), blank(GuardiansRefusal))


@router.post("/guardians/{token}/refuse")
@allow(Relation.VISITOR)
def refuse(
    _known: KnownLink, _counted: Counted, form: SentRefusal,
    request: Request, token: str, session: Session, viewer: CurrentViewer,
) -> Response:  # fmt: skip
    standing, typed, origin = queries.by_token(session, token, lock=True), form.data, settings(request).public_origin
    if typed is None:
        return _refuse_page(request, token, standing, form, 422)

    def act() -> None:
        actions.refuse_as_guardian(session, standing, reason=typed.reason, origin=origin)

    return _answered(request, token, standing, act)


def _answered(request: Request, token: str, standing: Standing, act: Callable[[], None]) -> Response:
    """A second press finds the link used, and is told so on the same quiet page."""
    if rules.why_link_closed(standing, now()) is not None:
        return _closed_page(request, token, standing)
    act()
    return go(request, f"/guardians/{token}")


def _link_page(request: Request, token: str, standing: Standing, form: Sent[Any], status: int = 200) -> Response:
    if rules.why_link_closed(standing, now()) is not None:
        return _closed_page(request, token, standing)
    return page(
        request, "agreements/link.html", status, token=token, standing=standing, form=form, words=words,
        **texts(standing),
    )  # fmt: skip


def _refuse_page(request: Request, token: str, standing: Standing, form: Sent[Any], status: int = 200) -> Response:
    if rules.why_link_closed(standing, now()) is not None:
        return _closed_page(request, token, standing)
    return page(request, "agreements/link_refuse.html", status, token=token, form=form)


def _closed_page(request: Request, token: str, standing: Standing) -> Response:
    """Who has answered reads thanks, and keeps the way to the agreement while the link is good."""
    has_answered = standing.guardian is not None and standing.guardian.answered_at is not None
    status = 200 if has_answered and request.method == "GET" else 409
    reason = rules.why_link_closed(standing, now())
    may_read = Party.GUARDIAN in standing.signed and _reads(standing)
    return page(request, "agreements/closed.html", status, reason=reason, token=token, may_read=may_read)


def _reads(standing: Standing) -> bool:
    return standing.guardian is not None and now() < standing.guardian.expires_at
