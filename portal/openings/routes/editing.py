"""Offering an opening, editing it, its benefits, its steps, and offering it again in another call."""

import uuid
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from portal.accounts.access import Relation, allow
from portal.accounts.viewer import CurrentViewer
from portal.calls import queries as calls
from portal.calls.models import Call
from portal.clock import now
from portal.errors import NotAllowed
from portal.i18n import N_
from portal.openings import actions, forms, queries, rules, words
from portal.openings.forms import BenefitRows, BenefitsForm, CopyForm, OpeningForm
from portal.openings.models import Education, Host, Opening, OpeningStatus, Presence
from portal.openings.rules import Step
from portal.web import once
from portal.web.forms import Pressed, Sent, blank, sent
from portal.web.links import go
from portal.web.templating import page
from portal.web.transaction import Session

router = APIRouter()
SentOpening = Annotated[Sent[OpeningForm], Depends(sent(OpeningForm))]
SentBenefits = Annotated[Sent[BenefitRows], Depends(sent(BenefitsForm))]
SentCopy = Annotated[Sent[CopyForm], Depends(sent(CopyForm))]
WHICH_HOST = N_("Choose one of the host organisations of your government.")
WHICH_CALL = N_("Choose one of the calls that take openings now.")
NOT_BELOW = N_("Applicants have ranked this opening, so its places can only be raised here. Enter at least %(least)s.")
SAVED = N_("The opening is saved as a draft. Add its benefits, then publish it.")
COPIED = N_("The opening is copied as a draft. Look at its dates, then publish it.")
CHANGED = N_("Your changes are saved.")
MESSAGES = {Step.PUBLISH: N_("The opening is published."), Step.CLOSE: N_("The opening is closed.")}


@router.get("/calls/{slug}/openings/new")
@allow(Relation.HOME, Relation.HOST)
def new_opening(
    request: Request, session: Session, viewer: CurrentViewer, slug: str, host: uuid.UUID | None = None
) -> Response:
    """`host` is the one that was just added, if there is one."""
    call, hosts = _offering(session, viewer, slug)
    usual = {"capacity": 1, "hours_a_week": 40, "presence": Presence.ON_SITE, "education": Education.ANY}
    return _editor(request, blank(OpeningForm, **usual, host=host), call, hosts)


@router.post("/calls/{slug}/openings/new")
@allow(Relation.HOME, Relation.HOST)
def create_opening(form: SentOpening, request: Request, session: Session, viewer: CurrentViewer, slug: str) -> Response:
    call, hosts = _offering(session, viewer, slug)
    if form.data is None:
        return _editor(request, form, call, hosts)
    host = _chosen(hosts, form.data.host)
    if host is None:
        return _editor(request, form.refused("host", WHICH_HOST), call, hosts)
    arrival = once.arrival(session, request, viewer.id, form.data.key)
    if arrival.earlier:
        return arrival.earlier
    facts = form.data.facts()
    opening = actions.draft_opening(session, call, host, by=viewer, capacity=form.data.capacity, **facts)
    return arrival.done(f"/openings/{opening.slug}", SAVED)


@router.get("/openings/{opening_id}/edit")
@allow(Relation.HOST)
def edit_opening(
    request: Request, session: Session, viewer: CurrentViewer, opening_id: uuid.UUID, host: uuid.UUID | None = None
) -> Response:
    opening = queries.get_visible(session, viewer, opening_id)
    actions.ensure_editable(opening, by=viewer)
    stands = forms.values(opening)
    form = blank(OpeningForm, **{**stands, "host": host or stands["host"]})
    return _editor(request, form, opening.call, queries.hosts_of(session, {opening.government_id}), opening)


@router.post("/openings/{opening_id}/edit")
@allow(Relation.HOST)
def change_opening(
    form: SentOpening, request: Request, session: Session, viewer: CurrentViewer, opening_id: uuid.UUID
) -> Response:
    opening = queries.lock_visible(session, viewer, opening_id)
    actions.ensure_editable(opening, by=viewer)
    hosts = queries.hosts_of(session, {opening.government_id})
    form = _fitting(form, opening, hosts)
    if form.data is None:
        return _editor(request, form, opening.call, hosts, opening)
    actions.edit_opening(session, opening, by=viewer, host=_chosen(hosts, form.data.host), **form.data.facts())
    actions.change_capacity(session, opening, form.data.capacity, by=viewer)
    return go(request, f"/openings/{opening.slug}", CHANGED)


@router.get("/openings/{opening_id}/benefits")
@allow(Relation.HOST)
def edit_benefits(request: Request, session: Session, viewer: CurrentViewer, opening_id: uuid.UUID) -> Response:
    opening = queries.get_visible(session, viewer, opening_id)
    actions.ensure_editable(opening, by=viewer)
    return _benefits(request, blank(BenefitsForm, **forms.benefit_values(opening.benefits)), opening)


