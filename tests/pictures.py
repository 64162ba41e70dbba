"""The pictures of the guides, taken from the demonstration: `make pictures` writes docs/pictures/ anew."""

from pathlib import Path

from playwright.sync_api import Browser, ViewportSize

from tests.showing import View, demonstration, go, somebody

FOLDER = Path(__file__).parent.parent / "docs" / "pictures"
SIZE: ViewportSize = {"width": 1000, "height": 760}

PICTURES = (
    View("applicant-call", "author", "/calls/autumn-2027"),
    View("applicant-openings", "author", "/openings"),
    View("applicant-offer", "applicant", "/placements", ("a[href^='/placements/']",)),
    View("applicant-essay", "author", "/essays", ("a[href^='/essays/']",)),
    View("coordinator-nominations", "home-coordinator", "/nominations"),
    View("coordinator-review", "home-coordinator", "/nominations", ("a[href*='status=submitted']", "tbody a")),
    View("coordinator-order", "home-coordinator", "/nominations", ("a[href^='/nominations/order/']",)),
    View(
        "coordinator-placement", "host-coordinator", "/placements", ("a[href^='/placements/']:not([href$='openings'])",)
    ),
    View("judge-desk", "judge-jp", "/judging"),
    View(
        "judge-essay",
        "judge-jp",
        "/judging",
        ("a[href^='/judging/']:not([href$='training']):not([href$='conflicts'])",),
    ),
    View("secretary-first-page", "secretary", "/"),
    View("secretary-screening", "secretary", "/contests/essays-2027/screening", ("tbody a, .govuk-list a",)),
    View("secretary-order", "second-secretary", "/contests/essays-2026/order"),
    View("secretary-mail", "secretary", "/messages"),
)


def main() -> None:
    with demonstration() as (browser, origin):
        for picture in PICTURES:
            _take(browser, origin, picture)


def _take(browser: Browser, origin: str, picture: View) -> None:
    with somebody(browser, origin, picture.who, SIZE) as page:
        go(page, picture, "en")
        page.locator(picture.scroll_to).first.evaluate(
            "found => scrollTo(0, found.getBoundingClientRect().top + scrollY - 24)"
        )
        page.screenshot(path=FOLDER / f"{picture.name}.png")


if __name__ == "__main__":
    main()
