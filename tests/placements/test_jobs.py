import datetime as dt

from sqlmodel import Session

from portal.clock import now
from portal.jobs.registry import JOBS, SCHEDULES, Services
from portal.placements.jobs import lapse_offers
from portal.placements.models import Placement, PlacementStatus
from portal.settings import Settings
from tests import make
from tests.database import JoinedDatabase


def test_the_job_notes_what_has_lapsed_and_nothing_else(
    session: Session, settings: Settings, database: JoinedDatabase
) -> None:
    over = make.placement(session, "offered", expires_at=now() - dt.timedelta(seconds=1))
    still_open, accepted = make.placement(session, "offered"), make.placement(session, "accepted")
    session.commit()
    for _twice in range(2):
        lapse_offers(Services(settings, database))
    session.expire_all()
    found = [session.get_one(Placement, each.id).status for each in (over, still_open, accepted)]
    assert found == [PlacementStatus.LAPSED, PlacementStatus.OFFERED, PlacementStatus.ACCEPTED]


def test_it_runs_by_itself() -> None:
    assert JOBS["lapse_offers"] is lapse_offers
    assert "lapse_offers" in SCHEDULES
