"""Reading editions."""

import datetime as dt
import uuid
from collections.abc import Sequence

from sqlalchemy.orm import selectinload
from sqlalchemy.orm.strategy_options import _AbstractLoad
from sqlmodel import Session, col, or_, select, true
from sqlmodel.sql.expression import SelectOfScalar

from portal.accounts.models import Grant, Person, Role
from portal.accounts.viewer import Viewer
from portal.contests import rules
from portal.contests.models import Edition, EditionStatus
from portal.errors import NotFound
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
    listed = visible_to(viewer).order_by(col(Edition.opens_at).desc(), col(Edition.slug))
    start = session.exec(visible_to(viewer).where(Edition.slug == after)).one_or_none() if after else None
    if start is not None:
        older = col(Edition.opens_at) < start.opens_at
        beside = (col(Edition.opens_at) == start.opens_at) & (col(Edition.slug) > start.slug)
        listed = listed.where(or_(older, beside))
    found = list(session.exec(listed.limit(PAGE + 1)))
    return found[:PAGE], found[PAGE - 1].slug if len(found) > PAGE else ""


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


def hold(session: Session, edition: Edition) -> None:
    """Until this transaction ends nobody who locks the edition, as whoever appoints its judges does, goes on."""
    session.exec(select(Edition.id).where(Edition.id == edition.id).with_for_update(read=True, key_share=True)).one()


def is_taken(session: Session, slug: str) -> bool:
    return session.exec(select(Edition.id).where(Edition.slug == slug)).first() is not None


def governments(session: Session) -> Sequence[Government]:
    return session.exec(select(Government).order_by(col(Government.position))).all()


def government_exists(session: Session, government_id: uuid.UUID) -> bool:
    return session.get(Government, government_id) is not None


# Roles of an edition


def has_ever_been(session: Session, person_id: uuid.UUID, role: Role, edition_id: uuid.UUID) -> bool:
    """Also in the past: who once knew who wrote what cannot forget it."""
    found = select(Grant.id).where(Grant.person_id == person_id, Grant.role == role, Grant.edition_id == edition_id)
    return session.exec(found).first() is not None


def person(session: Session, person_id: uuid.UUID) -> Person:
    return session.get_one(Person, person_id)
