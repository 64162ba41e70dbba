"""Reminding judges of essays that they have not marked. What they get tells how many, and nothing else."""

import datetime as dt
import uuid
from collections.abc import Iterator, Sequence

import sqlalchemy as sa
from sqlmodel import Session, col

from portal.accounts import queries as accounts
from portal.accounts.models import Grant, Person, Role
from portal.clock import today
from portal.contests.subjects import until
from portal.essays.models import Essay
from portal.essays.rules import BEFORE_JUDGES
from portal.i18n import N_
from portal.judging.models import Appointment, Judge, JudgeStatus, Round
from portal.reminding.rules import Among, Reader, Rule, Step, register, within

ROUNDS = {"judging_due_at": Round.FIRST, "final_due_at": Round.FINAL}


def _judges(session: Session, steps: Sequence[Step], among: Among) -> Iterator[Reader]:
    by_round = {(step.subject.id, ROUNDS[step.subject.series]): step for step in steps}
    rows = session.execute(_open().where(
        sa.tuple_(col(Judge.edition_id), col(Appointment.round)).in_(by_round), within(Judge.edition_id, among)
    ))  # fmt: skip
    for person, edition_id, round_, number, since in rows:
        step = by_round[edition_id, round_]
        values = {"edition": step.subject.thing, "number": number, "is_final": round_ is Round.FINAL}
        yield Reader(step, accounts.recipient(person), values, "/judging", since=since)


def _open() -> sa.Select[Person, uuid.UUID, Round, int, dt.datetime]:
    """By judge, edition and round, how many essays are to be marked, and since when the first of them is."""
    since = sa.func.min(col(Appointment.appointed_at), type_=Appointment.__table__.c.appointed_at.type)  # type: ignore[attr-defined]
    counted = sa.select(
        Person, col(Judge.edition_id), col(Appointment.round), sa.func.count(col(Appointment.id)), since
    )
    joined = (
        counted.select_from(Appointment)
        .join(Judge, col(Judge.id) == col(Appointment.judge_id))
        .join(Person, col(Person.id) == col(Judge.person_id))
        .join(Essay, col(Essay.id) == col(Appointment.essay_id))
    )
    whole = joined.where(
        col(Appointment.locked_at).is_(None), col(Appointment.ended_at).is_(None),
        col(Essay.status).in_(BEFORE_JUDGES), col(Judge.status) == JudgeStatus.ACCEPTED,
        col(Judge.excluded_at).is_(None), _holds_the_role(),
    )  # fmt: skip
    return whole.group_by(col(Person.id), col(Judge.edition_id), col(Appointment.round)).order_by(col(Person.id))


def _holds_the_role() -> sa.ColumnElement[bool]:
    return sa.exists().where(
        col(Grant.person_id) == col(Judge.person_id), col(Grant.role) == Role.JUDGE,
        col(Grant.edition_id) == col(Judge.edition_id), accounts.in_force(today()),
    )  # fmt: skip


register(
    Rule(
        "judges",
        N_("Essays that judges have not marked yet"),
        (-7, -3, -1),
        "judging/essays_wait",
        until(*ROUNDS),
        _judges,
    )
)
