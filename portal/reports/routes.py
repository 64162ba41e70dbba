"""The secretariat's overview of a call, deeds for many at once, and the full export."""

import uuid
from collections.abc import Callable, Iterator, Sequence
from typing import Annotated, Any

import sqlmodel
from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import Response
from starlette.responses import StreamingResponse

from portal import spreadsheets
from portal.accounts.access import Relation, allow
from portal.accounts.viewer import CurrentViewer, Viewer
from portal.applications import words as application_words
from portal.calls import queries as calls
from portal.calls.models import Call
from portal.clock import now
from portal.db import Database
from portal.history.actions import record
from portal.i18n import N_
from portal.registry import words as registry_words
from portal.reports import actions, export, queries, rules, words
from portal.reports.forms import Confirmation, Refusals
from portal.reports.rules import Line
from portal.reports.words import Deed, Sort
from portal.web import once
from portal.web.forms import Body, Pressed, Sent, blank, check
from portal.web.links import go
from portal.web.templating import page
from portal.web.transaction import Session

router = APIRouter()
CHOOSE = N_("Choose at least one government first.")
FORMS: dict[Deed, type[Confirmation]] = {
    Deed.REMIND_COORDINATORS: Confirmation,
    Deed.REMIND_APPLICANTS: Confirmation,
    Deed.REFUSE: Refusals,
}


@router.get("/calls/{slug}/overview")
@allow(Relation.SECRETARY, Relation.AUDITOR)
def overview(request: Request, session: Session, viewer: CurrentViewer, slug: str, sort: str = Sort.PLACE) -> Response:
    """An order that there is not is as good as none."""
    call, at = calls.get_visible(session, viewer, slug), now()
    lines = queries.lines(session, call, at)
    whole, order = rules.total(lines), next((each for each in Sort if each.value == sort), Sort.PLACE)
    needing = rules.care(lines, call, at)
    possible = [deed for deed in Deed if rules.may(viewer, deed) and rules.why_not(deed, call, at) is None]
    return page(
        request, "reports/overview.html", call=call, whole=whole, lines=rules.in_order(lines, order), order=order,
        countries=rules.by_country(lines), country_name=registry_words.country, stages=rules.funnel(whole),
        care=needing[: rules.FIRST], more=needing[rules.FIRST :], possible=possible, rules=rules, words=words,
        states=application_words,
    )  # fmt: skip


def confirmation(body: Body, deed: Deed) -> Sent[Any]:
    """The form of this deed, read before the session opens."""
    return check(FORMS[deed], body)


SentConfirmation = Annotated[Sent[Any], Depends(confirmation)]


@router.get("/calls/{slug}/overview/done/{batch_id}")
@allow(Relation.SECRETARY, Relation.AUDITOR)
def result(request: Request, session: Session, viewer: CurrentViewer, slug: str, batch_id: uuid.UUID) -> Response:
    """What one press did, read from the history."""
    call = calls.get_visible(session, viewer, slug)
    told = queries.done(session, call, batch_id).details
    named = [*told.get("applications", ()), *told.get("left", ())]
    return page(
        request, "reports/done.html", call=call, deed=Deed(told["deed_of"]), told=told, words=words,
        homes=queries.governments(session, [*told["done"], *told["skipped"]]),
        applications=queries.named(session, [uuid.UUID(each) for each in named]),
    )  # fmt: skip


@router.get("/calls/{slug}/overview/{deed}")
@allow(Relation.SECRETARY)
def preview(
    request: Request, session: Session, viewer: CurrentViewer, slug: str, deed: Deed,
    government: Annotated[list[str], Query()] = [],  # noqa: B006 - FastAPI copies it
) -> Response:  # fmt: skip
    """What would happen, before it does."""
    call = calls.get_visible(session, viewer, slug)
    actions.ensure(deed, call, by=viewer)
    if not government:
        return go(request, f"/calls/{slug}/overview", CHOOSE)
    return _preview(request, session, call, deed, blank(FORMS[deed], government=government))


