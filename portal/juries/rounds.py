"""How far an edition's rounds are, and whether the finalists were taken."""

import sqlalchemy as sa
from sqlmodel import Session, col, func, select

from portal.contests.models import Edition
from portal.essays.models import Essay, EssayStatus
from portal.essays.rules import JUDGED
from portal.judging.models import Appointment, Judge, Round
from portal.juries import rules
from portal.juries.rules import Readings
from portal.standings.models import Occasion, Standing


def readings(session: Session, edition: Edition, round_: Round) -> Readings:
    """How far a round is. What somebody who left or was taken out had to read counts as not read by them."""
    locked = func.count(col(Appointment.locked_at))
    counted = sa.select(func.count(col(Appointment.id)), locked).join(Essay, col(Appointment.essay_id) == Essay.id)
    counted = counted.join(Judge, col(Appointment.judge_id) == Judge.id).where(*_live(edition, round_))
    dealt, submitted = session.execute(counted).one()
    return Readings(submitted, dealt - submitted, len(unread(session, edition, round_)))


def unread(session: Session, edition: Edition, round_: Round) -> list[str | None]:
    """Essays of the round that lie on no judge's desk, by code; in the first one also those without a code yet."""
    lies = sa.exists().where(col(Appointment.essay_id) == Essay.id, *_readings(round_)).correlate(Essay)
    of_round = {EssayStatus.SHORTLISTED} if round_ is Round.FINAL else {EssayStatus.IN_JUDGING, *rules.TO_COME}
    found = sa.select(col(Essay.code)).where(col(Essay.edition_id) == edition.id, col(Essay.status).in_(of_round))
    return list(session.execute(found.where(~lies).order_by(col(Essay.code))).scalars())


def missing(session: Session, edition: Edition, round_: Round) -> list[tuple[str, str]]:
    """Readings that were dealt and not submitted: essay and judge by code."""
    found = sa.select(col(Essay.code), col(Judge.code)).select_from(Appointment)
    found = found.join(Essay, col(Appointment.essay_id) == Essay.id).join(Judge, col(Appointment.judge_id) == Judge.id)
    open_ = found.where(*_live(edition, round_), col(Appointment.locked_at).is_(None))
    return [(essay, judge) for essay, judge in session.execute(open_.order_by(col(Essay.code), col(Judge.code)))]


def _live(edition: Edition, round_: Round) -> tuple[sa.ColumnElement[bool], ...]:
    still_in = col(Essay.status).in_(JUDGED)
    return (col(Essay.edition_id) == edition.id, still_in, col(Judge.excluded_at).is_(None), *_readings(round_))


def _readings(round_: Round) -> tuple[sa.ColumnElement[bool], ...]:
    return (col(Appointment.round) == round_, col(Appointment.ended_at).is_(None))


def are_taken(session: Session, edition: Edition) -> bool:
    """Whether the finalists were taken: the order that they were taken from is kept."""
    kept = select(Standing.id).where(Standing.edition_id == edition.id, Standing.occasion == Occasion.ROUND_END)
    return session.exec(kept.limit(1)).first() is not None


def finalists(session: Session, edition: Edition) -> list[Essay]:
    found = select(Essay).where(Essay.edition_id == edition.id, Essay.status == EssayStatus.SHORTLISTED)
    return list(session.exec(found.order_by(col(Essay.code))))
