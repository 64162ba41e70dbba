"""Delivering messages. The queue is the messages themselves; a job only looks into it."""

import datetime as dt

from portal.clock import now
from portal.jobs import engine
from portal.jobs.registry import Services, job
from portal.mail import actions, draining

QUEUE = "mail"
KEPT = dt.timedelta(days=2)


@job(actions.DELIVER, cron="* * * * *", queue=QUEUE, at_start=True)
def deliver_messages(services: Services) -> None:
    """After each transaction that wrote a message, and every minute for those whose pause is over."""
    draining.drain(services)


@job("deliver_message", queue=QUEUE)
def deliver_message(services: Services, _message_id: str) -> None:
    """As earlier releases queued it, one a message: the first delivers all, and the others do not wait for it."""
    if not draining.is_running():
        draining.drain(services)


@job("forget_wakings", cron="20 3 * * *")
def forget_wakings(services: Services) -> None:
    """Every night: more than a thousand a day looked into the queue and are of no use any more."""
    with services.database.session(writes=True) as session:
        engine.forget_done(session.connection(), QUEUE, before=now() - KEPT)
