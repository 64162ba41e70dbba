"""A judge marks: by keyboard alone, through a lost connection, on a phone, in two windows, without script."""

import datetime as dt
import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page, expect
from sqlmodel import col, select

from portal.clock import now
from portal.contests.models import Criterion, Edition
from portal.judging.models import Appointment, Mark
from tests import make
from tests.browser.conftest import SCREENS, Served, picture

pytestmark = pytest.mark.browser
Visit = Callable[..., Page]
SOON = 15_000
PHONE = {"viewport": {"width": 320, "height": 700}}
TEXT = "Our rivers do not stop at borders, and neither should our plans for them. " * 9
OFFLINE = "no connection. Your marks are kept on this device"


class Marking:
    """A judge with three essays, one of them with marks of another judge."""

    def __init__(self, served: Served, visit: Visit) -> None:
        self.database, self.visit = served.app.state.database, visit
        with self.database.session(writes=True) as session:
            edition = make.edition(session, titles={"en": "Essays of one region"}, shows_marks=True)
            person = make.member(session, "Judge")
            judge, other = make.judge(session, edition, person=person), make.judge(session, edition)
            made = []
            for n in range(3):
                essay = make.essay(
                    session, "in_judging", edition=edition, title=f"Ferries, {n}", text=f"{TEXT}\n\n" * 8
                )
                made.append(make.appointment(session, essay, judge, alias=f"alias{n}"))
            make.marks(session, make.appointment(session, made[0].essay, other), 2, 4, 6, 8, 10)
            self.address, self.edition_id = person.email, edition.id

    def given(self, alias: str = "alias0") -> dict[int, int]:
        with self.database.session(writes=False) as session:
            rows = session.exec(
                select(Criterion.position, Mark.points)
                .join(Mark, col(Mark.criterion_id) == Criterion.id)
                .join(Appointment, col(Mark.appointment_id) == Appointment.id)
                .where(Appointment.alias == alias)
            )
            return dict(rows.all())

    def appointment(self, alias: str = "alias0") -> Appointment:
        with self.database.session(writes=False) as session:
            return session.exec(select(Appointment).where(Appointment.alias == alias)).one()

    def open(self, path: str = "/judging/alias0", **options: object) -> Page:
        page = self.visit(**options)
        page.goto("/sign-in")
        page.get_by_label("E-mail address").fill(self.address)
        page.get_by_label("Password", exact=True).fill(make.PASSWORD)
        page.get_by_role("button", name="Sign in").click()
        expect(page.locator(".portal-account").get_by_role("button", name="Sign out")).to_be_attached()
        page.goto(path)
        return page


@pytest.fixture
def marking(served: Served, visit: Visit) -> Iterator[Marking]:
    yield Marking(served, visit)


def choose(page: Page, line: int, points: int) -> None:
    page.locator(f"input[name=points_{line}][value='{points}']").check()


def said(page: Page, sentence: str) -> None:
    expect(page.locator("[data-marks-said]")).to_contain_text(re.compile(sentence), timeout=SOON)


def kept_here(page: Page) -> int:
    return int(page.evaluate("Object.keys(localStorage).filter((name) => name.startsWith('marks ')).length"))


def focused(page: Page) -> str:
    return str(page.evaluate("document.activeElement.name || document.activeElement.textContent.trim()"))


def tab_to(page: Page, name: str) -> None:
    for _ in range(60):
        if focused(page) == name:
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"{name} is not reached by the tab key")


def test_from_the_desk_to_submission_by_keyboard_alone(marking: Marking) -> None:
    page = marking.open("/judging")
    picture(page, "desk")
    tab_to(page, "Read the next essay")
    page.keyboard.press("Enter")
    page.wait_for_url("**/judging/alias0")
    for line in range(1, 6):
        tab_to(page, f"points_{line}")
        outline = page.evaluate("getComputedStyle(document.activeElement.nextElementSibling, '::before').boxShadow")
        assert outline != "none", "the focus is seen"
        page.keyboard.press("Space")
        for _ in range(line):
            page.keyboard.press("ArrowRight")
    tab_to(page, "comment")
    page.keyboard.type("A clear voice.")
    tab_to(page, "private_note")
    page.keyboard.type("The best of the three.")
    said(page, r"Saved at \d\d:\d\d\.")
    assert (marking.given(), kept_here(page)) == ({line: line + 1 for line in range(1, 6)}, 0)
    picture(page, "reading")
    tab_to(page, "Submit your marks for good")
    page.keyboard.press("Enter")
    expect(page.get_by_role("main")).to_contain_text("1 of 3 submitted")
    kept = marking.appointment()
    assert (kept.comment, kept.private_note, kept.locked_at is None) == (
        "A clear voice.", "The best of the three.", False,
    )  # fmt: skip
    page.goto("/judging/alias0")
    expect(page.get_by_role("row", name="Argument")).to_contain_text("4")
    picture(page, "reading-locked")


def test_what_was_left_out_is_one_link_away(marking: Marking) -> None:
    page = marking.open()
    for line in (1, 2, 4, 5):
        choose(page, line, 7)
    page.get_by_role("button", name="Submit your marks for good").click()
    summary = page.get_by_role("alert")
    expect(summary.get_by_role("link")).to_have_count(1)
    picture(page, "reading-missing")
    summary.get_by_role("link").click()
    assert focused(page) == "points_3"


