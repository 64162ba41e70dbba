"""Marking messages as read, and declining reminders by e-mail."""

import uuid

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, col

from portal.accounts.viewer import Viewer
from portal.clock import now
from portal.history.actions import record
from portal.mail import queries as mail
from portal.mail.models import Delivery, Kind, Message, Unsubscription


def mark_read(session: Session, message: Message) -> None:
    message.read_at = message.read_at or now()
    session.add(message)


def mark_all_read(session: Session, viewer: Viewer, *, until: Message) -> None:
    """Those that came up to this one."""
    mine = sa.update(Message).where(col(Message.person_id) == viewer.id, mail.stands_in_inbox())
    unread = mine.where(col(Message.read_at).is_(None), col(Message.created_at) <= until.created_at)
    session.execute(unread.values(read_at=now()))


def decline_reminders(session: Session, address: str, *, by: uuid.UUID | None, about: tuple[str, uuid.UUID]) -> None:
    """From now on they stand in the portal alone, those too that wait to be sent. Twice is once."""
    insert = sqlite.insert if session.connection().dialect.name == "sqlite" else postgresql.insert
    row = {"id": uuid.uuid4(), "address": address.casefold(), "at": now()}
    written = insert(Unsubscription).values(row).on_conflict_do_nothing().returning(col(Unsubscription.id))
    if session.execute(written).first() is None:
        return
    waiting = sa.update(Message).where(col(Message.delivery) == Delivery.QUEUED, col(Message.kind) == Kind.REMINDER)
    session.execute(waiting.where(col(Message.address) == address).values(delivery=Delivery.INBOX))
    record(session, "declined reminders", *about, by=by)


def accept_reminders(session: Session, address: str, *, by: uuid.UUID | None, about: tuple[str, uuid.UUID]) -> None:
    """The next ones come by e-mail again."""
    gone = sa.delete(Unsubscription).where(col(Unsubscription.address) == address.casefold())
    if session.execute(gone.returning(col(Unsubscription.id))).first() is not None:
        record(session, "accepted reminders", *about, by=by)
