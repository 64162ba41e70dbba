"""Who is reminded in a call: each rule at its moments, to those who have not done it, and to nobody else."""

import datetime as dt

import pytest
import time_machine
from fastapi.testclient import TestClient
from sqlmodel import Session

from portal.applications.models import Application, Status
from portal.calls.models import Call
from portal.jobs.registry import Services
from portal.openings.models import OpeningStatus
from portal.reminding import queries
from portal.reminding.rules import RULES
from tests import counting, make
from tests.accounts import letters
from tests.database import JoinedDatabase
from tests.people import Cast
from tests.reminding.running import reminded

DAY, HOUR = dt.timedelta(days=1), dt.timedelta(hours=1)


@pytest.fixture
def call(session: Session, noon: dt.datetime) -> Call:
    return make.call(
        session, opens_at=noon - 30 * DAY, openings_due_at=noon + 10 * DAY, applications_due_at=noon + 20 * DAY,
        corrections_due_at=noon + 30 * DAY, nominations_due_at=noon + 40 * DAY,
    )  # fmt: skip


def test_drafts_on_paper_are_the_coordinators(session: Session, services: Services, cast: Cast, call: Call) -> None:
    for _each in range(2):
        make.paper_application(session, cast.home_coordinator, "draft", call=call, home=cast.home)
    told = reminded(session, services, call.applications_due_at - DAY)
    assert told["applications/draft_waits", cast.home_coordinator.address] == 2
    assert "Please pass it on" in letters.to(session, cast.home_coordinator.address)[-1].text


def test_what_was_returned_is_spoken_of_three_days_and_a_day_before_its_end(
    session: Session, services: Services, cast: Cast, call: Call, noon: dt.datetime
) -> None:
    made = make.application(
        session, "returned", applicant=cast.applicant, call=call, correction_due_at=noon + 9 * DAY, returned_at=noon
    )
    one = {("applications/correction_waits", cast.applicant.address): 1}
    told = [reminded(session, services, noon + days * DAY) for days in (5, 6, 7, 8, 9)]
    assert told == [{}, one, {}, one, {}]
    text = letters.to(session, cast.applicant.address)[-1].text
    assert "12:00 in Seoul" in text and f"/applications/{made.id}" in text


def test_a_correction_that_is_due_tomorrow_from_the_start_is_not_spoken_of_twice(
    session: Session, services: Services, call: Call, noon: dt.datetime
) -> None:
    make.application(session, "returned", call=call, correction_due_at=noon + DAY / 2, returned_at=noon)
    assert reminded(session, services, noon + HOUR) == {}


def test_hosts_are_told_of_openings_that_nobody_sees_yet(
    session: Session, services: Services, cast: Cast, call: Call
) -> None:
    for status in (OpeningStatus.DRAFT, OpeningStatus.DRAFT, OpeningStatus.PUBLISHED):
        make.opening(session, call, cast.host, status=status)
    make.opening(session, call, cast.elsewhere)
    office = {("openings/drafts_wait", cast.host_coordinator.address): 1}
    assert cast.other_coordinator
    due = call.openings_due_at
    told = [reminded(session, services, due + days * DAY) for days in (-8, -7, -3, -2, 0)]
    assert told == [{}, office, {}, office, {}]
    assert "2 openings of your government" in letters.to(session, cast.host_coordinator.address)[-1].text


def test_a_referee_gets_a_new_link_that_ends_when_the_first_one_would_have(
    session: Session, services: Services, client: TestClient, call: Call, noon: dt.datetime
) -> None:
    application = make.application(session, "submitted", call=call)
    letter = make.letter(session, application, sent_at=noon, expires_at=noon + 12 * DAY, times_sent=1)
    one = {("references/waits", letter.referee_email): 1}
    assert [reminded(session, services, noon + days * DAY) for days in (4, 5, 10)] == [{}, one, one]
    assert (letter.times_sent, letter.expires_at) == (1, noon + 12 * DAY)
    with time_machine.travel(noon + 10 * DAY + HOUR, tick=False):
        assert client.get(letters.newest_link(session, letter.referee_email)).status_code == 200


@pytest.mark.parametrize("field", ["received_at", "declined_at"])
def test_a_referee_who_has_answered_is_left_alone(
    session: Session, services: Services, call: Call, noon: dt.datetime, field: str
) -> None:
    application = make.application(session, "submitted", call=call)
    given = {field: noon, "text": "A good one."} if field == "received_at" else {field: noon}
    make.letter(session, application, expires_at=noon + 12 * DAY, **given)
    assert reminded(session, services, noon + 6 * DAY) == {}


@pytest.mark.parametrize(("status", "told"), [("withdrawn", 0), ("draft", 1)])
def test_a_referee_of_somebody_who_withdrew_is_left_alone(
    session: Session, services: Services, call: Call, noon: dt.datetime, status: str, told: int
) -> None:
    application = make.application(session, status, call=call)
    make.letter(session, application, sent_at=noon, expires_at=noon + 12 * DAY)
    assert sum(reminded(session, services, noon + 6 * DAY).values()) == told


