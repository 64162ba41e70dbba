"""Reading judges of an edition, and their readings that end before they are submitted."""

import uuid
from collections.abc import Iterable, Sequence
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import joinedload
from sqlmodel import Session, col, func, select
from sqlmodel.sql.expression import SelectOfScalar

from portal.accounts.models import Grant, Role
from portal.accounts.queries import in_force
from portal.accounts.viewer import Viewer
from portal.clock import today
from portal.contests.models import Edition
from portal.deals import rules
from portal.errors import NotFound
from portal.essays.models import Essay
from portal.judging.models import Appointment, End, Judge, JudgeStatus, Round


def get_judge(session: Session, edition: Edition, code: str, *, lock: bool = False) -> Judge:
    return _judge(session, select(Judge).where(Judge.edition_id == edition.id, Judge.code == code), lock=lock)


def own_judge(session: Session, viewer: Viewer, edition_id: uuid.UUID) -> Judge:
    wanted = select(Judge).where(Judge.edition_id == edition_id, Judge.person_id == viewer.id)
    return _judge(session, wanted.where(col(Judge.edition_id).in_(viewer.editions(Role.JUDGE))), lock=True)


def _judge(session: Session, wanted: SelectOfScalar[Judge], *, lock: bool) -> Judge:
    wanted = wanted.options(joinedload(Judge.person))
    wanted = wanted.with_for_update(of=Judge).execution_options(populate_existing=True) if lock else wanted
    found = session.exec(wanted).one_or_none()
    if found is None:
        raise NotFound
    return found


class Own(NamedTuple):
    """An edition as its judge knows it."""

    id: uuid.UUID
    titles: dict[str, str]


def own_editions(session: Session, viewer: Viewer) -> list[Own]:
    """Those that the viewer judges. It runs on a blind connection."""
    rows = sa.select(col(Edition.id), col(Edition.titles)).join(Judge, col(Judge.edition_id) == Edition.id).where(
        col(Judge.person_id) == viewer.id, col(Judge.edition_id).in_(viewer.editions(Role.JUDGE)),
        col(Judge.status) == JudgeStatus.ACCEPTED,
    )  # fmt: skip
    return [Own(*row) for row in session.execute(rows.order_by(col(Edition.slug)))]


def get_reading(session: Session, appointment_id: uuid.UUID) -> Appointment:
    """Locked, with its judge; sighted."""
    wanted = select(Appointment).where(Appointment.id == appointment_id).options(joinedload(Appointment.judge))
    return session.exec(wanted.with_for_update(of=Appointment).execution_options(populate_existing=True)).one()


def reading_of(session: Session, essay: Essay, appointment_id: uuid.UUID) -> Appointment:
    wanted = select(Appointment.id).where(Appointment.id == appointment_id, Appointment.essay_id == essay.id)
    if session.exec(wanted).one_or_none() is None:
        raise NotFound
    return get_reading(session, appointment_id)


def declared_in(session: Session, judge: Judge, round_: Round) -> int:
    """How many conflicts they declared from the text in this round."""
    found = select(func.count()).select_from(Appointment).where(
        Appointment.judge_id == judge.id, Appointment.round == round_, Appointment.end_reason == End.CONFLICT
    )  # fmt: skip
    return session.exec(found).one()


def unfinished(session: Session, judge: Judge) -> Sequence[Appointment]:
    """What they read and have not submitted, locked."""
    wanted = select(Appointment).where(*_unfinished(judge))
    return session.exec(wanted.order_by(col(Appointment.id)).with_for_update(of=Appointment)).all()


def count_unfinished(session: Session, judge: Judge) -> int:
    return session.exec(select(func.count()).select_from(Appointment).where(*_unfinished(judge))).one()


def _unfinished(judge: Judge) -> tuple[sa.ColumnElement[bool], ...]:
    open_ = (col(Appointment.locked_at).is_(None), col(Appointment.ended_at).is_(None))
    return (col(Appointment.judge_id) == judge.id, *open_)


def read_still(session: Session, appointments: Iterable[Appointment], round_: Round) -> list[uuid.UUID]:
    """Of the essays of these readings, those that this round's judges read."""
    ids = [each.essay_id for each in appointments if each.round is round_]
    wanted = select(Essay.id).where(col(Essay.id).in_(ids), Essay.status == rules.READ[round_])
    return list(session.exec(wanted.order_by(col(Essay.id))))


def running_role(session: Session, judge: Judge) -> Grant | None:
    wanted = select(Grant).where(
        Grant.person_id == judge.person_id, Grant.role == Role.JUDGE, Grant.edition_id == judge.edition_id,
        in_force(today()),
    )  # fmt: skip
    return session.exec(wanted.order_by(col(Grant.begins_on)).limit(1)).one_or_none()
