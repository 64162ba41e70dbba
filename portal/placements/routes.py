"""Choosing candidates, approving, and the candidates' answers."""

import uuid
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response
from starlette.datastructures import FormData

from portal.accounts.access import Relation, allow
from portal.accounts.viewer import CurrentViewer
from portal.applications import queries as applications
from portal.applications import rules as application_rules
from portal.applications import words as application_words
from portal.clock import now
from portal.errors import Conflict, NotAllowed
from portal.forms import SENTENCES
from portal.history import queries as history
from portal.i18n import N_
from portal.nominations import queries as nominations
from portal.openings import words as opening_words
from portal.openings.models import Opening
from portal.placements import actions, hosted, queries, rules, words
from portal.placements.forms import Declining, Filters, GivingBack, Proposal, Refusal
from portal.placements.models import Placement, Reason
from portal.placements.rules import Step
from portal.web import once
from portal.web.forms import Pressed, Sent, blank, check, sent
from portal.web.links import go
from portal.web.templating import page
from portal.web.transaction import Session

router = APIRouter()
SentProposal = Annotated[Sent[Proposal], Depends(sent(Proposal))]
SentRefusal = Annotated[Sent[Refusal], Depends(sent(Refusal))]
SentDeclining = Annotated[Sent[Declining], Depends(sent(Declining))]
SentGivingBack = Annotated[Sent[GivingBack], Depends(sent(GivingBack))]
NOBODY = N_("It was not said whom you propose. Open the list of candidates and choose somebody there.")
PROPOSED = N_("The candidate is proposed, and a place is held. The host was told, and approves or refuses it.")
APPROVED = N_("The place is offered, and the candidate was told until when to answer.")
REFUSED = N_("The placement is refused, and its place is free again.")
CANCELLED = N_("The proposal is taken back, and its place is free again. The host was told.")
ACCEPTED = N_("You accepted the place. The host was told.")
DECLINED = N_("You declined the place. The host was told.")
RELEASED = N_("The place is given back, and everybody concerned was told.")
WITHDRAWN = N_("Your application is withdrawn.")
TAKEN_BACK = N_("The decision is taken back, and the applicant was told. The application waits for a decision again.")


@router.get("/placements")
@allow(Relation.PERSON)
def list_placements(
    request: Request, session: Session, viewer: CurrentViewer, after: uuid.UUID | None = None
) -> Response:
    """Officials see all that concerns their office; everybody sees what was offered to them."""
    form = check(Filters, FormData(dict(request.query_params)))
    wanted = form.data.model_dump(exclude_defaults=True) if form.data else {}
    found = queries.listed(session, viewer, **wanted, after=after) if viewer.is_staff else ([], None)
    return page(
        request, "placements/list.html", offers=queries.offers_to(session, viewer), placements=found[0],
        next_after=found[1], form=form, query=wanted, calls=queries.calls(session, viewer) if viewer.is_staff else [],
        rules=rules, words=words,
    )  # fmt: skip


@router.get("/placements/openings")
@allow(Relation.PERSON)
def list_openings(
    request: Request, session: Session, viewer: CurrentViewer, after: uuid.UUID | None = None
) -> Response:
    offerings, next_after = hosted.offerings(session, viewer, after=after)
    return page(request, "placements/openings.html", offerings=offerings, next_after=next_after)


@router.get("/openings/{opening_id}/candidates")
@allow(Relation.HOST, Relation.SECRETARY, Relation.AUDITOR)
def list_candidates(
    request: Request, session: Session, viewer: CurrentViewer, opening_id: uuid.UUID, after: uuid.UUID | None = None
) -> Response:
    opening = hosted.get_hosted(session, viewer, opening_id)
    candidates, next_after = hosted.candidates(session, viewer, opening, after=after)
    taken = queries.places_taken(session, opening)
    return page(
        request, "placements/candidates.html", opening=opening, candidates=candidates, next_after=next_after,
        taken=taken, can_propose=viewer.is_secretary and taken < opening.capacity, at=now(),
        rules=rules, words=words, application_words=application_words,
    )  # fmt: skip


@router.get("/openings/{opening_id}/propose")
@allow(Relation.SECRETARY)
def show_propose(
    request: Request,
    session: Session,
    viewer: CurrentViewer,
    opening_id: uuid.UUID,
    application_id: uuid.UUID | None = None,
) -> Response:
    opening = hosted.get_hosted(session, viewer, opening_id)
    return _proposal_page(request, session, viewer, opening, blank(Proposal, application_id=application_id))


@router.post("/openings/{opening_id}/propose")
@allow(Relation.SECRETARY)
def propose(
    form: SentProposal, request: Request, session: Session, viewer: CurrentViewer, opening_id: uuid.UUID
) -> Response:
    opening = hosted.get_hosted(session, viewer, opening_id)
    if form.data is None or not viewer.is_secretary:
        return _proposal_page(request, session, viewer, opening, form)
    arrival = once.arrival(session, request, viewer.id, form.data.key)
    if arrival.earlier:
        return arrival.earlier
    placement = actions.propose(session, viewer, opening_id, form.data.application_id, reason=form.data.reason)
    return arrival.done(f"/placements/{placement.id}", PROPOSED)


