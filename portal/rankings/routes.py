"""The desk where a host ranks candidates, the applicant's own order, and who has still to do what."""

import uuid
from typing import Any

import sqlmodel
from fastapi import APIRouter, Request
from fastapi.responses import Response

from portal import ordering
from portal.accounts.access import Relation, allow
from portal.accounts.viewer import CurrentViewer, Viewer
from portal.applications import queries as applications
from portal.applications import words as application_words
from portal.applications.models import Application
from portal.calls import queries as calls
from portal.clock import now
from portal.errors import NotAllowed, NotFound
from portal.i18n import N_
from portal.openings import words as opening_words
from portal.openings.models import Opening
from portal.ordering import Order
from portal.rankings import actions, forms, queries, rules
from portal.rankings.forms import LateOrder, RankingFields
from portal.rankings.queries import Desk
from portal.web.forms import Body, Sent, blank, check
from portal.web.links import go
from portal.web.templating import page
from portal.web.transaction import Session

router = APIRouter()
SAVED = N_("The list is saved.")
FOLLOWED = N_("The places follow the marks now, and the list is saved.")
UNCHANGED = N_("The order is as it was.")
REORDERED = N_("The order is changed.")
STALE = N_(
    "Somebody changed this list after you opened it, so nothing was saved. What you typed is kept below; beside it "
    "stands what is saved now. Compare, and save again if yours should hold."
)


@router.get("/rankings")
@allow(Relation.HOME, Relation.HOST)
def list_own(request: Request, session: Session, viewer: CurrentViewer, after: uuid.UUID | None = None) -> Response:
    found = queries.to_rank(session, viewer, after)
    return page(request, "rankings/list.html", found=found, call=None, here="/rankings")


@router.get("/calls/{slug}/rankings")
@allow(Relation.SECRETARY, Relation.AUDITOR)
def list_of_call(
    request: Request, session: Session, viewer: CurrentViewer, slug: str, after: uuid.UUID | None = None
) -> Response:
    call = calls.get_visible(session, viewer, slug)
    if not (viewer.is_secretary or viewer.is_auditor):
        raise NotAllowed
    found = queries.of_call(session, viewer, call, after)
    return page(request, "rankings/list.html", found=found, call=call, here=f"/calls/{call.slug}/rankings")


@router.get("/openings/{opening_id}/ranking")
@allow(Relation.HOST, Relation.SECRETARY, Relation.AUDITOR)
def show_desk(request: Request, session: Session, viewer: CurrentViewer, opening_id: uuid.UUID) -> Response:
    opening = queries.get_visible(session, viewer, opening_id)
    desk = queries.desk(session, viewer, opening)
    form = blank(RankingFields, **forms.of_lines(desk.shown, desk.criteria))
    return _desk(request, session, viewer, opening, desk, form)


@router.post("/openings/{opening_id}/ranking")
@allow(Relation.HOST, Relation.SECRETARY)
def save_desk(body: Body, request: Request, session: Session, viewer: CurrentViewer, opening_id: uuid.UUID) -> Response:
    opening = queries.lock_visible(session, viewer, opening_id)
    is_late = actions.ensure(session, opening, by=viewer)
    desk = queries.desk(session, viewer, opening)
    form = check(forms.ranking_form(desk.candidates, desk.criteria, is_late=is_late), body)
    form = form.all_refused(form.data.amiss(desk.candidates)) if form.data else form
    if form.data is None:
        return _desk(request, session, viewer, opening, desk, form, status=422)
    wanted = form.data.lines(desk.candidates, desk.criteria)
    if rules.version(desk.shown) not in {form.data.version, rules.version(wanted)}:
        return _desk(request, session, viewer, opening, desk, form, status=409)
    actions.save(session, opening, desk, wanted, by=viewer, reason=form.data.reason)
    return go(request, f"/openings/{opening.id}/ranking", FOLLOWED if form.data.press == forms.MARKS else SAVED)


def _desk(
    request: Request, session: sqlmodel.Session, viewer: Viewer, opening: Opening, desk: Desk,
    form: Sent[RankingFields], *, status: int = 200,
) -> Response:  # fmt: skip
    """With what was typed; after a refusal because of somebody else's change it may be sent again."""
    at, shown = now(), desk.shown
    locked = rules.why_not(viewer, opening, at, has_results=queries.has_results(session, opening.call_id))
    if status == 409:
        form = Sent(form.form, None, {**form.values, "version": rules.version(shown)}, {"": str(STALE)})
    return page(
        request, "rankings/desk.html", status, opening=opening, form=form, criteria=desk.criteria,
        rows=_rows(desk, shown), mark_field=forms.mark_field, words=application_words,
        locked=locked if rules.may_rank(viewer, opening) else rules.LOCKED, is_late=rules.is_late(opening.call, at),
        undecided=sum(line.is_undecided for line in shown.values()), is_open=not locked, is_stale=status == 409,
    )  # fmt: skip


def _rows(desk: Desk, shown: rules.Lines) -> list[dict[str, Any]]:
    """The placed in their order, then the undecided, then the refused; each by name."""
    rows = [
        {
            "candidate": each,
            "line": shown[each.application_id],
            "total": rules.total(shown[each.application_id].marks, desk.criteria),
        }
        for each in desk.candidates
    ]
    return sorted(rows, key=lambda row: _rank_of(row["line"]))


def _rank_of(line: rules.Line) -> tuple[bool, bool, int]:
    return line.is_unacceptable, line.place is None, line.place or 0


@router.get("/applications/{application_id}/ranking")
@allow(Relation.APPLICANT, Relation.SECRETARY, Relation.AUDITOR)
def show_order(request: Request, session: Session, viewer: CurrentViewer, application_id: uuid.UUID) -> Response:
    application = applications.get_visible(session, viewer, application_id)
    if not rules.may_read_order(viewer, application):
        raise NotAllowed
    if application.submitted_at is None:
        raise NotFound
    return _order(request, session, viewer, application, blank(LateOrder))


@router.post("/applications/{application_id}/ranking")
@allow(Relation.APPLICANT, Relation.SECRETARY)
def save_order(
    body: Body, request: Request, session: Session, viewer: CurrentViewer, application_id: uuid.UUID
) -> Response:
    application = applications.lock_visible(session, viewer, application_id)
    is_late = actions.ensure_order(session, application, by=viewer)
    form: Sent[Any] = check(LateOrder if is_late else Order, body)
    if form.data is None or form.data.remove:
        problem = form.errors.get("reason") or ordering.GARBLED
        return _order(request, session, viewer, application, form, problem=problem, status=422)
    before = [choice.opening_id for choice in application.choices]
    if not form.data.fits(before):
        return _order(request, session, viewer, application, form, problem=ordering.ELSEWHERE, status=409)
    reason = form.data.reason if is_late else ""
    actions.put_in_order(session, application, form.data.wanted, by=viewer, reason=reason)
    told = UNCHANGED if form.data.wanted == before else REORDERED
    return go(request, f"/applications/{application.id}/ranking", told)


def _order(
    request: Request, session: sqlmodel.Session, viewer: Viewer, application: Application, form: Sent[Any],
    *, problem: object = None, status: int = 200,
) -> Response:  # fmt: skip
    at, has_results = now(), queries.has_results(session, application.call_id)
    locked = rules.why_no_order(viewer, application, at, has_results=has_results)
    return page(
        request, "rankings/order.html", status, application=application, form=form, problem=problem, locked=locked,
        is_late=rules.is_late(application.call, at) and not locked, words=opening_words,
        is_own=application.applicant_id == viewer.person_id,
    )  # fmt: skip
