"""Reading calls."""

import datetime as dt
import uuid

import sqlalchemy as sa
from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from portal.accounts.viewer import Viewer
from portal.calls.models import Call, CallStatus
from portal.errors import NotFound

PAGE = 50


def visible_to(viewer: Viewer) -> SelectOfScalar[Call]:
    """Every call this person may see: drafts are the secretariat's."""
    if viewer.is_secretary or viewer.is_auditor:
        return select(Call)
    return select(Call).where(Call.status != CallStatus.DRAFT)


def get_visible(session: Session, viewer: Viewer, slug: str) -> Call:
    return _found(session, visible_to(viewer).where(Call.slug == slug))


def lock_visible(session: Session, viewer: Viewer, slug: str) -> Call:
    return _found(session, visible_to(viewer).where(Call.slug == slug).with_for_update(of=Call))


def open_calls(session: Session, at: dt.datetime) -> list[Call]:
    """The calls one can apply to at this moment, the most urgent first."""
    found = select(Call).where(_is_open(at)).order_by(col(Call.applications_due_at), col(Call.id))
    return list(session.exec(found))


def other_calls(
    session: Session, viewer: Viewer, at: dt.datetime, after: uuid.UUID | None = None
) -> tuple[list[Call], uuid.UUID | None]:
    """A page of the calls that one cannot apply to, the latest first, and where the next page begins."""
    found = visible_to(viewer).where(~_is_open(at))
    start = session.exec(visible_to(viewer).where(Call.id == after)).one_or_none() if after else None
    if start is not None:
        found = found.where(sa.tuple_(col(Call.opens_at), col(Call.id)) < (start.opens_at, start.id))
    rows = list(session.exec(found.order_by(col(Call.opens_at).desc(), col(Call.id).desc()).limit(PAGE + 1)))
    return rows[:PAGE], rows[PAGE - 1].id if len(rows) > PAGE else None


def is_taken(session: Session, slug: str) -> bool:
    return session.exec(select(Call.id).where(Call.slug == slug)).first() is not None


def _is_open(at: dt.datetime) -> sa.ColumnElement[bool]:
    """`rules.is_open` in the database's words."""
    return sa.and_(
        col(Call.status) == CallStatus.PUBLISHED, col(Call.opens_at) <= at, col(Call.applications_due_at) >= at
    )


def _found(session: Session, query: SelectOfScalar[Call]) -> Call:
    call = session.exec(query).one_or_none()
    if call is None:
        raise NotFound
    return call
