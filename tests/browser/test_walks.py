"""The two walks in short, in a real browser: what is asserted is what a person sees."""

import re
import uuid

import pytest
from fastapi import FastAPI
from playwright.sync_api import Locator, Page, expect

from portal import lengths
from portal.applications.models import Application
from portal.calls.models import Call
from portal.final_reports import rules as report_rules
from tests import make
from tests.browser.conftest import Served, picture
from tests.browser.steps import People, Visit, apply, contest, internship, sees, sign_in

pytestmark = pytest.mark.browser


def test_applying_without_script(visit: Visit, served: Served, people: People) -> None:
    with served.app.state.database.session(writes=True) as session:
        call = make.call(session)
        make.requested_document(session, call)
        opening = make.opening(session, call, make.government(session, "KR-47"), title="Guide for visitors")
        slug, opening_id = call.slug, str(opening.id)
    page = sign_in(visit(java_script_enabled=False), people.applicant)
    apply(page, slug, opening_id, people.home_id)


def test_the_internship(visit: Visit, people: People) -> None:
    internship(visit, people)


def test_the_contest(visit: Visit, people: People, served: Served) -> None:
    contest(visit, people, served)


# Putting openings in order


TITLES = ("Guide for visitors", "Lakes and gardens", "Old harbours")


class Wishes:
    """A draft with three openings on its list."""

    def __init__(self, app: FastAPI) -> None:
        with app.state.database.session(writes=True) as session:
            call, host = make.call(session), make.government(session, "KR-47")
            applicant = make.member(session, "Туул")
            choices = [make.opening(session, call, host, title=title) for title in TITLES]
            made = make.application(session, applicant=applicant, call=call, choices=choices)
            self.address, self.path = applicant.email, f"/applications/{made.id}/openings"


def button(page: Page, does: str, title: str) -> Locator:
    return page.get_by_role("button", name=re.compile(rf"^{does}\s+{title}$"))


def in_order(page: Page, *titles: str) -> None:
    expect(page.locator("[data-order-row] h3")).to_have_text(list(titles))


def test_openings_are_dragged_into_order(visit: Visit, served: Served) -> None:
    wishes = Wishes(served.app)
    page = sign_in(visit(), wishes.address)
    page.goto(wishes.path)
    in_order(page, *TITLES)
    first, last = (page.locator("[data-order-handle]").nth(n).bounding_box() for n in (0, 2))
    assert first
    assert last
    page.mouse.move(first["x"] + 20, first["y"] + 20)
    page.mouse.down()
    page.mouse.move(first["x"] + 20, last["y"] - 10, steps=5)
    page.mouse.move(first["x"] + 20, last["y"] + 80, steps=5)
    page.mouse.up()
    expect(page.locator("[data-order-said]")).to_have_text("“Guide for visitors” is now number 3 of 3.")
    page.reload()
    in_order(page, "Lakes and gardens", "Old harbours", "Guide for visitors")
    picture(page, "openings-in-order")


def test_a_button_moves_without_a_new_page_and_keeps_the_focus(visit: Visit, served: Served) -> None:
    wishes = Wishes(served.app)
    page = sign_in(visit(), wishes.address)
    page.goto(wishes.path)
    button(page, "Move up", "Old harbours").press("Enter")
    expect(page.locator("[data-order-said]")).to_have_text("“Old harbours” is now number 2 of 3.")
    expect(button(page, "Move up", "Old harbours")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("[data-order-said]")).to_have_text("“Old harbours” is now number 1 of 3.")
    expect(button(page, "Move down", "Old harbours")).to_be_focused()
    page.reload()
    in_order(page, "Old harbours", "Guide for visitors", "Lakes and gardens")


