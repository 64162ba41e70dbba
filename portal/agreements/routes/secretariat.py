"""Preparing the text, and making it anew when what it tells of has changed."""

import uuid
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from portal.accounts.access import Relation, allow
from portal.accounts.entrance import settings
from portal.accounts.viewer import CurrentViewer
from portal.agreements import actions, queries
from portal.agreements.forms import Remaking
from portal.agreements.rules import Standing, Step
from portal.i18n import N_
from portal.web import once
from portal.web.forms import Pressed, Sent, blank, sent
from portal.web.links import go
from portal.web.templating import page
from portal.web.transaction import Session

router = APIRouter()
SentRemaking = Annotated[Sent[Remaking], Depends(sent(Remaking))]
PREPARED = N_("The text is prepared, and the parties were told that it waits for them.")
REMADE = N_("The text is made anew. Everybody was told, and has to confirm it again.")


@router.post("/placements/{placement_id}/agreement/prepare")
@allow(Relation.SECRETARY)
def prepare(
    _pressed: Pressed, request: Request, session: Session, viewer: CurrentViewer, placement_id: uuid.UUID
) -> Response:
    standing = queries.lock_visible(session, viewer, placement_id)
    actions.prepare(session, standing, by=viewer, origin=settings(request).public_origin)
    return go(request, f"/placements/{placement_id}/agreement", PREPARED)


@router.get("/placements/{placement_id}/agreement/remake")
@allow(Relation.SECRETARY)
def show_remake(request: Request, session: Session, viewer: CurrentViewer, placement_id: uuid.UUID) -> Response:
    standing = queries.get_visible(session, viewer, placement_id)
    actions.ensure(Step.REMAKE, standing, by=viewer)
    return _remake_page(request, standing, blank(Remaking))


@router.post("/placements/{placement_id}/agreement/remake")
@allow(Relation.SECRETARY)
def remake(
    form: SentRemaking, request: Request, session: Session, viewer: CurrentViewer, placement_id: uuid.UUID
) -> Response:
    arrival = once.arrival(session, request, viewer.id, form.data.key if form.data else None)
    if arrival.earlier:
        return arrival.earlier
    standing = queries.lock_visible(session, viewer, placement_id)
    actions.ensure(Step.REMAKE, standing, by=viewer)
    if form.data is None:
        return _remake_page(request, standing, form, 422)
    origin = settings(request).public_origin
    actions.remake(session, standing, by=viewer, reason=form.data.reason, origin=origin)
    return arrival.done(f"/placements/{placement_id}/agreement", REMADE)


def _remake_page(request: Request, standing: Standing, form: Sent[Remaking], status: int = 200) -> Response:
    return page(request, "agreements/remake.html", status, standing=standing, form=form)
