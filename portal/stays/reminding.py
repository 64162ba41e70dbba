"""Reminding of what is undone, each time once; and telling the secretariat when that was of no use."""

import datetime as dt
import uuid

from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, col

from portal.checkins.models import Side
from portal.mail.actions import send
from portal.mail.rules import Recipient
from portal.placements.models import Placement
from portal.stays import queries, words
from portal.stays.models import Reminder
from portal.stays.rules import Due


def remind(session: Session, at: dt.datetime, *, after: uuid.UUID | None = None) -> tuple[int, uuid.UUID | None]:
    """Of a batch of stays; how many reminders were sent, and after which stay the next batch begins.

    However late or often this runs: of each duty only the newest reminder that is due is sent, and once.
    """
    found = queries.to_remind(session, after=after)
    sent = queries.reminded(session, [placement.id for placement in found])
    fresh = [
        (placement, due)
        for placement, _facts, dues in queries.reminders(session, found)
        for due in dues
        if (placement.id, due) not in sent
    ]
    count = sum(_send(session, placement, due, at) for placement, due in fresh)
    return count, found[-1].id if len(found) == queries.BATCH else None


def _send(session: Session, placement: Placement, due: Due, at: dt.datetime) -> bool:
    if not _claim(session, placement, due, at):
        return False
    placement = queries.whole(session, placement)
    if due.to_secretariat:
        _write(session, placement, "late", queries.secretariat(session, placement), due,
               sentence=words.LATE[due.duty, due.side])  # fmt: skip
        return True
    subject, sentence = words.REMINDERS[due.duty, due.side]
    people = queries.interns if due.side is Side.INTERN else queries.hosts
    _write(session, placement, "reminder", people(session, placement), due, subject_text=subject, sentence=sentence)
    return True


def _claim(session: Session, placement: Placement, due: Due, at: dt.datetime) -> bool:
    """Of two workers at the same moment only one is told that it is new."""
    insert = sqlite.insert if session.connection().dialect.name == "sqlite" else postgresql.insert
    values = {**due._asdict(), "placement_id": placement.id, "sent_at": at}
    kept = insert(Reminder).values(values).on_conflict_do_nothing().returning(col(Reminder.placement_id))
    return session.execute(kept).first() is not None


def _write(
    session: Session, placement: Placement, template: str, to: list[Recipient], due: Due, **values: object
) -> None:
    shown = {"opening": placement.opening, "application": placement.application, "due_on": due.about_on, **values}
    for each in to:
        send(session, f"stays/{template}", to=each, **shown)
