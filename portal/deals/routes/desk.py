"""A judge declares a conflict from the text, or leaves. Every route here takes a BlindSession.

What a declaration sets off happens behind the curtain; nothing that is seen there reaches a page.
"""

from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from portal.accounts.access import Relation, allow
from portal.accounts.viewer import CurrentViewer
from portal.contests.models import Edition
from portal.deals import leaving, queries, readings, rules
from portal.deals.forms import ConflictForm, LeaveDeskForm
from portal.deals.readings import Own
from portal.errors import Conflict
from portal.i18n import N_
from portal.judging import reading as judging
from portal.judging.blindness import BlindSession, behind_the_curtain
from portal.judging.reading import Reading
from portal.web import once
from portal.web.forms import Sent, blank, sent
from portal.web.links import go
from portal.web.templating import page

router = APIRouter()
SentConflict = Annotated[Sent[ConflictForm], Depends(sent(ConflictForm))]
SentLeave = Annotated[Sent[LeaveDeskForm], Depends(sent(LeaveDeskForm))]
THANKS = N_("Thank you for telling us. The essay has left your desk and goes to somebody else.")
LEFT = N_("You no longer judge in this contest. Thank you for your work.")
CHOOSE = N_("Choose one from the list.")


@router.get("/judging/leave")
@allow(Relation.JUDGE)
def ask_to_leave(request: Request, session: BlindSession, viewer: CurrentViewer) -> Response:
    own = readings.own_editions(session, viewer)
    return _leave_page(request, own, blank(LeaveDeskForm))


def _leave_page(request: Request, own: list[Own], form: Sent[LeaveDeskForm], status: int = 200) -> Response:
    return page(request, "deals/leave.html", status, editions=own, form=form)


@router.post("/judging/leave")
@allow(Relation.JUDGE)
def leave(form: SentLeave, request: Request, session: BlindSession, viewer: CurrentViewer) -> Response:
    own = readings.own_editions(session, viewer)
    if form.data and form.data.edition_id not in {each.id for each in own}:
        form = form.refused("edition_id", CHOOSE)
    if form.data is None:
        return _leave_page(request, own, form, 422)
    origin = request.app.state.settings.public_origin
    with behind_the_curtain(session):
        edition = session.get_one(Edition, form.data.edition_id)
        queries.hold(session, edition)
        judge = readings.own_judge(session, viewer, edition.id)
        leaving.leave(session, edition, judge, form.data.reason, by=viewer, origin=origin)
    return go(request, "/", LEFT)


@router.get("/judging/{alias}/conflict")
@allow(Relation.JUDGE)
def ask_about_conflict(request: Request, session: BlindSession, viewer: CurrentViewer, alias: str) -> Response:
    return _conflict_page(request, judging.get_reading(session, viewer, alias), blank(ConflictForm))


def _conflict_page(request: Request, reading: Reading, form: Sent[ConflictForm], status: int = 200) -> Response:
    why_not = rules.SUBMITTED if reading.is_locked else rules.MARKS_OVER
    return page(
        request, "deals/conflict.html", status, reading=reading, form=form, most=rules.CONFLICTS,
        why_not=None if reading.may_mark else why_not,
    )  # fmt: skip


@router.post("/judging/{alias}/conflict")
@allow(Relation.JUDGE)
def declare_conflict(
    form: SentConflict, request: Request, session: BlindSession, viewer: CurrentViewer, alias: str
) -> Response:
    if form.data:  # pressed twice: the essay is gone already
        with behind_the_curtain(session):
            earlier = once.arrival(session, request, viewer.id, form.data.key).earlier
        if earlier:
            return earlier
    reading = judging.get_reading(session, viewer, alias)
    if form.data is None:
        return _conflict_page(request, reading, form, 422)
    try:
        with behind_the_curtain(session):
            leaving.declare_conflict(session, reading.edition_id, reading.appointment_id, form.data.reason, by=viewer)
            answer = once.arrival(session, request, viewer.id, form.data.key).done("/judging", THANKS)
    except Conflict as conflict:
        return _conflict_page(request, reading, form.refused("", conflict.reason), 409)
    return answer
