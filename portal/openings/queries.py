"""Reading openings."""

import uuid
from collections.abc import Collection

import sqlalchemy as sa
from sqlalchemy.orm import joinedload
from sqlmodel import Session, col, or_, select
from sqlmodel.sql.expression import SelectOfScalar

from portal.accounts.viewer import Viewer
from portal.calls.models import Call, CallStatus
from portal.errors import NotFound
from portal.openings.models import Opening, OpeningStatus
from portal.registry.models import Country, Government

PAGE = 50
Page = tuple[list[Opening], uuid.UUID | None]


def visible_to(viewer: Viewer) -> SelectOfScalar[Opening]:
    """Every opening this person may see, with its call and government: drafts only of governments they coordinate."""
    found = select(Opening).options(joinedload(Opening.call), joinedload(Opening.government))
    if viewer.is_secretary or viewer.is_auditor:
        return found
    public = col(Opening.status) != OpeningStatus.DRAFT
    return found.where(or_(public, col(Opening.government_id).in_(viewer.governments)))


def get_visible(session: Session, viewer: Viewer, opening_id: uuid.UUID) -> Opening:
    return _found(session, visible_to(viewer).where(Opening.id == opening_id))


def lock_visible(session: Session, viewer: Viewer, opening_id: uuid.UUID) -> Opening:
    return _found(session, visible_to(viewer).where(Opening.id == opening_id).with_for_update(of=Opening))


def locked(session: Session, opening_id: uuid.UUID) -> Opening:
    """The opening, held until this transaction ends: whoever gives away its places does so one after another."""
    found = select(Opening).options(joinedload(Opening.call), joinedload(Opening.government))
    fresh = found.execution_options(populate_existing=True)
    return _found(session, fresh.where(Opening.id == opening_id).with_for_update(of=Opening))


def published_in(session: Session, call_id: uuid.UUID) -> list[Opening]:
    """What applicants can choose from in a call, with the governments, in the registry's order."""
    found = select(Opening).join(Government).options(joinedload(Opening.government))
    found = found.where(Opening.call_id == call_id, Opening.status == OpeningStatus.PUBLISHED)
    return list(session.exec(found.order_by(col(Government.position), col(Opening.title), col(Opening.id))))


def on_offer(
    session: Session,
    viewer: Viewer,
    *,
    call: str | None = None,
    country: Country | None = None,
    government: str | None = None,
    language: str | None = None,
    after: uuid.UUID | None = None,
) -> Page:
    """A page of the published openings of published calls, and where the next page begins.

    `call` is an address and `government` an ISO code; what is not given narrows nothing.
    """
    found = visible_to(viewer).join(Call).join(Government, col(Opening.government_id) == col(Government.id))
    found = found.where(Opening.status == OpeningStatus.PUBLISHED, Call.status == CallStatus.PUBLISHED)
    asked = (
        (col(Call.slug), call),
        (col(Government.country), country),
        (col(Government.code), government),
        (col(Opening.working_language), language),
    )
    narrowed = found.where(*(column == value for column, value in asked if value))
    return _page(session, viewer, narrowed, after)


def of_own_governments(session: Session, viewer: Viewer, after: uuid.UUID | None = None) -> Page:
    """A page of the openings of the governments this person coordinates, drafts included."""
    found = visible_to(viewer).where(col(Opening.government_id).in_(viewer.governments))
    return _page(session, viewer, found, after)


def calls_with_openings(session: Session) -> list[Call]:
    offering = select(Opening.call_id).where(Opening.status == OpeningStatus.PUBLISHED)
    found = select(Call).where(Call.status == CallStatus.PUBLISHED, col(Call.id).in_(offering))
    return list(session.exec(found.order_by(col(Call.opens_at).desc())))


def governments_with_openings(session: Session) -> list[Government]:
    offering = select(Opening.government_id).join(Call)
    offering = offering.where(Opening.status == OpeningStatus.PUBLISHED, Call.status == CallStatus.PUBLISHED)
    return list(
        session.exec(select(Government).where(col(Government.id).in_(offering)).order_by(col(Government.position)))
    )


def governments(session: Session, ids: Collection[uuid.UUID]) -> list[Government]:
    found = select(Government).where(col(Government.id).in_(ids))
    return list(session.exec(found.order_by(col(Government.position))))


def _page(session: Session, viewer: Viewer, found: SelectOfScalar[Opening], after: uuid.UUID | None) -> Page:
    start = session.exec(visible_to(viewer).where(Opening.id == after)).one_or_none() if after else None
    if start is not None:
        found = found.where(sa.tuple_(col(Opening.starts_on), col(Opening.id)) > (start.starts_on, start.id))
    rows = list(session.exec(found.order_by(col(Opening.starts_on), col(Opening.id)).limit(PAGE + 1)))
    return rows[:PAGE], rows[PAGE - 1].id if len(rows) > PAGE else None


def _found(session: Session, query: SelectOfScalar[Opening]) -> Opening:
    opening = session.exec(query).one_or_none()
    if opening is None:
        raise NotFound
    return opening
