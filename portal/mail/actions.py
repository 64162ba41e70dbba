"""Queueing a message in the transaction of the event it tells of, and keeping what became of it."""

import uuid
from typing import Any

import structlog
from sqlmodel import Session

from portal.clock import now
from portal.jobs.queue import enqueue
from portal.mail import composing, queries, rules
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
