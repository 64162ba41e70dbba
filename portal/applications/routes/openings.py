"""The openings in the order of the applicant's wish: put in order, taken off, and chosen from what is offered."""

import uuid
from typing import Annotated
from urllib.parse import urlencode

import sqlmodel
from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response
from starlette.datastructures import FormData

from portal import ordering
from portal.accounts.access import Relation, allow
from portal.accounts.viewer import CurrentViewer
from portal.applications import actions, queries, rules
from portal.applications.forms import Chosen, Wish
from portal.applications.models import Application
from portal.applications.routes.parts import editing
from portal.errors import NotFound
from portal.i18n import N_
from portal.openings import words
from portal.ordering import Order
from portal.web.forms import Sent, check, sent
from portal.web.links import go
from portal.web.templating import page
from portal.web.transaction import Session

router = APIRouter()
SentOrder = Annotated[Sent[Order], Depends(sent(Order))]
SentChosen = Annotated[Sent[Chosen], Depends(sent(Chosen))]
MOVED = N_("“%(title)s” is now number %(place)s of %(count)s.")
REMOVED = N_("“%(title)s” is no longer on your list.")
ADDED = N_("“%(title)s” is now number %(place)s on your list.")
UNCHANGED = N_("The order is as it was.")


def _wish(request: Request) -> Sent[Wish]:
    wish = check(Wish, FormData(dict(request.query_params)))
    if wish.data is None:
        raise NotFound
    return wish


def _narrowed(wish: Sent[Wish], **also: object) -> str:
    """The part of an address that keeps the openings below narrowed as they are."""
    kept = {name: wish.values.get(name) for name in ("q", "government")} | also
    query = urlencode({name: value for name, value in kept.items() if value})
    return f"?{query}" if query else ""


def _openings_page(
    request: Request, session: sqlmodel.Session, application: Application, *, problem: object = None, status: int = 200
) -> Response:
    wish = _wish(request)
    assert wish.data is not None
    found = queries.choosable(session, application, **wish.data.model_dump())
    return page(
        request, "applications/openings.html", status, application=application, rules=rules, words=words, form=wish,
        problem=problem, found=found, hosts=queries.hosts_of(session, application), narrowed=_narrowed(wish),
        next_href=_narrowed(wish, after=found.after) if found.after else None,
    )  # fmt: skip


@router.get("/applications/{application_id}/openings")
@allow(Relation.APPLICANT)
def show_openings(request: Request, session: Session, viewer: CurrentViewer, application_id: uuid.UUID) -> Response:
    return _openings_page(request, session, editing(session, viewer, application_id))


@router.post("/applications/{application_id}/openings")
@allow(Relation.APPLICANT)
def order_openings(
    form: SentOrder, request: Request, session: Session, viewer: CurrentViewer, application_id: uuid.UUID
) -> Response:
    queries.lock_visible(session, viewer, application_id)
    application = editing(session, viewer, application_id)
    if form.data is None:
        return _openings_page(request, session, application, problem=ordering.GARBLED, status=422)
    titles = {choice.opening_id: choice.opening.title for choice in application.choices}
    if not form.data.fits(list(titles)):
        return _openings_page(request, session, application, problem=ordering.ELSEWHERE, status=409)
    actions.put_in_order(session, application, form.data.wanted, by=viewer)
    return go(request, _address(request, application, form.data.moved), _told(form.data, titles))


def _told(order: Order, titles: dict[uuid.UUID, str]) -> str:
    if order.remove is not None:
        return REMOVED % {"title": titles.get(order.remove, "")}
    if order.moved is None:
        return str(UNCHANGED)
    place = order.wanted.index(order.moved) + 1
    return MOVED % {"title": titles[order.moved], "place": place, "count": len(titles)}


def _address(request: Request, application: Application, row: uuid.UUID | None) -> str:
    anchor = f"#row-{row}" if row else ""
    return f"/applications/{application.id}/openings{_narrowed(_wish(request))}{anchor}"


@router.post("/applications/{application_id}/openings/add")
@allow(Relation.APPLICANT)
def add_opening(
    form: SentChosen, request: Request, session: Session, viewer: CurrentViewer, application_id: uuid.UUID
) -> Response:
    queries.lock_visible(session, viewer, application_id)
    application = editing(session, viewer, application_id)
    if form.data is None:
        return _openings_page(request, session, application, problem=rules.NOT_OFFERED, status=422)
    opening = queries.get_offered(session, application, form.data.opening_id)
    actions.choose(session, application, opening, by=viewer)
    place = queries.place_of(session, application, opening)
    told = ADDED % {"title": opening.title, "place": place}
    return go(request, _address(request, application, opening.id), told)
