"""Everything that a locator does with a mouse, done by keyboard: Tab to where it is, then keys."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from unittest.mock import patch

from playwright.sync_api import Locator, Page

# More stops than any page has.
MOST = 400
HERE = "(element, name) => document.activeElement === element || (name && document.activeElement.name === name)"


@contextmanager
def only() -> Iterator[None]:
    """No locator clicks or fills in by other ways in here."""
    with patch.multiple(
        Locator, click=_press, check=_check, fill=_fill, select_option=_select, set_input_files=_choose_file
    ):
        yield


def _reach(locator: Locator, *, group: str = "") -> Page:
    """Tab after Tab until the element has the focus, or another radio of its group."""
    page, element = locator.page, locator.element_handle()
    for _stop in range(MOST):
        if page.evaluate(f"([element, name]) => ({HERE})(element, name)", [element, group]):
            assert locator.evaluate("() => document.activeElement.matches(':focus-visible')"), "the focus is not shown"
            return page
        page.keyboard.press("Tab")
    raise AssertionError(f"Tab does not reach {locator}")


def _press(locator: Locator, **_options: Any) -> None:
    _reach(locator)
    locator.press("Enter")  # unlike the keyboard's own, it waits for the page that this leads to


def _check(locator: Locator, **_options: Any) -> None:
    group = locator.evaluate("element => element.type === 'radio' ? element.name : ''")
    page = _reach(locator, group=group)
    for _other in range(MOST if group else 0):
        if locator.evaluate("element => document.activeElement === element"):
            break
        page.keyboard.press("ArrowDown")
    if not locator.is_checked():
        page.keyboard.press("Space")
    assert locator.is_checked()


def _fill(locator: Locator, value: str, **_options: Any) -> None:
    page = _reach(locator)
    if locator.get_attribute("type") == "date":
        year, month, day = value.split("-")
        page.keyboard.type(f"{month}{day}{year}")  # Chromium's own language is American English
    else:
        page.keyboard.press("Control+A")
        page.keyboard.insert_text(value)
    assert locator.input_value().strip() == value.strip()


def _select(locator: Locator, value: str, **_options: Any) -> None:
    """By the letters of the option's own words, as one types them into a list."""
    words = locator.evaluate(
        "(select, wanted) => [...select.options].find(each => [each.value, each.text].includes(wanted)).text", value
    )
    _reach(locator).keyboard.type(words)
    assert value in locator.evaluate("select => [select.value, select.selectedOptions[0].text]")


def _choose_file(locator: Locator, file: Any, **_options: Any) -> None:
    # Chromium is told that somebody listens before the keys are pressed; told at the last moment it may miss it.
    locator.page.on("filechooser", lambda _chooser: None)
    page = _reach(locator)
    with page.expect_file_chooser() as chooser:
        page.keyboard.press("Enter")
    chooser.value.set_files(file)
