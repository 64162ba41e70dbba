"""Warnings 14, 7 and 2 days before nominations are due, reminders, and the daily word of what came in."""

import datetime as dt
from collections import Counter

import pytest
from fastapi import FastAPI
from sqlmodel import Session, select

from portal.calls.models import Call
from portal.clock import now
from portal.jobs.registry import Services
from portal.mail.models import Message
from portal.nominations import jobs, silence
from portal.reminding.jobs import remind
from tests import make, racing
from tests.people import Cast
from tests.reminding.running import Told, reminded, told

DAY = dt.timedelta(days=1)


@pytest.fixture
def call(session: Session, noon: dt.datetime) -> Call:
    """No longer open for applications, so that only what was submitted counts."""
    return make.call(
        session, opens_at=noon - 30 * DAY, applications_due_at=noon - DAY, nominations_due_at=noon + 20 * DAY
    )  # fmt: skip


def _only(told: Told) -> Told:
    return Counter({(template.rpartition("/")[2], to): count for (template, to), count in told.items()
                    if template.startswith("nominations/")})  # fmt: skip


def test_it_warns_once_at_each_of_three_times_and_reminds_those_in_office(
    session: Session, services: Services, cast: Cast, call: Call
) -> None:
    secretary, coordinator = cast.secretary.email, cast.home_coordinator.email
    make.application(session, "submitted", call=call, home=cast.home, choices=[])
    make.application(session, "nominated", call=call, home=cast.elsewhere, choices=[])
    due, both = call.nominations_due_at, Counter([("silence", secretary), ("reminder", coordinator)])
    assert not _only(reminded(session, services, due - 15 * DAY))
    for days in (14, 7, 2):
        assert _only(reminded(session, services, due - days * DAY)) == both
        assert not _only(reminded(session, services, due - days * DAY + DAY / 24))
    assert not _only(reminded(session, services, due + DAY))


def test_a_worker_that_stood_still_sends_one_warning_not_three(
    session: Session, services: Services, cast: Cast, call: Call
) -> None:
    make.application(session, "submitted", call=call, home=cast.home, choices=[])
    secretary = cast.secretary.email
    assert _only(reminded(session, services, call.nominations_due_at - DAY)) == {("silence", secretary): 1}
    mail = session.exec(select(Message).where(Message.template == "nominations/silence")).one()
    assert "1 application is undecided." in mail.text
    assert "No coordinator is in office." in mail.text


def test_a_decided_government_is_left_alone(session: Session, services: Services, cast: Cast, call: Call) -> None:
    assert cast.secretary.email
    for state in ("nominated", "not_nominated", "withdrawn", "draft"):
        make.application(session, state, call=call, home=cast.home, choices=[])
    assert not _only(reminded(session, services, call.nominations_due_at - 7 * DAY))


def test_while_people_can_apply_a_government_without_coordinator_is_warned_of(
    session: Session, services: Services, cast: Cast, noon: dt.datetime
) -> None:
    make.call(
        session, applications_due_at=noon + 10 * DAY, nominations_due_at=noon + 12 * DAY,
        governments=[cast.home.code, cast.elsewhere.code],
    )  # fmt: skip
    assert cast.secretary.email
    assert cast.home_coordinator.email
    assert reminded(session, services, noon) == {("nominations/silence", cast.secretary.email): 1}
    mail = session.exec(select(Message)).one()
    assert cast.elsewhere.name("en") in mail.text
    assert cast.home.name("en") not in mail.text


def test_who_is_kin_is_not_reminded_of_that_applicant(
    session: Session, services: Services, cast: Cast, call: Call
) -> None:
    made = make.application(session, "submitted", call=call, home=cast.home, choices=[])
    make.kinship(session, made, cast.home_coordinator)
    told = _only(reminded(session, services, call.nominations_due_at - DAY))
    assert ("reminder", cast.home_coordinator.email) not in told


def test_two_workers_at_once_tell_once(real_app: FastAPI, noon: dt.datetime) -> None:
    with real_app.state.database.session(writes=True) as session:
        cast = Cast(session)
        call = make.call(
            session, opens_at=noon - 9 * DAY, applications_due_at=noon - DAY, nominations_due_at=noon + DAY
        )
        make.application(session, "submitted", call=call, home=cast.home, choices=[])
        assert cast.secretary.email
        assert cast.home_coordinator.email
    services = Services(real_app.state.settings, real_app.state.database)
    racing.at_once([lambda: remind(services)] * 3)
    racing.at_once([lambda: jobs.tell_of_submissions(services)] * 3)
    with real_app.state.database.session(writes=False) as session:
        found = Counter(mail.template for mail in session.exec(select(Message)))
    assert found == {"nominations/silence": 1, "nominations/reminder": 1, "nominations/came_in": 1}


def test_what_came_in_is_told_once_a_day_at_most(session: Session, cast: Cast, call: Call) -> None:
    morning = now()
    for _ in range(2):
        make.application(session, "submitted", call=call, home=cast.home, choices=[], submitted_at=morning - DAY / 4)
    nephew = make.application(
        session, "submitted", call=call, home=cast.home, choices=[], submitted_at=morning - DAY / 4
    )  # fmt: skip
    make.kinship(session, nephew, cast.home_coordinator)
    assert silence.tell_of_submissions(session, morning) == 1
    assert silence.tell_of_submissions(session, morning) == 0
    mail = session.exec(select(Message)).one()
    assert mail.address == cast.home_coordinator.email
    assert "2 applications to" in mail.text
    assert silence.tell_of_submissions(session, morning + DAY) == 0
    make.application(session, "submitted", call=call, home=cast.home, choices=[], submitted_at=morning + DAY / 2)
    assert silence.tell_of_submissions(session, morning + DAY) == 1
    assert _only(told(session))["came_in", str(cast.home_coordinator.email)] == 2
