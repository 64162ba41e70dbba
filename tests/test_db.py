"""What the database layer promises: durable, one writer, one transaction a request."""

import datetime as dt
import threading
import uuid
from concurrent.futures import ThreadPoolExecutor

import pytest
import sqlalchemy as sa
from fastapi import FastAPI
from sqlmodel import Session, select

from portal.accounts.models import Person
from portal.db import Database, UtcDateTime
from portal.errors import Conflict
from tests import make

SAMPLE = dt.datetime(2027, 3, 31, 18, 0, tzinfo=dt.timezone(dt.timedelta(hours=9)))


def test_what_is_committed_is_on_disk(real_app: FastAPI) -> None:
    database: Database = real_app.state.database
    with database.engines.write.connect() as connection:
        if database.is_sqlite:
            assert connection.exec_driver_sql("PRAGMA synchronous").scalar() == 2, "FULL"
            assert connection.exec_driver_sql("PRAGMA journal_mode").scalar() == "wal"
            assert connection.exec_driver_sql("PRAGMA foreign_keys").scalar() == 1
        else:
            assert connection.exec_driver_sql("SHOW synchronous_commit").scalar() == "on"
            assert connection.exec_driver_sql("SHOW fsync").scalar() == "on"


def test_a_session_that_reads_cannot_write_on_sqlite(real_app: FastAPI) -> None:
    database: Database = real_app.state.database
    if not database.is_sqlite:
        pytest.skip("PostgreSQL has one engine for both")
    with database.session(writes=False) as session, pytest.raises(sa.exc.OperationalError, match="readonly"):
        make.person(session)


def test_a_session_that_reads_never_commits(real_app: FastAPI) -> None:
    database: Database = real_app.state.database
    if database.is_sqlite:
        pytest.skip("SQLite refuses the write itself")
    with database.session(writes=False) as session:
        made = make.person(session)
    with database.session(writes=False) as session:
        assert session.get(Person, made.id) is None


def test_a_failed_action_leaves_nothing(real_app: FastAPI) -> None:
    database: Database = real_app.state.database
    made = uuid.uuid4()
    with pytest.raises(Conflict), database.session(writes=True) as session:
        make.person(session, id=made)
        raise Conflict
    with database.session(writes=False) as session:
        assert session.get(Person, made) is None


def test_writers_wait_for_each_other_and_none_is_lost(real_app: FastAPI) -> None:
    database: Database = real_app.state.database
    with database.session(writes=True) as session:
        counted = make.person(session, "0").id
    start = threading.Barrier(16)

    def add_one() -> None:
        start.wait()
        with database.session(writes=True) as session:
            found = session.exec(select(Person).where(Person.id == counted).with_for_update()).one()
            found.name = str(int(found.name) + 1)
            session.add(found)

    with ThreadPoolExecutor(16) as pool:
        for done in [pool.submit(add_one) for _ in range(16)]:
            done.result()
    with database.session(writes=False) as session:
        assert session.get_one(Person, counted).name == "16"


def test_instants_come_back_in_utc(session: Session) -> None:
    made = make.person(session, verified_at=SAMPLE)
    session.commit()
    session.expire_all()
    found = session.get_one(Person, made.id).verified_at
    assert found == SAMPLE
    assert found is not None
    assert found.utcoffset() == dt.timedelta()


def test_a_naive_instant_is_refused() -> None:
    naive = SAMPLE.replace(tzinfo=None)
    with pytest.raises(ValueError, match="naive"):
        UtcDateTime().process_bind_param(naive, sa.dialects.sqlite.dialect())
