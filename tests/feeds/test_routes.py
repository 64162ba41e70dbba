"""Whose dates are on the page and in the calendar, and who can open it."""

import datetime as dt
import re
from collections.abc import Callable

import pytest
from fastapi.testclient import TestClient
from icalendar import Calendar
from sqlmodel import Session, select

from portal.accounts.models import Person
from portal.applications.models import Application
from portal.clock import now, today
from portal.feeds.models import Feed
from portal.history.queries import deeds
from portal.placements.models import Placement
from tests import counting, make
from tests.database import JoinedDatabase
from tests.people import Cast

As = Callable[[Person], TestClient]
ELSEWHERE = {"sec-fetch-site": "cross-site"}
DAYS = dt.timedelta(days=1)


def _address(browser: TestClient) -> str:
    """A new secret one, as the page shows it once."""
    page = browser.post("/calendar/address").text
    found = re.search(r"<code>http://[^/]+(/calendar/[^<]+\.ics)</code>", page)
    assert found is not None, page
    return found[1]


def _titles(answer: object) -> list[str]:
    assert answer.status_code == 200  # type: ignore[attr-defined]
    return [str(event["summary"]) for event in Calendar.from_ical(answer.content).walk("VEVENT")]  # type: ignore[attr-defined]


def _stay(session: Session, cast: Cast, state: str = "active", **fields: object) -> Placement:
    opening = make.opening(session, make.call(session), cast.host, title="Museum")
    application = make.application(
        session, "nominated", applicant=cast.applicant, home=cast.home, choices=[opening], roman_name="Batbayar Tuul"
    )
    days = {"starts_on": today() + DAYS, "ends_on": today() + 60 * DAYS, **fields}
    return make.placement(session, state, application=application, **days)


# Who may


def test_only_whoever_is_signed_in_has_dates(client: TestClient, cast: Cast, as_: As) -> None:
    assert client.get("/calendar").status_code in {303, 401}
    for path in ("/calendar/address", "/calendar/revoke"):
        assert client.post(path).status_code == 401
        assert as_(cast.stranger).post(path, headers=ELSEWHERE).status_code == 403
    assert "You have no dates ahead." in as_(cast.stranger).get("/calendar").text


def test_a_secret_address_opens_without_signing_in_until_it_is_revoked(
    session: Session, client: TestClient, cast: Cast, as_: As
) -> None:
    browser = as_(cast.stranger)
    assert browser.post("/calendar/revoke").status_code == 409
    first = _address(browser)
    assert client.get(first).headers["content-type"] == "text/calendar; charset=utf-8"
    assert first not in browser.get("/calendar").text, "it is shown once"
    kept = session.exec(select(Feed)).one()
    assert kept.token_digest not in first and first.split("/")[-1].removesuffix(".ics") not in str(kept)
    second = _address(browser)
    assert (client.get(first).status_code, client.get(second).status_code) == (404, 200)
    assert browser.post("/calendar/revoke").status_code == 303
    assert client.get(second).status_code == 404
    assert [each.deed for each in deeds(session, "person", cast.stranger.id)] == [
        "calendar address revoked", "calendar address made", "calendar address made",
    ]  # fmt: skip


def test_nobody_keeps_passes_on_or_finds_it(client: TestClient, cast: Cast, as_: As) -> None:
    answer = client.get(_address(as_(cast.stranger)))
    assert answer.headers["cache-control"] == "private, no-store"
    assert answer.headers["referrer-policy"] == "no-referrer"
    assert "noindex" in answer.headers["x-robots-tag"]
    assert "set-cookie" not in answer.headers


def test_who_guesses_is_stopped(client: TestClient) -> None:
    statuses = [client.get(f"/calendar/guess{number}.ics").status_code for number in range(61)]
    assert (set(statuses[:60]), statuses[60]) == ({404}, 429)