@router.post("/openings/{opening_id}/benefits")
@allow(Relation.HOST)
def change_benefits(
    form: SentBenefits, request: Request, session: Session, viewer: CurrentViewer, opening_id: uuid.UUID
) -> Response:
    opening = queries.lock_visible(session, viewer, opening_id)
    actions.ensure_editable(opening, by=viewer)
    if form.data is None:
        return _benefits(request, form, opening)
    actions.keep_benefits(session, opening, form.data.rows(), by=viewer)
    back = f"/openings/{opening.id}/benefits" if form.data.more else f"/openings/{opening.slug}"
    return go(request, back, CHANGED)


@router.get("/openings/{opening_id}/copy")
@allow(Relation.HOST)
def show_copy(request: Request, session: Session, viewer: CurrentViewer, opening_id: uuid.UUID) -> Response:
    opening, takers = _copying(session, viewer, opening_id)
    return _copy_page(request, blank(CopyForm, call=takers[0].slug if takers else ""), opening, takers)


@router.post("/openings/{opening_id}/copy")
@allow(Relation.HOST)
def copy_opening(
    form: SentCopy, request: Request, session: Session, viewer: CurrentViewer, opening_id: uuid.UUID
) -> Response:
    opening, takers = _copying(session, viewer, opening_id)
    if form.data is None:
        return _copy_page(request, form, opening, takers)
    wanted = form.data.call
    call = next((each for each in takers if each.slug == wanted), None)
    if call is None:
        return _copy_page(request, form.refused("call", WHICH_CALL), opening, takers)
    arrival = once.arrival(session, request, viewer.id, form.data.key)
    if arrival.earlier:
        return arrival.earlier
    made = actions.copy_opening(session, opening, call, by=viewer)
    return arrival.done(f"/openings/{made.slug}", COPIED)


@router.post("/openings/{opening_id}/publish")
@allow(Relation.HOST)
def publish_opening(
    _pressed: Pressed, request: Request, session: Session, viewer: CurrentViewer, opening_id: uuid.UUID
) -> Response:
    return _step(request, session, viewer, opening_id, Step.PUBLISH)


@router.post("/openings/{opening_id}/close")
@allow(Relation.HOST)
def close_opening(
    _pressed: Pressed, request: Request, session: Session, viewer: CurrentViewer, opening_id: uuid.UUID
) -> Response:
    return _step(request, session, viewer, opening_id, Step.CLOSE)


def _step(request: Request, session: Session, viewer: CurrentViewer, opening_id: uuid.UUID, step: Step) -> Response:
    opening = queries.lock_visible(session, viewer, opening_id)
    actions.take_step(session, opening, step, by=viewer)
    return go(request, f"/openings/{opening.slug}", MESSAGES[step])


def _offering(session: Session, viewer: CurrentViewer, slug: str) -> tuple[Call, list[Host]]:
    """The call, and the hosts where this person may offer places in it."""
    call = calls.get_visible(session, viewer, slug)
    if not viewer.governments:
        raise NotAllowed
    actions.ensure_accepting(call)
    return call, queries.hosts_of(session, viewer.governments)


def _copying(session: Session, viewer: CurrentViewer, opening_id: uuid.UUID) -> tuple[Opening, list[Call]]:
    """The former opening, and the calls that it can be offered in."""
    opening = queries.get_visible(session, viewer, opening_id)
    if not rules.may_copy(viewer, opening):
        raise NotAllowed
    return opening, queries.calls_that_take_openings(session, now())


def _chosen(hosts: list[Host], wanted: uuid.UUID) -> Host | None:
    return next((each for each in hosts if each.id == wanted), None)


def _fitting(form: Sent[OpeningForm], opening: Opening, hosts: list[Host]) -> Sent[OpeningForm]:
    """With what only the opening itself can object to."""
    if form.data is None:
        return form
    if _chosen(hosts, form.data.host) is None:
        return form.refused("host", WHICH_HOST)
    least = rules.least_capacity(opening)
    return form.refused("capacity", NOT_BELOW % {"least": least}) if form.data.capacity < least else form


def _editor(
    request: Request, form: Sent[OpeningForm], call: Call, hosts: list[Host], opening: Opening | None = None
) -> Response:
    return page(
        request, "openings/edit.html", 422 if form.errors else 200, form=form, call=call, hosts=hosts,
        opening=opening, words=words, levels=forms.LEVEL_OF, least=rules.least_capacity(opening) if opening else 1,
    )  # fmt: skip


def _benefits(request: Request, form: Sent[BenefitRows], opening: Opening) -> Response:
    """The rows that are in use, and an empty one."""
    used = [row for row in range(1, forms.BENEFITS + 1) if any(form.values.get(f"{name}_{row}") for name in TYPED)]
    shown = min(max(used, default=0) + 1, forms.BENEFITS)
    return page(
        request, "openings/benefits.html", 422 if form.errors else 200, form=form, opening=opening, words=words,
        shown=shown, most=forms.BENEFITS, is_draft=opening.status is OpeningStatus.DRAFT,
    )  # fmt: skip


TYPED = ("what", "note", "amount", "currency", "payer")


def _copy_page(request: Request, form: Sent[CopyForm], opening: Opening, takers: list[Call]) -> Response:
    return page(request, "openings/copy.html", 422 if form.errors else 200, form=form, opening=opening, calls=takers)
