"""What hosts are told without anybody asking."""

import structlog

from portal.clock import now
from portal.jobs.registry import Services, job
from portal.rankings import reminding

log = structlog.get_logger()


@job("remind_hosts", cron="17 * * * *")
def remind_hosts(services: Services) -> None:
    """Looks every hour whether 7 or 2 days are left."""
    with services.database.session(writes=True) as session:
        reminded = reminding.remind(session, now())
    if reminded:
        log.info("reminded hosts of undecided candidates", openings=reminded)