def _proposal_page(
    request: Request, session: Session, viewer: CurrentViewer, opening: Opening, form: Sent[Proposal]
) -> Response:
    if not viewer.is_secretary:
        raise NotAllowed
    application = actions.proposable(session, viewer, opening, _candidate_of(form))
    return page(
        request, "placements/propose.html", 422 if form.errors else 200, opening=opening, form=form,
        candidate=application_rules.candidate(application, {opening.government_id}),
        application_words=application_words,
    )  # fmt: skip


def _candidate_of(form: Sent[Proposal]) -> uuid.UUID:
    """Whom the form is about, though it could not be read as a whole."""
    try:
        return uuid.UUID(form.values.get("application_id"))
    except (TypeError, ValueError) as error:
        raise Conflict(NOBODY) from error


@router.get("/placements/{placement_id}")
@allow(Relation.APPLICANT, Relation.HOME, Relation.HOST, Relation.SECRETARY, Relation.AUDITOR)
def show(request: Request, session: Session, viewer: CurrentViewer, placement_id: uuid.UUID) -> Response:
    placement = queries.get_visible(session, viewer, placement_id)
    opening, at, past = placement.opening, now(), history.deeds(session, "placement", placement.id)
    return page(
        request, "placements/show.html", placement=placement, opening=opening, state=rules.status_at(placement, at),
        candidate=application_rules.candidate(placement.application, {opening.government_id}),
        is_candidate=placement.application.applicant_id == viewer.person_id,
        possible=rules.possible(viewer, placement, at), benefits=queries.benefits(session, opening),
        deeds=[each for each in reversed(past) if each.deed in words.DEEDS],
        answers_for_another=application_rules.entered(viewer, placement.application),
        words=words, opening_words=opening_words, application_words=application_words,
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
    return _reason_page(request, "placements/refuse.html", placement, blank(Refusal), words.OF_HOSTS)


@router.post("/placements/{placement_id}/refuse")
@allow(Relation.HOST)
def refuse(
    form: SentRefusal, request: Request, session: Session, viewer: CurrentViewer, placement_id: uuid.UUID
) -> Response:
    placement = queries.lock_visible(session, viewer, placement_id)
    actions.ensure(Step.REFUSE, placement, by=viewer)
    if form.data is None:
        return _reason_page(request, "placements/refuse.html", placement, form, words.OF_HOSTS)
    actions.refuse(session, placement, by=viewer, code=form.data.code, reason=form.data.reason)
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
    return _reason_page(request, "placements/decline.html", placement, blank(Declining), words.OF_APPLICANTS)


@router.post("/placements/{placement_id}/decline")
@allow(Relation.APPLICANT)
def decline(
    form: SentDeclining, request: Request, session: Session, viewer: CurrentViewer, placement_id: uuid.UUID
) -> Response:
    placement = queries.lock_visible(session, viewer, placement_id)
    actions.ensure(Step.DECLINE, placement, by=viewer)
    if form.data is None:
        return _reason_page(request, "placements/decline.html", placement, form, words.OF_APPLICANTS)
    actions.decline(session, placement, by=viewer, code=form.data.code, reason=form.data.reason)
    return go(request, f"/placements/{placement.id}", DECLINED)


@router.get("/placements/{placement_id}/release")
@allow(Relation.APPLICANT, Relation.SECRETARY)
def show_release(request: Request, session: Session, viewer: CurrentViewer, placement_id: uuid.UUID) -> Response:
    placement = queries.get_visible(session, viewer, placement_id)
    actions.ensure(Step.RELEASE, placement, by=viewer)
    return _reason_page(
        request, "placements/release.html", placement, blank(GivingBack), rules.reasons(viewer, placement)
    )


@router.post("/placements/{placement_id}/release")
@allow(Relation.APPLICANT, Relation.SECRETARY)
def release(
    form: SentGivingBack, request: Request, session: Session, viewer: CurrentViewer, placement_id: uuid.UUID
) -> Response:
    placement = queries.lock_visible(session, viewer, placement_id)
    actions.ensure(Step.RELEASE, placement, by=viewer)
    if form.data is not None and form.data.code not in rules.reasons(viewer, placement):
        form = form.refused("code", SENTENCES["enum"])
    if form.data is None:
        return _reason_page(request, "placements/release.html", placement, form, rules.reasons(viewer, placement))
    actions.release(session, placement, by=viewer, code=form.data.code, reason=form.data.reason)
    return go(request, f"/placements/{placement.id}", RELEASED)


def _reason_page(
    request: Request, template: str, placement: Placement, form: Sent[Any], reasons: tuple[Reason, ...]
) -> Response:
    offered = [(code, str(words.REASONS[code])) for code in reasons]
    return page(request, template, 422 if form.errors else 200, placement=placement, form=form, reasons=offered)


@router.get("/applications/{application_id}/withdraw")
@allow(Relation.APPLICANT)
def show_withdraw(request: Request, session: Session, viewer: CurrentViewer, application_id: uuid.UUID) -> Response:
    application = applications.get_own(session, viewer, application_id)
    actions.ensure_withdrawable(session, application, by=viewer)
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
