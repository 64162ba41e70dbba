"""The organisations that take interns, and whom their government's coordinators reach there."""

import uuid
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from portal.accounts.access import Relation, allow
from portal.accounts.viewer import CurrentViewer, Viewer
from portal.errors import NotAllowed
from portal.i18n import N_
from portal.openings import actions, forms, queries, rules, words
from portal.openings.forms import HostForm
from portal.openings.models import Host, HostKind
from portal.registry import queries as registry
from portal.registry.models import Government
from portal.web import once
from portal.web.forms import Sent, blank, sent
from portal.web.links import go, within
from portal.web.templating import page
from portal.web.transaction import Session

router = APIRouter()
SentHost = Annotated[Sent[HostForm], Depends(sent(HostForm))]
WHICH = N_("Choose the government whose region the host is in.")
NOT_YOURS = N_("Only the secretariat can describe itself. Choose another kind.")
NAME_TAKEN = N_("This government has a host of this name already. Choose that one, or enter another name.")
ADDED = N_("The host organisation is saved.")
CHANGED = N_("Your changes are saved.")


@router.get("/hosts")
@allow(Relation.HOME, Relation.HOST, Relation.SECRETARY, Relation.AUDITOR)
def list_hosts(request: Request, session: Session, viewer: CurrentViewer, after: uuid.UUID | None = None) -> Response:
    hosts, next_after = queries.hosts(session, viewer, after)
    return page(request, "openings/hosts.html", hosts=hosts, next_after=next_after, words=words)


@router.get("/hosts/new")
@allow(Relation.HOME, Relation.HOST, Relation.SECRETARY)
def new_host(request: Request, session: Session, viewer: CurrentViewer, back: str = "") -> Response:
    return _editor(request, blank(HostForm, back=within(back, "")), viewer, queries.governments(session, viewer))


@router.post("/hosts/new")
@allow(Relation.HOME, Relation.HOST, Relation.SECRETARY)
def create_host(form: SentHost, request: Request, session: Session, viewer: CurrentViewer) -> Response:
    own = queries.governments(session, viewer)
    if not own:
        raise NotAllowed
    # First of all whether it came before: the host that it made then has this very name.
    arrival = once.arrival(session, request, viewer.id, form.data.key if form.data else None)
    if arrival.earlier:
        return arrival.earlier
    government = _chosen(own, form.data.government if form.data else None)
    form = _fitting(session, viewer, form, government)
    if form.data is None or government is None:
        return _editor(request, form, viewer, own)
    host = actions.add_host(session, government, by=viewer, **form.data.facts())
    return arrival.done(_onwards(form.data.back, host), ADDED)


@router.get("/hosts/{host_id}")
@allow(Relation.HOST, Relation.SECRETARY, Relation.AUDITOR)
def show_host(
    request: Request, session: Session, viewer: CurrentViewer, host_id: uuid.UUID, after: uuid.UUID | None = None
) -> Response:
    host = queries.get_host(session, viewer, host_id)
    openings, next_after = queries.of_host(session, viewer, host, after)
    return page(
        request, "openings/host.html", host=host, openings=openings, next_after=next_after, rules=rules, words=words
    )


@router.get("/hosts/{host_id}/edit")
@allow(Relation.HOST, Relation.SECRETARY)
def edit_host(request: Request, session: Session, viewer: CurrentViewer, host_id: uuid.UUID) -> Response:
    host = queries.get_host(session, viewer, host_id)
    actions.ensure_keeps(host, by=viewer)
    return _editor(request, blank(HostForm, **forms.host_values(host)), viewer, [], host)


@router.post("/hosts/{host_id}/edit")
@allow(Relation.HOST, Relation.SECRETARY)
def change_host(
    form: SentHost, request: Request, session: Session, viewer: CurrentViewer, host_id: uuid.UUID
) -> Response:
    host = queries.lock_host(session, viewer, host_id)
    actions.ensure_keeps(host, by=viewer)
    form = _fitting(session, viewer, form, host.government, host)
    if form.data is None:
        return _editor(request, form, viewer, [], host)
    actions.edit_host(session, host, by=viewer, **form.data.facts())
    return go(request, f"/hosts/{host.id}", CHANGED)


def _chosen(own: list[Government], wanted: uuid.UUID | None) -> Government | None:
    """Who coordinates a single government is not asked which."""
    return own[0] if len(own) == 1 else next((each for each in own if each.id == wanted), None)


def _fitting(
    session: Session, viewer: Viewer, form: Sent[HostForm], government: Government | None, host: Host | None = None
) -> Sent[HostForm]:
    """With what only the viewer's role and the other hosts can object to."""
    if form.data is None:
        return form
    if government is None:
        return form.refused("government", WHICH)
    if form.data.kind is HostKind.SECRETARIAT and not viewer.is_secretary:
        return form.refused("kind", NOT_YOURS)
    registry.lock_government(session, government.code)  # so that no second host takes the name meanwhile
    taken = queries.is_named(session, government.id, form.data.name, but=host.id if host else None)
    return form.refused("name", NAME_TAKEN) if taken else form


def _onwards(back: str, host: Host) -> str:
    """To the editor that asked for a new host, where it is chosen already; else to its own page."""
    there = within(back, "")
    return f"{there}?{urlencode({'host': host.id})}" if there else f"/hosts/{host.id}"


def _editor(
    request: Request, form: Sent[HostForm], viewer: Viewer, own: list[Government], host: Host | None = None
) -> Response:
    kinds = [(kind, name) for kind, name in words.HOST_KINDS.items() if viewer.is_secretary or kind != "secretariat"]
    return page(
        request, "openings/host_edit.html", 422 if form.errors else 200, form=form, host=host, own=own, kinds=kinds
    )
