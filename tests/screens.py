"""The main pages in six languages at two widths, to be looked at: `make screens` writes them to var/screens/."""

import sys
from itertools import groupby

from playwright.sync_api import Browser, ViewportSize

from portal import i18n
from tests.browser.conftest import SCREENS
from tests.pictures import PICTURES
from tests.showing import View, demonstration, go, somebody

WIDTHS: dict[str, ViewportSize] = {"wide": {"width": 1280, "height": 900}, "narrow": {"width": 390, "height": 844}}
VISITED = (
    View("first", "", "/"),
    View("calls", "", "/calls"),
    View("governments", "", "/governments"),
    View("statistics", "", "/statistics"),
    View("contests", "", "/contests"),
    View("register", "", "/register"),
    View("desk-applicant", "applicant", "/"),
    View("desk-home-coordinator", "home-coordinator", "/"),
    View("desk-judge", "judge-jp", "/"),
    View("desk-secretary", "secretary", "/"),
    View("inbox", "applicant", "/inbox"),
    View("calendar", "applicant", "/calendar"),
    View("circulars", "secretary", "/circulars"),
    View("words-of-messages", "secretary", "/wordings"),
)


def main(only: str) -> None:
    SCREENS.mkdir(parents=True, exist_ok=True)
    views = sorted((each for each in (*VISITED, *PICTURES) if only in each.name), key=lambda each: each.who)
    with demonstration() as (browser, origin):
        for who, theirs in groupby(views, key=lambda each: each.who):
            _take(browser, origin, who, list(theirs))


def _take(browser: Browser, origin: str, who: str, views: list[View]) -> None:
    for width, size in WIDTHS.items():
        with somebody(browser, origin, who, size) as page:
            for view in views:
                for language in i18n.offered():
                    go(page, view, language)
                    page.screenshot(path=SCREENS / f"{view.name}.{language}.{width}.png", full_page=True)


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "")
