"""Openings: the public list and pages, the page of a call with its openings, and the host's editor."""

import uuid
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response
from starlette.datastructures import FormData

from portal.accounts.access import Relation, allow
from portal.accounts.viewer import CurrentViewer
from portal.calls import queries as calls
from portal.calls import rules as call_rules
from portal.calls import words as call_words
from portal.calls.conditions import conditions
from portal.calls.models import Call
from portal.clock import now
from portal.errors import NotAllowed, NotFound
from portal.i18n import N_
from portal.openings import actions, forms, queries, rules, words
from portal.openings.forms import Filter, OpeningForm
from portal.openings.models import Opening
from portal.openings.rules import Step
from portal.registry import words as registry_words
from portal.registry.models import Country, Government
from portal.web import once
from portal.web.forms import Pressed, Sent, blank, check, sent
from portal.web.links import go
from portal.web.templating import page
from portal.web.transaction import Session

router = APIRouter()
SentOpening = Annotated[Sent[OpeningForm], Depends(sent(OpeningForm))]
WHICH = N_("Choose one of the governments you coordinate.")
NOT_BELOW = N_("This opening is published, so its places can only be raised. Enter at least %(least)s.")
SAVED = N_("The opening is saved as a draft. Publish it when it is complete.")
MESSAGES = {Step.PUBLISH: N_("The opening is published."), Step.CLOSE: N_("The opening is closed.")}


@router.get("/calls/{slug}")
@allow(Relation.VISITOR)
def show_call(request: Request, session: Session, viewer: CurrentViewer, slug: str) -> Response:
    """A call's public page is where its openings are chosen from, so it is here and not among the calls."""
    call = calls.get_visible(session, viewer, slug)
    openings = queries.published_in(session, call.id)
    return page(
        request, "calls/show.html", call=call, openings=openings, rules=call_rules, words=call_words, at=now(),
        wanting=call_rules.unready(call, now()), spoken=words.LANGUAGES, documents=calls.documents(session, call.id),
        questions=calls.questions(session, call.id),
        conditions=conditions(call, calls.named_governments(session, call)),
    )  # fmt: skip


@router.get("/openings")
@allow(Relation.VISITOR)
def list_openings(request: Request, session: Session, viewer: CurrentViewer) -> Response:
    form = check(Filter, FormData(dict(request.query_params)))
    if form.data is None:
        raise NotFound
    openings, next_after = queries.on_offer(session, viewer, **form.data.model_dump())
    countries = [(each.value, registry_words.country(each)) for each in Country]
    return page(
        request, "openings/list.html", form=form, openings=openings, next_after=next_after, words=words,
        countries=countries, calls=queries.calls_with_openings(session),
        governments=queries.governments_with_openings(session),
    )  # fmt: skip


@router.get("/openings/mine")
@allow(Relation.HOME, Relation.HOST)
def list_own_openings(
    request: Request, session: Session, viewer: CurrentViewer, after: uuid.UUID | None = None
) -> Response:
    openings, next_after = queries.of_own_governments(session, viewer, after)
    return page(request, "openings/mine.html", openings=openings, next_after=next_after, words=words)


@router.get("/calls/{slug}/openings/new")
@allow(Relation.HOME, Relation.HOST)
def new_opening(request: Request, session: Session, viewer: CurrentViewer, slug: str) -> Response:
    call, own = _offering(session, viewer, slug)
    return _editor(request, blank(OpeningForm, capacity=1), call, own)


@router.post("/calls/{slug}/openings/new")
@allow(Relation.HOME, Relation.HOST)
def create_opening(form: SentOpening, request: Request, session: Session, viewer: CurrentViewer, slug: str) -> Response:
    call, own = _offering(session, viewer, slug)
    if form.data is None:
        return _editor(request, form, call, own)
    government = _chosen(own, form.data.government)
    if government is None:
        return _editor(request, form.refused("government", WHICH), call, own)
    arrival = once.arrival(session, request, viewer.id, form.data.key)
    if arrival.earlier:
        return arrival.earlier
    facts = {**form.data.facts(), "capacity": form.data.capacity}
    opening = actions.draft_opening(session, call, government.id, by=viewer, **facts)
    return arrival.done(f"/openings/{opening.id}", SAVED)


@router.get("/openings/{opening_id}")
@allow(Relation.VISITOR)
def show_opening(request: Request, session: Session, viewer: CurrentViewer, opening_id: uuid.UUID) -> Response:
    opening = queries.get_visible(session, viewer, opening_id)
    is_open = call_rules.is_open(opening.call, now())
    return page(request, "openings/show.html", opening=opening, rules=rules, words=words, call_is_open=is_open)


@router.get("/openings/{opening_id}/edit")
@allow(Relation.HOST)
def edit_opening(request: Request, session: Session, viewer: CurrentViewer, opening_id: uuid.UUID) -> Response:
    opening = queries.get_visible(session, viewer, opening_id)
    actions.ensure_editable(opening, by=viewer)
    return _editor(request, blank(OpeningForm, **forms.values(opening)), opening.call, [], opening)


@router.post("/openings/{opening_id}/edit")
@allow(Relation.HOST)
def change_opening(
    form: SentOpening, request: Request, session: Session, viewer: CurrentViewer, opening_id: uuid.UUID
) -> Response:
    opening = queries.lock_visible(session, viewer, opening_id)
    actions.ensure_editable(opening, by=viewer)
    if form.data is None:
        return _editor(request, form, opening.call, [], opening)
    least = rules.least_capacity(opening)
    if form.data.capacity < least:
        return _editor(request, form.refused("capacity", NOT_BELOW % {"least": least}), opening.call, [], opening)
    actions.edit_opening(session, opening, by=viewer, **form.data.facts())
    actions.change_capacity(session, opening, form.data.capacity, taken=least, by=viewer)
    return go(request, f"/openings/{opening_id}", N_("Your changes are saved."))


@router.post("/openings/{opening_id}/{step}")
@allow(Relation.HOST)
def step_opening(
    _pressed: Pressed, request: Request, session: Session, viewer: CurrentViewer, opening_id: uuid.UUID, step: Step
) -> Response:
    opening = queries.lock_visible(session, viewer, opening_id)
    actions.take_step(session, opening, step, by=viewer)
    return go(request, f"/openings/{opening_id}", MESSAGES[step])


def _offering(session: Session, viewer: CurrentViewer, slug: str) -> tuple[Call, list[Government]]:
    """The call, and the governments that this person may offer places of in it."""
    call = calls.get_visible(session, viewer, slug)
    if not viewer.governments:
        raise NotAllowed
    actions.ensure_accepting(call)
    return call, queries.governments(session, viewer.governments)


def _chosen(own: list[Government], wanted: uuid.UUID | None) -> Government | None:
    """Who coordinates a single government is not asked which."""
    return own[0] if len(own) == 1 else next((each for each in own if each.id == wanted), None)


def _editor(
    request: Request, form: Sent[OpeningForm], call: Call, own: list[Government], opening: Opening | None = None
) -> Response:
    return page(
        request, "openings/edit.html", 422 if form.errors else 200, form=form, call=call, own=own, opening=opening,
        words=words,
    )  # fmt: skip
