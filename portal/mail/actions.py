"""Queueing a message in the transaction of the event it tells of, and keeping what became of it."""

import uuid
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

import sqlalchemy as sa
import structlog
from sqlmodel import Session, col

from portal.clock import now
from portal.jobs.queue import enqueue
from portal.mail import composing, queries, rules
from portal.mail.composing import Composed
from portal.mail.models import Delivery, Kind, Message
from portal.mail.rules import Fate, Outcome, Recipient

log = structlog.get_logger()
DELIVER = "deliver_message"


def send(session: Session, template: str, *, to: Recipient, **values: Any) -> Message:
    """Queues templates/mail/`template`.txt, whose first line is the subject. Kept if and only if the event is.

    Plain text in `values` is shortened and stripped of anything to click on, unless it is our own:
    `link`, `origin`, `…_link`.
    """
    wordings = queries.wordings(session, template, to.language)
    composed = composing.compose(template, to, values, wordings)
    message = Message(
        person_id=to.person_id, address=to.address, language=to.language, template=template, kind=composed.kind,
        subject=composed.subject, text=composed.text, parts=composing.as_data(composed.parts),
        priority=rules.PRIORITIES[composed.kind],
    )  # fmt: skip
    session.add(message)
    if composed.kind is Kind.REMINDER and queries.declines_reminders(session, to.address):
        message.delivery = Delivery.INBOX
    else:
        enqueue(session, DELIVER, str(message.id), key=f"{message.id}:0")
    return message


class Letter(NamedTuple):
    """A message that is composed already. Its id is given: the same one can never be written twice."""

    id: uuid.UUID
    to: Recipient
    language: str
    composed: Composed


def send_many(
    session: Session, template: str, letters: Iterable[Letter], *, circular_id: uuid.UUID | None = None
) -> None:
    """Queues these, as `send` does with one. What they are put together of is not kept: they are no template's."""
    made = [
        Message(
            id=letter.id, person_id=letter.to.person_id, address=letter.to.address, language=letter.language,
            template=template, kind=letter.composed.kind, subject=letter.composed.subject, text=letter.composed.text,
            priority=rules.PRIORITIES[letter.composed.kind], circular_id=circular_id,
        )
        for letter in letters
    ]  # fmt: skip
    session.add_all(made)
    wake(session, [message.id for message in made])


def wake(session: Session, ids: Iterable[uuid.UUID]) -> None:
    """Has these delivered once this transaction has committed."""
    for message_id in ids:
        enqueue(session, DELIVER, str(message_id))


def hold(session: Session, circular_id: uuid.UUID) -> None:
    """Keeps back what waits of a circular. What a worker is handing over at this moment goes on its way."""
    _change(session, circular_id, Delivery.QUEUED, Delivery.HELD)


def release(session: Session, circular_id: uuid.UUID) -> None:
    wake(session, _change(session, circular_id, Delivery.HELD, Delivery.QUEUED))


def cancel(session: Session, circular_id: uuid.UUID) -> None:
    """What waits of a circular, or is kept back, is never sent."""
    for before in (Delivery.QUEUED, Delivery.HELD):
        _change(session, circular_id, before, Delivery.CANCELLED)


def _change(session: Session, circular_id: uuid.UUID, before: Delivery, after: Delivery) -> Sequence[uuid.UUID]:
    """One statement, however many they are. Which messages it changed."""
    claimed_until = col(Message.claimed_until)
    changed = sa.update(Message).where(
        col(Message.circular_id) == circular_id, col(Message.delivery) == before,
        sa.or_(claimed_until.is_(None), claimed_until < now()),
    )  # fmt: skip
    values = changed.values(delivery=after).returning(col(Message.id))
    return session.scalars(values, execution_options={"synchronize_session": False}).all()


def record_outcome(session: Session, message_id: uuid.UUID, outcome: Outcome) -> None:
    """What became of an attempt. What has arrived stays so, whatever a second attempt says."""
    message = queries.lock(session, message_id)
    if message.delivery is not Delivery.QUEUED:
        return
    message.attempts += 1
    if outcome.fate is Fate.SENT:
        message.delivery, message.sent_at, message.failure = Delivery.SENT, now(), ""
        return
    message.failure = outcome.reason[: rules.LONGEST_FAILURE]
    pause = rules.pause_before(message.attempts) if outcome.fate is Fate.LATER else None
    if pause is None:
        message.delivery = Delivery.FAILED
        log.error("message failed", message=str(message.id), attempts=message.attempts)
    else:
        enqueue(session, DELIVER, str(message.id), key=f"{message.id}:{message.attempts}", after=pause)
