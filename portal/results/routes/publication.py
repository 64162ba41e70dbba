"""When results come out: ordered by one secretary, confirmed by another; and the list of them for staff."""

import datetime as dt
from typing import Annotated

import sqlmodel
from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response
from pydantic_core import PydanticCustomError

from portal import spreadsheets
from portal.accounts import queries as people
from portal.accounts.access import Relation, allow
from portal.accounts.viewer import CurrentViewer, Viewer
from portal.clock import now, today
from portal.contests import queries as contests
from portal.contests.models import Edition
from portal.contests.rules import may_see_essays
from portal.contests.words import language as language_name
from portal.errors import Conflict
from portal.forms import to_local
from portal.i18n import N_, SOURCE, _, language
from portal.results import actions, listing, queries, rules, words
from portal.results.forms import ConfirmForm, PublishForm
from portal.spreadsheets import Cell, Column
from portal.web.attachments import attachment
from portal.web.forms import Pressed, Sent, blank, sent
from portal.web.links import go
from portal.web.templating import page
from portal.web.transaction import Session

router = APIRouter()
ORDERED = N_("The publication is ordered. It counts once a colleague confirms it.")
CONFIRMED = N_("The publication is confirmed. The results come out at its time, for everybody at the same moment.")
TAKEN_BACK = N_("The publication is taken back. Nobody but the secretariat knew of it.")


def edition_of(session: sqlmodel.Session, viewer: Viewer, slug: str, *, lock: bool = False) -> Edition:
    """The edition, for those who see its results before everybody does."""
    return contests.get_for(session, viewer, slug, rules.may_see, lock=lock)


@router.get("/contests/{slug}/publication")
@allow(Relation.SECRETARY, Relation.AUDITOR)
def show_publication(request: Request, session: Session, viewer: CurrentViewer, slug: str) -> Response:
    edition = edition_of(session, viewer, slug)
    found = queries.publication(session, edition)
    proposed = found.publish_at if found else edition.results_at
    is_ahead = proposed is not None and proposed > now()
    values = {"when": "later", "publish_at": to_local(proposed, edition.zone)} if proposed and is_ahead else {}
    return _page(request, session, viewer, edition, blank(PublishForm, **values))


def _page(
    request: Request, session: sqlmodel.Session, viewer: Viewer, edition: Edition, form: Sent[PublishForm],
    status: int = 200,
) -> Response:  # fmt: skip
    found = queries.publication(session, edition)
    ids = {each for each in (found.ordered_by, found.confirmed_by) if each} if found else set()
    is_out = rules.is_public(found, now())
    return page(
        request, "results/publication.html", status, edition=edition, publication=found, form=form, words=words,
        is_decided=queries.is_decided(session, edition), is_out=is_out, names=people.names(session, ids),
        sees_decisions=queries.sees_decisions(session, viewer, edition),
        figures=queries.figures(session, edition), left_out=queries.left_out(session, edition),
        members=queries.members(session, edition),
        mark=rules.mark(found) if found else "", is_at_once=found is not None and rules.is_at_once(found),
        may_publish=rules.may_publish(viewer, edition) and not is_out,
        is_own=found is not None and found.ordered_by == viewer.person_id,
    )  # fmt: skip


@router.post("/contests/{slug}/publication")
@allow(Relation.SECRETARY)
def order_publication(
    form: Annotated[Sent[PublishForm], Depends(sent(PublishForm))],
    request: Request,
    session: Session,
    viewer: CurrentViewer,
    slug: str,
) -> Response:
    """Ordered, or moved to another instant."""
    edition = edition_of(session, viewer, slug, lock=True)
    form, publish_at = _with_instant(form, edition)
    if form.data is None:
        return _page(request, session, viewer, edition, form, 422)
    try:
        actions.order(session, edition, publish_at, by=viewer, origin=request.app.state.settings.public_origin)
    except Conflict as conflict:
        return _page(request, session, viewer, edition, form.refused("", conflict.reason), 409)
    return go(request, f"/contests/{slug}/publication", ORDERED)


def _with_instant(form: Sent[PublishForm], edition: Edition) -> tuple[Sent[PublishForm], dt.datetime | None]:
    if form.data is None:
        return form, None
    try:
        return form, form.data.instant(edition.zone)
    except PydanticCustomError as error:
        return form.refused("publish_at", (error.context or {})["sentence"]), None


@router.post("/contests/{slug}/publication/confirm")
@allow(Relation.SECRETARY)
def confirm_publication(
    form: Annotated[Sent[ConfirmForm], Depends(sent(ConfirmForm))],
    request: Request,
    session: Session,
    viewer: CurrentViewer,
    slug: str,
) -> Response:
    edition = edition_of(session, viewer, slug, lock=True)
    try:
        actions.confirm(session, edition, seen=form.data.seen if form.data else "", by=viewer)
    except Conflict as conflict:
        return _refused(request, session, viewer, edition, conflict)
    return go(request, f"/contests/{slug}/publication", CONFIRMED)


def _refused(
    request: Request, session: sqlmodel.Session, viewer: Viewer, edition: Edition, conflict: Conflict
) -> Response:
    return _page(request, session, viewer, edition, blank(PublishForm).refused("", conflict.reason), 409)


@router.post("/contests/{slug}/publication/take-back")
@allow(Relation.SECRETARY)
def take_publication_back(
    _form: Pressed, request: Request, session: Session, viewer: CurrentViewer, slug: str
) -> Response:
    edition = edition_of(session, viewer, slug, lock=True)
    try:
        actions.take_back(session, edition, by=viewer)
    except Conflict as conflict:
        return _refused(request, session, viewer, edition, conflict)
    return go(request, f"/contests/{slug}/publication", TAKEN_BACK)


@router.get("/contests/{slug}/publication/results.xlsx")
@allow(Relation.SECRETARY, Relation.AUDITOR, Relation.SCREENER)
def export_results(request: Request, session: Session, viewer: CurrentViewer, slug: str) -> Response:
    edition = contests.get_for(session, viewer, slug, may_see_essays)
    if not queries.is_decided(session, edition):
        raise Conflict(words.UNDECIDED)
    if not queries.sees_decisions(session, viewer, edition):
        raise Conflict(words.NOT_OUT)
    file = spreadsheets.temporary()
    with spreadsheets.book(file, edition.zone) as book:
        book.sheet(edition.slug, _columns(), (_row(row) for row in listing.rows(session, viewer, edition)))
    return attachment(file, f"{edition.slug}-results-{today():%Y-%m-%d}.xlsx", spreadsheets.KIND)


def _columns() -> list[Column]:
    return [
        Column(_("Code"), 12), Column(_("Age category")), Column(_("Language"), 12), Column(_("Result"), 14),
        Column(_("Award"), 28), Column(_("Place in the order of the marks"), 12), Column(_("Name"), 28),
        Column(_("Name in Latin letters"), 28), Column(_("Government (code)"), 14),
    ]  # fmt: skip


def _row(row: listing.Row) -> list[Cell]:
    def told(names: dict[str, str] | None) -> str:
        return (names or {}).get(language()) or (names or {}).get(SOURCE, "")

    return [
        row.code, told(row.category), language_name(row.language), str(words.OUTCOMES[row.outcome][0]),
        told(row.award), row.place, row.native_name, row.roman_name, row.home,
    ]  # fmt: skip