def test_its_owner_sees_that_it_is_read(client: TestClient, cast: Cast, as_: As) -> None:
    browser = as_(cast.stranger)
    address = _address(browser)
    assert "Not yet" in browser.get("/calendar").text
    client.get(address)
    assert "Not yet" not in browser.get("/calendar").text


def test_it_speaks_its_owners_language(session: Session, client: TestClient, cast: Cast, as_: As) -> None:
    make.application(session, "draft", applicant=cast.applicant)
    cast.applicant.language = "zh-Hans"
    session.commit()
    answer = client.get(_address(as_(cast.applicant)), headers={"accept-language": "en"})
    assert answer.headers["content-language"] == "zh-Hans"
    assert not any(title.startswith("Applications due") for title in _titles(answer))


# Whose dates


def test_an_applicant_has_the_deadlines_of_their_calls(
    session: Session, cast: Cast, as_: As, client: TestClient
) -> None:
    call = make.call(session, titles={"en": "PioNEAR"})
    make.application(session, "draft", applicant=cast.applicant, call=call)
    make.application(session, "returned", applicant=cast.applicant, call=make.call(session, titles={"en": "Second"}))
    make.application(session, "withdrawn", applicant=cast.applicant, call=make.call(session, titles={"en": "Third"}))
    session.commit()
    titles = _titles(client.get(_address(as_(cast.applicant))))
    assert "Applications due: PioNEAR" in titles and "Correct your application: Second" in titles
    assert not any("Third" in title or title.startswith("Nominations") for title in titles)
    assert "Applications due: PioNEAR" in as_(cast.applicant).get("/calendar").text


def test_offers_stays_and_what_they_ask_for(session: Session, cast: Cast, as_: As, client: TestClient) -> None:
    _stay(session, cast)
    session.commit()
    titles = _titles(client.get(_address(as_(cast.applicant))))
    for told in ("The stay begins: Museum", "Last day of the stay: Museum", "A check-in is due: Museum",
                 "Your final report is due: Museum"):  # fmt: skip
        assert told in titles
    assert "Your final report is due: Museum" not in _titles(client.get(_address(as_(cast.host_coordinator))))


def test_an_offer_is_to_be_answered(session: Session, cast: Cast, as_: As, client: TestClient) -> None:
    _stay(session, cast, "offered")
    session.commit()
    assert "Answer the offer: Museum" in _titles(client.get(_address(as_(cast.applicant))))
    assert "Answer the offer: Museum" not in _titles(client.get(_address(as_(cast.host_coordinator))))


def test_what_is_done_is_no_date_any_more(session: Session, cast: Cast, as_: As, client: TestClient) -> None:
    placement = _stay(session, cast, "completed", starts_on=today() - 90 * DAYS, ends_on=today() - DAYS)
    browser = as_(cast.applicant)
    assert "Your final report is due: Museum" in browser.get("/calendar").text
    make.report(session, "submitted", placement=placement)
    session.commit()
    assert "Your final report is due: Museum" not in browser.get("/calendar").text


def test_interviews_have_their_times_and_a_host_reads_no_name(
    session: Session, cast: Cast, as_: As, client: TestClient
) -> None:
    call = make.call(session)
    opening = make.opening(session, call, cast.host, title="Museum")
    application = make.application(
        session, "nominated", applicant=cast.applicant, call=call, home=cast.home, choices=[opening],
        native_name="Secret Name", roman_name="Secret Name",
    )  # fmt: skip
    make.slot(session, opening, taken_by=application, place="Ask for Mr Kim", starts_at=now() + 2 * DAYS)
    session.commit()
    for person in (cast.applicant, cast.host_coordinator):
        file = client.get(_address(as_(person)))
        assert "Interview: Museum" in _titles(file)
        assert b"Secret Name" not in file.content and b"Mr Kim" not in file.content
        [event] = [each for each in Calendar.from_ical(file.content).walk("VEVENT") if "Interview" in each["summary"]]
        assert "DTEND" in event


