"""What happens to manuscripts without anybody asking."""

import structlog

from portal.jobs.registry import Services, job
from portal.manuscripts import actions, queries

log = structlog.get_logger()


@job("forget_unconfirmed_manuscripts", cron="50 1 * * *")
def forget_unconfirmed_manuscripts(services: Services) -> None:
    """Every night, before the bytes without a promise are swept."""
    removed = queries.AT_ONCE
    while removed == queries.AT_ONCE:
        with services.database.session(writes=True) as session:
            removed = actions.forget_unconfirmed(session)
        log.info("unconfirmed manuscripts forgotten", removed=removed)
