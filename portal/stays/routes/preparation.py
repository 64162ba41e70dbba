"""Before departure: visa, insurance, arrival, and what follows from them."""

import uuid
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from portal.accounts.access import Relation, allow
from portal.accounts.viewer import CurrentViewer, Viewer
from portal.checkins.rules import today_there
from portal.clock import now
from portal.files import rules as file_rules
from portal.files.downloads import download
from portal.files.models import Kind
from portal.files.uploads import Uploaded, uploaded
from portal.i18n import N_
from portal.placements import queries as placements
from portal.placements.models import Placement
from portal.stays import actions, queries, rules, words
from portal.stays.forms import Arrival, Proof, VisaState, WithReason
from portal.stays.rules import Deed, Facts
from portal.web.forms import Pressed, Sent, blank, sent
from portal.web.links import go
from portal.web.templating import page
from portal.web.transaction import Session

router = APIRouter()
KINDS = (Kind.PDF, Kind.PNG, Kind.JPEG)
SentVisa = Annotated[Sent[VisaState], Depends(sent(VisaState))]
SentArrival = Annotated[Sent[Arrival], Depends(sent(Arrival))]
SentReason = Annotated[Sent[WithReason], Depends(sent(WithReason))]
GivenFile = Annotated[Uploaded, Depends(uploaded("file", *KINDS))]
SAVED = N_("Saved. The host, your home government and the secretariat can see it.")
WAIVED = N_("The stay may start without visa or insurance.")
RELEASED = N_("The place is given back, and everybody concerned was told.")
NO_FILE = N_("Choose a file first.")


@router.get("/placements/{placement_id}/stay/visa")
@allow(Relation.APPLICANT, Relation.HOME, Relation.HOST, Relation.SECRETARY, Relation.AUDITOR)
def show_visa(request: Request, session: Session, viewer: CurrentViewer, placement_id: uuid.UUID) -> Response:
    placement = queries.get_visible(session, viewer, placement_id)
    facts = queries.facts(session, placement)
    form = blank(VisaState, visa=facts.stay.visa, visa_on=facts.stay.visa_on)
    return _page(request, "visa", viewer, placement, facts, form)


@router.post("/placements/{placement_id}/stay/visa")
@allow(Relation.APPLICANT)
def state_visa(
    form: SentVisa, request: Request, session: Session, viewer: CurrentViewer, placement_id: uuid.UUID
) -> Response:
    placement = placements.lock_visible(session, viewer, placement_id)
    facts = queries.facts(session, placement)
    actions.ensure(Deed.PREPARE, placement, facts, by=viewer)
    if form.data is None:
        return _page(request, "visa", viewer, placement, facts, form)
    actions.state_visa(session, placement, facts, form.data, by=viewer)
    return go(request, f"/placements/{placement.id}/stay", SAVED)


@router.get("/placements/{placement_id}/stay/insurance")
@allow(Relation.APPLICANT, Relation.HOME, Relation.HOST, Relation.SECRETARY, Relation.AUDITOR)
def show_insurance(request: Request, session: Session, viewer: CurrentViewer, placement_id: uuid.UUID) -> Response:
    placement = queries.get_visible(session, viewer, placement_id)
    return _page(request, "insurance", viewer, placement, queries.facts(session, placement), blank(Proof))


@router.post("/placements/{placement_id}/stay/insurance")
@allow(Relation.APPLICANT)
def give_insurance(
    given: GivenFile, request: Request, session: Session, viewer: CurrentViewer, placement_id: uuid.UUID
) -> Response:
    placement = placements.lock_visible(session, viewer, placement_id)
    facts = queries.facts(session, placement)
    actions.ensure(Deed.PREPARE, placement, facts, by=viewer)
    if given.checked is None:
        form = blank(Proof).refused("file", given.error or NO_FILE)
        return _page(request, "insurance", viewer, placement, facts, form)
    actions.give_insurance(session, placement, facts, given.checked, by=viewer)
    return go(request, f"/placements/{placement.id}/stay", SAVED)


