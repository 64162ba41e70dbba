"""Reading openings and the hosts that offer them."""

import datetime as dt
import uuid
from collections.abc import Collection, Iterator
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import joinedload, selectinload
from sqlmodel import Session, col, or_, select
from sqlmodel.sql.expression import SelectOfScalar

from portal.accounts.viewer import Viewer
from portal.calls import rules as call_rules
from portal.calls.models import Call, CallStatus
from portal.errors import NotFound
from portal.openings import rules
from portal.openings.models import Host, Opening, OpeningField, OpeningLanguage, OpeningStatus, Presence
from portal.registry import queries as registry
from portal.registry.models import Country, Government
from portal.registry.rules import search_words

PAGE = 50
Page = tuple[list[Opening], uuid.UUID | None]
# What a row of a list shows, and what the opening's own page and its editor need besides.
ROW = (
    joinedload(Opening.call),
    joinedload(Opening.government),
    joinedload(Opening.host),
    selectinload(Opening.languages),
)
WHOLE = (*ROW, selectinload(Opening.fields), selectinload(Opening.benefits))


def visible_to(viewer: Viewer) -> SelectOfScalar[Opening]:
    """Every opening this person may see: drafts only of governments they coordinate."""
    found = select(Opening)
    if viewer.is_secretary or viewer.is_auditor:
        return found
    public = col(Opening.status) != OpeningStatus.DRAFT
    return found.where(or_(public, col(Opening.government_id).in_(viewer.governments)))


def get_visible(session: Session, viewer: Viewer, opening_id: uuid.UUID) -> Opening:
    return _found(session, visible_to(viewer).where(Opening.id == opening_id))


def get_by_slug(session: Session, viewer: Viewer, slug: str) -> Opening:
    """What cannot be an address is not even asked for: PostgreSQL refuses some characters."""
    if not rules.SLUG.fullmatch(slug):
        raise NotFound
    return _found(session, visible_to(viewer).where(Opening.slug == slug))


def lock_visible(session: Session, viewer: Viewer, opening_id: uuid.UUID) -> Opening:
    fresh = visible_to(viewer).execution_options(populate_existing=True)
    return _found(session, fresh.where(Opening.id == opening_id).with_for_update(of=Opening))


def locked(session: Session, opening_id: uuid.UUID) -> Opening:
    """The opening, held until this transaction ends: whoever gives away its places does so one after another."""
    fresh = select(Opening).execution_options(populate_existing=True)
    return _found(session, fresh.where(Opening.id == opening_id).with_for_update(of=Opening))


def published_in(session: Session, call_id: uuid.UUID) -> list[Opening]:
    """What applicants can choose from in a call, with hosts and governments, in the registry's order."""
    found = select(Opening).join(Government, col(Opening.government_id) == col(Government.id)).options(*ROW)
    found = found.where(Opening.call_id == call_id, Opening.status == OpeningStatus.PUBLISHED)
    return list(session.exec(found.order_by(col(Government.position), col(Opening.title), col(Opening.id))))


def on_offer(session: Session, viewer: Viewer, *, after: uuid.UUID | None = None, **wanted: Any) -> Page:
    """A page of the published openings of published calls, and where the next page begins.

    `wanted` as in `forms.Filter`: `call` is an address and `government` an ISO code; what is not given
    narrows nothing.
    """
    found = visible_to(viewer).join(Call).join(Government, col(Opening.government_id) == col(Government.id))
    found = found.where(Opening.status == OpeningStatus.PUBLISHED, Call.status == CallStatus.PUBLISHED)
    return _page(session, viewer, found.where(*_narrowing(**wanted)), after)


def _narrowing(
    *,
    q: str = "",
    call: str | None = None,
    country: Country | None = None,
    government: str | None = None,
    language: str | None = None,
    field: str | None = None,
    presence: Presence | None = None,
    starts_from: dt.date | None = None,
    ends_by: dt.date | None = None,
) -> Iterator[sa.ColumnElement[bool]]:
    asked = ((col(Call.slug), call), (col(Government.country), country), (col(Government.code), government))
    yield from (column == value for column, value in asked if value)
    # Thousands of rows at most: reading the text of each is quicker than it sounds, and no index holds parts of words.
    yield from (col(Opening.search_text).contains(word, autoescape=True) for word in search_words(q))
    if language:
        yield _has(OpeningLanguage, OpeningLanguage.language == language)
    if field:  # an opening that names no field takes people of all
        yield or_(_has(OpeningField, OpeningField.field == field), ~_has(OpeningField))
    if presence:
        yield col(Opening.presence).in_({presence, Presence.BOTH})
    if starts_from:
        yield col(Opening.starts_on) >= starts_from
    if ends_by:
        yield col(Opening.ends_on) <= ends_by


def _has(table: Any, *conditions: Any) -> sa.ColumnElement[bool]:
    return sa.exists().where(table.opening_id == Opening.id, *conditions)


