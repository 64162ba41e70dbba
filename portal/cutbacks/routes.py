"""Where a secretary sees whom it concerns, and takes places away or closes an opening."""

import uuid
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from portal.accounts.access import Relation, allow
from portal.accounts.viewer import CurrentViewer
from portal.cutbacks import actions, queries, rules
from portal.cutbacks.forms import CutbackForm
from portal.i18n import N_
from portal.openings import actions as opening_actions
from portal.openings import queries as openings
from portal.openings.models import Opening
from portal.openings.rules import Step
from portal.web.forms import Sent, blank, sent
from portal.web.links import go
from portal.web.templating import page
from portal.web.transaction import Session

router = APIRouter()
SentCutback = Annotated[Sent[CutbackForm], Depends(sent(CutbackForm))]
FEWER = N_("The opening has fewer places now, and everybody concerned gets a message.")
CLOSED = N_("The opening is closed, and everybody concerned gets a message.")


@router.get("/openings/{opening_id}/cutback")
@allow(Relation.SECRETARY)
def show_cutback(request: Request, session: Session, viewer: CurrentViewer, opening_id: uuid.UUID) -> Response:
    opening = openings.get_visible(session, viewer, opening_id)
    opening_actions.ensure(Step.WITHDRAW, opening, by=viewer)
    return _page(request, session, blank(CutbackForm), opening)


@router.post("/openings/{opening_id}/cutback")
@allow(Relation.SECRETARY)
def cut_back(
    form: SentCutback, request: Request, session: Session, viewer: CurrentViewer, opening_id: uuid.UUID
) -> Response:
    opening = openings.lock_visible(session, viewer, opening_id)
    opening_actions.ensure(Step.WITHDRAW, opening, by=viewer)
    form = _fitting(session, form, opening)
    if form.data is None:
        return _page(request, session, form, opening)
    if form.data.capacity is None or form.data.what == "close":
        actions.close(session, opening, reason=form.data.reason, by=viewer)
        return go(request, f"/openings/{opening.slug}", CLOSED)
    actions.leave_places(session, opening, form.data.capacity, reason=form.data.reason, by=viewer)
    return go(request, f"/openings/{opening.slug}", FEWER)


def _fitting(session: Session, form: Sent[CutbackForm], opening: Opening) -> Sent[CutbackForm]:
    """With what only the opening and its placements can object to."""
    if form.data is None or form.data.capacity is None or form.data.what == "close":
        return form
    held = actions.current(session, opening).held
    objection = rules.objection(opening.capacity, form.data.capacity, held=held)
    return form.refused("capacity", objection) if objection else form


def _page(request: Request, session: Session, form: Sent[CutbackForm], opening: Opening) -> Response:
    return page(
        request, "cutbacks/cut.html", 422 if form.errors else 200, form=form, opening=opening,
        concerned=queries.concerned_by(session, opening),
    )  # fmt: skip
