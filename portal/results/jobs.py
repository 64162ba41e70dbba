"""Results come out by the clock; these jobs only tell of it."""

import uuid

import structlog

from portal.jobs.registry import Services, job
from portal.results import actions, queries

log = structlog.get_logger()


@job(actions.PUBLISH)
def publish_results(services: Services, publication_id: str) -> None:
    """Everybody is told, some in each transaction. A second run finds it done; one that comes early finds nothing."""
    key, origin = uuid.UUID(publication_id), services.settings.public_origin
    more = True
    while more:
        with services.database.session(writes=True) as session:
            more = actions.tell_some(session, key, origin=origin)
    log.info("results told", publication=publication_id)


@job("publish_due_results", cron="*/5 * * * *")
def publish_due_results(services: Services) -> None:
    """A net under the above."""
    with services.database.session(writes=False) as session:
        due = queries.due(session)
    for publication_id in due:
        publish_results(services, str(publication_id))