@router.get("/placements/{placement_id}/stay/insurance/file")
@allow(Relation.APPLICANT, Relation.HOME, Relation.HOST, Relation.SECRETARY, Relation.AUDITOR)
def read_insurance(request: Request, session: Session, viewer: CurrentViewer, placement_id: uuid.UUID) -> Response:
    placement = queries.get_visible(session, viewer, placement_id)
    stored = queries.insurance(session, placement).insurance
    assert stored is not None, "otherwise there is no such page"
    return download(request, stored)


@router.get("/placements/{placement_id}/stay/arrival")
@allow(Relation.APPLICANT, Relation.HOME, Relation.HOST, Relation.SECRETARY, Relation.AUDITOR)
def show_arrival(request: Request, session: Session, viewer: CurrentViewer, placement_id: uuid.UUID) -> Response:
    placement = queries.get_visible(session, viewer, placement_id)
    facts = queries.facts(session, placement)
    kept = {name: getattr(facts.stay, name) for name in Arrival.model_fields}
    return _page(request, "arrival", viewer, placement, facts, blank(Arrival, **kept))


@router.post("/placements/{placement_id}/stay/arrival")
@allow(Relation.APPLICANT)
def announce_arrival(
    form: SentArrival, request: Request, session: Session, viewer: CurrentViewer, placement_id: uuid.UUID
) -> Response:
    placement = placements.lock_visible(session, viewer, placement_id)
    facts = queries.facts(session, placement)
    actions.ensure(Deed.PREPARE, placement, facts, by=viewer)
    if form.data is None:
        return _page(request, "arrival", viewer, placement, facts, form)
    actions.announce_arrival(session, placement, facts, form.data, by=viewer)
    return go(request, f"/placements/{placement.id}/stay", SAVED)


@router.get("/placements/{placement_id}/stay/waive")
@allow(Relation.SECRETARY)
def show_waive(request: Request, session: Session, viewer: CurrentViewer, placement_id: uuid.UUID) -> Response:
    placement = placements.get_visible(session, viewer, placement_id)
    facts = queries.facts(session, placement)
    actions.ensure(Deed.WAIVE, placement, facts, by=viewer)
    return _page(request, "waive", viewer, placement, facts, blank(WithReason, reason=facts.stay.waiver_reason))


@router.post("/placements/{placement_id}/stay/waive")
@allow(Relation.SECRETARY)
def waive(
    form: SentReason, request: Request, session: Session, viewer: CurrentViewer, placement_id: uuid.UUID
) -> Response:
    placement = placements.lock_visible(session, viewer, placement_id)
    facts = queries.facts(session, placement)
    actions.ensure(Deed.WAIVE, placement, facts, by=viewer)
    if form.data is None:
        return _page(request, "waive", viewer, placement, facts, form)
    actions.waive(session, placement, facts, by=viewer, reason=form.data.reason)
    return go(request, f"/placements/{placement.id}/stay", WAIVED)


@router.get("/placements/{placement_id}/stay/release")
@allow(Relation.APPLICANT, Relation.HOME, Relation.HOST)
def show_release(request: Request, session: Session, viewer: CurrentViewer, placement_id: uuid.UUID) -> Response:
    placement = placements.get_visible(session, viewer, placement_id)
    facts = queries.facts(session, placement)
    actions.ensure(Deed.RELEASE, placement, facts, by=viewer)
    return _page(request, "release", viewer, placement, facts, blank(Proof))


@router.post("/placements/{placement_id}/stay/release")
@allow(Relation.APPLICANT, Relation.HOME, Relation.HOST)
def release(
    _pressed: Pressed, request: Request, session: Session, viewer: CurrentViewer, placement_id: uuid.UUID
) -> Response:
    placement = queries.lock_with_application(session, viewer, placement_id)
    actions.release(session, placement, queries.facts(session, placement), by=viewer)
    return go(request, f"/placements/{placement.id}", RELEASED)


def _page(request: Request, name: str, viewer: Viewer, placement: Placement, facts: Facts, form: Sent[Any]) -> Response:
    today = today_there(placement, now())
    return page(
        request, f"stays/{name}.html", 422 if form.errors else 200, placement=placement, stay=facts.stay, form=form,
        words=words, may_change=rules.can(viewer, Deed.PREPARE, placement, facts, today), files=file_rules,
        kinds=KINDS, limit_mb=request.app.state.settings.upload_limit_mb,
        for_another=viewer.person_id != placement.application.applicant_id,
    )  # fmt: skip
