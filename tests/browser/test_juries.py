"""The jury's pages in a browser, at two widths: nothing sticks out."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page
from sqlmodel import select

from portal.clock import now
from portal.judging.models import Appointment, Round
from portal.juries.models import Meeting
from portal.standings.models import Occasion, Standing
from tests import make
from tests.browser.conftest import Served, picture

pytestmark = pytest.mark.browser
Visit = Callable[..., Page]
TIED = ((9, 10, 9), (8, 7, 8), (7, 8, 8), (6, 7, 6), (5, 5, 5), (2, 2, 2))
SIZES = {"wide": {"width": 1280, "height": 900}, "narrow": {"width": 390, "height": 800}}
LONG = "The strongest of its kind; its third part is thin, but I would give it a prize. " * 3


def _signed_in(visit: Visit, address: str, size: dict[str, int]) -> Page:
    page = visit(viewport=size)
    page.goto("/sign-in")
    page.get_by_label("E-mail address").fill(address)
    page.get_by_label("Password", exact=True).fill(make.PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    return page


@pytest.mark.parametrize("size", SIZES)
def test_pictures(served: Served, visit: Visit, size: str) -> None:
    with served.app.state.database.session(writes=True) as session:
        people = [make.member(session, name) for name in ("Han Sora", "Kimura Aoi")]
        for person in people:
            make.grant(session, person, make.Role.SECRETARY)
        awards = (("Gold", 1), ("Silver", 1), ("Bronze", 2))
        final = {"final_due_at": now() + 20 * make.dt.timedelta(days=1), "finalists": 2}
        first = make.judged_edition(session, TIED, awards=awards, **final)
        made = make.judged_edition(session, TIED, awards=awards, round_=Round.FINAL)
        make.saved(session, Standing(edition_id=made.edition.id, round=Round.FIRST, occasion=Occasion.ROUND_END,
                                     content={}, digest="0" * 64))  # fmt: skip
        for row in session.exec(select(Appointment).where(Appointment.essay_id == made.essays[1].id)):
            row.private_note, row.comment = LONG, "Well argued. " * 9
        make.saved(session, Meeting(edition_id=made.edition.id, opened_by=people[0].id))
        addresses, codes = [person.email for person in people], made.codes
        here, finalists = f"/contests/{made.edition.slug}/jury", f"/contests/{first.edition.slug}/finalists"
    page = _signed_in(visit, addresses[0], SIZES[size])
    _look(page, finalists, f"juries-finalists-{size}")
    page.goto(here)
    page.get_by_role("link", name=re.compile("Ages")).first.click()
    group = page.url
    page.get_by_role("button", name="Decide these as the order has it").click()
    _look(page, f"{here}/decide?code={codes[1]}&code={codes[2]}", f"juries-decide-{size}")
    _look(page, f"{here}/decide?code={codes[0]}", f"juries-essay-{size}")
    page.get_by_label(f"Decision about {codes[0]}").select_option("Commended")
    page.get_by_role("button", name="Put it down").click()
    picture(page, f"juries-refused-{size}")
    page.get_by_label("Reason").fill("The jury found that it treats another theme.")
    page.get_by_role("button", name="Put it down").click()
    page.goto(group)
    page.get_by_text("Withhold an award").click()
    page.get_by_label("Award", exact=True).select_option("Gold")
    page.get_by_label("How many places are withheld").fill("1")
    page.get_by_label("Reason").fill("No essay came up to what is expected of it.")
    page.get_by_role("button", name="Withhold it").click()
    _look(page, here, f"juries-meeting-{size}")
    page = _signed_in(visit, addresses[1], SIZES[size])
    _look(page, group, f"juries-group-{size}")


def _look(page: Page, path: str, name: str) -> None:
    page.goto(path)
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    picture(page, name)
