"""Reading essays for those who screen and deal: by code once admitted; with their authors for screeners alone."""

import uuid

import sqlalchemy as sa
from sqlalchemy.orm import joinedload
from sqlmodel import Session, col, func, select
from sqlmodel.sql.expression import SelectOfScalar

from portal.accounts.models import Role
from portal.accounts.viewer import Viewer
from portal.contests import rules
from portal.contests.models import Edition
from portal.errors import NotFound
from portal.essays.models import Essay, EssayStatus
from portal.i18n import N_
from portal.waiting import Waiting

PAGE = 50
WAITING = (EssayStatus.SUBMITTED,)
PARTS = (joinedload(Essay.category), joinedload(Essay.theme))


# By code


def visible_to(viewer: Viewer, edition: Edition) -> SelectOfScalar[Essay]:
    """Every essay of the edition that has a code, for those who may see them. Nothing here names an author."""
    if not rules.may_see_essays(viewer, edition):
        raise NotFound
    return select(Essay).where(Essay.edition_id == edition.id, col(Essay.code).is_not(None)).options(*PARTS)


def admitted(
    session: Session, viewer: Viewer, edition: Edition, *, status: EssayStatus | None = None, after: str = ""
) -> tuple[list[Essay], str]:
    """A page of essays in the order of their codes, and the cursor of the next."""
    listed = visible_to(viewer, edition).where(col(Essay.code) > after).order_by(col(Essay.code))
    if status is not None:
        listed = listed.where(Essay.status == status)
    found = list(session.exec(listed.limit(PAGE + 1)))
    return found[:PAGE], found[PAGE - 1].code or "" if len(found) > PAGE else ""


def get_essay(session: Session, viewer: Viewer, edition: Edition, code: str) -> Essay:
    return _one(session, visible_to(viewer, edition).where(Essay.code == code))


def lock_by_code(session: Session, viewer: Viewer, edition: Edition, code: str) -> Essay:
    return _one(session, visible_to(viewer, edition).where(Essay.code == code).with_for_update(of=Essay))


def _one(session: Session, found: SelectOfScalar[Essay]) -> Essay:
    essay = session.exec(found).one_or_none()
    if essay is None:
        raise NotFound
    return essay


# For screeners


def screened_by(viewer: Viewer, edition: Edition) -> SelectOfScalar[Essay]:
    """Every essay that was sent, for those who may know who wrote it."""
    if not rules.may_see_author(viewer, edition):
        raise NotFound
    return select(Essay).where(Essay.edition_id == edition.id, col(Essay.submitted_at).is_not(None)).options(*PARTS)


def waiting_essays(
    session: Session, viewer: Viewer, edition: Edition, *, after: uuid.UUID | None = None
) -> tuple[list[Essay], str]:
    """A page of the essays that wait for a screener, the longest waiting first, and the cursor of the next."""
    listed = screened_by(viewer, edition).where(col(Essay.status).in_(WAITING))
    at, id_ = col(Essay.submitted_at), col(Essay.id)
    if after is not None:
        last = select(at, id_).where(Essay.id == after).subquery()
        listed = listed.where(sa.tuple_(at, id_) > select(*last.c).scalar_subquery())
    found = list(session.exec(listed.order_by(at, id_).limit(PAGE + 1)))
    return found[:PAGE], str(found[PAGE - 1].id) if len(found) > PAGE else ""


def get_screened(session: Session, viewer: Viewer, edition: Edition, essay_id: uuid.UUID) -> Essay:
    return _one(session, screened_by(viewer, edition).where(Essay.id == essay_id))


def lock_screened(session: Session, viewer: Viewer, edition: Edition, essay_id: uuid.UUID) -> Essay:
    return _one(session, screened_by(viewer, edition).where(Essay.id == essay_id).with_for_update(of=Essay))


# What waits


def waiting_for(session: Session, viewer: Viewer) -> list[Waiting]:
    screened = viewer.editions(Role.SCREENER)
    if not screened:
        return []
    count = select(Edition.slug, func.count()).join(Essay, col(Essay.edition_id) == Edition.id)
    submitted = count.where(col(Edition.id).in_(screened), col(Essay.status).in_(WAITING))
    rows = session.exec(submitted.group_by(Edition.slug)).all()
    return [Waiting(number, N_("Essays to screen"), f"/contests/{slug}/screening") for slug, number in rows]
