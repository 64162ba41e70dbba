"""A deal as the secretariat looks at it, wide and narrow; a judge's two pages beside the desk."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page
from sqlmodel import Session, select

from portal.accounts.models import Person
from portal.deals import jobs
from portal.deals.models import Deal
from portal.jobs.registry import Services
from portal.judging.models import Appointment, Judge
from tests import make
from tests.browser.conftest import Served, picture

pytestmark = pytest.mark.browser
Visit = Callable[..., Page]
SIZES = {"wide": (1280, 900), "narrow": (390, 844)}
HOMES = ("MN-1", "JP-32", "RU-PRI", "CN-HA")


def _panel(session: Session) -> str:
    """English and Russian well covered, Mongolian by judges of whom two share no essay with the others."""
    edition = make.edition(session, titles={"en": "The river between us"}, first_readings=2)
    for n in range(36):
        language = ("en", "ru")[n % 2] if n < 32 else "mn"
        home = make.government(session, HOMES[n % 4])
        make.essay(session, "admitted", edition=edition, language=language, government=home)
    for n in range(9):
        languages = (("en",), ("ru", "en"), ("mn", "en"))[n % 3]
        make.judge(session, edition, make.government(session, ("KR-47", "MN-1")[n % 2]), languages, name=f"Judge {n}")
    return edition.slug


def _signed_in(served: Served, visit: Visit, person: Person, size: str) -> Page:
    width, height = SIZES[size]
    page = visit(viewport={"width": width, "height": height})
    with served.app.state.database.session(writes=True) as session:
        cookies = make.sign_in(session, served.app.state.settings, session.get_one(Person, person.id))
    page.context.add_cookies([{"name": n, "value": v, "url": served.origin} for n, v in cookies.items()])
    return page


def _fits(page: Page) -> bool:
    found: bool = page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
    return found


def _computed(served: Served) -> None:
    app = served.app.state
    with app.database.session(writes=False) as session:
        deal = session.exec(select(Deal).order_by(Deal.ordered_at.desc())).first()
    jobs.compute(Services(app.settings, app.database), str(deal.id))


def test_a_deal_is_looked_at_and_dealt(served: Served, visit: Visit) -> None:
    database = served.app.state.database
    with database.session(writes=True) as session:
        slug, secretary = _panel(session), make.secretary(session)
    pages = {size: _signed_in(served, visit, secretary, size) for size in SIZES}
    page = pages["wide"]
    page.goto(f"/contests/{slug}/deal")
    picture(page, "deal-none-wide")
    page.get_by_label("First round").check()
    page.get_by_role("button", name="Compute a deal").click()
    page.wait_for_selector("progress")
    picture(page, "deal-waiting-wide")
    _computed(served)
    page.get_by_role("button", name="Deal these essays").wait_for()  # the page looks again by itself, and then no more
    assert not page.locator("#watched[hx-get]").count()
    for size, each in pages.items():
        each.goto(f"/contests/{slug}/deal")
        each.get_by_role("button", name="Deal these essays").wait_for()
        assert _fits(each)
        picture(each, f"deal-{size}")
    page.get_by_role("button", name="Deal these essays").click()
    page.wait_for_selector("progress")
    with database.session(writes=False) as session:
        deal = session.exec(select(Deal)).one()
    jobs.make(Services(served.app.state.settings, database), str(deal.id))
    with database.session(writes=False) as session:
        reading = session.exec(select(Appointment)).first()
        judge = session.get_one(Judge, reading.judge_id)
        person = session.get_one(Person, judge.person_id)
    for size in SIZES:
        each = _signed_in(served, visit, person, size)
        for name, path in (("conflict", f"/judging/{reading.alias}/conflict"), ("leave", "/judging/leave")):
            each.goto(path)
            assert _fits(each)
            picture(each, f"deal-{name}-{size}")
        pages[size].goto(f"/contests/{slug}/judges/{judge.code}/leave")
        assert _fits(pages[size])
        picture(pages[size], f"deal-lost-{size}")


def test_an_impossible_deal_says_so(served: Served, visit: Visit) -> None:
    with served.app.state.database.session(writes=True) as session:
        slug, secretary = _panel(session), make.secretary(session)
        for judge in session.exec(select(Judge)):
            judge.most = 3 if "mn" in judge.languages else 9
    pages = {size: _signed_in(served, visit, secretary, size) for size in SIZES}
    pages["wide"].goto(f"/contests/{slug}/deal")
    pages["wide"].get_by_label("First round").check()
    pages["wide"].get_by_role("button", name="Compute a deal").click()
    pages["wide"].wait_for_selector("progress")
    _computed(served)
    for size, each in pages.items():
        each.goto(f"/contests/{slug}/deal")
        each.get_by_text("Impossible").first.wait_for()
        assert _fits(each)
        picture(each, f"deal-impossible-{size}")
