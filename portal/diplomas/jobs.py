"""Certificates for everybody of an edition."""

import uuid

import structlog

from portal.diplomas import actions
from portal.documents.certificates import Signatory
from portal.jobs.registry import Services, job

log = structlog.get_logger()


@job(actions.ISSUE)
def issue_all(services: Services, edition_id: str, by: str, signatory: str, office: str) -> None:
    """Some in each transaction, so that the page tells how far it is. A second run goes on where the first ended."""
    signed, origin = Signatory(signatory, office), services.settings.public_origin
    more = True
    while more:
        with services.database.session(writes=True) as session:
            more = actions.issue_some(session, uuid.UUID(edition_id), signed, by=uuid.UUID(by), origin=origin)
    log.info("certificates issued", edition=edition_id)
