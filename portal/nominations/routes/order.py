"""The order of merit of a government in a call."""

from typing import Annotated

import sqlmodel
from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from portal.accounts.access import Relation, allow
from portal.accounts.viewer import CurrentViewer, Viewer
from portal.applications import queries as application_queries
from portal.applications import rules as application_rules
from portal.applications import words as application_words
from portal.calls import queries as calls
from portal.calls.models import Call
from portal.clock import now
from portal.errors import Conflict
from portal.i18n import N_, Lazy
from portal.nominations import actions, queries, rules
from portal.ordering import ELSEWHERE, Order
from portal.registry.models import Government
from portal.web.forms import Sent, sent
from portal.web.links import go
from portal.web.templating import page
from portal.web.transaction import Session

router = APIRouter()
SentOrder = Annotated[Sent[Order], Depends(sent(Order))]
SAVED = N_("The order is saved.")


@router.get("/nominations/order/{slug}/{code}")
@allow(Relation.HOME, Relation.SECRETARY, Relation.AUDITOR)
def show_order(request: Request, session: Session, viewer: CurrentViewer, slug: str, code: str) -> Response:
    home, call = queries.government(session, viewer, code), calls.get_visible(session, viewer, slug)
    return _page(request, session, viewer, call, home)


@router.post("/nominations/order/{slug}/{code}")
@allow(Relation.HOME, Relation.SECRETARY)
def rearrange(
    form: SentOrder, request: Request, session: Session, viewer: CurrentViewer, slug: str, code: str
) -> Response:
    home, call = queries.government(session, viewer, code), calls.get_visible(session, viewer, slug)
    actions.ensure_order(session, call, home, by=viewer)
    if form.data is None:
        return _page(request, session, viewer, call, home, problem=form.errors[""], status=422)
    try:
        actions.rearrange(session, call, home, form.data, by=viewer)
    except Conflict as conflict:
        if conflict.reason is not ELSEWHERE:
            raise
        return _page(request, session, viewer, call, home, problem=ELSEWHERE, status=409)
    return go(request, f"/nominations/order/{call.slug}/{home.code}", SAVED)


def _page(
    request: Request, session: sqlmodel.Session, viewer: Viewer, call: Call, home: Government,
    *, problem: str | None = None, status: int = 200,
) -> Response:  # fmt: skip
    candidates = queries.candidates(session, viewer, call.id, home.id)
    minors = application_queries.minors(session, call.id, candidates)
    return page(
        request, "nominations/order.html", status, call=call, home=home, problem=problem,
        order=queries.ordered(session, viewer, call.id, home.id), left=queries.places_left(session, call, home),
        candidates=candidates, words=application_words,
        held_back={key: application_rules.guardians_word(each) for key, each in minors.items()
                   if application_rules.is_held_back(each)},
        locked=_why_locked(session, viewer, call, home), in_place=not viewer.coordinates(home.id),
    )  # fmt: skip


def _why_locked(session: sqlmodel.Session, viewer: Viewer, call: Call, home: Government) -> Lazy | None:
    if not rules.may_order(viewer, home.id):
        return rules.LOCKED
    has_decider = queries.has_coordinator(session, home.id)
    return rules.why_no_order(viewer, call, home.id, now(), has_decider=has_decider)
