"""Passages hidden by selecting them, with keys alone; and without script by typing them."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect
from sqlmodel import select

from portal.screening.models import Redaction
from tests import make
from tests.browser.conftest import Served

pytestmark = pytest.mark.browser
TEXT = "One river 😀 and 山.\n\nI am Batbayar, they say."


@pytest.fixture
def hiding(served: Served, visit: Callable[..., Page]) -> Page:
    with served.app.state.database.session(writes=True) as session:
        edition = make.edition(session)
        screener = make.screener(session, edition)
        essay = make.essay(session, edition=edition, title="Across", text=TEXT)
        cookies = make.sign_in(session, served.app.state.settings, screener)
        path = f"/contests/{edition.slug}/screening/{essay.id}/hiding"
    page = visit()
    page.context.add_cookies([{"name": name, "value": kept, "url": served.origin} for name, kept in cookies.items()])
    page.goto(f"{served.origin}{path}")
    return page


def test_keys_alone_select_and_hide(served: Served, hiding: Page) -> None:
    part = hiding.locator("[data-hiding-part=text]")
    part.focus()
    hiding.keyboard.press("Control+End")
    for _ in range(len(", they say.")):
        hiding.keyboard.press("ArrowLeft")
    for _ in range(len("Batbayar")):
        hiding.keyboard.press("Shift+ArrowLeft")
    expect(hiding.locator("[data-hiding-said]")).to_have_text("Selected: Batbayar")
    hiding.keyboard.type("x")
    assert part.text_content() == TEXT, "it can be read and selected, and not changed"
    hiding.keyboard.press("Tab")
    hiding.keyboard.press("Enter")
    hiding.get_by_text("It is hidden.").wait_for()
    assert hiding.locator("mark").all_text_contents() == ["Batbayar", "Batbayar"]  # in the text and in the list
    with served.app.state.database.session(writes=False) as session:
        kept = session.exec(select(Redaction)).one()
    assert TEXT[kept.begins : kept.ends] == "Batbayar"
