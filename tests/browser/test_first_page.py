from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import picture

pytestmark = pytest.mark.browser
PUBLIC = ("/",)


@pytest.mark.parametrize("width", [1280, 320])
def test_public_pages_fit_the_screen(visit: Callable[..., Page], width: int) -> None:
    page = visit(viewport={"width": width, "height": 900})
    for path in PUBLIC:
        page.goto(path)
        expect(page.locator("h1")).to_have_count(1)
        overflow = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert overflow <= 0, (path, overflow)
        picture(page, f"public-{width}{path.replace('/', '-')}")
