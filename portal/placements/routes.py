"""Choosing candidates, approving, and the candidates' answers."""

import uuid
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from portal.accounts.access import Relation, allow
from portal.accounts.viewer import CurrentViewer
from portal.applications import queries as applications
from portal.applications import rules as application_rules
from portal.applications import words as application_words
from portal.applications.actions import ensure as ensure_application
from portal.clock import now
from portal.errors import Conflict, NotAllowed
from portal.i18n import N_
from portal.nominations import queries as nominations
from portal.placements import actions, queries, rules, words
from portal.placements.forms import Declining, Proposal, Refusal
from portal.placements.models import Placement
from portal.placements.rules import Step
from portal.web import once
from portal.web.forms import Pressed, Sent, blank, sent
from portal.web.links import go
from portal.web.templating import page
from portal.web.transaction import Session

router = APIRouter()
SentProposal = Annotated[Sent[Proposal], Depends(sent(Proposal))]
SentRefusal = Annotated[Sent[Refusal], Depends(sent(Refusal))]
SentDeclining = Annotated[Sent[Declining], Depends(sent(Declining))]
NOBODY = N_("It was not said whom you propose. Open the list of candidates and choose somebody there.")
PROPOSED = N_("The candidate is proposed, and a place is held. Approve it to make the offer.")
APPROVED = N_("The place is offered, and the candidate was told until when to answer.")
REFUSED = N_("The placement is refused, and its place is free again.")
CANCELLED = N_("The proposal is taken back, and its place is free again.")
ACCEPTED = N_("You accepted the place. The host was told.")
DECLINED = N_("You declined the place. The host was told.")
WITHDRAWN = N_("Your application is withdrawn.")
TAKEN_BACK = N_("The decision is taken back, and the applicant was told. The application waits for a decision again.")


@router.get("/placements")
@allow(Relation.PERSON)
def list_placements(
    request: Request, session: Session, viewer: CurrentViewer, after: uuid.UUID | None = None
) -> Response:
    offerings, next_after = queries.offerings(session, viewer, after=after)
    return page(
        request, "placements/list.html", offers=queries.offers_to(session, viewer), offerings=offerings,
        next_after=next_after, rules=rules, words=words,
    )  # fmt: skip


@router.get("/openings/{opening_id}/candidates")
@allow(Relation.HOST, Relation.SECRETARY, Relation.AUDITOR)
def list_candidates(
    request: Request, session: Session, viewer: CurrentViewer, opening_id: uuid.UUID, after: uuid.UUID | None = None
) -> Response:
    opening = queries.get_hosted(session, viewer, opening_id)
    candidates, next_after = queries.candidates(session, viewer, opening, after=after)
    taken = queries.seats_taken(session, opening)
    return page(
        request, "placements/candidates.html", opening=opening, candidates=candidates, next_after=next_after,
        taken=len(taken), can_propose=viewer.is_secretary and len(taken) < opening.capacity,
        words=words, application_words=application_words,
    )  # fmt: skip


@router.post("/openings/{opening_id}/propose")
@allow(Relation.SECRETARY)
def propose(
    form: SentProposal, request: Request, session: Session, viewer: CurrentViewer, opening_id: uuid.UUID
) -> Response:
    queries.get_hosted(session, viewer, opening_id)
    if not viewer.is_secretary:
        raise NotAllowed
    if form.data is None:
        raise Conflict(NOBODY)
    arrival = once.arrival(session, request, viewer.id, form.data.key)
    if arrival.earlier:
        return arrival.earlier
    placement = actions.propose(session, viewer, opening_id, form.data.application_id, reason=form.data.reason)
    return arrival.done(f"/placements/{placement.id}", PROPOSED)


@router.get("/placements/{placement_id}")
@allow(Relation.APPLICANT, Relation.HOME, Relation.HOST, Relation.SECRETARY, Relation.AUDITOR)
def show(request: Request, session: Session, viewer: CurrentViewer, placement_id: uuid.UUID) -> Response:
    placement = queries.get_visible(session, viewer, placement_id)
    opening, at = placement.opening, now()
    return page(
        request, "placements/show.html", placement=placement, opening=opening, state=rules.status_at(placement, at),
        candidate=application_rules.candidate(placement.application, {opening.government_id}), words=words,
        is_candidate=placement.application.applicant_id == viewer.person_id,
        possible=rules.possible(viewer, placement, at), application_words=application_words,
        answers_for_another=application_rules.entered(viewer, placement.application),
    )  # fmt: skip


