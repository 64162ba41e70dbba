"""The times that a host offers for an opening, and who has taken them."""

import uuid
from typing import Annotated

import sqlmodel
from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response
from pydantic_core import PydanticCustomError

from portal import calendars
from portal.accounts.access import Relation, allow
from portal.accounts.viewer import CurrentViewer, Viewer
from portal.calendars import Moment
from portal.clock import now
from portal.errors import NotFound
from portal.forms import at_local
from portal.i18n import N_
from portal.i18n import gettext as _
from portal.interviews import actions, queries, rules, words
from portal.interviews.forms import MOST_AT_ONCE, Cancelling, Offer
from portal.interviews.models import Slot
from portal.openings import queries as openings
from portal.openings.models import Opening
from portal.placements import hosted
from portal.web import once
from portal.web.forms import Pressed, Sent, blank, sent
from portal.web.links import go
from portal.web.templating import page
from portal.web.transaction import Session

router = APIRouter()
SentOffer = Annotated[Sent[Offer], Depends(sent(Offer))]
SentCancelling = Annotated[Sent[Cancelling], Depends(sent(Cancelling))]
OFFERED = N_("The times are offered. Candidates who chose this opening can take them.")
REMOVED = N_("The time is removed.")
CANCELLED = N_("The interview is cancelled, and the candidate was told your reason.")


@router.get("/openings/{opening_id}/interviews")
@allow(Relation.HOST, Relation.SECRETARY, Relation.AUDITOR)
def list_times(
    request: Request, session: Session, viewer: CurrentViewer, opening_id: uuid.UUID, after: uuid.UUID | None = None
) -> Response:
    opening = hosted.get_hosted(session, viewer, opening_id)
    return _page(request, session, viewer, opening, blank(Offer, minutes=30, count=1, pause=10), after=after)


def _page(
    request: Request, session: sqlmodel.Session, viewer: Viewer, opening: Opening, form: Sent[Offer], status: int = 200,
    *, after: uuid.UUID | None = None,
) -> Response:  # fmt: skip
    found, next_after = queries.offered(session, viewer, opening, after=after)
    why_not = rules.why_no_offer(opening, now())
    return page(
        request, "interviews/offered.html", status, opening=opening, form=form, found=found, next_after=next_after,
        why_not=why_not, is_host=rules.is_host(viewer, opening), words=words, candidate_zone=actions.candidate_zone,
        most=MOST_AT_ONCE, at=now(),
    )  # fmt: skip


@router.post("/openings/{opening_id}/interviews")
@allow(Relation.HOST)
def offer(
    form: SentOffer, request: Request, session: Session, viewer: CurrentViewer, opening_id: uuid.UUID
) -> Response:
    hosted.get_hosted(session, viewer, opening_id)
    opening = openings.locked(session, opening_id)
    actions.ensure_host(opening, by=viewer)
    arrival = once.arrival(session, request, viewer.id, form.data.key if form.data else None)
    if arrival.earlier:
        return arrival.earlier
    form = _checked(session, opening, form)
    if form.data is None:
        return _page(request, session, viewer, opening, form, 422)
    first = at_local(form.data.first, opening.government.zone)
    actions.offer(session, opening, form.data, first, by=viewer)
    return arrival.done(f"/openings/{opening_id}/interviews", OFFERED)


def _checked(session: sqlmodel.Session, opening: Opening, form: Sent[Offer]) -> Sent[Offer]:
    """What is wrong with the times shows beside the first of them."""
    if form.data is None:
        return form
    try:
        first = at_local(form.data.first, opening.government.zone)
    except PydanticCustomError as refused:
        return form.refused("first", (refused.context or {})["sentence"])
    objection = actions.objection(session, opening, form.data, first)
    return form.refused("first", objection) if objection else form


@router.post("/openings/{opening_id}/interviews/{slot_id}/remove")
@allow(Relation.HOST)
def remove(
    _pressed: Pressed, request: Request, session: Session, viewer: CurrentViewer, opening_id: uuid.UUID,
    slot_id: uuid.UUID,
) -> Response:  # fmt: skip
    slot = queries.lock_visible(session, viewer, opening_id, slot_id)
    actions.remove(session, slot, by=viewer)
    return go(request, f"/openings/{opening_id}/interviews", REMOVED)


@router.get("/openings/{opening_id}/interviews/{slot_id}/cancel")
@allow(Relation.HOST)
def show_cancel(
    request: Request, session: Session, viewer: CurrentViewer, opening_id: uuid.UUID, slot_id: uuid.UUID
) -> Response:
    slot = queries.get_visible(session, viewer, opening_id, slot_id)
    actions.ensure_cancel(slot, by=viewer)
    return _cancel_page(request, slot, blank(Cancelling))


@router.post("/openings/{opening_id}/interviews/{slot_id}/cancel")
@allow(Relation.HOST)
def cancel(
    form: SentCancelling, request: Request, session: Session, viewer: CurrentViewer, opening_id: uuid.UUID,
    slot_id: uuid.UUID,
) -> Response:  # fmt: skip
    slot = queries.lock_visible(session, viewer, opening_id, slot_id)
    actions.ensure_cancel(slot, by=viewer)
    if form.data is None:
        return _cancel_page(request, slot, form, 422)
    actions.cancel(session, slot, by=viewer, reason=form.data.reason)
    return go(request, f"/openings/{opening_id}/interviews", CANCELLED)


def _cancel_page(request: Request, slot: Slot, form: Sent[Cancelling], status: int = 200) -> Response:
    zones = {"host_zone": slot.opening.government.zone, "candidate_zone": actions.candidate_zone(slot)}
    return page(request, "interviews/cancel.html", status, slot=slot, opening=slot.opening, form=form, **zones)


@router.get("/openings/{opening_id}/interviews/{slot_id}/calendar.ics")
@allow(Relation.HOST, Relation.SECRETARY, Relation.AUDITOR)
def show_calendar(
    request: Request, session: Session, viewer: CurrentViewer, opening_id: uuid.UUID, slot_id: uuid.UUID
) -> Response:
    slot = queries.get_visible(session, viewer, opening_id, slot_id)
    if slot.application is None or slot.ended_at is not None or queries.has_left(slot):
        raise NotFound
    told = _("Interview with %(name)s: %(opening)s")
    title = told % {"name": slot.application.native_name, "opening": slot.opening.title}
    url = f"{request.app.state.settings.public_origin}/openings/{opening_id}/interviews"
    text = f"{slot.place}\n{slot.note}".strip()
    moment = Moment(calendars.uid("interview", slot.id), title, slot.starts_at, url, text, slot.ends_at)
    headers = {"Content-Disposition": 'attachment; filename="interview.ics"', "Cache-Control": "no-store"}
    return Response(calendars.calendar(title, [moment]), media_type=calendars.TYPE, headers=headers)
