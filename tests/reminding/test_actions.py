"""What all rules have in common, tried with applications that are not submitted yet."""

import datetime as dt
from collections.abc import Iterator

import pytest
import time_machine
from fastapi import FastAPI
from sqlmodel import Session, select

from portal.applications.models import Application, Status
from portal.calls.models import Call
from portal.clock import now
from portal.i18n import N_
from portal.jobs.registry import SCHEDULES, Services
from portal.mail.models import Delivery, Message, Unsubscription
from portal.reminding import jobs, queries
from portal.reminding.models import Reminded
from portal.reminding.rules import RULES, Reader, Rule
from tests import counting, make, racing
from tests.database import JoinedDatabase
from tests.people import Cast
from tests.reminding.running import reminded

DAY, HOUR = dt.timedelta(days=1), dt.timedelta(hours=1)
WAITS = "applications/draft_waits"


@pytest.fixture
def call(session: Session, noon: dt.datetime) -> Call:
    """Closes in ten days, at noon."""
    return make.call(session, applications_due_at=noon + 10 * DAY)


@pytest.fixture
def draft(session: Session, cast: Cast, call: Call) -> Application:
    return make.application(session, applicant=cast.applicant, call=call)


def drafts_told(session: Session, services: Services, at: dt.datetime) -> int:
    return sum(count for (template, _to), count in reminded(session, services, at).items() if template == WAITS)


def test_each_reader_is_reminded_once_of_each_step(
    session: Session, services: Services, cast: Cast, call: Call, draft: Application
) -> None:
    due = call.applications_due_at
    told = [drafts_told(session, services, due + days * DAY) for days in (-8, -7, -6, -2, -1.5, -1, -0.3, 0, 1)]
    assert told == [0, 1, 0, 1, 0, 1, 0, 0, 0]
    rows = session.exec(select(Reminded)).all()
    assert {(row.rule, row.subject_id, row.step) for row in rows} == {
        ("drafts", draft.id, f"{days} days") for days in (-7, -2, -1)
    }
    mail = session.exec(select(Message)).first()
    assert mail is not None
    assert f"/applications/{draft.id}" in mail.text and "12:00 in Seoul" in mail.text


def test_a_worker_that_was_down_sends_the_newest_only(
    session: Session, services: Services, call: Call, draft: Application
) -> None:
    assert drafts_told(session, services, call.applications_due_at - DAY + HOUR) == 1
    assert [row.step for row in session.exec(select(Reminded))] == ["-1 days"]


def test_who_has_done_it_or_began_later_is_left_alone(
    session: Session, services: Services, cast: Cast, call: Call, draft: Application
) -> None:
    week_before = call.applications_due_at - 7 * DAY
    make.application(session, applicant=cast.other_applicant, call=call, created_at=week_before + HOUR)
    make.application(session, "submitted", call=call)
    assert drafts_told(session, services, week_before + 2 * HOUR) == 1
    draft.status = Status.WITHDRAWN
    assert drafts_told(session, services, week_before + 6 * DAY) == 1, "the other one, of its first step"


def test_a_deadline_that_is_moved_on_is_another_one_unless_by_hours(
    session: Session, services: Services, call: Call, draft: Application
) -> None:
    first = call.applications_due_at
    assert drafts_told(session, services, first - 7 * DAY) == 1
    call.applications_due_at = first + 5 * HOUR
    call.openings_due_at = call.applications_due_at
    assert drafts_told(session, services, first - 7 * DAY + 5 * HOUR) == 0
    call.applications_due_at = call.openings_due_at = first + 3 * DAY
    assert drafts_told(session, services, first - 5 * DAY) == 0
    assert drafts_told(session, services, first - 4 * DAY) == 1
    assert [row.step for row in session.exec(select(Reminded))] == ["-7 days"], "the same row, at a new time"


def test_at_night_it_waits_and_is_asked_anew_in_the_morning(
    session: Session, services: Services, cast: Cast, call: Call, draft: Application
) -> None:
    cast.applicant.zone, cast.other_applicant.zone = "Asia/Tokyo", "Europe/London"
    other = make.application(session, applicant=cast.other_applicant, call=call)
    call.applications_due_at = call.openings_due_at = call.applications_due_at + 10 * HOUR  # 22:00
    night = call.applications_due_at - 7 * DAY
    assert reminded(session, services, night) == {(WAITS, cast.other_applicant.email): 1}, "13:00 in London"
    draft.status = Status.WITHDRAWN
    assert drafts_told(session, services, night + 10 * HOUR) == 0
    draft.status = Status.DRAFT
    assert reminded(session, services, night + 10 * HOUR) == {(WAITS, cast.applicant.email): 1}
    assert other.status is Status.DRAFT


def test_what_would_be_too_late_in_the_morning_is_said_at_night(
    session: Session, services: Services, cast: Cast, call: Call, draft: Application
) -> None:
    call.applications_due_at = call.openings_due_at = call.applications_due_at + 19 * HOUR  # 07:00
    assert drafts_told(session, services, call.applications_due_at - 8 * HOUR) == 1


def test_a_batch_asks_once_who_declines(
    session: Session, services: Services, database: JoinedDatabase, call: Call, noon: dt.datetime
) -> None:
    at, counted = call.applications_due_at - 7 * DAY, []
    for rows in (1, 3):
        readers = [make.person(session, f"Reader {rows} {number}") for number in range(rows)]
        for person in readers:
            make.application(session, applicant=person, call=call)
        make.saved(session, Unsubscription(address=readers[-1].address.casefold()))
        session.commit()
        with time_machine.travel(at, tick=False), counting.queries(database) as seen:
            jobs._remind(services, RULES["drafts"], at)
        counted.append(len([each for each in seen if "FROM unsubscription" in each]))
        written = session.exec(select(Message).where(Message.template == WAITS)).all()
        of_these = {each.address: each.delivery for each in written if each.address in {one.address for one in readers}}
        declined = {person.address: person is readers[-1] for person in readers}
        assert {address: delivery is Delivery.INBOX for address, delivery in of_these.items()} == declined
    assert counted == [1, 1]


