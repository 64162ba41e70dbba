"""Every job is known to the portal, and what it does by itself it does whenever it is late, twice, or for nobody."""

import datetime as dt
from importlib import import_module
from itertools import product
from pathlib import Path

import pytest
import time_machine
from sqlmodel import Session, select

from portal import duties
from portal.accounts.models import Grant
from portal.clock import now
from portal.db import Database
from portal.jobs.registry import JOBS, SCHEDULES, Services
from portal.mail.models import Message
from portal.placements.models import PlacementStatus
from portal.settings import Settings
from tests import make
from tests.people import Cast

PORTAL = Path(duties.__file__).parent
DAYS_LATE = (0, 1, 40, 400)


@pytest.fixture
def services(settings: Settings, database: Database) -> Services:
    return Services(settings, database)


def run_all(services: Services) -> None:
    for name in sorted(SCHEDULES):
        JOBS[name](services)


def test_every_job_and_every_rule_of_reminding_is_known() -> None:
    files = [*PORTAL.glob("*/jobs.py"), *PORTAL.glob("*/reminders.py")]
    modules = {import_module(f"portal.{file.parent.name}.{file.stem}") for file in files}
    assert modules == {getattr(duties, name) for name in duties.__all__}


def test_on_an_empty_portal_they_do_nothing(session: Session, services: Services) -> None:
    run_all(services)
    assert session.exec(select(Message)).all() == []


@pytest.mark.slow
@pytest.mark.parametrize("is_deserted", [False, True])
def test_late_and_twice_whoever_is_concerned(
    session: Session, cast: Cast, services: Services, *, is_deserted: bool
) -> None:
    """Paper applicants have no address; an office may have lost everybody, whoever approved or entered included."""
    call = make.call(session)
    for state, is_paper in product(PlacementStatus, (False, True)):
        opening = make.opening(session, call, cast.host)
        given = {"home": cast.home, "call": call, "choices": [opening]}
        made = (
            make.paper_application(session, cast.home_coordinator, "nominated", **given)
            if is_paper
            else make.application(session, "nominated", **given)
        )
        make.placement(session, state, application=made, opening=opening)
    make.match_run(session, call)
    for grant in session.exec(select(Grant)).all() if is_deserted else ():
        session.delete(grant)
    session.commit()
    at = now()
    for days in DAYS_LATE:
        with time_machine.travel(at + dt.timedelta(days=days), tick=False):
            run_all(services)
            told = len(session.exec(select(Message)).all())
            run_all(services)
            session.expire_all()
            assert len(session.exec(select(Message)).all()) == told, days
    assert is_deserted or told
