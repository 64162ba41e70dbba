"""What waits for a coordinator, and the list of applicants, on a page and as a spreadsheet."""

import uuid
from collections.abc import Iterator

import sqlmodel
from fastapi import APIRouter, Request
from fastapi.responses import Response

from portal import i18n, spreadsheets
from portal.accounts.access import Relation, allow
from portal.accounts.viewer import CurrentViewer, Viewer
from portal.applications import queries as application_queries
from portal.applications import rules as application_rules
from portal.applications import words as applications
from portal.applications.models import Application
from portal.calls.models import Call
from portal.clock import now, today
from portal.errors import NotFound
from portal.i18n import gettext as _
from portal.nominations import listing, queries, words
from portal.nominations.listing import Wanted
from portal.nominations.routes.asked import asked
from portal.spreadsheets import Cell, Column
from portal.web.attachments import attachment
from portal.web.templating import page
from portal.web.transaction import Session

router = APIRouter()


@router.get("/nominations")
@allow(Relation.HOME, Relation.HOST, Relation.SECRETARY, Relation.AUDITOR)
def show_dashboard(request: Request, session: Session, viewer: CurrentViewer) -> Response:
    """Every coordinator is home coordinator of somebody."""
    return page(
        request, "nominations/dashboard.html", standings=queries.dashboard(session, viewer, now()),
        barred=queries.number_barred(session, viewer),
    )  # fmt: skip


@router.get("/nominations/list")
@allow(Relation.HOME, Relation.HOST, Relation.SECRETARY, Relation.AUDITOR)
def list_applicants(
    request: Request, session: Session, viewer: CurrentViewer, after: uuid.UUID | None = None
) -> Response:
    found = asked(request, session, viewer)
    rows = listing.page(session, viewer, found.wanted, after) if found.wanted else listing.Page([], None)
    return page(
        request, "nominations/list.html", found=rows, asked=found, words=words, application_words=applications,
        guardians=_guardians(session, found.wanted, rows),
    )  # fmt: skip


def _guardians(
    session: sqlmodel.Session, wanted: Wanted | None, rows: listing.Page
) -> dict[uuid.UUID, applications.Word | None]:
    """Where the guardians of the minors among them stand."""
    found = application_queries.minors(session, wanted.call_id, rows.rows) if wanted else {}
    return {key: application_rules.guardians_word(standing) for key, standing in found.items()}


@router.get("/nominations/list.xlsx")
@allow(Relation.HOME)
def export_applicants(request: Request, session: Session, viewer: CurrentViewer) -> Response:
    """What the list shows, all pages of it, for the coordinator's own governments."""
    found = asked(request, session, viewer)
    if found.wanted is None or found.call is None:
        raise NotFound
    file = spreadsheets.temporary()
    with spreadsheets.book(file, found.call.zone) as book:
        book.sheet(found.call.slug, _columns(found.call), _rows(session, viewer, found.wanted))
    return attachment(file, f"{found.call.slug}-{today():%Y-%m-%d}.xlsx", spreadsheets.KIND)


def _rows(session: sqlmodel.Session, viewer: Viewer, wanted: Wanted) -> Iterator[list[Cell]]:
    return (_row(application) for application in listing.all_rows(session, viewer, wanted))


def _columns(call: Call) -> list[Column]:
    at = _("Submitted (time in %(city)s)") % {"city": i18n.city(call.zone)}
    decided = _("Decided (time in %(city)s)") % {"city": i18n.city(call.zone)}
    return [
        Column(_("Number"), 12), Column(_("Name")), Column(_("Name in Latin letters")), Column(_("State")),
        Column(_("Order of merit"), 8), Column(_("Home government")), Column(at), Column(_("Date of birth"), 12),
        Column(_("Nationality"), 12), Column(_("E-mail address"), 28), Column(_("Telephone number")),
        Column(_("Education"), 40), Column(_("Languages"), 28), Column(decided), Column(_("Reason for refusal"), 28),
        Column(_("Entered from paper"), 12), Column(_("Decided by the secretariat"), 12),
    ]  # fmt: skip


def _row(application: Application) -> list[Cell]:
    spoken = [f"{applications.SPOKEN.get(each.language, each.language)} {each.level}" for each in application.languages]
    code = application.reason_code
    return [
        application.number, application.native_name, application.roman_name,
        str(applications.STATUSES[application.status]), application.merit,
        application.home.name(i18n.language()) if application.home else "", application.submitted_at,
        application.born_on, application.nationality, application.applicant.address, application.phone,
        application.education, "\n".join(spoken), application.decided_at,
        str(applications.REFUSALS[code]) if code else "", _yes(application.entered_by is not None),
        _yes(application.decided_in_place),
    ]  # fmt: skip


def _yes(so: bool) -> str:
    return _("Yes") if so else ""
