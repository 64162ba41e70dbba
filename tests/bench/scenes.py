"""A portal with a call of so many applications, on a database of its own."""

import datetime as dt
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import sqlalchemy as sa
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlmodel import Session

from portal.accounts.models import Person
from portal.app import create_app
from portal.calls.models import Call
from portal.clock import now
from portal.db import Database
from portal.demonstration import crowd
from portal.settings import Settings
from tests import database as databases
from tests import make
from tests.bench import placed
from tests.conftest import ORIGIN, signed_in


class Scene(NamedTuple):
    app: FastAPI
    call: Call
    coordinator: Person
    secretary: Person

    def browser(self, person: Person) -> TestClient:
        with self.app.state.database.session(writes=True) as session:
            return signed_in(self.app, session, person)


@contextmanager
def scene(applications: int, *, spread: bool = False, is_placed: bool = False) -> Iterator[Scene]:
    """All of one government, so that its coordinator's list is as long as the secretariat's; or of all, if `spread`."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        database = Database(databases.empty_url(folder, f"bench_{uuid.uuid4().hex[:12]}"))
        databases.build(database)
        make.registry(database)
        with database.session(writes=True) as session:
            made = _filled(session, applications, spread=spread)
        if is_placed:
            with database.session(writes=True) as session:
                placed.fill(session, made[0])
        analyse(database)
        settings = Settings(demonstration=True, storage_url=f"file:{folder}/files", public_origin=ORIGIN)
        yield Scene(create_app(settings, database), *made)
        database.dispose()
        databases.drop(database.url.render_as_string(hide_password=False))


def _filled(session: Session, applications: int, *, spread: bool) -> tuple[Call, Person, Person]:
    secretary = make.secretary(session)
    home = make.government(session, "MN-1")
    coordinator = make.coordinator(session, home)
    call = make.call(session, created_by=secretary.id, opens_at=now() - dt.timedelta(days=20))
    for code in ("KR-47", "JP-32", "RU-PRI"):
        make.opening(session, call, make.government(session, code))
    make.requested_document(session, call)
    for kind in ("short", "several"):
        make.question(session, call, kind)
    file = make.stored_file(session, secretary)
    crowd.fill(session, call, applications, file=file, homes=() if spread else [home])
    return call, coordinator, secretary


def analyse(database: Database) -> None:
    """What PostgreSQL does by itself after a while, and SQLite when it is told: look at what the tables hold."""
    with database.engines.write.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(sa.text("ANALYZE"))
