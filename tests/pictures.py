"""The pictures of the guides, taken from the demonstration: `make pictures` writes docs/pictures/ anew."""

import os
import tempfile
from pathlib import Path
from typing import NamedTuple

from playwright.sync_api import Browser, Page, sync_playwright

from portal.app import create_app
from portal.commands import demo
from portal.settings import Settings
from tests.browser.conftest import FLAGS, Served, free_port

FOLDER = Path(__file__).parent.parent / "docs" / "pictures"
CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")
PASSWORD = "near-demonstration-2027"
SIZE = {"width": 1000, "height": 760}


class Picture(NamedTuple):
    """Who looks, where they begin, and which links of the page's own they follow from there."""

    name: str
    who: str
    path: str
    follow: tuple[str, ...] = ()
    scroll_to: str = "main"


PICTURES = (
    Picture("applicant-call", "author", "/calls/autumn-2027"),
    Picture("applicant-openings", "author", "/openings"),
    Picture("applicant-offer", "applicant", "/placements", ("a[href^='/placements/']",)),
    Picture("applicant-essay", "author", "/essays", ("a[href^='/essays/']",)),
    Picture("coordinator-nominations", "home-coordinator", "/nominations"),
    Picture("coordinator-review", "home-coordinator", "/nominations", ("a[href*='status=submitted']", "tbody a")),
    Picture("coordinator-order", "home-coordinator", "/nominations", ("a[href^='/nominations/order/']",)),
    Picture(
        "coordinator-placement", "host-coordinator", "/placements", ("a[href^='/placements/']:not([href$='openings'])",)
    ),
    Picture("judge-desk", "judge-jp", "/judging"),
    Picture(
        "judge-essay",
        "judge-jp",
        "/judging",
        ("a[href^='/judging/']:not([href$='training']):not([href$='conflicts'])",),
    ),
    Picture("secretary-first-page", "secretary", "/"),
    Picture("secretary-screening", "secretary", "/contests/essays-2027/screening", ("tbody a, .govuk-list a",)),
    Picture("secretary-order", "second-secretary", "/contests/essays-2026/order"),
    Picture("secretary-mail", "secretary", "/messages"),
)


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        port = free_port()
        settings = Settings(
            database_url=f"sqlite:///{folder}/portal.db", storage_url=f"file:{folder}/uploads",
            public_origin=f"http://127.0.0.1:{port}", demonstration=True,
        )  # fmt: skip
        demo(settings)
        with Served(create_app(settings), port) as served, sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
            for picture in PICTURES:
                _take(browser, served.origin, picture)
            browser.close()


def _take(browser: Browser, origin: str, picture: Picture) -> None:
    context = browser.new_context(base_url=origin, locale="en-GB", viewport=SIZE)  # type: ignore[arg-type]
    page = context.new_page()
    _sign_in(page, f"{picture.who}@demo.near.example")
    page.goto(f"{picture.path}?lang=en")
    for link in picture.follow:
        page.locator("main").locator(link).first.click()
        page.wait_for_load_state()
    page.locator(picture.scroll_to).first.evaluate(
        "found => scrollTo(0, found.getBoundingClientRect().top + scrollY - 24)"
    )
    page.screenshot(path=FOLDER / f"{picture.name}.png")
    context.close()


def _sign_in(page: Page, address: str) -> None:
    page.goto("/sign-in?lang=en")
    page.locator("#email").fill(address)
    page.locator("#password").fill(PASSWORD)
    page.locator("main button[type=submit]").click()
    page.wait_for_load_state()


if __name__ == "__main__":
    main()
