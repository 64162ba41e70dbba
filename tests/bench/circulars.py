"""How long it takes to queue a circular: 10,000 coordinators in three languages.

    python -m tests.bench.circulars
    TEST_DATABASE_URL=postgresql://postgres@/postgres?host=/tmp/pg python -m tests.bench.circulars

Prints the seconds of the press of "Send", and of the job that writes the messages. Ends with 1 if both together take
longer than the limit.
"""

import sys
import tempfile
import time
import uuid
from pathlib import Path

from sqlmodel import Session, func, select

from portal import duties  # noqa: F401 - every job is known from here on
from portal.accounts.models import Grant, Person, Role
from portal.circulars import actions, jobs, rules
from portal.circulars.models import Circular, CircularState
from portal.db import Database
from portal.jobs.registry import Services
from portal.mail.models import Message
from portal.settings import Settings
from portal.web import logs
from tests import database as databases
from tests import make
from tests.bench import bulk

READERS, SECONDS = 10_000, 10.0
TEXT = "Dear {name},\n\n" + "the next call opens in March, and your government can name applicants. " * 30


def prepared(session: Session) -> uuid.UUID:
    secretary, home = make.secretary(session), make.government(session, "MN-1")
    person = make.person(session)
    grant = make.grant(session, person, Role.COORDINATOR, government_id=home.id)
    ids = [uuid.uuid4() for _reader in range(READERS - 1)]
    languages = ("en", "ko", "zh-Hans")
    bulk.insert(session, Person, (
        bulk.like(person, id=each, email=f"reader{n}@example.org", name=f"Reader {n}", language=languages[n % 3])
        for n, each in enumerate(ids)
    ))  # fmt: skip
    bulk.insert(session, Grant, (bulk.like(grant, id=uuid.uuid4(), person_id=each) for each in ids))
    return make.circular(session, secretary, texts={"en": TEXT, "ko": TEXT, "zh-Hans": TEXT}).id  # type: ignore[no-any-return]


def pressed(database: Database, circular_id: uuid.UUID) -> float:
    began = time.perf_counter()
    with database.session(writes=True) as session:
        circular = session.get_one(Circular, circular_id)
        viewer = make.viewer(session, session.get_one(Person, circular.created_by))
        actions.send(session, circular, seen=rules.mark(circular, READERS), by=viewer)
    return time.perf_counter() - began


def written(database: Database, circular_id: uuid.UUID) -> float:
    services = Services(Settings(demonstration=True), database)
    began = time.perf_counter()
    jobs.send_circular(services, str(circular_id))
    return time.perf_counter() - began


def main() -> int:
    logs.set_up("ERROR")
    with tempfile.TemporaryDirectory() as folder:
        database = Database(databases.empty_url(Path(folder), f"bench_{uuid.uuid4().hex[:12]}"))
        databases.build(database)
        make.registry(database)
        with database.session(writes=True) as session:
            circular_id = prepared(session)
        sending, writing = pressed(database, circular_id), written(database, circular_id)
        with database.session(writes=False) as session:
            assert session.get_one(Circular, circular_id).state is CircularState.SENT
            count = session.exec(select(func.count()).select_from(Message)).one()
        database.dispose()
        databases.drop(database.url.render_as_string(hide_password=False))
    print(f"{count} messages: {sending:.2f} s to press Send, {writing:.2f} s to write them")
    return int(sending + writing > SECONDS)


if __name__ == "__main__":
    sys.exit(main())
