import datetime as dt

import pytest
from sqlmodel import Session, select

from portal.accounts.queries import coordinators
from portal.clock import now
from portal.jobs.registry import JOBS, SCHEDULES, Services
from portal.mail.models import Message
from portal.placements import queries
from portal.placements.jobs import lapse_offers
from portal.placements.models import Placement, PlacementStatus
from tests import make
from tests.people import Cast
from tests.reminding.running import reminded

DAY, HOUR = dt.timedelta(days=1), dt.timedelta(hours=1)


def told(session: Session, template: str) -> list[str]:
    return sorted(session.exec(select(Message.address).where(Message.template == f"placements/{template}")))


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
    session: Session, cast: Cast, services: Services, noon: dt.datetime
) -> None:
    offer = make.placement(
        session, "offered", application=make.application(session, "nominated", applicant=cast.applicant)
    )
    begun = offer.approved_at - 12 * HOUR  # half of seven days later it is noon
    offer.approved_at, offer.expires_at = begun, begun + 7 * DAY
    session.commit()
    for hours, half_way, last_day in ((1, 0, 0), (83, 0, 0), (84, 1, 0), (85, 1, 0), (155, 1, 1), (160, 1, 1)):
        reminded(session, services, begun + dt.timedelta(hours=hours))
        assert told(session, "offer_half_way") == [cast.applicant.email] * half_way, hours
        assert told(session, "offer_last_day") == [cast.applicant.email] * last_day, hours


@pytest.mark.parametrize(("hours", "template"), [(150, "offer_last_day"), (169, None), (300, None)])
def test_a_worker_that_was_down_sends_only_the_newest(
    session: Session, services: Services, noon: dt.datetime, hours: int, template: str | None
) -> None:
    offer = make.placement(session, "offered")
    assert offer.approved_at == noon
    reminded(session, services, noon + dt.timedelta(hours=hours))
    found = session.exec(select(Message.template)).all()
    assert found == ([f"placements/{template}"] if template else [])


def test_nobody_is_reminded_of_what_was_answered(session: Session, services: Services, noon: dt.datetime) -> None:
    for state in ("accepted", "declined", "lapsed", "cancelled"):
        make.placement(session, state)
    reminded(session, services, noon + 6.5 * DAY)
    assert not [each for each in session.exec(select(Message.template)) if each.startswith("placements/")]


def test_hosts_are_reminded_of_proposals_after_three_and_seven_days(
    session: Session, cast: Cast, services: Services, noon: dt.datetime
) -> None:
    opening = make.opening(session, make.call(session), cast.host)
    make.placement(session, opening=opening, proposed_by=cast.secretary.id)
    office = sorted(person.email for person in coordinators(session, cast.host.id))
    for days, times in ((2.9, 0), (3, 1), (6.9, 1), (7, 2), (40, 2)):
        reminded(session, services, noon + days * DAY)
        assert told(session, "proposal_waits") == sorted(office * times), days


def test_a_host_that_was_not_reminded_in_time_is_reminded_once(
    session: Session, services: Services, noon: dt.datetime
) -> None:
    make.placement(session)
    reminded(session, services, noon + 20 * DAY)
    assert len(told(session, "proposal_waits")) == 1


def test_it_runs_by_itself() -> None:
    assert JOBS["lapse_offers"] is lapse_offers
    assert "lapse_offers" in SCHEDULES
