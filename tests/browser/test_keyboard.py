"""Whole journeys by keyboard alone: applying, nominating, approving, accepting; writing, screening, judging."""

import pytest
from playwright.sync_api import expect

from tests.browser import keyboard
from tests.browser.conftest import Served
from tests.browser.steps import People, Visit, contest, internship

pytestmark = pytest.mark.browser


def test_the_internship_by_keyboard(visit: Visit, people: People) -> None:
    with keyboard.only():
        internship(visit, people)


def test_the_contest_by_keyboard(visit: Visit, people: People, served: Served) -> None:
    with keyboard.only():
        contest(visit, people, served)


def test_the_first_stop_skips_to_the_content(visit: Visit, served: Served) -> None:
    page = visit()
    page.goto("/")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.getAttribute('href')") == "#main-content"
    page.keyboard.press("Enter")
    page.wait_for_url("**/#main-content")
    page.keyboard.press("Tab")
    expect(page.locator("main :focus")).to_have_count(1)
