"""One group before the jury; decisions about one essay, or several together; the second person."""

from typing import Annotated

import sqlmodel
from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import Response

from portal.accounts import queries as people
from portal.accounts.access import Relation, allow
from portal.accounts.viewer import CurrentViewer, Viewer
from portal.contests.models import Edition
from portal.errors import Conflict, NotFound
from portal.i18n import N_, _
from portal.judging.bands import published
from portal.juries import actions, deciding, queries, rules
from portal.juries.forms import MOST, DecideForm, GroupForm, SecondForm, WithheldForm
from portal.juries.groups import Group, Seat
from portal.juries.routes.meeting import STAFF, before_jury, told
from portal.web.forms import Sent, blank, sent
from portal.web.links import go
from portal.web.templating import page
from portal.web.transaction import Session

router = APIRouter()
PAGE = 50
DECIDED = N_("It is put down. What departs from the order waits for a second person.")
CONFIRMED = N_("You have confirmed this decision.")
NONE = N_("There was nothing left to decide as the order has it.")
NOT_OPENED = N_("The jury's meeting has not been opened yet.")
CHOOSE = N_("Choose the essays that are to be decided together, 60 at most.")


def of_meeting(session: sqlmodel.Session, edition: Edition) -> list[Group]:
    """What lies before the jury, once it has met."""
    if not queries.has_met(session, edition.id):
        raise Conflict(NOT_OPENED, link=(f"/contests/{edition.slug}/jury", _("Jury meeting")))
    return before_jury(session, edition)


def group_of(before: list[Group], given: GroupForm | None) -> Group:
    found = next((each for each in before if given and each.key == (given.category_id, given.language)), None)
    if found is None:
        raise Conflict(deciding.NOT_THERE)
    return found


def group_path(edition: Edition, group: Group) -> str:
    return f"/contests/{edition.slug}/jury/group?category={group.category_id}&in={group.language}"


@router.get("/contests/{slug}/jury/group")
@allow(*STAFF)
def show_group(
    request: Request, session: Session, viewer: CurrentViewer, slug: str, category: str = "",
    language: Annotated[str, Query(alias="in")] = "", after: str = "",
) -> Response:  # fmt: skip
    edition = queries.get_visible(session, viewer, slug)
    before = of_meeting(session, edition)
    found = next((each for each in before if (str(each.category_id), each.language) == (category, language)), None)
    if found is None:
        raise NotFound
    return group_page(request, session, viewer, edition, found, after=after)


def group_page(
    request: Request, session: sqlmodel.Session, viewer: Viewer, edition: Edition, group: Group, *, after: str = "",
    form: Sent[WithheldForm] | None = None, refused: object = None, status: int = 200,
) -> Response:  # fmt: skip
    seats, following = _paged(group, after)
    at_work = {row.withheld.decided_by for row in group.rows if row.withheld}
    at_work |= {seat.verdict.decided_by for seat in seats if seat.verdict}
    return page(
        request, "juries/group.html", status, edition=edition, group=group, seats=seats, following=following,
        address=group_path(edition, group), form=form or blank(WithheldForm), refused=refused, published=published,
        notes=queries.notes(session, [seat.essay_id for seat in seats]), names=people.names(session, at_work),
        state=rules.state(queries.meeting(session, edition.id)), **told(viewer, edition),
    )  # fmt: skip


def _paged(group: Group, after: str) -> tuple[list[Seat], str]:
    codes = [seat.code for seat in group.seats]
    start = codes.index(after) + 1 if after in codes else 0
    found = list(group.seats[start : start + PAGE])
    return found, found[-1].code if start + PAGE < len(codes) else ""


@router.get("/contests/{slug}/jury/decide")
@allow(*STAFF)
def before_deciding(
    request: Request, session: Session, viewer: CurrentViewer, slug: str,
    code: Annotated[list[str] | None, Query()] = None,
) -> Response:  # fmt: skip
    edition = queries.get_visible(session, viewer, slug)
    before = of_meeting(session, edition)
    codes = list(dict.fromkeys(code or ()))
    if not codes or len(codes) > MOST:
        raise Conflict(CHOOSE)
    return _decide_page(request, session, viewer, edition, before, codes, blank(DecideForm))


