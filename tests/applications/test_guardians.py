"""A minor's guardian: asked before submission, and nothing is decided before they agree."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlmodel import Session, select

from portal.accounts.viewer import viewer_of
from portal.applications import actions, queries, rules
from portal.applications.models import Application, Status
from portal.applications.words import Word
from portal.calls.models import Call
from portal.clock import today
from portal.consents.models import Consent, ConsentGuardian, Method, Purpose
from portal.errors import Conflict
from tests import make
from tests.files import samples
from tests.people import Cast

As = Callable[..., TestClient]
STEP = "Guardian's consent"


@pytest.fixture
def call(session: Session) -> Call:
    return make.call(session, age_from=14)  # type: ignore[no-any-return]


def minor(session: Session, call: Call, state: str = "draft", **fields: Any) -> Application:
    """Of 16 years, a national of Mongolia, where they count as of age at 18."""
    born_on = today().replace(day=1) - dt.timedelta(days=365 * 16 + 10)
    return make.application(session, state, call=call, born_on=born_on, **fields)  # type: ignore[no-any-return]


def fresh(session: Session, application: Application) -> Application:
    whole = select(Application).where(Application.id == application.id).options(*queries.WHOLE)
    return session.exec(whole.execution_options(populate_existing=True)).one()


def test_the_ward_is_who_lives_there_and_has_that_nationality(session: Session, call: Call, cast: Cast) -> None:
    call.consent_ages = {"MN": 17}
    made = fresh(session, minor(session, call, nationality="KR"))
    ward = rules.ward_of(made)
    assert (ward.residence, ward.nationality, ward.zone) == ("MN", "KR", cast.home.zone)
    assert (ward.born_on, ward.ages, ward.age_of_consent) == (made.born_on, {"MN": 17}, 17)


def test_it_is_submitted_once_a_guardian_is_asked(session: Session, call: Call, cast: Cast, as_: As) -> None:
    made = minor(session, call, applicant=cast.applicant)
    session.commit()
    client = as_(cast.applicant)
    page = client.get(f"/applications/{made.id}").text
    assert STEP in page
    assert f"/consents/internship/{call.id}" in page
    assert "Guardian not asked yet" in page
    assert "Name a parent or guardian" in client.get(f"/applications/{made.id}/check").text
    answer = client.post(f"/applications/{made.id}/submit")
    assert answer.status_code == 409
    assert "a parent or guardian is asked" in answer.text
    make.guardians_word(session, made)
    session.commit()
    assert "Guardian has not answered yet" in client.get(f"/applications/{made.id}").text
    assert client.post(f"/applications/{made.id}/submit").status_code == 303
    assert "cannot be nominated before it comes" in client.get(f"/applications/{made.id}").text


def test_nothing_new_for_somebody_of_age(session: Session, call: Call, cast: Cast, as_: As) -> None:
    made = make.application(session, call=call, applicant=cast.applicant)
    session.commit()
    client = as_(cast.applicant)
    assert STEP not in client.get(f"/applications/{made.id}").text
    assert client.post(f"/applications/{made.id}/submit").status_code == 303
    assert queries.why_not_public(session, fresh(session, made)) is None


@pytest.mark.parametrize(("agrees", "word"), [(None, Word.ASKED), (True, Word.GIVEN), (False, Word.REFUSED)])
def test_where_the_guardian_stands(session: Session, call: Call, agrees: bool | None, word: Word) -> None:
    made = fresh(session, minor(session, call, "submitted"))
    assert queries.guardians_word(session, made) is Word.NOT_ASKED
    make.guardians_word(session, made, agrees=agrees)
    assert queries.guardians_word(session, made) is word
    assert queries.is_held_back(session, made) is (word is not Word.GIVEN)
    assert (queries.why_not_public(session, made) is None) is (word is Word.GIVEN)
    (standing,) = queries.minors(
        session, call.id, [made, fresh(session, make.application(session, call=call))]
    ).values()
    assert rules.guardians_word(standing) is word


def on_paper(session: Session, call: Call, cast: Cast, **fields: Any) -> Application:
    born_on = today() - dt.timedelta(days=365 * 16)
    return make.paper_application(session, cast.home_coordinator, call=call, born_on=born_on, **fields)  # type: ignore[no-any-return]


def test_on_paper_the_scan_is_the_guardians_yes(session: Session, call: Call, cast: Cast, as_: As) -> None:
    made = on_paper(session, call, cast)
    session.commit()
    client = as_(cast.home_coordinator)
    answer = client.post(f"/applications/{made.id}/submit")
    assert answer.status_code == 409
    assert "Enter who signed the consent" in answer.text
    assert 'name="guardian_name"' in client.get(f"/applications/{made.id}/scans").text
    assert client.post(f"/applications/{made.id}/scans", data={"guardian_name": ""}).status_code == 422
    assert client.post(f"/applications/{made.id}/scans", data={"guardian_name": " Дорж "}).status_code == 303
    assert client.post(f"/applications/{made.id}/submit").status_code == 303
    (consent,) = session.exec(select(Consent)).all()
    guardian = session.exec(select(ConsentGuardian)).one()
    assert (consent.purpose, consent.is_given, consent.method) == (Purpose.TAKE_PART, True, Method.PAPER)
    assert (consent.entered_by, consent.scan_id) == (cast.home_coordinator.id, made.consent_scan_id)
    assert (consent.guardian_id, guardian.name, guardian.email) == (guardian.id, "Дорж", "")
    assert not queries.is_held_back(session, fresh(session, made))


def test_what_was_withdrawn_stays_so_when_the_same_paper_comes_again(session: Session, call: Call, cast: Cast) -> None:
    made = on_paper(session, call, cast, guardian_name="Дорж")
    by = viewer_of(session, cast.home_coordinator)
    actions.submit(session, fresh(session, made), by=by)
    make.guardians_word(session, made, agrees=False)
    made = fresh(session, made)
    made.status, made.returned_at = Status.RETURNED, made.submitted_at
    actions.submit(session, made, by=by)
    assert queries.guardians_word(session, fresh(session, made)) is Word.REFUSED
    made.status, made.guardian_name = Status.RETURNED, "Оюун"
    actions.submit(session, made, by=by)
    assert queries.guardians_word(session, fresh(session, made)) is Word.GIVEN, "another guardian signed"


def test_a_name_is_not_asked_for_somebody_of_age(session: Session, call: Call, cast: Cast, as_: As) -> None:
    made = make.paper_application(session, cast.home_coordinator, call=call)
    session.commit()
    client = as_(cast.home_coordinator)
    assert "guardian_name" not in client.get(f"/applications/{made.id}/scans").text
    scan = {"form": ("form.pdf", samples.pdf(), "application/pdf")}
    client.post(f"/applications/{made.id}/scans", data={"guardian_name": "Дорж"}, files=scan)
    assert fresh(session, made).guardian_name == ""
    assert client.post(f"/applications/{made.id}/submit").status_code == 303
    assert session.exec(select(Consent)).all() == []


def test_submission_without_a_guardian_is_refused_in_the_action_too(session: Session, call: Call, cast: Cast) -> None:
    made = fresh(session, minor(session, call, applicant=cast.applicant))
    with pytest.raises(Conflict):
        actions.submit(session, made, by=viewer_of(session, cast.applicant))
    make.guardians_word(session, made, agrees=False)
    actions.submit(session, made, by=viewer_of(session, cast.applicant))
    assert made.status is Status.SUBMITTED, "asked, whatever the answer"
