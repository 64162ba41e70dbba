"""Delivering messages. The queue is the messages themselves; a job only looks into it."""

from portal.jobs.registry import Services, job
from portal.mail import actions, draining


@job(actions.DELIVER, cron="* * * * *", queue="mail", at_start=True)
def deliver_messages(services: Services) -> None:
    """After each transaction that wrote a message, and every minute for those whose pause is over."""
    draining.drain(services)


@job("deliver_message", queue="mail")
def deliver_message(services: Services, _message_id: str) -> None:
    """As earlier releases queued it, one a message: the first delivers all, and the others do not wait for it."""
    if not draining.is_running():
        draining.drain(services)