def of_own_governments(session: Session, viewer: Viewer, after: uuid.UUID | None = None) -> Page:
    """A page of the openings of the governments this person coordinates, drafts included."""
    found = visible_to(viewer).where(col(Opening.government_id).in_(viewer.governments))
    return _page(session, viewer, found, after)


def of_host(session: Session, viewer: Viewer, host: Host, after: uuid.UUID | None = None) -> Page:
    return _page(session, viewer, visible_to(viewer).where(Opening.host_id == host.id), after)


def named_after(session: Session, host: Host) -> list[Opening]:
    """The openings in whose search text, and address while they are drafts, the host's name stands."""
    found = select(Opening).where(Opening.host_id == host.id).options(*ROW)
    return list(session.exec(found.with_for_update(of=Opening)))


def calls_with_openings(session: Session) -> list[Call]:
    offering = select(Opening.call_id).where(Opening.status == OpeningStatus.PUBLISHED)
    found = select(Call).where(Call.status == CallStatus.PUBLISHED, col(Call.id).in_(offering))
    return list(session.exec(found.order_by(col(Call.opens_at).desc())))


def calls_that_take_openings(session: Session, at: dt.datetime) -> list[Call]:
    published = select(Call).where(Call.status == CallStatus.PUBLISHED, col(Call.applications_due_at) >= at)
    found = session.exec(published.order_by(col(Call.applications_due_at), col(Call.id)))
    return [call for call in found if call_rules.accepts_openings(call, at)]


def governments_with_openings(session: Session) -> list[Government]:
    offering = select(Opening.government_id).join(Call)
    offering = offering.where(Opening.status == OpeningStatus.PUBLISHED, Call.status == CallStatus.PUBLISHED)
    return registry.listed(session, select(Government).where(col(Government.id).in_(offering)))


def governments(session: Session, viewer: Viewer) -> list[Government]:
    """Whose hosts this person keeps: their own governments', or everybody's for the secretariat."""
    found = select(Government)
    if not viewer.is_secretary:
        found = found.where(col(Government.id).in_(viewer.governments))
    return registry.listed(session, found)


def hosts_visible_to(viewer: Viewer) -> SelectOfScalar[Host]:
    """Hosts with their contacts: of one's own governments; all for secretaries and auditors."""
    found = select(Host).options(joinedload(Host.government))
    if viewer.is_secretary or viewer.is_auditor:
        return found
    return found.where(col(Host.government_id).in_(viewer.governments))


def get_host(session: Session, viewer: Viewer, host_id: uuid.UUID) -> Host:
    return _found_host(session, hosts_visible_to(viewer).where(Host.id == host_id))


def lock_host(session: Session, viewer: Viewer, host_id: uuid.UUID) -> Host:
    fresh = hosts_visible_to(viewer).execution_options(populate_existing=True)
    return _found_host(session, fresh.where(Host.id == host_id).with_for_update(of=Host))


def hosts(session: Session, viewer: Viewer, after: uuid.UUID | None = None) -> tuple[list[Host], uuid.UUID | None]:
    """A page of them by name, and where the next page begins."""
    found = hosts_visible_to(viewer)
    if after is not None:
        last = select(col(Host.name), col(Host.id)).where(Host.id == after)
        found = found.where(sa.tuple_(col(Host.name), col(Host.id)) > last.scalar_subquery())
    rows = list(session.exec(found.order_by(col(Host.name), col(Host.id)).limit(PAGE + 1)))
    return rows[:PAGE], rows[PAGE - 1].id if len(rows) > PAGE else None


def hosts_of(session: Session, government_ids: Collection[uuid.UUID]) -> list[Host]:
    """What an opening of these governments can name, by name."""
    found = select(Host).where(col(Host.government_id).in_(government_ids)).options(joinedload(Host.government))
    return list(session.exec(found.order_by(col(Host.name), col(Host.id))))


def is_named(session: Session, government_id: uuid.UUID, name: str, *, but: uuid.UUID | None = None) -> bool:
    """Whether another host of this government has this name."""
    found = select(Host.id).where(
        Host.government_id == government_id, Host.name == name, Host.id != (but or uuid.UUID(int=0))
    )
    return session.exec(found).first() is not None


def _page(session: Session, viewer: Viewer, found: SelectOfScalar[Opening], after: uuid.UUID | None) -> Page:
    start = session.exec(visible_to(viewer).where(Opening.id == after)).one_or_none() if after else None
    if start is not None:
        found = found.where(sa.tuple_(col(Opening.starts_on), col(Opening.id)) > (start.starts_on, start.id))
    ordered = found.options(*ROW).order_by(col(Opening.starts_on), col(Opening.id))
    rows = list(session.exec(ordered.limit(PAGE + 1)))
    return rows[:PAGE], rows[PAGE - 1].id if len(rows) > PAGE else None


def _found(session: Session, query: SelectOfScalar[Opening]) -> Opening:
    opening = session.exec(query.options(*WHOLE)).one_or_none()
    if opening is None:
        raise NotFound
    return opening


def _found_host(session: Session, query: SelectOfScalar[Host]) -> Host:
    host = session.exec(query).one_or_none()
    if host is None:
        raise NotFound
    return host
