"""What publishing a match costs: 500 nominated applicants with three choices each, 76 hosts, one or two coordinators.

    python -m tests.bench.publishing
    TEST_DATABASE_URL=postgresql://postgres@/postgres?host=/tmp/pg python -m tests.bench.publishing

Prints the processor seconds of the one transaction and what it wrote. Ends with 1 if that is above the limit.
"""

import random
import sys
import tempfile
import time
import uuid
from pathlib import Path

from sqlmodel import Session, func, select

from portal import duties  # noqa: F401 - every job is known from here on
from portal.applications.models import Status
from portal.clock import now
from portal.db import Database
from portal.mail.models import Message
from portal.matches import actions
from portal.matches.models import Run
from portal.placements.matching import Side
from portal.placements.models import Placement
from portal.registry.models import Government
from portal.web import logs
from tests import database as databases
from tests import make

APPLICANTS, CHOICES, PLACES = 500, 3, 7
SECONDS = 5.0
ORIGIN = "https://near.example"


def prepared(session: Session) -> uuid.UUID:
    """A run that two secretaries want to publish."""
    dice = random.Random(1)
    asks, confirms = (make.secretary(session) for _number in range(2))
    call = make.ranked_call(session)
    openings = []
    for number, government in enumerate(session.exec(select(Government)).all()):
        for _coordinator in range(1 + number % 2):
            make.coordinator(session, government)
        openings.append(make.opening(session, call, government, capacity=PLACES))
    governments = [opening.government_id for opening in openings]
    for merit in range(1, APPLICANTS + 1):
        home = session.get_one(Government, dice.choice(governments))
        abroad = [opening for opening in openings if opening.government_id != home.id]
        choices = dice.sample(abroad, CHOICES)
        application = make.application(session, "submitted", home=home, choices=choices)
        application.status, application.merit = Status.NOMINATED, merit
        application.decided_at, application.decided_by = now(), asks.id
        for opening in choices:
            make.entry(session, opening, application, dice.randint(1, 5), by=asks)
    make.over(session, call)
    session.commit()
    asking, confirming = make.viewer(session, asks), make.viewer(session, confirms)
    run = actions.ask_for_run(session, call, optimal_for=Side.APPLICANTS, seed=1, by=asking)
    begun = actions.begin(session, run.id)
    assert begun is not None
    done = actions.working.work(begun.given, seed=begun.seed, optimal_for=begun.optimal_for, about=begun.about)
    actions.finish(session, run.id, done)
    actions.ask_to_publish(session, call, run, by=asking, origin=ORIGIN)
    actions.confirm(session, call, run, by=confirming)
    return run.id


def measured(database: Database) -> float:
    with database.session(writes=True) as session:
        run_id = prepared(session)
    began = time.process_time()
    with database.session(writes=True) as session:
        assert actions.publish(session, run_id, origin=ORIGIN)
    return time.process_time() - began


def main() -> int:
    logs.set_up("ERROR")
    with tempfile.TemporaryDirectory() as folder:
        database = Database(databases.empty_url(Path(folder), f"bench_{uuid.uuid4().hex[:12]}"))
        databases.build(database)
        make.registry(database)
        seconds = measured(database)
        with database.session(writes=False) as session:
            assert session.exec(select(Run.published_at)).one() is not None
            counts = [session.exec(select(func.count()).select_from(kind)).one() for kind in (Placement, Message)]
        database.dispose()
        databases.drop(database.url.render_as_string(hide_password=False))
    print(f"{seconds:.2f} s of processor time for {counts[0]} placements and {counts[1]} messages")
    return int(seconds > SECONDS)


if __name__ == "__main__":
    sys.exit(main())
