"""Calls: the public list, and the secretariat's editor. The page of one call shows its openings, so it is theirs."""

import uuid
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from portal.accounts.access import Relation, allow
from portal.accounts.viewer import CurrentViewer
from portal.calls import actions, forms, queries, words
from portal.calls.forms import CallForm
from portal.calls.models import Call, CallStatus
from portal.calls.rules import Step, phase
from portal.clock import now
from portal.i18n import N_
from portal.web import once
from portal.web.forms import Pressed, Sent, blank, sent
from portal.web.links import go
from portal.web.templating import page
from portal.web.transaction import Session

router = APIRouter()
SentCall = Annotated[Sent[CallForm], Depends(sent(CallForm))]
TAKEN = N_("Another call has this address. Choose another.")
MESSAGES = {
    Step.PUBLISH: N_("The call is published."),
    Step.CLOSE: N_("The call is closed."),
    Step.ARCHIVE: N_("The call is archived."),
}


@router.get("/calls")
@allow(Relation.VISITOR)
def list_calls(request: Request, session: Session, viewer: CurrentViewer, after: uuid.UUID | None = None) -> Response:
    at = now()
    others, next_after = queries.other_calls(session, viewer, at, after)
    return page(
        request, "calls/list.html", open_calls=queries.open_calls(session, at), others=others, after=after,
        next_after=next_after, phase=lambda call: phase(call, at), words=words,
    )  # fmt: skip


@router.get("/calls/new")
@allow(Relation.SECRETARY)
def new_call(request: Request) -> Response:
    return _editor(request, blank(CallForm, **forms.DEFAULTS))


@router.post("/calls/new")
@allow(Relation.SECRETARY)
def create_call(form: SentCall, request: Request, session: Session, viewer: CurrentViewer) -> Response:
    if form.data is None:
        return _editor(request, form)
    arrival = once.arrival(session, request, viewer.id, form.data.key)
    if arrival.earlier:
        return arrival.earlier
    slug = form.data.wanted_slug
    if queries.is_taken(session, slug):
        return _editor(request, form.refused("slug", TAKEN))
    actions.draft_call(session, slug, by=viewer, **form.data.facts())
    return arrival.done(f"/calls/{slug}", N_("The call is saved as a draft. Publish it when it is complete."))


@router.get("/calls/{slug}/edit")
@allow(Relation.SECRETARY)
def edit_call(request: Request, session: Session, viewer: CurrentViewer, slug: str) -> Response:
    call = queries.get_visible(session, viewer, slug)
    actions.ensure_editable(call, by=viewer)
    return _editor(request, blank(CallForm, **forms.values(call)), call)


@router.post("/calls/{slug}/edit")
@allow(Relation.SECRETARY)
def change_call(form: SentCall, request: Request, session: Session, viewer: CurrentViewer, slug: str) -> Response:
    call = queries.lock_visible(session, viewer, slug)
    actions.ensure_editable(call, by=viewer)
    if form.data is None:
        return _editor(request, form, call)
    wanted = form.data.wanted_slug if call.status is CallStatus.DRAFT else slug
    if wanted != slug and queries.is_taken(session, wanted):
        return _editor(request, form.refused("slug", TAKEN), call)
    actions.edit_call(session, call, wanted, by=viewer, **form.data.facts())
    return go(request, f"/calls/{wanted}", N_("Your changes are saved."))


@router.post("/calls/{slug}/{step}")
@allow(Relation.SECRETARY)
def step_call(
    _pressed: Pressed, request: Request, session: Session, viewer: CurrentViewer, slug: str, step: Step
) -> Response:
    call = queries.lock_visible(session, viewer, slug)
    actions.take_step(session, call, step, by=viewer)
    return go(request, f"/calls/{slug}", MESSAGES[step])


def _editor(request: Request, form: Sent[CallForm], call: Call | None = None) -> Response:
    status = 422 if form.errors else 200
    return page(request, "calls/edit.html", status, form=form, call=call, zones=words.ZONES, suffixes=forms.SUFFIXES)
