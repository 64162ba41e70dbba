"""Delivering messages."""

import uuid

from portal.jobs.registry import Services, job
from portal.mail import actions, delivery, queries
from portal.mail.models import Delivery


@job(actions.DELIVER)
def deliver_message(services: Services, message_id: str) -> None:
    """One attempt. Between the server's yes and ours on the disk a crash has it sent again, as the same message."""
    with services.database.session(writes=False) as session:
        message = queries.find(session, uuid.UUID(message_id))
    if message is None or message.delivery is not Delivery.QUEUED:
        return
    outcome = delivery.deliver(services.settings, message)  # no transaction is open meanwhile
    with services.database.session(writes=True) as session:
        actions.record_outcome(session, message.id, outcome)
