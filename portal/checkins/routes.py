"""Filling in a check-in, and reading what may be read."""

import datetime as dt
import uuid

from fastapi import APIRouter, Request
from fastapi.responses import Response

from portal.accounts.access import Relation, allow
from portal.accounts.viewer import CurrentViewer, Viewer
from portal.checkins import actions, forms, queries, rules, words
from portal.checkins.models import Side
from portal.checkins.queries import Standing
from portal.clock import now
from portal.errors import NotAllowed
from portal.i18n import N_
from portal.placements import queries as placements
from portal.placements.models import Placement
from portal.web import once
from portal.web.forms import Body, Sent, blank, check
from portal.web.templating import page
from portal.web.transaction import Session

router = APIRouter()
GIVEN = N_("Your check-in is filled in. Thank you.")


@router.get("/placements/{placement_id}/stay/check-ins/{number}")
@allow(Relation.APPLICANT, Relation.HOME, Relation.HOST, Relation.SECRETARY, Relation.AUDITOR)
def show(request: Request, session: Session, viewer: CurrentViewer, placement_id: uuid.UUID, number: int) -> Response:
    placement, at = placements.get_visible(session, viewer, placement_id), now()
    standing = queries.get_standing(session, viewer, placement, number, at)
    side = rules.side(viewer, placement)
    return _page(request, placement, standing, viewer, at, blank(forms.FORMS[side or Side.INTERN]))


@router.post("/placements/{placement_id}/stay/check-ins/{number}")
@allow(Relation.APPLICANT, Relation.HOST)
def give(
    body: Body, request: Request, session: Session, viewer: CurrentViewer, placement_id: uuid.UUID, number: int
) -> Response:
    """Which questions were asked is known only once it is known who answers."""
    placement, at = placements.lock_visible(session, viewer, placement_id), now()
    side = rules.side(viewer, placement)
    if side is None:
        raise NotAllowed
    form = check(forms.FORMS[side], body)
    arrival = once.arrival(session, request, viewer.id, form.data.key if form.data else None)
    if arrival.earlier:
        return arrival.earlier
    standing = queries.get_standing(session, viewer, placement, number, at)
    actions.ensure(placement, standing, at, by=viewer)
    if form.data is None:
        return _page(request, placement, standing, viewer, at, form)
    actions.give(session, placement, standing, form.data, at, by=viewer)
    return arrival.done(f"/placements/{placement.id}/stay", GIVEN)


def _page(
    request: Request, placement: Placement, standing: Standing, viewer: Viewer, at: dt.datetime,
    form: Sent[forms.Answers],
) -> Response:  # fmt: skip
    side, today = rules.side(viewer, placement), rules.today_there(placement, at)
    open_now = side is not None and rules.why_not(placement, standing.due, standing.given, side, today) is None
    return page(
        request, "checkins/show.html", 422 if form.errors else 200, placement=placement, standing=standing,
        side=side, open_now=open_now, form=form, words=words, title=words.title(standing.due.number),
        for_another=side is Side.INTERN and viewer.person_id != placement.application.applicant_id,
    )  # fmt: skip
