"""Actions on many messages at once: those of a circular."""

import uuid
from collections.abc import Sequence
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlmodel import Session, col

from portal.clock import now
from portal.mail import actions, rules
from portal.mail.composing import Composed
from portal.mail.models import Delivery, Message
from portal.mail.rules import Recipient

NEW = Message(address="", language="", template="", subject="", text="")
# What a new message has in every column: the database itself fills in nothing.
UNTOUCHED = {name: getattr(NEW, name) for name in sa.inspect(Message).columns.keys()}  # noqa: SIM118 - no dictionary


class Letter(NamedTuple):
    """A message that is composed already. Its id is given: the same one can never be written twice."""

    id: uuid.UUID
    to: Recipient
    language: str
    composed: Composed


def send_many(
    session: Session, template: str, letters: Sequence[Letter], *, circular_id: uuid.UUID | None = None,
    edition_id: uuid.UUID | None = None,
) -> None:  # fmt: skip
    """Queues these, as `actions.send` does with one, by one statement. No parts: they are no template's."""
    about = {"circular_id": circular_id, "edition_id": edition_id}
    session.execute(sa.insert(Message), [{**_row(template, letter), **about} for letter in letters])
    actions.wake(session)


def _row(template: str, letter: Letter) -> dict[str, Any]:
    composed, at = letter.composed, now()
    return {
        **UNTOUCHED, "id": letter.id, "person_id": letter.to.person_id, "address": letter.to.address,
        "language": letter.language, "template": template, "kind": composed.kind, "subject": composed.subject,
        "text": composed.text, "priority": rules.PRIORITIES[composed.kind], "created_at": at, "due_at": at,
    }  # fmt: skip


def hold(session: Session, circular_id: uuid.UUID) -> None:
    """Keeps back what waits. What a worker is handing over at this moment has gone if the mail server takes it now."""
    _change(session, circular_id, Delivery.QUEUED, Delivery.HELD)


def release(session: Session, circular_id: uuid.UUID) -> None:
    _change(session, circular_id, Delivery.HELD, Delivery.QUEUED)
    actions.wake(session)


def cancel(session: Session, circular_id: uuid.UUID) -> None:
    """What waits, or is kept back, is never sent."""
    for before in (Delivery.QUEUED, Delivery.HELD):
        _change(session, circular_id, before, Delivery.CANCELLED)


def _change(session: Session, circular_id: uuid.UUID, before: Delivery, after: Delivery) -> None:
    """One statement, however many they are: those too that are being handed over, or a refusal for now would have
    them sent later all the same."""
    changed = sa.update(Message).where(col(Message.circular_id) == circular_id, col(Message.delivery) == before)
    session.execute(changed.values(delivery=after), execution_options=actions.BULK)
