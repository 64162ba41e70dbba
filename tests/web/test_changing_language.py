"""Another language on a page with a form: the same page, and nothing typed is lost."""

import re

from fastapi.testclient import TestClient
from sqlmodel import Session, select

from portal.accounts.models import Registration

TYPED = {"name": "Өнөр <b>", "email": "onor@example.org", "password": "a long enough password", "zone": "Asia/Hovd"}


def test_a_page_with_a_form_offers_languages_as_its_buttons(client: TestClient) -> None:
    page = client.get("/register").text
    assert re.search(r'<button type="submit" form="form"[^>]*name="switch_language" value="zh-Hans"', page)
    assert page.count('id="form"') == 1


def test_a_page_without_one_offers_links_to_itself(client: TestClient) -> None:
    page = client.get("/governments?country=MN").text
    assert 'href="/governments?country=MN&amp;lang=zh-Hans"' in page
    assert "switch_language" not in page


def test_what_was_typed_stays_and_nothing_is_done(client: TestClient, session: Session) -> None:
    before = _registrations(session)
    shown = client.post("/register", data={**TYPED, "switch_language": "zh-Hans"})
    assert shown.headers["content-language"] == "zh-Hans"
    assert 'value="Өнөр &lt;b&gt;"' in shown.text and 'value="onor@example.org"' in shown.text
    assert "govuk-error-summary" not in shown.text and TYPED["password"] not in shown.text
    assert _registrations(session) == before


def test_the_language_is_remembered(client: TestClient) -> None:
    client.post("/register", data={**TYPED, "switch_language": "zh-Hans"})
    assert client.get("/").headers["content-language"] == "zh-Hans"


def test_a_language_that_is_not_offered_changes_nothing_and_does_nothing(client: TestClient, session: Session) -> None:
    shown = client.post("/register", data={**TYPED, "switch_language": "xx"})
    assert shown.headers["content-language"] == "en" and "onor@example.org" in shown.text
    assert _registrations(session) == 0


def _registrations(session: Session) -> int:
    return len(session.exec(select(Registration)).all())
