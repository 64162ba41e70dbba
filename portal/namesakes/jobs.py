"""What follows a submission without anybody asking."""

import uuid

import structlog

from portal.jobs.registry import Services, job
from portal.namesakes import actions

log = structlog.get_logger()


@job("find_namesakes")
def find_namesakes(services: Services, application_id: str) -> None:
    with services.database.session(writes=True) as session:
        found = actions.find(session, uuid.UUID(application_id))
    if found:
        log.info("namesakes found", application=application_id, pairs=found)
