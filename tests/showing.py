"""The demonstration in a browser, for whoever takes pictures of it."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NamedTuple

from playwright.sync_api import Browser, Page, ViewportSize, sync_playwright

from portal.app import create_app
from portal.commands import demo
from portal.settings import Settings
from tests.browser.conftest import FLAGS, Served, free_port

CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")
PASSWORD = "near-demonstration-2027"


class View(NamedTuple):
    """Who looks (nobody: a visitor), where they begin, and which links of the page's own they follow from there."""

    name: str
    who: str
    path: str
    follow: tuple[str, ...] = ()
    scroll_to: str = "main"


@contextmanager
def demonstration() -> Iterator[tuple[Browser, str]]:
    """A browser, and the address of a portal that shows the demonstration."""
    with tempfile.TemporaryDirectory() as folder:
        port = free_port()
        settings = Settings(
            database_url=f"sqlite:///{folder}/portal.db", storage_url=f"file:{folder}/uploads",
            public_origin=f"http://127.0.0.1:{port}", demonstration=True,
        )  # fmt: skip
        demo(settings)
        with Served(create_app(settings), port) as served, sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
            yield browser, served.origin
            browser.close()


@contextmanager
def somebody(browser: Browser, origin: str, who: str, size: ViewportSize) -> Iterator[Page]:
    """Their browser, signed in."""
    context = browser.new_context(base_url=origin, locale="en-GB", viewport=size)
    page = context.new_page()
    if who:
        _sign_in(page, f"{who}@demo.near.example")
    yield page
    context.close()


def _sign_in(page: Page, address: str) -> None:
    page.goto("/sign-in?lang=en")
    page.locator("#email").fill(address)
    page.locator("#password").fill(PASSWORD)
    page.locator("main button[type=submit]").click()
    page.wait_for_load_state()


def go(page: Page, view: View, language: str) -> None:
    page.goto(f"{view.path}{'&' if '?' in view.path else '?'}lang={language}")
    for link in view.follow:
        page.locator("main").locator(link).first.click()
        page.wait_for_load_state()
