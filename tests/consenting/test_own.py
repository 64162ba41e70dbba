"""Somebody of age decides alone; "My data" lists all of it; a minor can always say no."""

import datetime as dt
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlmodel import Session, select

from portal.accounts.models import Person
from portal.consents import wording
from portal.consents.models import Consent, ConsentGuardian, Method, Programme, Purpose
from portal.consents.wording import Reader
from portal.contests.models import Edition
from portal.essays.models import Essay
from tests import counting, make
from tests.consenting.conftest import GROWN, NAMED, YES, path, standing, written
from tests.database import JoinedDatabase
from tests.people import Cast

As = Callable[..., TestClient]
OWN = {"language": "en", "digest": wording.digest("en", Programme.CONTEST, Reader.OWN)}


def decide(browser: TestClient, essay: Essay, **typed: str) -> Any:
    return browser.post(path(essay, "/decide"), data={**OWN, **YES, **typed})


def allowed(session: Session, person: Person, essay: Essay) -> set[Purpose]:
    found = standing(session, person, essay.edition_id)
    return {purpose for purpose in Purpose if found.allows(purpose)}


def test_who_is_of_age_decides_purpose_by_purpose(session: Session, cast: Cast, as_: As, grown: Essay) -> None:
    browser = as_(cast.other_applicant)
    page = browser.get(path(grown)).text
    assert page.count('type="radio"') == 2 * len(Purpose)
    assert " checked" not in page.split("<form", 3)[-1]
    assert 'name="email"' not in page
    refused = decide(browser, grown, answer_photo="")
    assert refused.status_code == 422
    assert "Choose yes or no." in refused.text
    assert decide(browser, grown, digest="0").status_code == 422
    assert decide(browser, grown, answer_name="no").status_code == 303
    assert allowed(session, cast.other_applicant, grown) == set(Purpose) - {Purpose.NAME}
    row = session.exec(select(Consent).where(Consent.purpose == Purpose.TEXT)).one()
    assert (row.method, row.guardian_id, row.digest) == (Method.ACCOUNT, None, OWN["digest"])


def test_the_text_can_be_read_and_answered_in_another_language(
    session: Session, cast: Cast, as_: As, grown: Essay
) -> None:
    browser, words = as_(cast.other_applicant), wording.text("ko")
    assert words["form"]["decide"] in browser.get(f"{path(grown)}?read=ko").text
    korean = {"language": "ko", "digest": wording.digest("ko", Programme.CONTEST, Reader.OWN)}
    assert words["errors"]["answer"] in decide(browser, grown, **korean, answer_text="").text
    assert decide(browser, grown, **korean).status_code == 303
    assert {row.language for row in session.exec(select(Consent))} == {"ko"}


def test_who_is_of_age_withdraws_and_gives_again(session: Session, cast: Cast, as_: As, grown: Essay) -> None:
    browser, person = as_(cast.other_applicant), cast.other_applicant
    decide(browser, grown)
    assert browser.post(path(grown, "/name/withdraw"), data={"then": "data"}).headers["location"] == "/account/data"
    assert allowed(session, person, grown) == set(Purpose) - {Purpose.NAME}
    assert browser.post(path(grown, "/name/withdraw")).status_code == 409
    assert browser.post(path(grown, "/name/give"), data={**OWN, "digest": "0"}).status_code == 409
    assert browser.post(path(grown, "/name/give"), data=OWN).status_code == 303
    assert allowed(session, person, grown) == set(Purpose)
    assert browser.post(path(grown, "/name/give"), data=OWN).status_code == 409


def test_who_is_of_age_names_no_guardian(session: Session, cast: Cast, as_: As, grown: Essay) -> None:
    answer = as_(cast.other_applicant).post(path(grown, "/guardian"), data=NAMED)
    assert answer.status_code == 409
    assert "old enough" in answer.text
    assert session.exec(select(ConsentGuardian)).all() == []