def test_who_is_kin_of_an_intern_sees_nothing_of_the_stay(session: Session, cast: Cast, as_: As) -> None:
    placement = _stay(session, cast)
    assert "Museum" in as_(cast.host_coordinator).get("/calendar").text
    make.kinship(session, session.get_one(Application, placement.application_id), cast.host_coordinator)
    session.commit()
    assert "Museum" not in as_(cast.host_coordinator).get("/calendar").text


def test_coordinators_are_told_what_is_asked_of_their_governments(session: Session, cast: Cast, as_: As) -> None:
    make.call(session, titles={"en": "PioNEAR"})
    make.call(session, titles={"en": "Elsewhere"}, governments=["JP-32"])
    session.commit()
    page = as_(cast.home_coordinator).get("/calendar").text
    for told in (
        "Openings due: PioNEAR",
        "Nominations due: PioNEAR",
        "Rankings due: PioNEAR",
        "Rankings due: Elsewhere",
    ):
        assert told in page
    assert "Nominations due: Elsewhere" not in page


def test_authors_and_judges_have_each_their_own_dates(
    session: Session, cast: Cast, as_: As, client: TestClient
) -> None:
    edition = make.edition(session, titles={"en": "Essays"})
    judge = make.judge(session, edition)
    author = make.person(session, "Secret Author")
    essay = make.essay(session, "in_judging", edition=edition, author=author)
    make.appointment(session, essay, judge)
    draft = make.essay(session, "draft", edition=edition)
    session.commit()
    assert _titles(client.get(_address(as_(make.person_of(session, draft))))) == ["Essays are due: Essays"]
    assert judge.person is not None
    file = client.get(_address(as_(judge.person)))
    assert _titles(file) == ["Marks are due: Essays"]
    for secret in (author.name, essay.title, str(essay.code), str(essay.id)):
        assert secret.encode() not in file.content


def test_a_judges_calendar_is_the_same_whatever_they_read(session: Session, as_: As) -> None:
    edition = make.edition(session)
    idle, busy = (make.judge(session, edition, name="Judge") for _each in range(2))
    for _essay in range(3):
        make.appointment(session, make.essay(session, "in_judging", edition=edition), busy)
    session.commit()
    pages = [as_(each.person).get("/calendar").text for each in (idle, busy)]
    assert pages[0] == pages[1]


def test_the_secretariat_has_every_date(session: Session, cast: Cast, as_: As) -> None:
    make.call(session, titles={"en": "PioNEAR"})
    make.edition(session, titles={"en": "Essays"}, results_at=now() + 90 * DAYS)
    session.commit()
    for person in (cast.secretary, cast.auditor):
        page = as_(person).get("/calendar").text
        assert all(told in page for told in ("Nominations due: PioNEAR", "Marks are due: Essays", "Results: Essays"))


def test_an_entry_has_the_name_it_has_in_the_public_file(
    session: Session, cast: Cast, as_: As, client: TestClient
) -> None:
    call = make.call(session)
    make.application(session, "draft", applicant=cast.applicant, call=call)
    session.commit()
    public, own = client.get(f"/calls/{call.slug}/calendar.ics"), client.get(_address(as_(cast.applicant)))
    uids = [{str(each["uid"]) for each in Calendar.from_ical(file.content).walk("VEVENT")} for file in (public, own)]
    assert uids[1] and uids[1] <= uids[0]


@pytest.mark.parametrize("stays", [True, False])
def test_many_dates_need_as_many_queries_as_one(
    session: Session, cast: Cast, database: JoinedDatabase, as_: As, stays: bool
) -> None:
    browser, asked = as_(cast.applicant), []
    for number in (1, 2):
        for _each in range(number):
            _ = _stay(session, cast) if stays else make.application(session, "draft", applicant=cast.applicant)
            make.essay(session, "draft", author=cast.applicant)
        session.commit()
        asked.append(counting.queries_of(database, lambda: browser.get("/calendar")))
    assert asked[0] == asked[1]
