"""What interns are told of without anybody asking."""

import structlog

from portal.clock import now
from portal.final_reports import actions
from portal.jobs.registry import Services, job

log = structlog.get_logger()


@job("remind_of_reports", cron="15 1 * * *")
def remind_of_reports(services: Services) -> None:
    """Once a day, in the morning of the region."""
    with services.database.session(writes=True) as session:
        reminded = actions.remind(session, now())
    if reminded:
        log.info("reminded of final reports", interns=reminded)
