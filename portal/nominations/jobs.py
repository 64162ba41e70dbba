"""What home governments and the secretariat are told of without anybody asking."""

import structlog

from portal.clock import now
from portal.jobs.registry import Services, job
from portal.nominations import silence

log = structlog.get_logger()


@job("warn_of_silence", cron="7 * * * *")
def warn_of_silence(services: Services) -> None:
    """Looks every hour whether 14, 7 or 2 days are left."""
    with services.database.session(writes=True) as session:
        warned = silence.warn(session, now())
    if warned:
        log.info("warned of silent governments", governments=warned)


@job("tell_of_submissions", cron="0 0 * * *")
def tell_of_submissions(services: Services) -> None:
    """At 9 in the morning in Seoul and Tokyo, at 8 in Beijing and Ulaanbaatar."""
    with services.database.session(writes=True) as session:
        told = silence.tell_of_submissions(session, now())
    if told:
        log.info("told of submissions", governments=told)