def test_a_lost_connection_is_told_and_the_order_taken_back(visit: Visit, served: Served) -> None:
    wishes = Wishes(served.app)
    page = sign_in(visit(), wishes.address)
    page.goto(wishes.path)
    page.route("**/openings", lambda route: route.abort())
    first, last = (page.locator("[data-order-handle]").nth(n).bounding_box() for n in (0, 2))
    assert first
    assert last
    page.mouse.move(first["x"] + 20, first["y"] + 20)
    page.mouse.down()
    page.mouse.move(first["x"] + 20, last["y"] + 80, steps=10)
    in_order(page, "Lakes and gardens", "Old harbours", "Guide for visitors")
    page.mouse.up()
    expect(page.get_by_role("alert")).to_contain_text("The new order was not saved.")
    in_order(page, *TITLES)


def test_a_list_changed_elsewhere_is_shown_as_it_is(visit: Visit, served: Served) -> None:
    wishes = Wishes(served.app)
    page = sign_in(visit(), wishes.address)
    page.goto(wishes.path)
    other = page.context.new_page()
    other.goto(wishes.path)
    button(other, "Remove", "Lakes and gardens").click()
    in_order(other, "Guide for visitors", "Old harbours")
    button(page, "Move up", "Old harbours").click()
    expect(page.get_by_role("alert")).to_contain_text("The list was changed somewhere else")
    in_order(page, "Guide for visitors", "Old harbours")


def test_openings_are_put_in_order_without_script(visit: Visit, served: Served) -> None:
    wishes = Wishes(served.app)
    page = sign_in(visit(java_script_enabled=False), wishes.address)
    page.goto(wishes.path)
    expect(page.locator("[data-order-handle]").first).to_be_hidden()
    button(page, "Move up", "Old harbours").click()
    sees(page, "“Old harbours” is now number 2 of 3.")
    assert page.url.partition("#")[2].startswith("row-")
    in_order(page, "Guide for visitors", "Old harbours", "Lakes and gardens")
    button(page, "Remove", "Guide for visitors").click()
    in_order(page, "Old harbours", "Lakes and gardens")
    sees(page, "“Guide for visitors” is no longer on your list.")


@pytest.mark.parametrize(
    ("unit", "text"),
    [("characters", "  e\u0301😀漢\n字 "), ("words", "слово — 漢字\u3000７ !? 😀"), ("characters", "")],
)
def test_the_count_on_the_page_is_the_servers(visit: Visit, served: Served, unit: str, text: str) -> None:
    wishes = Wishes(served.app)
    with served.app.state.database.session(writes=True) as session:
        call = session.get_one(Application, uuid.UUID(wishes.path.split("/")[2])).call_id
        make.question(session, session.get_one(Call, call), "long", max_length=100, limit_unit=unit)
    page = sign_in(visit(), wishes.address)
    page.goto(wishes.path.replace("openings", "questions"))
    page.locator("textarea").fill(text)
    counted = {"characters": lengths.characters, "words": lengths.words}[unit](text.strip())
    expect(page.locator("[data-count-shown]")).to_have_text(f"Used: {counted} of 100 {unit}.")


# The final report


@pytest.mark.parametrize(
    ("language", "text"),
    [("en", "one — two 漢字"), ("ja", " 漢字 e\u0301\U0001f469\u200d\U0001f52c🇰🇷🇲🇳👍🏽\n"), ("ko", "")],
    ids=["en", "ja", "ko"],
)
def test_a_report_is_counted_on_the_page_as_on_the_server(
    visit: Visit, served: Served, language: str, text: str
) -> None:
    with served.app.state.database.session(writes=True) as session:
        intern = make.member(session)
        application = make.application(session, "nominated", applicant=intern)
        stay = make.placement(session, "completed", application=application)
        address, path = intern.email, f"/placements/{stay.id}/report"
    page = sign_in(visit(), address)
    page.goto(path)
    page.get_by_label("Language of the report").select_option(language)
    for area in page.locator("textarea").all():
        area.fill(text)
    bounds = report_rules.LENGTHS[language]
    counted = 3 * report_rules.COUNTS[bounds.unit](text.strip())
    unit = "words" if language == "en" else "characters without spaces"
    said = f"Written: {counted} {unit}. It must be {bounds.least} to {bounds.most}."
    expect(page.locator("[data-count-shown]")).to_have_text(said)
