"""What home governments are told of every day without anybody asking."""

import structlog

from portal.clock import now
from portal.jobs.registry import Services, job
from portal.nominations import silence

log = structlog.get_logger()


@job("tell_of_submissions", cron="0 0 * * *")
def tell_of_submissions(services: Services) -> None:
    """At 9 in the morning in Seoul and Tokyo, at 8 in Beijing and Ulaanbaatar."""
    with services.database.session(writes=True) as session:
        told = silence.tell_of_submissions(session, now())
    if told:
        log.info("told of submissions", governments=told)
