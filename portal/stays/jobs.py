"""Reminders, without anybody asking."""

import uuid

import structlog

from portal.clock import now
from portal.jobs.registry import Services, job
from portal.stays import reminding

log = structlog.get_logger()


@job("remind_stays", cron="23 * * * *")
def remind_stays(services: Services) -> None:
    """Every hour, so that a day begins for each host at most an hour late; each batch by itself."""
    sent, after = _batch(services, None)
    while after is not None:
        more, after = _batch(services, after)
        sent += more
    if sent:
        log.info("reminded of stays", reminders=sent)


def _batch(services: Services, after: uuid.UUID | None) -> tuple[int, uuid.UUID | None]:
    with services.database.session(writes=True) as session:
        return reminding.remind(session, now(), after=after)
