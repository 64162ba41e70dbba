"""Another language on a page with a form: the same page, and nothing typed is lost."""

import re
import uuid
from collections.abc import Callable

from fastapi.testclient import TestClient
from sqlmodel import Session, select

from portal.accounts.models import Registration
from portal.applications.models import Status
from portal.contests.models import Edition
from portal.essays.models import EssayStatus, Manuscript
from portal.files.models import StoredFile
from portal.history.models import Entry
from tests import make
from tests.people import Cast

As = Callable[..., TestClient]

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


def test_a_page_with_a_search_offers_links_that_keep_it(client: TestClient) -> None:
    page = client.get("/certificates/check?number=NEAR").text
    assert 'href="/certificates/check?number=NEAR&amp;lang=zh-Hans"' in page and "switch_language" not in page


def test_a_button_by_itself_is_never_pressed_by_it(session: Session, cast: Cast, as_: As) -> None:
    client = as_(cast.applicant)
    assert client.post("/sign-out", data={"switch_language": "zh-Hans"}).status_code == 409
    assert client.get("/account").status_code == 200


def test_a_decision_is_not_taken_back_by_it(session: Session, cast: Cast, as_: As) -> None:
    made = make.application(session, "nominated", call=make.call(session), home=cast.home)
    path, client = f"/applications/{made.id}/take-back", as_(cast.home_coordinator)
    assert f'href="{path}?lang=zh-Hans"' in client.get(path).text
    client.post(path, data={"switch_language": "zh-Hans"})
    session.refresh(made)
    assert made.status is Status.NOMINATED


def test_a_file_is_not_given_by_it(session: Session, cast: Cast, as_: As) -> None:
    essay = make.essay(session, "draft", author=cast.applicant, text="")
    sent = as_(cast.applicant).post(
        f"/essays/{essay.id}/file", files={"file": ("essay.txt", b"Mine. " * 50)}, data={"switch_language": "zh-Hans"}
    )
    assert (sent.status_code, sent.headers["content-language"]) == (422, "zh-Hans")
    assert session.exec(select(Manuscript)).all() == [] and session.exec(select(StoredFile)).all() == []


def test_what_is_done_to_many_is_shown_again_in_it(session: Session, cast: Cast, as_: As) -> None:
    path = f"/calls/{make.call(session).slug}/overview/remind-coordinators"
    shown = as_(cast.secretary).post(path, data={"government": "MN-1", "switch_language": "zh-Hans"})
    assert (shown.status_code, shown.headers["content-language"]) == (200, "zh-Hans")


def test_a_button_that_counts_once_is_not_pressed_by_it(session: Session, cast: Cast, as_: As) -> None:
    """Submitting an application, and what screeners decide: there is nothing to show again."""
    application = make.application(session, Status.DRAFT, applicant=cast.applicant)
    essay = make.essay(session, "submitted")
    edition = session.get_one(Edition, essay.edition_id)
    make.agreed(session, essay)
    screener = make.screener(session, edition)
    make.ticked(session, essay, screener)
    session.commit()
    here = f"/contests/{edition.slug}/screening/{essay.id}"
    submit, admit = f"/applications/{application.id}/submit", f"{here}/admit"
    others = [f"{here}/disqualification/confirm", f"{here}/disqualification/take-back"]
    deeds = len(session.exec(select(Entry)).all())
    for person, path in [(cast.applicant, submit), (screener, admit), *((screener, path) for path in others)]:
        refused = as_(person).post(path, data={"switch_language": "zh-Hans", "key": str(uuid.uuid4())})
        assert (refused.status_code, refused.headers["content-language"]) == (409, "zh-Hans")
    session.expire_all()
    assert (application.status, essay.status) == (Status.DRAFT, EssayStatus.SUBMITTED)
    assert len(session.exec(select(Entry)).all()) == deeds
    assert as_(cast.applicant).post(submit).headers["location"].endswith("/receipt")
    assert as_(screener).post(admit).status_code == 303


def test_asking_again_is_not_done_by_it(session: Session, cast: Cast, as_: As) -> None:
    nowhere = uuid.uuid4()
    for path in (
        f"/applications/{nowhere}/letters/{nowhere}/again", f"/placements/{nowhere}/agreement/guardian/again",
        f"/consents/contest/{nowhere}/again",
    ):  # fmt: skip
        assert as_(cast.applicant).post(path, data={"switch_language": "ko"}).status_code == 409


def _registrations(session: Session) -> int:
    return len(session.exec(select(Registration)).all())
