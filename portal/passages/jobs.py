"""Comparing essays, after a submission and when somebody asks."""

import uuid

import structlog

from portal.jobs.registry import Services, job
from portal.passages import actions, sweeping

log = structlog.get_logger()


@job("find_passages")
def find_passages(services: Services, essay_id: str) -> None:
    with services.database.session(writes=True) as session:
        found = actions.compare(session, uuid.UUID(essay_id))
    if found:
        log.info("shared passages found", essay=essay_id, others=found)


@job("compare_edition")
def compare_edition(services: Services, edition_id: str) -> None:
    done = sweeping.compare_all(services.database, uuid.UUID(edition_id))
    log.info("essays compared", edition=edition_id, **done._asdict())