def test_marks_given_without_a_network_are_kept_and_sent_when_it_is_back(marking: Marking) -> None:
    page = marking.open()
    page.context.set_offline(True)
    choose(page, 1, 8)
    page.locator("#comment").fill("Offline.")
    said(page, OFFLINE)
    page.get_by_role("button", name="Submit your marks for good").click()
    said(page, OFFLINE)
    assert (marking.given(), kept_here(page)) == ({}, 1)
    assert "Ferries" not in str(page.evaluate("JSON.stringify(localStorage)"))
    page.context.set_offline(False)
    said(page, r"Saved at")
    assert (marking.given(), marking.appointment().comment, kept_here(page)) == ({1: 8}, "Offline.", 0)


def test_a_window_that_closed_without_a_network_is_made_good_by_the_desk(marking: Marking) -> None:
    page = marking.open()
    page.context.set_offline(True)
    choose(page, 2, 9)
    page.locator("#private_note").fill("Kept.")
    said(page, OFFLINE)
    page.close()
    page.context.set_offline(False)
    again = page.context.new_page()
    again.goto("/judging")
    expect(again.locator("[data-marks-desk]")).to_contain_text("are sent", timeout=SOON)
    assert (marking.given(), marking.appointment().private_note, kept_here(again)) == ({2: 9}, "Kept.", 0)


def test_what_was_kept_stands_on_the_page_again(marking: Marking) -> None:
    page = marking.open()
    page.route(
        "**/judging/alias0", lambda route: route.abort() if route.request.method == "POST" else route.continue_()
    )
    choose(page, 3, 5)
    said(page, OFFLINE)
    page.unroute("**/judging/alias0")
    page.goto("/judging/alias0")
    expect(page.locator("input[name=points_3][value='5']")).to_be_checked()
    said(page, r"Saved at")
    assert (marking.given(), kept_here(page)) == ({3: 5}, 0)


def test_a_comment_that_is_too_long_holds_up_no_points(marking: Marking) -> None:
    page = marking.open()
    page.locator("#comment").fill("x" * 2001)
    choose(page, 1, 6)
    said(page, "Comment to the author: Use at most 2000 characters")
    assert marking.given() == {1: 6}
    page.get_by_role("button", name="Save your marks").click()
    expect(page.locator("#comment")).to_have_value("x" * 2001)
    page.locator("#comment").fill("Short.")
    said(page, r"Saved at")
    assert (marking.appointment().comment, kept_here(page)) == ("Short.", 0)


def test_of_two_windows_the_last_change_of_each_criterion_counts(marking: Marking) -> None:
    page = marking.open()
    other = page.context.new_page()
    other.goto("/judging/alias0")
    choose(page, 1, 3)
    said(page, r"Saved at")
    choose(other, 2, 4)
    said(other, r"Saved at")
    choose(other, 1, 9)
    page.wait_for_timeout(1500)
    assert marking.given() == {1: 9, 2: 4}


def test_signing_out_leaves_nothing_on_the_device(marking: Marking) -> None:
    page = marking.open()
    page.route("**/judging/alias0", lambda route: route.abort())
    choose(page, 1, 2)
    said(page, OFFLINE)
    assert kept_here(page) == 1
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("link", name="Sign in").first).to_be_visible()
    assert kept_here(page) == 0


def test_marks_that_come_too_late_are_told(marking: Marking) -> None:
    page = marking.open()
    page.context.set_offline(True)
    choose(page, 1, 7)
    said(page, OFFLINE)
    page.close()
    with marking.database.session(writes=True) as session:
        edition = session.get_one(Edition, marking.edition_id)
        edition.opens_at, edition.due_at, edition.judging_due_at = (now() - dt.timedelta(days=n) for n in (60, 30, 1))
        session.add(edition)
    page.context.set_offline(False)
    again = page.context.new_page()
    again.goto("/judging/alias0")
    expect(again.locator("[data-marks-late]")).to_contain_text("too late")
    expect(again.locator("[data-marks-late-list]")).to_have_text(re.compile(": 7$"))


@pytest.mark.parametrize("options", [PHONE, {"viewport": {"width": 390, "height": 844}}], ids=["320", "390"])
def test_on_a_phone_nothing_scrolls_sideways(marking: Marking, options: dict[str, object]) -> None:
    page = marking.open("/judging", **options)
    for path in ("/judging", "/judging/alias0"):
        page.goto(path)
        picture(page, f"phone{path.replace('/', '-')}-{options['viewport']['width']}")  # type: ignore[index]
        assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0
    essay, marks = page.locator(".portal-essay").bounding_box(), page.locator(".portal-desk__marks").bounding_box()
    assert essay is not None and marks is not None
    assert marks["y"] >= essay["y"] + essay["height"]


def test_on_a_wide_screen_the_marks_stay_beside_the_essay(marking: Marking) -> None:
    page = marking.open(viewport={"width": 1280, "height": 800})
    page.evaluate("window.scrollTo(0, 700)")
    marks = page.locator(".portal-desk__marks").bounding_box()
    assert marks is not None and marks["y"] >= -1
    assert marks["height"] <= 800
    page.screenshot(path=SCREENS / "reading-beside.png")


def test_without_script_the_button_saves(marking: Marking) -> None:
    page = marking.open(java_script_enabled=False)
    for line in range(1, 6):
        choose(page, line, 6)
    page.get_by_role("button", name="Save your marks").click()
    expect(page.get_by_role("main")).to_contain_text("Your marks are saved.")
    page.get_by_role("button", name="Submit your marks for good").click()
    expect(page.get_by_role("main")).to_contain_text("Your marks are submitted.")
