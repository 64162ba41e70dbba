"""What guardians, and those who wait for them, are told without anybody asking."""

import structlog

from portal.consenting import actions
from portal.jobs.registry import Services, job

log = structlog.get_logger()


@job("remind_guardians", cron="50 1 * * *")
def remind_guardians(services: Services) -> None:
    """Looks every day, in the morning of all six countries."""
    with services.database.session(writes=True) as session:
        told = actions.remind(session, origin=services.settings.public_origin)
    if told:
        log.info("reminded guardians", letters=told)