def _decide_page(
    request: Request, session: sqlmodel.Session, viewer: Viewer, edition: Edition, before: list[Group],
    codes: list[str], form: Sent[DecideForm], status: int = 200,
) -> Response:  # fmt: skip
    seats = [(group, seat) for group in before for seat in group.seats if seat.code in codes]
    if len(seats) < len(codes):
        raise NotFound
    at_work = {seat.verdict.decided_by for _group, seat in seats if seat.verdict}
    return page(
        request, "juries/decide.html", status, edition=edition, seats=seats, form=form, published=published,
        chosen=_typed(form), names=people.names(session, at_work),
        notes=queries.notes(session, [seat.essay_id for _group, seat in seats]),
        address=group_path(edition, seats[0][0]),
        state=rules.state(queries.meeting(session, edition.id)), **told(viewer, edition),
    )  # fmt: skip


def _typed(form: Sent[DecideForm]) -> dict[str, str]:
    """What was chosen in a form that is shown again, by code."""
    pairs = (str(each).partition(" ") for each in form.values.get("choices", []))
    return {code: what for code, _space, what in pairs}


@router.post("/contests/{slug}/jury/verdicts")
@allow(Relation.JURY)
def decide(
    form: Annotated[Sent[DecideForm], Depends(sent(DecideForm))],
    request: Request,
    session: Session,
    viewer: CurrentViewer,
    slug: str,
) -> Response:
    edition = queries.lock_visible(session, viewer, slug)
    before = of_meeting(session, edition)
    codes = list(_typed(form))
    if form.data is None:
        if not codes:
            raise Conflict(CHOOSE)
        return _decide_page(request, session, viewer, edition, before, codes, form, 422)
    given = form.data
    wrong = deciding.why_not(before, given.decisions, given.reason)
    try:
        actions.check_open(session, edition, by=viewer)
        if wrong:
            return _decide_page(request, session, viewer, edition, before, codes, form.all_refused(wrong), 422)
        deciding.decide(session, edition, before, given.decisions, seen=given.marks, reason=given.reason, by=viewer)
    except Conflict as conflict:
        refused = form.refused("", conflict.reason)
        return _decide_page(request, session, viewer, edition, before, codes, refused, 409)
    group = next(group for group in before if group.seat(codes[0]))
    return go(request, group_path(edition, group), DECIDED)


@router.post("/contests/{slug}/jury/accept")
@allow(Relation.JURY)
def accept_order(
    form: Annotated[Sent[GroupForm], Depends(sent(GroupForm))],
    request: Request,
    session: Session,
    viewer: CurrentViewer,
    slug: str,
) -> Response:
    edition = queries.lock_visible(session, viewer, slug)
    group = group_of(of_meeting(session, edition), form.data)
    try:
        decided = deciding.accept_order(session, edition, group, by=viewer)
    except Conflict as conflict:
        return group_page(request, session, viewer, edition, group, refused=conflict.reason, status=409)
    return go(request, group_path(edition, group), DECIDED if decided else NONE)


@router.post("/contests/{slug}/jury/verdicts/{code}/confirm")
@allow(Relation.JURY)
def confirm_verdict(
    form: Annotated[Sent[SecondForm], Depends(sent(SecondForm))],
    request: Request,
    session: Session,
    viewer: CurrentViewer,
    slug: str,
    code: str,
) -> Response:
    edition = queries.lock_visible(session, viewer, slug)
    before = of_meeting(session, edition)
    seen = form.data.seen if form.data else ""
    group = next((each for each in before if each.seat(code)), None)
    if group is None:
        raise Conflict(deciding.NOTHING_TO_CONFIRM)
    try:
        deciding.confirm_verdict(session, edition, before, code, seen=seen, by=viewer)
    except Conflict as conflict:
        return group_page(request, session, viewer, edition, group, refused=conflict.reason, status=409)
    return go(request, group_path(edition, group), CONFIRMED)
