from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import picture

pytestmark = pytest.mark.browser
PUBLIC = (
    "/", "/governments", "/committees", "/organisation", "/calls", "/openings", "/contests", "/sign-in", "/register",
    "/sources", "/api",
)  # fmt: skip


@pytest.mark.parametrize("width", [1280, 320])
def test_public_pages_fit_the_screen(visit: Callable[..., Page], width: int) -> None:
    page = visit(viewport={"width": width, "height": 900})
    for path in PUBLIC:
        answer = page.goto(path)
        assert answer is not None
        assert answer.status == 200, path
        expect(page.locator("h1")).to_have_count(1)
        overflow = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert overflow <= 0, (path, overflow)
        picture(page, f"public-{width}{path.replace('/', '-')}")