def _preview(request: Request, session: sqlmodel.Session, call: Call, deed: Deed, form: Sent[Any]) -> Response:
    at = now()
    lines = rules.chosen(queries.lines(session, call, at), form.values.get("government", ()))
    counts, concerned = queries.concerned(session, deed, call, lines, at)
    return page(
        request, "reports/preview.html", 422 if form.errors else 200, call=call, deed=deed, form=form, words=words,
        plan=rules.plan(deed, lines, counts), concerned=concerned, number=sum(counts.values()), rules=rules,
        refusals=application_words.REFUSALS,
    )  # fmt: skip


@router.post("/calls/{slug}/overview/{deed}")
@allow(Relation.SECRETARY)
def act(
    form: SentConfirmation, request: Request, session: Session, viewer: CurrentViewer, slug: str, deed: Deed
) -> Response:
    call = calls.get_visible(session, viewer, slug)
    actions.ensure(deed, call, by=viewer)
    if form.data is None:
        return _preview(request, session, call, deed, form)
    arrival = once.arrival(session, request, viewer.id, form.data.key)
    if arrival.earlier:
        return arrival.earlier
    lines = rules.chosen(queries.lines(session, call, now()), form.data.government)
    origin = request.app.state.settings.public_origin
    batch = DEEDS[deed](session, call, lines, viewer, form.data, origin)
    return arrival.done(f"/calls/{slug}/overview/done/{batch}")


DEEDS: dict[Deed, Callable[[sqlmodel.Session, Call, Sequence[Line], Viewer, Any, str], uuid.UUID]] = {
    Deed.REMIND_COORDINATORS: lambda session, call, lines, viewer, _data, origin: actions.remind_coordinators(
        session, call, lines, by=viewer, origin=origin
    ),
    Deed.REMIND_APPLICANTS: lambda session, call, lines, viewer, _data, origin: actions.remind_applicants(
        session, call, lines, by=viewer, origin=origin
    ),
    Deed.REFUSE: lambda session, call, lines, viewer, data, _origin: actions.refuse_remaining(
        session, call, lines, by=viewer, code=data.code, reason=data.reason
    ),
}


# The full export: posted, so that it is in the history, and read in a session of its own after that has committed.


@router.post("/calls/{slug}/export.xlsx")
@allow(Relation.SECRETARY, Relation.AUDITOR)
def export_workbook(
    _pressed: Pressed, request: Request, session: Session, viewer: CurrentViewer, slug: str
) -> Response:
    call = _recorded(session, viewer, slug, "xlsx")
    pieces = _workbook(request.app.state.database, call)
    return StreamingResponse(pieces, media_type=spreadsheets.KIND, headers=_named(f"{call.slug}.xlsx"))


@router.post("/calls/{slug}/export.json")
@allow(Relation.SECRETARY, Relation.AUDITOR)
def export_json(_pressed: Pressed, request: Request, session: Session, viewer: CurrentViewer, slug: str) -> Response:
    call = _recorded(session, viewer, slug, "json")
    pieces = _json(request.app.state.database, call)
    return StreamingResponse(pieces, media_type="application/json", headers=_named(f"{call.slug}.json"))


def _recorded(session: sqlmodel.Session, viewer: Viewer, slug: str, kind: str) -> Call:
    call = calls.get_visible(session, viewer, slug)
    record(session, "exported", "call", call.id, by=viewer.id, slug=slug, kind=kind)
    return call


def _named(name: str) -> dict[str, str]:
    return {"content-disposition": f'attachment; filename="{name}"', "cache-control": "no-store"}


def _workbook(database: Database, call: Call) -> Iterator[bytes]:
    with spreadsheets.temporary() as file:
        with database.session(writes=False) as session:
            export.write_workbook(session, call, file)
        file.seek(0)
        while chunk := file.read(CHUNK):
            yield chunk


CHUNK = 64 * 1024


def _json(database: Database, call: Call) -> Iterator[str]:
    with database.session(writes=False) as session:
        yield from export.json_document(session, call)
