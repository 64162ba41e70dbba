"""What everybody reads: the list of openings, an opening, and a call with its openings."""

import uuid

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response
from starlette.datastructures import FormData

from portal.accounts.access import Relation, allow
from portal.accounts.viewer import CurrentViewer
from portal.calls import conditions
from portal.calls import queries as calls
from portal.calls import rules as call_rules
from portal.calls import words as call_words
from portal.clock import now
from portal.errors import NotFound
from portal.openings import queries, rules, words
from portal.openings.forms import TYPED, Filter
from portal.registry import words as registry_words
from portal.registry.models import Country
from portal.web.forms import check
from portal.web.templating import page
from portal.web.transaction import Session

router = APIRouter()


@router.get("/calls/{slug}")
@allow(Relation.VISITOR)
def show_call(request: Request, session: Session, viewer: CurrentViewer, slug: str) -> Response:
    """A call's public page is where its openings are chosen from, so it is here and not among the calls."""
    call = calls.get_visible(session, viewer, slug)
    openings, criteria = queries.published_in(session, call.id), calls.criteria(session, call.id)
    return page(
        request, "calls/show.html", call=call, openings=openings, rules=call_rules, words=call_words, at=now(),
        wanting=call_rules.unready(call, now()), opening_words=words, documents=calls.documents(session, call.id),
        questions=calls.questions(session, call.id),
        conditions=conditions.conditions(call, calls.named_governments(session, call)), criteria=criteria,
        for_officials=conditions.for_officials(call, criteria) if viewer.is_staff else [],
    )  # fmt: skip


@router.get("/openings")
@allow(Relation.VISITOR)
def list_openings(request: Request, session: Session, viewer: CurrentViewer) -> Response:
    form = check(Filter, FormData(dict(request.query_params)))
    if form.errors.keys() - TYPED:
        raise NotFound
    openings, next_after = queries.on_offer(session, viewer, **form.data.model_dump()) if form.data else ([], None)
    countries = [(each.value, registry_words.country(each)) for each in Country]
    return page(
        request, "openings/list.html", 422 if form.errors else 200, form=form, openings=openings,
        next_after=next_after, words=words, countries=countries, calls=queries.calls_with_openings(session),
        governments=queries.governments_with_openings(session),
        query={name: form.values[name] for name in form.values if name != "after" and form.values[name]},
    )  # fmt: skip


@router.get("/openings/mine")
@allow(Relation.HOME, Relation.HOST)
def list_own_openings(
    request: Request, session: Session, viewer: CurrentViewer, after: uuid.UUID | None = None
) -> Response:
    openings, next_after = queries.of_own_governments(session, viewer, after)
    return page(request, "openings/mine.html", openings=openings, next_after=next_after, words=words)


@router.get("/openings/{slug}")
@allow(Relation.VISITOR)
def show_opening(request: Request, session: Session, viewer: CurrentViewer, slug: str) -> Response:
    """By its readable address; by its id it leads there."""
    opening_id = _as_id(slug)
    if opening_id is not None:
        return RedirectResponse(f"/openings/{queries.get_visible(session, viewer, opening_id).slug}", 308)
    opening = queries.get_by_slug(session, viewer, slug)
    is_open = call_rules.is_open(opening.call, now())
    return page(request, "openings/show.html", opening=opening, rules=rules, words=words, call_is_open=is_open)


def _as_id(text: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(text)
    except ValueError:
        return None
