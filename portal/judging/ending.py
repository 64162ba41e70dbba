"""Readings that end before their marks are in, and judges who leave."""

from collections.abc import Iterable

from sqlmodel import Session

from portal.clock import now
from portal.judging.models import Appointment, End, Judge, JudgeStatus


def end(session: Session, appointments: Iterable[Appointment], reason: End) -> None:
    """They are no longer read, and never given to the same judge again; marks that were begun do not count."""
    at = now()
    for appointment in appointments:
        assert appointment.locked_at is None, "submitted marks stand"
        appointment.ended_at, appointment.end_reason = at, reason
        session.add(appointment)


def let_go(session: Session, judge: Judge, reason: str) -> None:
    """The row stays, with all that they submitted."""
    judge.status, judge.left_at, judge.left_reason = JudgeStatus.LEFT, now(), reason
    session.add(judge)
