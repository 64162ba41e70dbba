"""Reading calls."""

import datetime as dt
import uuid
from typing import TypeVar

import sqlalchemy as sa
from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from portal.accounts.viewer import Viewer
from portal.calls.models import Call, CallStatus, HostCriterion, Question, RequestedDocument
from portal.errors import NotFound
from portal.registry import queries as registry
from portal.registry.models import Government

PAGE = 50
T = TypeVar("T")


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


def documents(session: Session, call_id: uuid.UUID) -> list[RequestedDocument]:
    """What the call asks for, in its order."""
    found = select(RequestedDocument).where(RequestedDocument.call_id == call_id)
    return list(session.exec(found.order_by(col(RequestedDocument.position), col(RequestedDocument.id))))


def questions(session: Session, call_id: uuid.UUID) -> list[Question]:
    """In their order."""
    found = select(Question).where(Question.call_id == call_id)
    return list(session.exec(found.order_by(col(Question.position), col(Question.id))))


def criteria(session: Session, call_id: uuid.UUID) -> list[HostCriterion]:
    """What hosts score by, in its order."""
    return list(session.exec(_criteria(call_id)))


def lock_criteria(session: Session, call_id: uuid.UUID) -> list[HostCriterion]:
    """Held, so that nobody weighs them anew while the first mark is given."""
    fresh = _criteria(call_id).execution_options(populate_existing=True)
    return list(session.exec(fresh.with_for_update()))


def _criteria(call_id: uuid.UUID) -> SelectOfScalar[HostCriterion]:
    found = select(HostCriterion).where(HostCriterion.call_id == call_id)
    return found.order_by(col(HostCriterion.position), col(HostCriterion.id))


def get_document(session: Session, call: Call, document_id: uuid.UUID) -> RequestedDocument:
    """One that this call asks for."""
    found = select(RequestedDocument).where(RequestedDocument.call_id == call.id, RequestedDocument.id == document_id)
    return _one(session.exec(found).one_or_none())


def get_question(session: Session, call: Call, question_id: uuid.UUID) -> Question:
    return _one(session.exec(_question(call, question_id)).one_or_none())


def lock_question(session: Session, call: Call, question_id: uuid.UUID) -> Question:
    """Held, so that nobody answers it for the first time while it changes."""
    return _one(session.exec(_question(call, question_id).with_for_update()).one_or_none())


def _question(call: Call, question_id: uuid.UUID) -> SelectOfScalar[Question]:
    return select(Question).where(Question.call_id == call.id, Question.id == question_id)


def named_governments(session: Session, call: Call) -> list[Government]:
    """The governments that the call admits by name, by country and name."""
    if not call.governments:
        return []
    found = select(Government).where(col(Government.code).in_(call.governments))
    return registry.listed(session, found)


def is_taken(session: Session, slug: str) -> bool:
    return session.exec(select(Call.id).where(Call.slug == slug)).first() is not None


def _is_open(at: dt.datetime) -> sa.ColumnElement[bool]:
    """`rules.is_open` in the database's words."""
    return sa.and_(
        col(Call.status) == CallStatus.PUBLISHED, col(Call.opens_at) <= at, col(Call.applications_due_at) >= at
    )


def _found(session: Session, query: SelectOfScalar[Call]) -> Call:
    return _one(session.exec(query).one_or_none())


def _one(found: T | None) -> T:
    if found is None:
        raise NotFound
    return found
