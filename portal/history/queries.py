"""Reading the chain."""

import uuid
from collections.abc import Iterator

from sqlmodel import Session, col, select

from portal.history.models import Entry, Head
from portal.history.rules import Break, first_break

BATCH = 1000


def deeds(session: Session, subject: str, subject_id: uuid.UUID, limit: int = 200) -> list[Entry]:
    """What was done to one thing, newest first."""
    of_thing = select(Entry).where(Entry.subject == subject, Entry.subject_id == subject_id)
    return list(session.exec(of_thing.order_by(col(Entry.number).desc()).limit(limit)))


def broken(session: Session) -> Break | None:
    """The first row of the chain that was tampered with, or None."""
    head = session.exec(select(Head)).one_or_none()
    if head is None:
        return Break(0, "the chain's head is missing")
    return first_break(_all(session), head_number=head.number, head_digest=head.digest)


def length(session: Session) -> int:
    head = session.exec(select(Head)).one_or_none()
    return head.number if head else 0


def _all(session: Session) -> Iterator[Entry]:
    last = -1
    while batch := session.exec(
        select(Entry).where(Entry.number > last).order_by(col(Entry.number)).limit(BATCH)
    ).all():
        yield from batch
        last = batch[-1].number
        session.expunge_all()
