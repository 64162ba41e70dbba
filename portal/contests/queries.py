"""Reading editions."""

import datetime as dt
import uuid
from collections.abc import Callable, Sequence
from typing import Any

from sqlalchemy.orm import selectinload
from sqlalchemy.orm.strategy_options import _AbstractLoad
from sqlmodel import Session, col, or_, select, true
from sqlmodel.sql.expression import SelectOfScalar

from portal.accounts.models import Grant, Person, Role
from portal.accounts.rules import never_began
from portal.accounts.viewer import Viewer
from portal.contests import rules
from portal.contests.models import Edition, EditionStatus
from portal.contests.words import Part
from portal.errors import NotFound
from portal.registry import queries as registry
from portal.registry.models import Government

PAGE = 50


# Editions


def visible_to(viewer: Viewer) -> SelectOfScalar[Edition]:
    """Every edition this viewer may know of."""
    public = col(Edition.status) != EditionStatus.DRAFT
    return select(Edition).where(true() if rules.may_see_drafts(viewer) else public)


def parts() -> tuple[_AbstractLoad, ...]:
    """The themes, age categories, languages, rubric and awards of an edition."""
    wanted = (Edition.themes, Edition.categories, Edition.limits, Edition.criteria, Edition.awards)
    return tuple(selectinload(each) for each in wanted)


def open_editions(session: Session, at: dt.datetime) -> list[Edition]:
    """The editions that take essays at this moment, the most urgent first."""
    found = select(Edition).where(
        Edition.status == EditionStatus.PUBLISHED, col(Edition.opens_at) <= at, col(Edition.due_at) >= at
    )
    return list(session.exec(found.order_by(col(Edition.due_at), col(Edition.id))))


def editions(session: Session, viewer: Viewer, after: str = "") -> tuple[list[Edition], str]:
    """A page of editions, the newest first, and the cursor of the next ("" if there is none)."""
    start = session.exec(visible_to(viewer).where(Edition.slug == after)).one_or_none() if after else None
    found = list(session.exec(page_of(viewer, start)))
    return found[:PAGE], found[PAGE - 1].slug if len(found) > PAGE else ""


def page_of(viewer: Viewer, start: Edition | None = None) -> SelectOfScalar[Edition]:
    """The editions after this one, and one more than a page, so that one knows whether there is another."""
    at, slug = col(Edition.opens_at), col(Edition.slug)
    listed = visible_to(viewer).order_by(at.desc(), slug).limit(PAGE + 1)
    if start is None:
        return listed
    # The first condition follows from the second, but only it lets the index begin in the right place.
    return listed.where(at <= start.opens_at, or_(at < start.opens_at, slug > start.slug))


def get_visible(session: Session, viewer: Viewer, slug: str) -> Edition:
    edition = session.exec(visible_to(viewer).where(Edition.slug == slug).options(*parts())).one_or_none()
    if edition is None:
        raise NotFound
    return edition


def lock_visible(session: Session, viewer: Viewer, slug: str) -> Edition:
    found = visible_to(viewer).where(Edition.slug == slug).options(*parts()).with_for_update(of=Edition)
    edition = session.exec(found).one_or_none()
    if edition is None:
        raise NotFound
    return edition


def get_for(
    session: Session, viewer: Viewer, slug: str, may: Callable[[Viewer, Edition], bool], *, lock: bool = False
) -> Edition:
    """The edition, for those of its staff who may; for everybody else there is nothing here."""
    edition = (lock_visible if lock else get_visible)(session, viewer, slug)
    if not may(viewer, edition):
        raise NotFound
    return edition


def part_of(edition: Edition, part: Part, row_id: uuid.UUID) -> Any:
    """One of the edition's themes, age categories, criteria or awards."""
    found = next((row for row in getattr(edition, part) if row.id == row_id), None)
    if found is None:
        raise NotFound
    return found


def hold(session: Session, edition: Edition) -> None:
    """Until this transaction ends nobody who locks the edition, as whoever appoints its judges does, goes on."""
    session.exec(select(Edition.id).where(Edition.id == edition.id).with_for_update(read=True, key_share=True)).one()


def is_taken(session: Session, slug: str) -> bool:
    return session.exec(select(Edition.id).where(Edition.slug == slug)).first() is not None


def governments(session: Session) -> Sequence[Government]:
    return registry.listed(session, select(Government))


def government_exists(session: Session, government_id: uuid.UUID) -> bool:
    return session.get(Government, government_id) is not None


# Roles of an edition


def has_ever_been(session: Session, person_id: uuid.UUID, role: Role, edition_id: uuid.UUID) -> bool:
    """Also in the past: who once knew who wrote what cannot forget it."""
    found = select(Grant).where(Grant.person_id == person_id, Grant.role == role, Grant.edition_id == edition_id)
    return any(not never_began(grant) for grant in session.exec(found))


def person(session: Session, person_id: uuid.UUID) -> Person:
    return session.get_one(Person, person_id)
