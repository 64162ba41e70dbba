import datetime as dt

import pytest
import time_machine
from sqlmodel import Session, select

from portal.accounts.queries import coordinators
from portal.clock import now
from portal.jobs.registry import JOBS, SCHEDULES, Services
from portal.mail.models import Message
from portal.placements import jobs, queries
from portal.placements.jobs import lapse_offers, remind_of_offers, remind_of_proposals
from portal.placements.models import Placement, PlacementStatus
from portal.settings import Settings
from tests import make
from tests.database import JoinedDatabase
from tests.people import Cast

DAY = dt.timedelta(days=1)


@pytest.fixture
def services(settings: Settings, database: JoinedDatabase) -> Services:
    return Services(settings, database)


def told(session: Session, template: str) -> list[str]:
    return sorted(session.exec(select(Message.address).where(Message.template == f"placements/{template}")))


def at(moment: dt.datetime) -> time_machine.travel:
    return time_machine.travel(moment, tick=False)


def test_the_job_notes_what_has_lapsed_and_nothing_else(session: Session, services: Services) -> None:
    over = make.placement(session, "offered", expires_at=now() - dt.timedelta(seconds=1))
    still_open, accepted = make.placement(session, "offered"), make.placement(session, "accepted")
    session.commit()
    for _twice in range(2):
        lapse_offers(services)
    session.expire_all()
    found = [session.get_one(Placement, each.id).status for each in (over, still_open, accepted)]
    assert found == [PlacementStatus.LAPSED, PlacementStatus.OFFERED, PlacementStatus.ACCEPTED]


def test_after_a_long_pause_it_notes_all_that_lapsed(
    session: Session, services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queries, "PAGE", 2)
    made = [make.placement(session, "offered", expires_at=now() - DAY).id for _ in range(5)]
    session.commit()
    lapse_offers(services)
    session.expire_all()
    assert {session.get_one(Placement, each).status for each in made} == {PlacementStatus.LAPSED}


def test_a_lapse_is_told_to_the_candidate_the_host_and_the_home_government(
    session: Session, cast: Cast, services: Services
) -> None:
    opening = make.opening(session, make.call(session), cast.host)
    application = make.application(session, "nominated", applicant=cast.applicant, home=cast.home, choices=[opening])
    kin = make.coordinator(session, cast.host)
    make.kinship(session, application, kin)
    make.placement(session, "offered", application=application, opening=opening, expires_at=now() - DAY)
    officials = {cast.host_coordinator.email, cast.home_coordinator.email}
    session.commit()
    lapse_offers(services)
    assert told(session, "lapsed") == [cast.applicant.email]
    assert officials <= set(told(session, "lapsed_office")) and kin.email not in told(session, "lapsed_office")


def test_an_offer_is_spoken_of_half_way_and_a_day_before_its_end(
    session: Session, cast: Cast, services: Services
) -> None:
    offer = make.placement(
        session, "offered", application=make.application(session, "nominated", applicant=cast.applicant)
    )
    begun = offer.approved_at
    session.commit()
    for hours, half_way, last_day in ((1, 0, 0), (85, 1, 0), (86, 1, 0), (145, 1, 1), (150, 1, 1), (169, 1, 1)):
        with at(begun + dt.timedelta(hours=hours)):
            for _twice in range(2):
                remind_of_offers(services)
        assert told(session, "offer_half_way") == [cast.applicant.email] * half_way, hours
        assert told(session, "offer_last_day") == [cast.applicant.email] * last_day, hours


@pytest.mark.parametrize(("hours", "template"), [(150, "offer_last_day"), (169, None), (300, None)])
def test_a_worker_that_was_down_sends_only_the_newest(
    session: Session, services: Services, hours: int, template: str | None
) -> None:
    offer = make.placement(session, "offered")
    session.commit()
    with at(offer.approved_at + dt.timedelta(hours=hours)):
        remind_of_offers(services)
    found = session.exec(select(Message.template)).all()
    assert found == ([f"placements/{template}"] if template else [])


def test_nobody_is_reminded_of_what_was_answered(session: Session, services: Services) -> None:
    for state in ("proposed", "accepted", "declined", "lapsed", "cancelled"):
        made = make.placement(session, state)
    session.commit()
    with at(made.proposed_at + 6.5 * DAY):
        remind_of_offers(services)
    assert session.exec(select(Message)).all() == []


def test_hosts_are_reminded_of_proposals_after_three_and_seven_days(
    session: Session, cast: Cast, services: Services
) -> None:
    opening = make.opening(session, make.call(session), cast.host)
    made = make.placement(session, opening=opening, proposed_by=cast.secretary.id)
    office = sorted(person.email for person in coordinators(session, cast.host.id))
    session.commit()
    for days, times in ((2.9, 0), (3, 1), (6.9, 1), (7, 2), (40, 2)):
        with at(made.proposed_at + days * DAY):
            for _twice in range(2):
                remind_of_proposals(services)
        assert told(session, "proposal_waits") == sorted(office * times), days


def test_a_host_that_was_not_reminded_in_time_is_reminded_once(session: Session, services: Services) -> None:
    made = make.placement(session)
    session.commit()
    with at(made.proposed_at + 20 * DAY):
        for _twice in range(2):
            remind_of_proposals(services)
    assert len(told(session, "proposal_waits")) == 1


def test_they_run_by_themselves() -> None:
    for name in ("lapse_offers", "remind_of_offers", "remind_of_proposals"):
        assert JOBS[name] is getattr(jobs, name)
        assert name in SCHEDULES
