"""What happens to interviews without anybody asking."""

import structlog

from portal.clock import now
from portal.interviews import actions
from portal.jobs.registry import Services, job

log = structlog.get_logger()


@job("free_interviews", cron="*/20 * * * *")
def free_interviews(services: Services) -> None:
    """Tells the hosts of those whose candidate withdrew, and offers the times anew."""
    with services.database.session(writes=True) as session:
        freed = actions.free_left(session, now())
    if freed:
        log.info("freed interviews", interviews=freed)
