"""What the parties of an agreement are told without anybody asking."""

import structlog

from portal.agreements import actions
from portal.jobs.registry import Services, job

log = structlog.get_logger()


@job("remind_of_agreements", cron="20 1 * * *")
def remind_of_agreements(services: Services) -> None:
    """Looks every day, in the morning of all six countries, who has not confirmed after 3, 7 and 14 days."""
    with services.database.session(writes=True) as session:
        reminded = actions.remind(session, origin=services.settings.public_origin)
    if reminded:
        log.info("reminded of agreements", parties=reminded)
