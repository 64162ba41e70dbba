"""What the first page weighs on the wire, and needs to be seen. The time it takes: tests/bench/first_page.py."""

import pytest
from playwright.sync_api import Page

from portal import i18n
from tests.browser.steps import Visit

pytestmark = pytest.mark.browser
MOST = 150_000  # bytes, headers included
# Slow 3G: what one second carries, and how long a question and its answer are on their way.
BYTES_PER_SECOND, ROUND_TRIP = 400_000 / 8, 0.4
BLOCKING = (
    "performance.getEntriesByType('resource').filter(e => e.renderBlockingStatus === 'blocking').map(e => e.name)"
)


def weights(page: Page, path: str) -> dict[str, int]:
    """Bytes as they came over the wire, by address, on a first visit."""
    found: dict[str, int] = {}
    addresses: dict[str, str] = {}
    network = page.context.new_cdp_session(page)
    network.send("Network.enable")
    network.send("Network.setCacheDisabled", {"cacheDisabled": True})
    network.on("Network.responseReceived", lambda e: addresses.update({e["requestId"]: e["response"]["url"]}))
    network.on(
        "Network.loadingFinished",
        lambda e: found.update({addresses[e["requestId"]]: int(e["encodedDataLength"])}),
    )
    page.goto(path, wait_until="networkidle")
    return found


@pytest.mark.parametrize("language", i18n.LANGUAGES)
def test_the_first_page_is_light(visit: Visit, language: str) -> None:
    page = visit()
    found = weights(page, f"/?lang={language}")
    assert sum(found.values()) < MOST, found
    assert len(found) <= 8, found


@pytest.mark.parametrize("language", i18n.LANGUAGES)
def test_it_is_seen_after_two_files_and_in_time_on_slow_3g(visit: Visit, language: str) -> None:
    """Connecting and asking for the page take a round trip each. The style is asked for while the page still comes."""
    page = visit()
    found = weights(page, f"/?lang={language}")
    blocking = page.evaluate(BLOCKING)
    assert len(blocking) == 1, blocking
    assert "portal" in blocking[0]
    needed = found[page.url] + sum(found[address] for address in blocking)
    assert 2 * ROUND_TRIP + needed / BYTES_PER_SECOND < 2, (found[page.url], needed)
