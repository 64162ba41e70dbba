"""The secretariat takes a reading back, or notes that a judge is lost."""

import uuid
from typing import Annotated

import sqlmodel
from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from portal.accounts.access import Relation, allow
from portal.accounts.viewer import CurrentViewer
from portal.contests.models import Edition
from portal.deals import leaving, queries, readings, rules
from portal.deals.forms import LeaveForm
from portal.deals.routes.panel import edition_of, held_edition
from portal.errors import Conflict
from portal.i18n import N_
from portal.judging import rules as judging
from portal.judging.models import Judge
from portal.screening import queries as screening
from portal.web.forms import Pressed, Sent, blank, sent
from portal.web.links import go
from portal.web.templating import page
from portal.web.transaction import Session

router = APIRouter()
TAKEN_BACK = N_("The reading is taken back. The portal is giving the essay to another judge.")
LOST = N_("The judge no longer judges this edition. Essays without their marks are being given to others.")


@router.post("/contests/{slug}/essays/{code}/judges/{appointment_id}/take-back")
@allow(Relation.SECRETARY)
def take_back(
    _pressed: Pressed, request: Request, session: Session, viewer: CurrentViewer, slug: str, code: str,
    appointment_id: uuid.UUID,
) -> Response:  # fmt: skip
    edition = held_edition(session, viewer, slug)
    essay = screening.get_essay(session, viewer, edition, code)
    leaving.take_back(session, edition, essay, appointment_id, by=viewer)
    return go(request, f"/contests/{slug}/essays/{code}/judges", TAKEN_BACK)


@router.get("/contests/{slug}/judges/{code}/leave")
@allow(Relation.SECRETARY, Relation.AUDITOR)
def ask_to_leave(request: Request, session: Session, viewer: CurrentViewer, slug: str, code: str) -> Response:
    edition = edition_of(session, viewer, slug)
    judge = readings.get_judge(session, edition, code)
    may = judging.may_appoint(viewer, edition) and rules.can_leave(judge)
    return _leave_page(request, session, edition, judge, blank(LeaveForm), may=may)


def _leave_page(
    request: Request, session: sqlmodel.Session, edition: Edition, judge: Judge, form: Sent[LeaveForm],
    status: int = 200, *, may: bool = True,
) -> Response:  # fmt: skip
    undone = readings.count_unfinished(session, judge)
    return page(
        request, "deals/lost.html", status, edition=edition, judge=judge, form=form, may_lose=may, undone=undone
    )


@router.post("/contests/{slug}/judges/{code}/leave")
@allow(Relation.SECRETARY)
def lose(
    form: Annotated[Sent[LeaveForm], Depends(sent(LeaveForm))],
    request: Request,
    session: Session,
    viewer: CurrentViewer,
    slug: str,
    code: str,
) -> Response:
    edition = held_edition(session, viewer, slug)
    queries.hold(session, edition)
    judge = readings.get_judge(session, edition, code, lock=True)
    if form.data is None:
        return _leave_page(request, session, edition, judge, form, 422)
    origin = request.app.state.settings.public_origin
    try:
        leaving.leave(session, edition, judge, form.data.reason, by=viewer, origin=origin)
    except Conflict as conflict:
        return _leave_page(request, session, edition, judge, form.refused("", conflict.reason), 409, may=False)
    return go(request, f"/contests/{slug}/judges/{code}/leave", LOST)
