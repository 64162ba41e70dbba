"""The public list of alumni, and the page on which a holder joins and leaves it."""

import uuid
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from portal.accounts.access import Relation, allow
from portal.accounts.viewer import CurrentViewer, Viewer
from portal.alumni import actions, queries, rules
from portal.alumni.forms import Entry, Hiding
from portal.alumni.models import Alumnus
from portal.certificates import queries as certificates
from portal.certificates.models import Certificate
from portal.errors import Conflict, NotAllowed
from portal.i18n import N_
from portal.placements import queries as placements
from portal.placements.models import Placement
from portal.registry import words as registry_words
from portal.registry.models import Country
from portal.web.forms import Pressed, Sent, blank, sent
from portal.web.links import go
from portal.web.templating import page
from portal.web.transaction import Session

router = APIRouter()
SentEntry = Annotated[Sent[Entry], Depends(sent(Entry))]
SentHiding = Annotated[Sent[Hiding], Depends(sent(Hiding))]
JOINED = N_("Saved. This is the list as everybody sees it.")
LEFT = N_("You left the list of alumni, and your entry is gone.")
HIDDEN = N_("The entry is hidden, and the person was told.")
SHOWN = N_("The entry is shown again.")


@router.get("/alumni")
@allow(Relation.VISITOR)
def list_alumni(
    request: Request, session: Session, viewer: CurrentViewer, country: str = "", after: uuid.UUID | None = None
) -> Response:
    """A country that there is not is as good as none."""
    chosen = next((each for each in Country if each.value == country), None)
    alumni, next_after = queries.alumni(session, viewer, country=chosen, after=after)
    return page(
        request, "alumni/list.html", alumni=alumni, next_after=next_after, chosen=chosen or "", countries=Country,
        country_name=registry_words.country, may_hide=rules.may_hide(viewer),
    )  # fmt: skip


@router.get("/placements/{placement_id}/alumni")
@allow(Relation.APPLICANT)
def show_entry(request: Request, session: Session, viewer: CurrentViewer, placement_id: uuid.UUID) -> Response:
    placement, certificate = _certified(session, viewer, placements.get_visible(session, viewer, placement_id))
    own = queries.of_certificate(session, certificate)
    name = own.name if own and own.name else certificate.content["native_name"]
    form = blank(Entry, name=name, sentence=own.sentence if own else "", consent=rules.is_on_it(own))
    return _entry_page(request, placement, own, form)


@router.post("/placements/{placement_id}/alumni")
@allow(Relation.APPLICANT)
def join(
    form: SentEntry, request: Request, session: Session, viewer: CurrentViewer, placement_id: uuid.UUID
) -> Response:
    placement, certificate = _certified(session, viewer, placements.lock_visible(session, viewer, placement_id))
    if form.data is None:
        return _entry_page(request, placement, queries.of_certificate(session, certificate), form)
    try:
        actions.join(session, placement, certificate, form.data, by=viewer)
    except Conflict as conflict:
        own = queries.of_certificate(session, certificate)
        return _entry_page(request, placement, own, form.refused("", conflict.reason), 409)
    return go(request, "/alumni", JOINED)


@router.post("/placements/{placement_id}/alumni/leave")
@allow(Relation.APPLICANT)
def leave(
    _pressed: Pressed, request: Request, session: Session, viewer: CurrentViewer, placement_id: uuid.UUID
) -> Response:
    placement, certificate = _certified(session, viewer, placements.lock_visible(session, viewer, placement_id))
    actions.leave(session, placement, certificate, by=viewer)
    return go(request, f"/placements/{placement.id}/certificate", LEFT)


def _certified(session: Session, viewer: Viewer, placement: Placement) -> tuple[Placement, Certificate]:
    if not rules.may_join(viewer, placement.application):
        raise NotAllowed
    return placement, certificates.get_valid(session, viewer, placement)


def _entry_page(
    request: Request, placement: Placement, own: Alumnus | None, form: Sent[Any], status: int = 0
) -> Response:
    status = status or (422 if form.errors else 200)
    return page(
        request, "alumni/entry.html", status, placement=placement, own=own, is_on_it=rules.is_on_it(own), form=form
    )


@router.get("/alumni/{alumnus_id}/hide")
@allow(Relation.SECRETARY)
def show_hide(request: Request, session: Session, viewer: CurrentViewer, alumnus_id: uuid.UUID) -> Response:
    alumnus = queries.get_visible(session, viewer, alumnus_id)
    if not rules.may_hide(viewer):
        raise NotAllowed
    return page(request, "alumni/hide.html", alumnus=alumnus, form=blank(Hiding))


@router.post("/alumni/{alumnus_id}/hide")
@allow(Relation.SECRETARY)
def hide(
    form: SentHiding, request: Request, session: Session, viewer: CurrentViewer, alumnus_id: uuid.UUID
) -> Response:
    alumnus = queries.lock_visible(session, viewer, alumnus_id)
    if not rules.may_hide(viewer):
        raise NotAllowed
    if form.data is None:
        return page(request, "alumni/hide.html", 422, alumnus=alumnus, form=form)
    actions.hide(session, alumnus, by=viewer, reason=form.data.reason)
    return go(request, "/alumni", HIDDEN)


@router.post("/alumni/{alumnus_id}/show")
@allow(Relation.SECRETARY)
def show_again(
    _pressed: Pressed, request: Request, session: Session, viewer: CurrentViewer, alumnus_id: uuid.UUID
) -> Response:
    alumnus = queries.lock_visible(session, viewer, alumnus_id)
    actions.show_again(session, alumnus, by=viewer)
    return go(request, "/alumni", SHOWN)
