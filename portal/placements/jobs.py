"""What happens to placements without anybody asking."""

import structlog

from portal.jobs.registry import Services, job
from portal.placements import actions

log = structlog.get_logger()


@job("lapse_offers", cron="*/10 * * * *")
def lapse_offers(services: Services) -> None:
    """Notes which offers have lapsed, so that their places are seen to be free. The instant itself decided it."""
    while lapsed := _lapse_some(services):
        log.info("offers lapsed", lapsed=lapsed)


def _lapse_some(services: Services) -> int:
    with services.database.session(writes=True) as session:
        return actions.lapse_expired(session)