def test_who_declines_reads_it_in_the_portal_and_without_an_account_not_at_all(
    session: Session, services: Services, cast: Cast, call: Call, draft: Application
) -> None:
    letter = make.letter(session, draft, sent_at=now() - DAY, expires_at=call.applications_due_at)
    for address in (cast.applicant.address, letter.referee_email):
        make.saved(session, Unsubscription(address=address.casefold()))
    before = letter.token_digest
    told = reminded(session, services, call.applications_due_at - 7 * DAY)
    assert told == {(WAITS, cast.applicant.email): 1}
    assert session.exec(select(Message.delivery)).one() is Delivery.INBOX
    assert letter.token_digest == before, "the link that the referee has stays alive"


def test_rows_from_before_addresses_were_kept_count_for_everybody(
    session: Session, services: Services, call: Call, draft: Application
) -> None:
    at = call.applications_due_at - 7 * DAY
    make.saved(session, Reminded(rule="drafts", subject_id=draft.id, step="-7 days", address="", at=at))
    assert drafts_told(session, services, at + HOUR) == 0
    assert drafts_told(session, services, at + 5 * DAY) == 1


def test_more_readers_than_fit_in_a_transaction(
    session: Session, services: Services, call: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(jobs, "BATCH", 2)
    for _each in range(5):
        make.application(session, call=call, choices=[])
    assert drafts_told(session, services, call.applications_due_at - DAY) == 5


def test_it_asks_the_same_number_of_questions_for_any_number_of_readers(
    session: Session, database: JoinedDatabase, call: Call
) -> None:
    numbers = []
    for more in (1, 2):
        for _each in range(more):
            make.application(session, call=call, choices=[])
        session.commit()
        session.expire_all()
        with counting.queries(database) as seen:
            queries.due(session, RULES["drafts"], call.applications_due_at - DAY)
        numbers.append(len(seen))
    assert numbers[0] == numbers[1]


@pytest.fixture
def broken() -> Iterator[None]:
    def fails(*_arguments: object) -> Iterator[Reader]:
        raise ZeroDivisionError

    RULES["broken"] = Rule("broken", N_("Broken"), (0,), "none", fails, fails)  # type: ignore[arg-type]
    RULES["drafts"] = RULES.pop("drafts")  # now the last
    yield
    del RULES["broken"]


@pytest.mark.usefixtures("broken")
def test_a_rule_that_fails_does_not_keep_the_others_from_their_work(
    session: Session, services: Services, call: Call, draft: Application
) -> None:
    session.commit()
    with time_machine.travel(call.applications_due_at - DAY, tick=False), pytest.raises(RuntimeError, match="broken"):
        jobs.remind(services)
    assert session.exec(select(Message.template)).all() == [WAITS]


def test_what_is_coming_is_told_with_how_many_it_concerns(
    session: Session, services: Services, cast: Cast, call: Call, draft: Application
) -> None:
    make.application(session, applicant=cast.other_applicant, call=call)
    session.commit()
    found = [each for each in queries.upcoming(session, now() + 9 * DAY) if each.rule.name == "drafts"]
    due = call.applications_due_at
    assert [(each.at, each.readers) for each in found] == [(due + days * DAY, 2) for days in (-7, -2, -1)]
    assert {each.step.subject.title("en") for each in found} == {call.title("en")}
    assert queries.upcoming(session, now() + DAY) == []
    draft.status = Status.WITHDRAWN
    assert queries.upcoming(session, now() + 4 * DAY)[0].readers == 1


def test_two_workers_at_once_remind_once(real_app: FastAPI, noon: dt.datetime) -> None:
    with real_app.state.database.session(writes=True) as session:
        call = make.call(session, applications_due_at=noon + 10 * DAY)
        for _each in range(3):
            make.application(session, call=call, choices=[])
    services = Services(real_app.state.settings, real_app.state.database)
    with time_machine.travel(noon + 9 * DAY, tick=False):
        racing.at_once([lambda: jobs.remind(services)] * 3)
    with real_app.state.database.session(writes=False) as session:
        assert session.exec(select(Message.template)).all() == [WAITS] * 3
        assert len(session.exec(select(Reminded)).all()) == 3


def test_two_workers_at_once_remind_once_of_a_day_that_was_moved_on(real_app: FastAPI, noon: dt.datetime) -> None:
    with real_app.state.database.session(writes=True) as session:
        call = make.call(session, applications_due_at=noon + 10 * DAY)
        draft = make.application(session, call=call, choices=[])
        known = {"rule": "drafts", "subject_id": draft.id, "step": "-1 days"}
        address = session.get_one(make.Person, draft.applicant_id).address
        make.saved(session, Reminded(**known, address=address, at=noon - 20 * DAY))
    services = Services(real_app.state.settings, real_app.state.database)
    with time_machine.travel(noon + 9 * DAY, tick=False):
        racing.at_once([lambda: jobs.remind(services)] * 3)
    with real_app.state.database.session(writes=False) as session:
        assert len(session.exec(select(Message)).all()) == 1


def test_it_runs_by_itself_every_ten_minutes() -> None:
    assert SCHEDULES["remind"] == "*/10 * * * *"
