"""The map by pointer and by keyboard: what is drawn can be reached."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser

# Of every region the shorter side of what is drawn of it or, of a small one, of the square above all others; and in
# that square the share of points that lead to it.
HIT = """() => {
  const found = {}
  for (const link of document.querySelectorAll('a.portal-map__link')) {
    const code = link.getAttribute('href').split('/').pop(), square = link.querySelector('rect')
    const box = (square || link.querySelector('use')).getBoundingClientRect()
    found[code] ||= [0, 1]
    found[code][0] = Math.max(found[code][0], Math.min(box.width, box.height))
    if (!square) continue
    const at = (n, from, size) => from + ((n + 0.5) * size) / 8
    const points = [...Array(64).keys()].map((n) => [at(n % 8, box.left, box.width), at(n >> 3, box.top, box.height)])
    const leads = ([x, y]) => document.elementFromPoint(x, y)?.closest('a')?.href.baseVal === link.href.baseVal
    const own = points.filter(leads)
    found[code][1] = own.length / points.length
  }
  return found
}"""


def test_every_region_can_be_hit(visit: Callable[..., Page]) -> None:
    """In 24 pixels both ways (WCAG 2.2, 2.5.8), also where the screen is narrow and the map is moved."""
    page = visit(viewport={"width": 1280, "height": 1800})
    page.goto("/governments")
    hit = page.evaluate(HIT)
    assert len(hit) == 76
    assert {code: both for code, both in hit.items() if both[0] < 24 or both[1] < 1} == {}


def test_a_narrow_screen_moves_the_map_in_its_window(visit: Callable[..., Page]) -> None:
    page = visit(viewport={"width": 320, "height": 700})
    page.goto("/governments")
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    assert page.locator(".portal-map__window > svg").bounding_box()["width"] >= 1000  # type: ignore[index]
    last = page.locator('a[aria-label="Yamaguchi Prefecture"]')
    last.focus()
    expect(last).to_be_in_viewport()


def test_the_map_is_walked_by_keyboard_or_skipped(visit: Callable[..., Page]) -> None:
    page = visit(viewport={"width": 1280, "height": 900})
    page.goto("/governments")
    page.get_by_role("link", name="Skip the map").focus()
    page.keyboard.press("Tab")
    names = []
    for _ in range(76):
        names.append(page.evaluate("document.activeElement.getAttribute('aria-label')"))
        page.keyboard.press("Tab")
    assert len(set(names)) == 76
    assert None not in names
    assert page.evaluate("document.activeElement.textContent") == "Every status"
    page.get_by_role("link", name="Skip the map").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#after-map")).to_be_focused()
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Every status")).to_be_focused()


def test_the_map_narrows_the_list_without_script(visit: Callable[..., Page]) -> None:
    page = visit(java_script_enabled=False)
    page.goto("/governments?q=altai")
    page.get_by_role("link", name="Mongolia", exact=True).click()
    expect(page).to_have_url(re.compile("country=MN&q=altai"))
    expect(page.get_by_role("link", name="Mongolia", exact=True)).to_have_attribute("aria-current", "true")
    expect(page.locator("h2 .govuk-caption-m")).to_have_text("1 government")