def test_an_applicant_is_told_of_a_letter_that_is_missing(
    session: Session, services: Services, cast: Cast, call: Call, noon: dt.datetime
) -> None:
    requested = make.requested_letter(session, call)
    make.application(session, "submitted", applicant=cast.applicant, call=call)
    sent = make.application(session, "submitted", call=call)
    make.letter(session, sent, requested=requested, received_at=noon, text="A good one.")
    declined = make.application(session, "submitted", applicant=cast.other_applicant, call=call)
    make.letter(session, declined, requested=requested, declined_at=noon)
    told = reminded(session, services, call.nominations_due_at - 7 * DAY)
    missing = {address for template, address in told if template == "references/missing"}
    assert missing == {cast.applicant.address, cast.other_applicant.address}


def test_a_letter_that_may_be_left_out_is_not_missed(session: Session, services: Services, call: Call) -> None:
    make.requested_letter(session, call, is_required=False)
    make.application(session, "submitted", call=call)
    told = reminded(session, services, call.nominations_due_at - 7 * DAY)
    assert "references/missing" not in {template for template, _address in told}


def test_a_minor_is_told_that_the_guardian_has_not_agreed(
    session: Session, services: Services, cast: Cast, call: Call, noon: dt.datetime
) -> None:
    young = {"born_on": dt.date(noon.year - 15, 1, 2), "call": call}
    waits = make.application(session, "submitted", applicant=cast.applicant, **young)
    agreed = make.application(session, "submitted", **young)
    refused = make.application(session, "submitted", **young)
    make.guardians_word(session, waits)
    make.guardians_word(session, agreed, agrees=True)
    make.guardians_word(session, refused, agrees=False)
    make.application(session, "submitted", call=call)
    told = reminded(session, services, call.nominations_due_at - 2 * DAY)
    assert {key: count for key, count in told.items() if key[0] == "consents/waits"} == {
        ("consents/waits", cast.applicant.address): 1
    }
    assert f"/consents/internship/{call.id}" in letters.to(session, cast.applicant.address)[-1].text


def test_no_rule_asks_more_questions_of_more_rows(
    session: Session, database: JoinedDatabase, cast: Cast, call: Call, noon: dt.datetime
) -> None:
    assert cast.secretary and cast.home_coordinator and cast.host_coordinator
    requested = make.requested_letter(session, call)
    counted = []
    for more in (1, 2):
        for _each in range(more):
            _undone(session, cast, call, requested, noon)
        session.commit()
        session.expire_all()
        counted.append({name: _questions(session, database, name, call) for name in RULES})
    assert counted[0] == counted[1]


def _questions(session: Session, database: JoinedDatabase, name: str, call: Call) -> int:
    """On the way to whoever is concerned, at a moment at which much is due."""
    moments = {"drafts": call.applications_due_at, "openings": call.openings_due_at, "rankings": call.rankings_due_at}
    at = moments.get(name, call.nominations_due_at) - DAY
    with time_machine.travel(at, tick=False), counting.queries(database) as seen:
        queries.due(session, RULES[name], at)
        queries.upcoming(session, at + 60 * DAY)
    return len(seen)


def _undone(session: Session, cast: Cast, call: Call, requested: object, noon: dt.datetime) -> None:
    """One more of all that somebody is reminded of."""
    opening = make.opening(session, call, cast.host)
    make.opening(session, call, cast.host, status=OpeningStatus.DRAFT)
    make.application(session, call=call, home=cast.home, choices=[opening])
    due = call.nominations_due_at
    make.application(session, "returned", call=call, home=cast.home, choices=[], correction_due_at=due)
    sent = make.application(session, "submitted", call=call, home=cast.home, choices=[opening])
    make.letter(session, sent, requested=requested, expires_at=due)
    minor = make.application(session, "submitted", call=call, choices=[], born_on=dt.date(noon.year - 15, 1, 2))
    make.guardians_word(session, minor)
    _nominated(session, cast, call, "offered", expires_at=due)
    _nominated(session, cast, call, "proposed")
    _nominated(session, cast, call, "accepted")
    _nominated(session, cast, call, "agreed", starts_on=due.date(), ends_on=due.date() + 90 * DAY)
    _nominated(session, cast, call, "active", starts_on=noon.date() - 30 * DAY, ends_on=due.date())
    _nominated(session, cast, call, "completed", starts_on=noon.date() - 90 * DAY, ends_on=noon.date())


def _nominated(session: Session, cast: Cast, call: Call, state: str, **fields: object) -> Application:
    opening = make.opening(session, call, cast.host)
    application = make.application(session, Status.NOMINATED, call=call, home=cast.home, choices=[opening])
    make.placement(session, state, application=application, opening=opening, **fields)
    make.slot(session, opening, taken_by=application, starts_at=call.nominations_due_at)
    return application
