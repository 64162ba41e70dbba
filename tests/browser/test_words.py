"""New words for a message, and the inbox of whom they reach: wide and narrow, in two languages."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from portal.accounts.models import Person
from portal.accounts.queries import recipient
from portal.calls.models import Call
from portal.mail import actions
from tests import make
from tests.browser.conftest import Served, picture

pytestmark = pytest.mark.browser
Visit = Callable[..., Page]
SIZES = {"wide": (1280, 900), "narrow": (390, 844)}


def _signed_in(served: Served, visit: Visit, person: Person, size: str) -> Page:
    width, height = SIZES[size]
    page = visit(viewport={"width": width, "height": height})
    with served.app.state.database.session(writes=True) as session:
        cookies = make.sign_in(session, served.app.state.settings, session.get_one(Person, person.id))
    page.context.add_cookies([{"name": name, "value": value, "url": served.origin} for name, value in cookies.items()])
    return page


def _receipt(served: Served, reader: Person) -> None:
    with served.app.state.database.session(writes=True) as session:
        person = session.get_one(Person, reader.id)
        application = make.application(session, "submitted", applicant=person)
        call = session.get_one(Call, application.call_id)
        actions.send(session, "applications/submitted", to=recipient(person), application=application, call=call)


def _is_no_wider_than_the_screen(page: Page) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"))


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("language", ["en", "zh-Hans"])
def test_from_new_words_to_the_readers_inbox(served: Served, visit: Visit, size: str, language: str) -> None:
    with served.app.state.database.session(writes=True) as session:
        secretary, reader = make.secretary(session), make.person(session, "Reader", language=language)
    _receipt(served, reader)
    page = _signed_in(served, visit, secretary, size)
    for path, name in (("/wordings", "list"), (f"/wordings/applications.submitted/{language}", "one")):
        page.goto(f"{served.origin}{path}?lang={language}")
        assert _is_no_wider_than_the_screen(page)
        picture(page, f"wordings-{name}-{language}-{size}")
    subject = page.locator('form input[name^="words_"]').first
    subject.fill("Thank you: {number}")
    page.locator('button[formaction$="/preview"]').click()
    assert page.get_by_role("heading", name="Thank you:").count() == 1
    with page.context.expect_page() as opened:
        page.locator('button[formaction$="/letter"]').click()
    opened.value.wait_for_load_state()
    picture(opened.value, f"wordings-letter-{language}-{size}")
    opened.value.close()
    page.locator("main form button:not([formaction])").first.click()
    page.wait_for_load_state()
    _receipt(served, reader)
    page = _signed_in(served, visit, reader, size)
    page.goto(f"{served.origin}/inbox?lang={language}")
    assert _is_no_wider_than_the_screen(page)
    picture(page, f"inbox-{language}-{size}")
    page.get_by_role("link", name="Thank you:").click()
    picture(page, f"inbox-message-{language}-{size}")
    page.locator('form[action$="/read"] button').click()
    page.wait_for_url(f"{served.origin}/inbox")
