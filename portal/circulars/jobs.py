"""Writing the messages of a circular, some in each transaction."""

import uuid

import structlog

from portal.circulars import actions, queries
from portal.jobs.registry import Services, job

log = structlog.get_logger()


@job(actions.SEND)
def send_circular(services: Services, circular_id: str) -> None:
    """A second run, or one after a crash, writes to those only to whom nothing is written yet."""
    key, after, more = uuid.UUID(circular_id), "", True
    while more:
        with services.database.session(writes=True) as session:
            after = actions.write_some(session, key, after=after)
        more = bool(after)
    log.info("circular written", circular=circular_id)


@job("send_circulars", cron="*/10 * * * *")
def send_circulars(services: Services) -> None:
    """A net under the above."""
    with services.database.session(writes=False) as session:
        found = queries.sending(session)
    for circular_id in found:
        send_circular(services, str(circular_id))
