"""Adding to the chain. Rows wait in the session and are sealed just before it commits."""

import uuid
from typing import Any

from sqlalchemy import event
from sqlmodel import Session, select

from portal import db
from portal.clock import now
from portal.history.models import Entry, Head
from portal.history.rules import BEGINNING, digest

WAITING = "history"


def record(
    session: Session, deed: str, subject: str, subject_id: uuid.UUID, *, by: uuid.UUID | None, **details: Any
) -> None:
    """`by` did `deed` to a thing of this transaction. Kept if and only if the transaction is."""
    entry = Entry(
        number=0, at=now(), actor_id=by, deed=deed, subject=subject, subject_id=subject_id,
        details=details, previous="", digest="",
    )  # fmt: skip
    session.info.setdefault(WAITING, []).append(entry)


@event.listens_for(Session, "before_commit")
def _seal(session: Session) -> None:
    """Takes the lock on the chain's head last and for the shortest time, so that no two writers wait in a ring."""
    waiting: list[Entry] = session.info.pop(WAITING, [])
    if not waiting:
        return
    db.sighted(session.connection())
    head = session.exec(select(Head).with_for_update()).one()
    for entry in waiting:
        entry.number, entry.previous = head.number + 1, head.digest or BEGINNING
        entry.digest = digest(entry)
        head.number, head.digest = entry.number, entry.digest
        session.add(entry)
    session.flush()


@event.listens_for(Session, "after_rollback")
def _forget(session: Session) -> None:
    session.info.pop(WAITING, None)
