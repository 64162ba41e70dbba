"""The secretariat's list of reports, and what it decides on each."""

import uuid
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from portal.accounts.access import Relation, allow
from portal.accounts.viewer import CurrentViewer
from portal.clock import now
from portal.final_reports import actions, queries, rules, words
from portal.final_reports.forms import Returning
from portal.final_reports.models import ReportStatus
from portal.final_reports.rules import Step
from portal.i18n import N_
from portal.placements import queries as placements
from portal.placements.models import Placement
from portal.web.forms import Pressed, Sent, blank, sent
from portal.web.links import go
from portal.web.templating import page
from portal.web.transaction import Session

router = APIRouter()
SentReturning = Annotated[Sent[Returning], Depends(sent(Returning))]
ACCEPTED = N_("The report is accepted, and the intern was told.")
RETURNED = N_("The report is returned, and the intern was told to correct it.")
PUBLISHED = N_("The report is published. Everybody can read it now.")
TAKEN_DOWN = N_("The report is taken down. Nobody finds it on the public pages any more.")


@router.get("/final-reports")
@allow(Relation.SECRETARY, Relation.AUDITOR)
def list_reports(
    request: Request, session: Session, viewer: CurrentViewer, state: ReportStatus | None = None,
    after: uuid.UUID | None = None,
) -> Response:  # fmt: skip
    found, next_after = queries.sent_in(session, viewer, status=state, after=after)
    return page(
        request, "final_reports/list.html", found=found, next_after=next_after, state=state, words=words, rules=rules,
        at=now(), states=[each for each in ReportStatus if each is not ReportStatus.DRAFT],
    )  # fmt: skip


@router.post("/placements/{placement_id}/report/accept")
@allow(Relation.SECRETARY)
def accept(
    _pressed: Pressed, request: Request, session: Session, viewer: CurrentViewer, placement_id: uuid.UUID
) -> Response:
    placement = placements.lock_visible(session, viewer, placement_id)
    report = actions.found(Step.ACCEPT, placement, queries.of(session, placement), by=viewer)
    actions.accept(session, placement, report, by=viewer)
    return go(request, f"/placements/{placement_id}/report", ACCEPTED)


@router.get("/placements/{placement_id}/report/return")
@allow(Relation.SECRETARY)
def show_return(request: Request, session: Session, viewer: CurrentViewer, placement_id: uuid.UUID) -> Response:
    placement = placements.get_visible(session, viewer, placement_id)
    actions.ensure(Step.RETURN, placement, queries.of(session, placement), by=viewer)
    return _return_page(request, placement, blank(Returning))


@router.post("/placements/{placement_id}/report/return")
@allow(Relation.SECRETARY)
def send_back(
    form: SentReturning, request: Request, session: Session, viewer: CurrentViewer, placement_id: uuid.UUID
) -> Response:
    placement = placements.lock_visible(session, viewer, placement_id)
    report = actions.found(Step.RETURN, placement, queries.of(session, placement), by=viewer)
    if form.data is None:
        return _return_page(request, placement, form, 422)
    actions.send_back(session, placement, report, by=viewer, reason=form.data.reason)
    return go(request, f"/placements/{placement_id}/report", RETURNED)


def _return_page(request: Request, placement: Placement, form: Sent[Returning], status: int = 200) -> Response:
    return page(request, "final_reports/return.html", status, placement=placement, form=form)


@router.post("/placements/{placement_id}/report/publish")
@allow(Relation.SECRETARY)
def publish(
    _pressed: Pressed, request: Request, session: Session, viewer: CurrentViewer, placement_id: uuid.UUID
) -> Response:
    placement = placements.lock_visible(session, viewer, placement_id)
    report = actions.found(Step.PUBLISH, placement, queries.of(session, placement), by=viewer)
    actions.publish(session, placement, report, by=viewer)
    return go(request, f"/placements/{placement_id}/report", PUBLISHED)


@router.post("/placements/{placement_id}/report/take-down")
@allow(Relation.SECRETARY)
def take_down(
    _pressed: Pressed, request: Request, session: Session, viewer: CurrentViewer, placement_id: uuid.UUID
) -> Response:
    placement = placements.lock_visible(session, viewer, placement_id)
    report = actions.found(Step.TAKE_DOWN, placement, queries.of(session, placement), by=viewer)
    actions.take_down(session, placement, report, by=viewer)
    return go(request, f"/placements/{placement_id}/report", TAKEN_DOWN)
