"""The pages of errors: by their status, and those that a page of the portal itself answers with."""

from collections.abc import Iterator

from sqlmodel import col, update

from portal.accounts import rules, throttle
from portal.accounts.models import Attempts
from portal.agreements.rules import GUESSES
from portal.clock import now
from portal.web.errors import TITLES
from tests.browser.walking.crawl import VISITOR, Moment
from tests.browser.walking.moments.cast import AUDITOR, DISTANT, HOST_COORDINATOR, Cast

ERROR = "/error/{status:int}"  # which stage.py adds to the portal
# What a browser on this machine comes from, and what a test client says.
NETWORKS = ("127.0.0.1", "testclient")


def every_status(cast: Cast) -> Iterator[Moment]:
    for status in TITLES:
        what = f"error {status}"
        if status != 401:  # which leads to the page where one signs in
            yield Moment(f"/error/{status}", what=what, status=status)
    yield Moment("/account/reminders", VISITOR, what="error 401", status=401, is_sent=True)


def said_by_a_page(cast: Cast) -> Iterator[Moment]:
    """What may not be done, not now, or not so."""
    placement = cast.placement("accepted")
    yield Moment("/nothing", what="not there", status=404)
    yield Moment(f"/placements/{placement.id}/refuse", AUDITOR, what="not theirs", status=403)
    yield Moment(f"/placements/{placement.id}/refuse", HOST_COORDINATOR, what="not now", status=409)
    yield Moment(f"/placements/{placement.id}/approve", HOST_COORDINATOR, what="no page", status=405)
    yield Moment("/judge-offers/none", what="unknown link", status=404)


def too_many_attempts(cast: Cast) -> Iterator[Moment]:
    """Somebody has guessed at links for an hour."""
    for network in NETWORKS:
        limit = throttle.limit(GUESSES, "guardian-links", rules.network(network))
        while throttle.take(cast.session, limit):
            pass
    lasting = update(Attempts).where(col(Attempts.expires_at) > now()).values(expires_at=now() + DISTANT)
    cast.session.execute(lasting)
    yield Moment("/guardians/guessed", what="guessed", status=429)


SCENES = (every_status, said_by_a_page, too_many_attempts)
