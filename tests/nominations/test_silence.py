"""Warnings 14, 7 and 2 days before nominations are due, reminders, and the daily word of what came in."""

import datetime as dt
from collections import Counter
from collections.abc import Iterator

import pytest
from fastapi import FastAPI
from sqlmodel import Session, select

from portal.calls.models import Call
from portal.clock import now
from portal.jobs.registry import Services
from portal.mail.models import Message
from portal.nominations import jobs, silence
from portal.nominations.models import Warned
from tests import make, racing
from tests.people import Cast

DAY = dt.timedelta(days=1)


@pytest.fixture
def call(session: Session) -> Iterator[Call]:
    """No longer open for applications, so that only what was submitted counts."""
    at = now()
    yield make.call(
        session, opens_at=at - 30 * DAY, applications_due_at=at - DAY, nominations_due_at=at + 20 * DAY
    )  # fmt: skip


def _told(session: Session) -> Counter[tuple[str, str]]:
    session.flush()
    return Counter((mail.template.rpartition("/")[2], mail.address) for mail in session.exec(select(Message)))


def test_it_warns_once_at_each_of_three_times_and_reminds_those_in_office(
    session: Session, cast: Cast, call: Call
) -> None:
    secretary, coordinator = cast.secretary.email, cast.home_coordinator.email
    make.application(session, "submitted", call=call, home=cast.home, choices=[])
    make.application(session, "nominated", call=call, home=cast.elsewhere, choices=[])
    due = call.nominations_due_at
    assert silence.warn(session, due - 15 * DAY) == 0
    for time, days in enumerate((14, 7, 2), 1):
        assert silence.warn(session, due - days * DAY) == 1
        assert silence.warn(session, due - days * DAY + DAY / 24) == 0
        assert _told(session) == {("silence", secretary): time, ("reminder", coordinator): time}
    assert silence.warn(session, due + DAY) == 0
    rows = session.exec(select(Warned)).all()
    assert sorted((row.days, row.government_id) for row in rows) == [(n, cast.home.id) for n in (2, 7, 14)]


def test_a_worker_that_stood_still_sends_one_warning_not_three(session: Session, cast: Cast, call: Call) -> None:
    make.application(session, "submitted", call=call, home=cast.home, choices=[])
    assert cast.secretary.email
    assert silence.warn(session, call.nominations_due_at - DAY) == 1
    assert [row.days for row in session.exec(select(Warned))] == [2]
    mail = session.exec(select(Message).where(Message.template == "nominations/silence")).one()
    assert "2 days are left" in mail.subject
    assert "1 application is undecided." in mail.text
    assert "No coordinator is in office." in mail.text


def test_a_decided_government_is_left_alone(session: Session, cast: Cast, call: Call) -> None:
    assert cast.secretary.email
    for state in ("nominated", "not_nominated", "withdrawn", "draft"):
        make.application(session, state, call=call, home=cast.home, choices=[])
    assert silence.warn(session, call.nominations_due_at - 7 * DAY) == 0
    assert not _told(session)


def test_while_people_can_apply_a_government_without_coordinator_is_warned_of(session: Session, cast: Cast) -> None:
    at = now()
    make.call(
        session, applications_due_at=at + 10 * DAY, nominations_due_at=at + 12 * DAY,
        governments=[cast.home.code, cast.elsewhere.code],
    )  # fmt: skip
    assert cast.secretary.email
    assert cast.home_coordinator.email
    assert silence.warn(session, at) == 1
    mail = session.exec(select(Message)).one()
    assert cast.elsewhere.name("en") in mail.text
    assert cast.home.name("en") not in mail.text


def test_who_is_kin_is_not_reminded_of_that_applicant(session: Session, cast: Cast, call: Call) -> None:
    made = make.application(session, "submitted", call=call, home=cast.home, choices=[])
    make.kinship(session, made, cast.home_coordinator)
    silence.warn(session, call.nominations_due_at - DAY)
    assert ("reminder", cast.home_coordinator.email) not in _told(session)


def test_two_workers_at_once_warn_once(real_app: FastAPI) -> None:
    with real_app.state.database.session(writes=True) as session:
        cast, at = Cast(session), now()
        call = make.call(session, opens_at=at - 9 * DAY, applications_due_at=at - DAY, nominations_due_at=at + DAY)
        make.application(session, "submitted", call=call, home=cast.home, choices=[])
        assert cast.secretary.email
    services = Services(real_app.state.settings, real_app.state.database)
    racing.at_once([lambda: jobs.warn_of_silence(services)] * 3)
    racing.at_once([lambda: jobs.tell_of_submissions(services)] * 3)
    with real_app.state.database.session(writes=False) as session:
        found = Counter(mail.template for mail in session.exec(select(Message)))
    assert found == {"nominations/silence": 1}, "nobody coordinates the government who could be told more"


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
    assert _told(session)["came_in", str(cast.home_coordinator.email)] == 2
