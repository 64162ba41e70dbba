import datetime as dt

import pytest
from sqlmodel import Session, select

from portal.checkins.rules import schedule
from portal.clock import now
from portal.jobs.registry import Services
from portal.mail.models import Message
from portal.stays.models import Reminder
from tests import make
from tests.people import Cast
from tests.reminding.running import reminded
from tests.stays.world import agreed, running


@pytest.fixture(autouse=True)
def at_noon(noon: dt.datetime) -> None:
    """In the hours in which reminders are sent."""


def _run(session: Session, services: Services, *, days: int = 0) -> list[tuple[str, str]]:
    """Some days from now; the templates and addresses of what was sent."""
    told = reminded(session, services, now() + dt.timedelta(days=days))
    return sorted(key for key in told.elements() if key[0].startswith("stays/"))


def test_the_intern_is_reminded_of_the_checklist_once_each_time(
    session: Session, cast: Cast, services: Services
) -> None:
    agreed(session, cast, in_days=10)
    one = [("stays/reminder", cast.applicant.email)]
    assert _run(session, services) == one
    assert _run(session, services, days=1) == []
    assert _run(session, services, days=8) == one
    text = session.exec(select(Message.text)).all()[-1]
    assert "proof of insurance" in text


def test_late_by_months_only_the_newest_of_each_is_sent(session: Session, cast: Cast, services: Services) -> None:
    placement = running(session, cast, day=0)
    make.evaluation(session, placement)
    sent = _run(session, services, days=120)
    secretary = [each for each in sent if each[1] == cast.secretary.email]
    check_ins = 2 * len(schedule(placement.starts_on, placement.ends_on))  # at the end of a month there is one more
    assert secretary == [("stays/late", cast.secretary.email)] * (check_ins + 1), "check-ins and the completion"
    assert not [each for each in sent if each[0] == "stays/reminder"]
    assert _run(session, services, days=121) == []


def test_check_ins_and_then_the_secretariat(session: Session, cast: Cast, services: Services) -> None:
    placement = running(session, cast, day=3)
    make.check_in(session, placement, "host")
    one = [("stays/reminder", cast.applicant.email)]
    assert _run(session, services) == one
    assert _run(session, services, days=3) == []
    assert _run(session, services, days=4) == one
    assert _run(session, services, days=10) == one
    assert _run(session, services, days=11) == [("stays/late", cast.secretary.email)]
    told = session.exec(select(Reminder).where(Reminder.to_secretariat)).one()
    assert (told.number, told.side) == (0, "intern")
    make.check_in(session, placement)
    assert _run(session, services, days=12) == []


def test_for_whom_applied_on_paper_the_office_is_reminded(session: Session, cast: Cast, services: Services) -> None:
    agreed(session, cast, in_days=2, entered_by=cast.home_coordinator)
    assert _run(session, services) == [("stays/reminder", cast.home_coordinator.email)]
    assert "Please pass it on" in session.exec(select(Message.text)).one()


def test_an_extension_waits_for_its_answer(session: Session, cast: Cast, services: Services) -> None:
    placement = running(session, cast, day=8)
    for side in ("intern", "host"):
        make.check_in(session, placement, side)
    make.extension(session, placement, asked_at=now() - dt.timedelta(days=4))
    sent = _run(session, services)
    assert ("stays/reminder", cast.host_coordinator.email) in sent
    assert ("stays/reminder", cast.applicant.email) not in sent


def test_more_stays_than_fit_in_a_batch(session: Session, cast: Cast, services: Services) -> None:
    for _each in range(52):
        make.placement(session, "agreed", starts_on=now().date() + dt.timedelta(days=3), ends_on=dt.date(2099, 1, 1))
    assert len(_run(session, services)) == 52
