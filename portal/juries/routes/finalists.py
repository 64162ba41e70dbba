"""Who goes on to the final round."""

from typing import Annotated

import sqlmodel
from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from portal.accounts.access import Relation, allow
from portal.accounts.viewer import CurrentViewer, Viewer
from portal.contests.models import Edition
from portal.contests.words import language
from portal.errors import Conflict
from portal.i18n import N_
from portal.judging.bands import published
from portal.judging.models import Round
from portal.juries import finals, queries, rounds, rules, taking
from portal.juries.forms import FollowForm, TakeForm
from portal.juries.routes.meeting import STAFF
from portal.web.forms import Sent, blank, sent
from portal.web.links import go
from portal.web.once import arrival
from portal.web.templating import page
from portal.web.transaction import Session

router = APIRouter()
TAKEN = N_("The finalists are taken, and the order is kept. Deal the final round next.")
TAKEN_UP = N_("The essay goes on to the final round. Have it dealt to the final judges.")


@router.get("/contests/{slug}/finalists")
@allow(*STAFF)
def show_finalists(request: Request, session: Session, viewer: CurrentViewer, slug: str) -> Response:
    edition = queries.get_visible(session, viewer, slug)
    if edition.finalists is None:
        raise Conflict(taking.NO_FINAL)
    return _page(request, session, viewer, edition, None)


def _page(
    request: Request, session: sqlmodel.Session, viewer: Viewer, edition: Edition, form: Sent[TakeForm] | None,
    follow: Sent[FollowForm] | None = None, status: int = 200,
) -> Response:  # fmt: skip
    found = finals.groups(session, edition)
    is_taken = rounds.are_taken(session, edition)
    taken = sorted(code for line in found for code in line.cut.taken & line.cut.open)
    return page(
        request, "juries/finalists.html", status, edition=edition, lines=found, is_taken=is_taken,
        form=form or blank(TakeForm, chosen=taken), follow=follow or blank(FollowForm), mark=finals.mark(found),
        why_not=taking.why_not_taken(session, edition), may_decide=rules.may_decide(viewer, edition),
        missing=rounds.missing(session, edition, Round.FIRST),
        unread=[] if is_taken else rounds.unread(session, edition, Round.FIRST),
        has_met=queries.has_met(session, edition.id), language_name=language, published=published,
    )  # fmt: skip


@router.post("/contests/{slug}/finalists")
@allow(Relation.JURY)
def take_finalists(
    form: Annotated[Sent[TakeForm], Depends(sent(TakeForm))],
    request: Request,
    session: Session,
    viewer: CurrentViewer,
    slug: str,
) -> Response:
    once = arrival(session, request, viewer.id, form.data.key if form.data else None)
    if once.earlier is not None:
        return once.earlier
    edition = _lock(session, viewer, slug)
    given = form.data
    if given is None:
        return _page(request, session, viewer, edition, form, status=422)
    found = finals.groups(session, edition)
    is_time = taking.why_not_taken(session, edition) is None and given.seen == finals.mark(found)
    wrong = finals.why_not(found, given.chosen, given.reason) if is_time else None
    if wrong:
        return _page(request, session, viewer, edition, form.refused(*wrong), status=422)
    try:
        taking.take_finalists(session, edition, found, given.chosen, seen=given.seen, reason=given.reason, by=viewer)
    except Conflict as conflict:
        return _page(request, session, viewer, edition, form.refused("", conflict.reason), status=409)
    return once.done(f"/contests/{slug}/finalists", TAKEN)


def _lock(session: sqlmodel.Session, viewer: Viewer, slug: str) -> Edition:
    edition = queries.lock_visible(session, viewer, slug)
    if edition.finalists is None:
        raise Conflict(taking.NO_FINAL)
    return edition


@router.post("/contests/{slug}/finalists/next")
@allow(Relation.JURY)
def take_up(
    form: Annotated[Sent[FollowForm], Depends(sent(FollowForm))],
    request: Request,
    session: Session,
    viewer: CurrentViewer,
    slug: str,
) -> Response:
    edition = _lock(session, viewer, slug)
    if form.data is None:
        return _page(request, session, viewer, edition, None, form, 422)
    found = finals.groups(session, edition)
    try:
        taking.take_up(session, edition, found, form.data.code, reason=form.data.reason, by=viewer)
    except Conflict as conflict:
        return _page(request, session, viewer, edition, None, form.refused("", conflict.reason), 409)
    return go(request, f"/contests/{slug}/finalists", TAKEN_UP)
