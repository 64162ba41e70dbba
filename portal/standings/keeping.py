"""Reading the orders that were kept."""

import uuid
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col, or_, select

from portal.contests.models import Edition
from portal.errors import NotFound
from portal.judging.models import Judge
from portal.standings.models import Occasion, Standing

PAGE = 50


def kept(session: Session, edition: Edition, after: uuid.UUID | None = None) -> tuple[list[Any], str]:
    """A page of the orders that were kept, without their content, the newest first, and the cursor of the next."""
    at, id_ = col(Standing.taken_at), col(Standing.id)
    listed = (
        sa.select(id_, at, col(Standing.round), col(Standing.occasion), col(Standing.digest), col(Judge.code))
        .outerjoin(Judge, col(Standing.judge_id) == Judge.id)
        .where(col(Standing.edition_id) == edition.id)
    )
    start = session.execute(
        sa.select(at, id_).where(id_ == after, col(Standing.edition_id) == edition.id)
    ).one_or_none()
    if start is not None:
        listed = listed.where(at <= start[0], or_(at < start[0], id_ < start[1]))
    found = session.execute(listed.order_by(at.desc(), id_.desc()).limit(PAGE + 1)).all()
    return list(found[:PAGE]), str(found[PAGE - 1].id) if len(found) > PAGE else ""


def get_kept(session: Session, edition: Edition, standing_id: uuid.UUID) -> Standing:
    found = select(Standing).where(Standing.id == standing_id, Standing.edition_id == edition.id)
    standing = session.exec(found).one_or_none()
    if standing is None:
        raise NotFound
    return standing


def all_kept(session: Session, edition: Edition) -> list[Standing]:
    """The first one first; an edition keeps a handful."""
    found = select(Standing).where(Standing.edition_id == edition.id)
    return list(session.exec(found.order_by(col(Standing.taken_at), col(Standing.id))))


def code_of(session: Session, judge_id: uuid.UUID | None) -> str | None:
    return session.exec(select(Judge.code).where(Judge.id == judge_id)).one_or_none()


def kept_before(session: Session, standing: Standing) -> Standing | None:
    """The order that was kept last before this one in the same round: the one to compare it with."""
    at, id_ = col(Standing.taken_at), col(Standing.id)
    earlier = select(Standing).where(
        Standing.edition_id == standing.edition_id, Standing.round == standing.round, at <= standing.taken_at,
        or_(at < standing.taken_at, id_ < standing.id),
    )  # fmt: skip
    return session.exec(earlier.order_by(at.desc(), id_.desc()).limit(1)).first()


def published(session: Session, edition: Edition) -> Standing | None:
    """The order that the results were published from."""
    found = select(Standing).where(Standing.edition_id == edition.id, Standing.occasion == Occasion.PUBLISHED)
    return session.exec(found.order_by(col(Standing.taken_at).desc()).limit(1)).first()
