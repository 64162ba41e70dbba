"""Reading applications that a coordinator entered from paper."""

import uuid

import sqlalchemy as sa
from sqlalchemy.orm import joinedload
from sqlmodel import Session, col, false, select
from sqlmodel.sql.expression import SelectOfScalar

from portal.accounts.viewer import Viewer
from portal.applications import queries as applications
from portal.applications.models import Application, Status
from portal.applications.queries import Page
from portal.calls import rules as call_rules
from portal.calls.models import Call
from portal.errors import NotAllowed, NotFound
from portal.files.models import StoredFile
from portal.i18n import N_
from portal.papers import rules
from portal.papers.words import Scan
from portal.registry import queries as registry
from portal.registry.models import Government
from portal.waiting import Waiting

TO_FINISH = (Status.DRAFT, Status.RETURNED)


def visible_to(viewer: Viewer) -> SelectOfScalar[Application]:
    """Those that the governments entered which the viewer coordinates."""
    if not viewer.governments:
        return select(Application).where(false())
    entered = col(Application.entered_by).is_not(None)
    return select(Application).where(entered, col(Application.home_id).in_(viewer.governments))


def entered(session: Session, viewer: Viewer, *, after: uuid.UUID | None = None) -> Page:
    """A page of them, the latest first."""
    whole = (joinedload(Application.call), joinedload(Application.applicant), joinedload(Application.home))
    return applications.paged(session, visible_to(viewer).options(*whole), col(Application.created_at), after)


def homes(session: Session, viewer: Viewer, call: Call) -> list[Government]:
    """The viewer's governments that the call admits."""
    query = select(Government).where(col(Government.id).in_(viewer.governments))
    return [government for government in registry.listed(session, query) if call_rules.admits(call, government)]


def scan_of(session: Session, viewer: Viewer, application_id: uuid.UUID, scan: Scan) -> StoredFile:
    application = applications.get_visible(session, viewer, application_id)
    seen_whole = applications.is_seen_whole(viewer, application)
    if not rules.may_see_scans(viewer, application, seen_whole=seen_whole):
        raise NotAllowed
    file_id = application.form_scan_id if scan is Scan.FORM else application.consent_scan_id
    found = session.get(StoredFile, file_id) if file_id else None
    if found is None:
        raise NotFound
    return found


def waiting_for(session: Session, viewer: Viewer) -> list[Waiting]:
    """For the home page: entered, and not submitted yet."""
    to_finish = visible_to(viewer).where(col(Application.status).in_(TO_FINISH))
    count = session.exec(select(sa.func.count()).select_from(to_finish.subquery())).one()
    return [Waiting(count, N_("Applications from paper to go on with"), "/papers")]