def test_a_minor_withdraws_but_does_not_give(session: Session, cast: Cast, as_: As, essay: Essay) -> None:
    browser = as_(cast.stranger)
    assert decide(browser, essay).status_code == 409
    edition = session.get_one(Edition, essay.edition_id)
    make.consented(session, cast.stranger, edition)
    session.commit()
    assert browser.post(path(essay, "/name/withdraw")).status_code == 303
    assert browser.post(path(essay, "/name/give"), data=OWN).status_code == 409
    assert decide(browser, essay).status_code == 409
    assert allowed(session, cast.stranger, essay) == set(Purpose) - {Purpose.NAME}


def test_a_minors_own_yes_does_not_count_and_a_guardians_lasts(
    session: Session, cast: Cast, as_: As, essay: Essay, grown: Essay
) -> None:
    for person, each, guardian in ((cast.stranger, essay, False), (cast.other_applicant, grown, True)):
        edition = session.get_one(Edition, each.edition_id)
        make.consented(session, person, edition, guardian=guardian, token=uuid.uuid4().hex)
    session.commit()
    assert allowed(session, cast.stranger, essay) == set()
    assert "Does not count" in as_(cast.stranger).get(path(essay)).text
    assert allowed(session, cast.other_applicant, grown) == set(Purpose), "given in time, and of age since"
    browser = as_(cast.other_applicant)
    assert browser.post(path(grown, "/photo/withdraw")).status_code == 303
    assert browser.post(path(grown, "/photo/give"), data=OWN).status_code == 303


def test_my_data_lists_everything_with_the_text_it_rests_on(
    session: Session, cast: Cast, as_: As, essay: Essay
) -> None:
    call = make.call(session)
    made = make.application(session, "submitted", applicant=cast.stranger, call=call)
    edition = session.get_one(Edition, essay.edition_id)
    make.consented(session, cast.stranger, edition, photo=False)
    session.commit()
    browser = as_(cast.stranger)
    assert "/account/data" in browser.get("/account").text
    page = browser.get("/account/data").text
    assert edition.titles["en"] in page
    assert "Your guardian Ээж" in page
    assert page.count("/withdraw") == len(Purpose) - 1
    assert "/give" not in page
    assert f"/applications/{made.id}" in page
    assert "I agree that my data is used for this call." in page
    row = session.exec(select(Consent).where(Consent.purpose == Purpose.NAME)).one()
    text = browser.get(f"/account/data/{row.id}").text
    assert wording.text("en")["sections"][0]["all"] in text
    assert row.digest in text
    assert as_(cast.applicant).get(f"/account/data/{row.id}").status_code == 404
    assert "agreed to nothing" in as_(cast.applicant).get("/account/data").text


def test_my_data_asks_as_often_for_three_cases_as_for_one(
    database: JoinedDatabase, session: Session, cast: Cast, as_: As
) -> None:
    counts = []
    for number in (1, 2):
        for _ in range(number):
            made = written(session, cast.stranger)
            edition = session.get_one(Edition, made.edition_id)
            make.consented(session, cast.stranger, edition, token=uuid.uuid4().hex)
        session.commit()
        browser = as_(cast.stranger)
        with counting.queries(database) as counted:
            assert browser.get("/account/data").status_code == 200
        counts.append(len(counted))
    assert counts[0] == counts[1]


@pytest.mark.parametrize("born_on", [GROWN, dt.date(1990, 1, 1)])
def test_internships_have_the_same_page(session: Session, cast: Cast, as_: As, born_on: dt.date) -> None:
    call = make.call(session)
    make.application(session, "submitted", applicant=cast.applicant, home=cast.home, call=call, born_on=born_on)
    session.commit()
    page = as_(cast.applicant).get(f"/consents/internship/{call.id}")
    assert page.status_code == 200
    assert wording.text("en")["questions"]["own"]["internship"]["text"] in page.text
