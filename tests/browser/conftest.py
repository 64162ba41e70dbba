"""A real Chromium in front of a real server on a database of its own."""

import os
import shutil
import socket
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import uvicorn
from fastapi import FastAPI
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from portal.app import create_app
from portal.settings import Settings
from tests import database as databases

FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip
SCREENS = Path(__file__).parent.parent.parent / "var" / "screens"


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    path = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if path is None:
        if os.environ.get("TESTS_NEED_BROWSER"):
            pytest.fail("no Chromium was found, and TESTS_NEED_BROWSER is set")
        pytest.skip("no Chromium was found")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield browser
        browser.close()


class Served:
    """A portal that listens on a port of its own."""

    def __init__(self, app: FastAPI, port: int) -> None:
        self.app = app
        self.origin = f"http://127.0.0.1:{port}"
        self.server = uvicorn.Server(
            uvicorn.Config(app, port=port, log_config=None, access_log=False, ws="none", timeout_graceful_shutdown=3)
        )
        self.thread = threading.Thread(target=self.server.run)

    def __enter__(self) -> "Served":
        self.thread.start()
        deadline = time.monotonic() + 20
        while not self.server.started and time.monotonic() < deadline:
            time.sleep(0.02)
        assert self.server.started
        return self

    def __exit__(self, *_exception: object) -> None:
        self.server.should_exit = True
        self.thread.join(20)


@pytest.fixture
def served(database: databases.JoinedDatabase, settings: Settings, tmp_path: Path) -> Iterator[Served]:
    url = databases.copy(database, tmp_path)
    port = free_port()
    changed = {
        "database_url": url, "storage_url": f"file:{tmp_path}/uploads", "public_origin": f"http://127.0.0.1:{port}",
    }  # fmt: skip
    with Served(create_app(settings.model_copy(update=changed)), port) as served:
        yield served
    databases.drop(url)


@pytest.fixture
def visit(chromium: Browser, served: Served) -> Iterator[Callable[..., Page]]:
    """`visit()` is a new person's browser. At the end, no page may have complained or left the portal."""
    contexts: list[BrowserContext] = []
    complaints: list[str] = []

    def new(**options: object) -> Page:
        context = chromium.new_context(base_url=served.origin, locale="en-GB", **options)  # type: ignore[arg-type]
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: complaints.append(f"script: {error}"))
        page.on("console", lambda line: complaints.append(line.text) if _is_complaint(line.type, line.text) else None)
        page.on(
            "request",
            lambda request: (
                None if request.url.startswith((served.origin, "data:")) else complaints.append(request.url)
            ),
        )
        return page

    yield new
    for context in contexts:
        context.close()
    assert complaints == []


def _is_complaint(kind: str, text: str) -> bool:
    """An answer of 4xx is told in the console too; the tests look at those themselves."""
    return kind == "error" and "Failed to load resource" not in text


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def picture(page: Page, name: str) -> None:
    SCREENS.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=SCREENS / f"{name}.png", full_page=True)


@pytest.fixture
def people(served: Served) -> object:
    """Who takes part in the journeys of `steps.py`."""
    from tests.browser.steps import People

    return People(served.app)
