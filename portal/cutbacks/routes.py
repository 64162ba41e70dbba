"""Where a secretary or a host sees whom it concerns, and takes places away, closes or withdraws an opening."""

import uuid
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from portal.accounts.access import Relation, allow
from portal.accounts.viewer import CurrentViewer, Viewer
from portal.cutbacks import actions, queries, rules
from portal.cutbacks.forms import CutbackForm
from portal.cutbacks.rules import What
from portal.forms import SENTENCES
from portal.i18n import N_
from portal.openings import queries as openings
from portal.openings.models import Opening
from portal.web.forms import Sent, blank, sent
from portal.web.links import go
from portal.web.templating import page
from portal.web.transaction import Session

router = APIRouter()
SentCutback = Annotated[Sent[CutbackForm], Depends(sent(CutbackForm))]
DONE = {
    What.FEWER: N_("The opening has fewer places now, and everybody concerned gets a message."),
    What.CLOSE: N_("The opening is closed, and everybody concerned gets a message."),
    What.RELEASE: N_("The opening is withdrawn, its places are given back, and everybody concerned gets a message."),
}


@router.get("/openings/{opening_id}/cutback")
@allow(Relation.HOST, Relation.SECRETARY)
def show_cutback(request: Request, session: Session, viewer: CurrentViewer, opening_id: uuid.UUID) -> Response:
    opening = openings.get_visible(session, viewer, opening_id)
    actions.ensure(opening, by=viewer)
    chosen = rules.choices(viewer)
    return _page(request, session, viewer, blank(CutbackForm, what=chosen[0] if len(chosen) == 1 else ""), opening)


@router.post("/openings/{opening_id}/cutback")
@allow(Relation.HOST, Relation.SECRETARY)
def cut_back(
    form: SentCutback, request: Request, session: Session, viewer: CurrentViewer, opening_id: uuid.UUID
) -> Response:
    opening = openings.lock_visible(session, viewer, opening_id)
    actions.ensure(opening, by=viewer)
    form = _fitting(session, viewer, form, opening)
    if form.data is None:
        return _page(request, session, viewer, form, opening)
    _do(session, opening, form.data, by=viewer)
    return go(request, f"/openings/{opening.slug}", DONE[form.data.what])


def _do(session: Session, opening: Opening, data: CutbackForm, *, by: Viewer) -> None:
    if data.what is What.RELEASE:
        actions.release(session, opening, reason=data.reason, by=by)
    elif data.what is What.CLOSE or data.capacity is None:
        actions.close(session, opening, reason=data.reason, by=by)
    else:
        actions.leave_places(session, opening, data.capacity, reason=data.reason, by=by)


def _fitting(session: Session, viewer: Viewer, form: Sent[CutbackForm], opening: Opening) -> Sent[CutbackForm]:
    """With what only the viewer's role, the opening and its placements can object to."""
    if form.data is None:
        return form
    if form.data.what not in rules.choices(viewer):
        return form.refused("what", SENTENCES["enum"])
    if form.data.what is not What.FEWER or form.data.capacity is None:
        return form
    held = actions.current(session, opening).held
    objection = rules.objection(opening.capacity, form.data.capacity, held=held)
    return form.refused("capacity", objection) if objection else form


def _page(request: Request, session: Session, viewer: Viewer, form: Sent[CutbackForm], opening: Opening) -> Response:
    return page(
        request, "cutbacks/cut.html", 422 if form.errors else 200, form=form, opening=opening,
        concerned=queries.concerned_by(session, opening), choices=rules.choices(viewer),
    )  # fmt: skip
