"""What happens to interviews without anybody asking."""

import structlog

from portal.clock import now
from portal.interviews import actions
from portal.jobs.registry import Services, job

log = structlog.get_logger()


@job("remind_of_interviews", cron="*/20 * * * *")
def remind_of_interviews(services: Services) -> None:
    """Both sides, the day before; and the hosts of those whose candidate withdrew."""
    with services.database.session(writes=True) as session:
        reminded = actions.remind(session, now())
    if reminded:
        log.info("reminded of interviews", interviews=reminded)
