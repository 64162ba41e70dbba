"""Reading pairs of applications that may be one person's. They are the secretariat's, and the auditors' to read."""

import uuid
from collections.abc import Sequence
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import aliased, joinedload
from sqlmodel import Session, col, false, or_, select
from sqlmodel.sql.expression import SelectOfScalar

from portal.accounts.viewer import Viewer
from portal.applications.models import Application, Namesake
from portal.errors import NotFound
from portal.i18n import N_
from portal.namesakes import rules
from portal.waiting import Waiting

PAGE = 20
MOST = 500  # people born on one day; 20,000 applicants have some five each
WHOLE = (joinedload(Application.call), joinedload(Application.applicant), joinedload(Application.home))


def visible_to(viewer: Viewer) -> SelectOfScalar[Namesake]:
    found = select(Namesake)
    return found if viewer.is_secretary or viewer.is_auditor else found.where(false())


class Pair(NamedTuple):
    namesake: Namesake
    one: Application
    other: Application


class Page(NamedTuple):
    pairs: list[Pair]
    after: uuid.UUID | None


def open_pairs(session: Session, viewer: Viewer, *, after: uuid.UUID | None = None) -> Page:
    """Those to settle, the latest found first."""
    return _paged(session, visible_to(viewer).where(col(Namesake.settled_at).is_(None)), Namesake.found_at, after)


def settled_pairs(session: Session, viewer: Viewer, *, after: uuid.UUID | None = None) -> Page:
    """Those that are settled, the latest settled first."""
    query = visible_to(viewer).where(col(Namesake.settled_at).is_not(None))
    return _paged(session, query, Namesake.settled_at, after)


def _paged(session: Session, query: SelectOfScalar[Namesake], at: object, after: uuid.UUID | None) -> Page:
    time, id_ = col(at), col(Namesake.id)
    if after is not None:
        last = select(time, id_).where(Namesake.id == after).subquery()
        query = query.where(sa.tuple_(time, id_) < select(*last.c).scalar_subquery())
    rows = session.exec(query.order_by(time.desc(), id_.desc()).limit(PAGE + 1)).all()
    return Page(_pairs(session, rows[:PAGE]), rows[PAGE - 1].id if len(rows) > PAGE else None)


def _pairs(session: Session, rows: Sequence[Namesake]) -> list[Pair]:
    ids = {each for row in rows for each in (row.application_id, row.other_id)}
    found = session.exec(select(Application).where(col(Application.id).in_(ids)).options(*WHOLE))
    by_id = {application.id: application for application in found}
    return [Pair(row, by_id[row.application_id], by_id[row.other_id]) for row in rows]


def lock_visible(session: Session, viewer: Viewer, namesake_id: uuid.UUID) -> Namesake:
    query = visible_to(viewer).where(Namesake.id == namesake_id).with_for_update(of=Namesake)
    found = session.exec(query.execution_options(populate_existing=True)).one_or_none()
    if found is None:
        raise NotFound
    return found


def alike(session: Session, application: Application) -> list[Application]:
    """Of every other person whose name is alike and who was born on the same day the latest application."""
    assert application.submitted_at is not None, "it was submitted"
    query = select(Application).where(
        Application.born_on == application.born_on,
        Application.applicant_id != application.applicant_id,
        col(Application.submitted_at) > application.submitted_at - rules.YEARS,
    )
    found: dict[uuid.UUID, Application] = {}
    for other in session.exec(query.order_by(col(Application.submitted_at).desc()).limit(MOST)):
        names = application.native_name, other.native_name, application.roman_name, other.roman_name
        if rules.may_be_one(*names):
            found.setdefault(other.applicant_id, other)
    return list(found.values())


def is_known(session: Session, one: Application, other: Application) -> bool:
    """These two applications were paired before, or these two persons wait to be compared, or are two people."""
    first, second = aliased(Application), aliased(Application)
    people = {one.applicant_id, other.applicant_id}
    applications = {one.id, other.id}
    query = (
        select(Namesake.id)
        .join(first, col(first.id) == Namesake.application_id)
        .join(second, col(second.id) == Namesake.other_id)
        .where(col(first.applicant_id).in_(people), col(second.applicant_id).in_(people))
        .where(
            or_(
                col(Namesake.is_same).is_not(True),
                sa.and_(col(Namesake.application_id).in_(applications), col(Namesake.other_id).in_(applications)),
            )
        )
    )
    return session.exec(query.limit(1)).first() is not None


def waiting_for(session: Session, viewer: Viewer) -> list[Waiting]:
    """For the secretaries' home page: pairs to settle."""
    if not rules.may_settle(viewer):
        return []
    query = select(sa.func.count()).select_from(Namesake).where(col(Namesake.settled_at).is_(None))
    return [Waiting(session.exec(query).one(), N_("Applications that may be one person's"), "/namesakes")]