@router.post("/placements/{placement_id}/approve")
@allow(Relation.HOST)
def approve(
    _pressed: Pressed, request: Request, session: Session, viewer: CurrentViewer, placement_id: uuid.UUID
) -> Response:
    placement = queries.lock_visible(session, viewer, placement_id)
    actions.approve(session, placement, by=viewer)
    return go(request, f"/placements/{placement.id}", APPROVED)


@router.post("/placements/{placement_id}/cancel")
@allow(Relation.SECRETARY)
def cancel(
    _pressed: Pressed, request: Request, session: Session, viewer: CurrentViewer, placement_id: uuid.UUID
) -> Response:
    placement = queries.lock_visible(session, viewer, placement_id)
    actions.cancel(session, placement, by=viewer)
    return go(request, f"/placements/{placement.id}", CANCELLED)


@router.get("/placements/{placement_id}/refuse")
@allow(Relation.HOST)
def show_refuse(request: Request, session: Session, viewer: CurrentViewer, placement_id: uuid.UUID) -> Response:
    placement = queries.get_visible(session, viewer, placement_id)
    actions.ensure(Step.REFUSE, placement, by=viewer)
    return _reason_page(request, "placements/refuse.html", placement, blank(Refusal))


@router.post("/placements/{placement_id}/refuse")
@allow(Relation.HOST)
def refuse(
    form: SentRefusal, request: Request, session: Session, viewer: CurrentViewer, placement_id: uuid.UUID
) -> Response:
    placement = queries.lock_visible(session, viewer, placement_id)
    actions.ensure(Step.REFUSE, placement, by=viewer)
    if form.data is None:
        return _reason_page(request, "placements/refuse.html", placement, form)
    actions.refuse(session, placement, by=viewer, reason=form.data.reason)
    return go(request, f"/placements/{placement.id}", REFUSED)


@router.post("/placements/{placement_id}/accept")
@allow(Relation.APPLICANT)
def accept(
    _pressed: Pressed, request: Request, session: Session, viewer: CurrentViewer, placement_id: uuid.UUID
) -> Response:
    placement = queries.lock_visible(session, viewer, placement_id)
    actions.accept(session, placement, by=viewer)
    return go(request, f"/placements/{placement.id}", ACCEPTED)


@router.get("/placements/{placement_id}/decline")
@allow(Relation.APPLICANT)
def show_decline(request: Request, session: Session, viewer: CurrentViewer, placement_id: uuid.UUID) -> Response:
    placement = queries.get_visible(session, viewer, placement_id)
    actions.ensure(Step.DECLINE, placement, by=viewer)
    return _reason_page(request, "placements/decline.html", placement, blank(Declining))


@router.post("/placements/{placement_id}/decline")
@allow(Relation.APPLICANT)
def decline(
    form: SentDeclining, request: Request, session: Session, viewer: CurrentViewer, placement_id: uuid.UUID
) -> Response:
    placement = queries.lock_visible(session, viewer, placement_id)
    actions.ensure(Step.DECLINE, placement, by=viewer)
    if form.data is None:
        return _reason_page(request, "placements/decline.html", placement, form)
    actions.decline(session, placement, by=viewer, reason=form.data.reason)
    return go(request, f"/placements/{placement.id}", DECLINED)


def _reason_page(request: Request, template: str, placement: Placement, form: Sent[Any]) -> Response:
    return page(request, template, 422 if form.errors else 200, placement=placement, form=form)


@router.get("/applications/{application_id}/withdraw")
@allow(Relation.APPLICANT)
def show_withdraw(request: Request, session: Session, viewer: CurrentViewer, application_id: uuid.UUID) -> Response:
    application = applications.get_own(session, viewer, application_id)
    ensure_application(application_rules.Step.WITHDRAW, application, by=viewer)
    return page(request, "placements/withdraw.html", application=application)


@router.post("/applications/{application_id}/withdraw")
@allow(Relation.APPLICANT)
def withdraw(
    _pressed: Pressed, request: Request, session: Session, viewer: CurrentViewer, application_id: uuid.UUID
) -> Response:
    """Here and not with the applications, since it gives back the place that is held."""
    application = applications.lock_visible(session, viewer, application_id)
    actions.withdraw(session, application, by=viewer)
    return go(request, f"/applications/{application.id}", WITHDRAWN)


@router.post("/applications/{application_id}/take-back")
@allow(Relation.HOME, Relation.SECRETARY)
def take_back(
    _pressed: Pressed, request: Request, session: Session, viewer: CurrentViewer, application_id: uuid.UUID
) -> Response:
    """Here and not with the nominations, since a place that a host has proposed stands in the way."""
    application = nominations.lock_visible(session, viewer, application_id)
    actions.take_back(session, application, by=viewer)
    return go(request, f"/nominations/{application.id}", TAKEN_BACK)
