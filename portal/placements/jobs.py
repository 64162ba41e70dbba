"""What happens to placements without anybody asking."""

import structlog

from portal.clock import now
from portal.jobs.registry import Services, job
from portal.placements import actions, reminders

log = structlog.get_logger()


@job("lapse_offers", cron="*/10 * * * *")
def lapse_offers(services: Services) -> None:
    """Notes which offers have lapsed, so that their places are seen to be free. The instant itself decided it."""
    while lapsed := _lapse_some(services):
        log.info("offers lapsed", lapsed=lapsed)


def _lapse_some(services: Services) -> int:
    with services.database.session(writes=True) as session:
        return actions.lapse_expired(session)


@job("remind_of_offers", cron="5,20,35,50 * * * *")
def remind_of_offers(services: Services) -> None:
    """Candidates, half-way to the end of an offer and a day before it."""
    with services.database.session(writes=True) as session:
        reminded = reminders.remind_of_offers(session, now())
    if reminded:
        log.info("reminded of offers", offers=reminded)


@job("remind_of_proposals", cron="25 * * * *")
def remind_of_proposals(services: Services) -> None:
    """Hosts, of proposals that wait for their approval."""
    with services.database.session(writes=True) as session:
        reminded = reminders.remind_of_proposals(session, now())
    if reminded:
        log.info("reminded of proposals", proposals=reminded)
