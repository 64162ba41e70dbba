"""Reading for home coordinators: whom they may nominate, and which places of their order are free."""

import uuid
from collections.abc import Sequence

from sqlalchemy.orm import joinedload
from sqlmodel import Session, col, exists, select
from sqlmodel.sql.expression import SelectOfScalar

from portal.accounts.viewer import Viewer
from portal.applications import queries as applications
from portal.applications.models import Application, Status
from portal.applications.queries import Page
from portal.calls.models import Call

CALLS = 50


def visible_to(viewer: Viewer) -> SelectOfScalar[Application]:
    """The submitted applications of the viewer's governments, of all for staff."""
    submitted = applications.seen_whole_by(viewer).where(col(Application.submitted_at).is_not(None))
    if viewer.is_secretary or viewer.is_auditor:
        return submitted
    return submitted.where(col(Application.home_id).in_(viewer.governments))


def listed(
    session: Session,
    viewer: Viewer,
    *,
    call_id: uuid.UUID | None = None,
    status: Status | None = None,
    after: uuid.UUID | None = None,
) -> Page:
    """A page of them, the latest first."""
    query = visible_to(viewer).options(joinedload(Application.call), joinedload(Application.home))
    if call_id is not None:
        query = query.where(Application.call_id == call_id)
    if status is not None:
        query = query.where(Application.status == status)
    return applications.paged(session, query, col(Application.submitted_at), after)


def calls(session: Session, viewer: Viewer) -> Sequence[Call]:
    """The calls that the list can be filtered by, the latest first."""
    of_call = exists(visible_to(viewer).where(Application.call_id == Call.id).correlate(Call))
    return session.exec(select(Call).where(of_call).order_by(col(Call.opens_at).desc()).limit(CALLS)).all()


def merits_taken(session: Session, application: Application) -> set[int]:
    """The places that this government has given in this call."""
    query = select(Application.merit).where(
        Application.call_id == application.call_id,
        Application.home_id == application.home_id,
        col(Application.merit).is_not(None),
    )
    return {merit for merit in session.exec(query) if merit is not None}


def free_merits(session: Session, application: Application) -> list[int]:
    taken = merits_taken(session, application)
    return [merit for merit in range(1, application.call.nomination_quota + 1) if merit not in taken]
