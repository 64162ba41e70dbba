"""Jobs: kept if and only if the event is, run once, and again after a crash."""

import datetime as dt
import logging
import os
import signal
import subprocess
import sys
import time
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlmodel import Session

from portal.app import create_app
from portal.db import Database
from portal.errors import ConfigurationError
from portal.jobs import engine
from portal.jobs.queue import enqueue
from portal.jobs.registry import JOBS, SCHEDULES, Services, job
from tests.database import ROOT
from tests.jobs.running import Victim, at_work, in_a_thread, run_jobs

RAN: list[tuple[str, ...]] = []


@pytest.fixture(autouse=True)
def _jobs() -> Iterator[None]:
    """Jobs of the tests' own, known only while they run."""
    RAN.clear()
    declared = {"note": lambda _services, *words: RAN.append(words), "stumble": stumble, "dawdle": None}
    JOBS.update(declared)  # type: ignore[arg-type]
    yield
    for name in declared:
        JOBS.pop(name)


def stumble(_services: Services, times: str) -> None:
    RAN.append(("stumbled",))
    if len(RAN) <= int(times):
        raise RuntimeError("not yet")


def queue(app: FastAPI, name: str, *words: str, **how: object) -> None:
    with app.state.database.session(writes=True) as session:
        enqueue(session, name, *words, **how)  # type: ignore[arg-type]


def test_a_job_runs_once_with_its_words(real_app: FastAPI) -> None:
    queue(real_app, "note", "Өө", "二")
    run_jobs(real_app)
    run_jobs(real_app)
    assert RAN == [("Өө", "二")]


def test_a_job_whose_event_did_not_happen_does_not_run(real_app: FastAPI) -> None:
    with pytest.raises(ZeroDivisionError), real_app.state.database.session(writes=True) as session:
        enqueue(session, "note", "never")
        raise ZeroDivisionError
    run_jobs(real_app)
    assert RAN == []


def test_within_a_test_s_own_transaction_it_is_rolled_back_too(session: Session, database: Database) -> None:
    enqueue(session, "note", "never", key="k")
    session.commit()
    schema = "" if database.is_sqlite else "dbos."
    count = sa.text(f"SELECT count(*) FROM {schema}workflow_status WHERE workflow_uuid = 'note:k'")
    assert session.connection().scalar(count) == 1
    session.rollback()


def test_of_several_with_one_key_the_first_counts(real_app: FastAPI) -> None:
    queue(real_app, "note", "first", key="k")
    queue(real_app, "note", "second", key="k")
    run_jobs(real_app)
    queue(real_app, "note", "third", key="k")
    run_jobs(real_app)
    assert RAN == [("first",)]


def test_a_job_can_wait(real_app: FastAPI) -> None:
    queue(real_app, "note", "later", after=dt.timedelta(hours=1))
    queue(real_app, "note", "now")
    run_jobs(real_app)
    assert RAN == [("now",)]


def test_many_jobs_all_run_once(real_app: FastAPI) -> None:
    with real_app.state.database.session(writes=True) as session:
        for number in range(40):
            enqueue(session, "note", str(number))
    run_jobs(real_app)
    assert sorted(int(words[0]) for words in RAN) == list(range(40))


def test_a_job_that_stumbles_is_tried_again(real_app: FastAPI, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine, "PAUSE_SECONDS", 0.01)
    queue(real_app, "stumble", "2")
    run_jobs(real_app)
    assert len(RAN) == 3


def test_a_job_that_never_succeeds_does_not_hold_up_the_others(
    real_app: FastAPI, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engine, "PAUSE_SECONDS", 0.01)
    queue(real_app, "stumble", "1000")
    queue(real_app, "note", "reached")
    run_jobs(real_app)
    assert RAN.count(("stumbled",)) == engine.RETRIES
    assert ("reached",) in RAN


def test_no_job_by_an_unknown_name(session: Session) -> None:
    with pytest.raises(AssertionError):
        enqueue(session, "no_such_job")


def test_a_name_is_taken_once() -> None:
    with pytest.raises(AssertionError):
        job("note")(lambda _services: None)


def test_the_worker_runs_inside_the_app_when_it_is_asked_to(real_app: FastAPI) -> None:
    app = create_app(real_app.state.settings, real_app.state.database, worker=True)
    queue(app, "note", "inside")
    with TestClient(app):
        assert in_a_thread(engine.wait_until_idle, 20)
    assert RAN == [("inside",)]


def test_without_it_nothing_runs(real_app: FastAPI) -> None:
    queue(real_app, "note", "later")
    with TestClient(create_app(real_app.state.settings, real_app.state.database)):
        time.sleep(1.5)
    assert RAN == []


def test_the_nightly_jobs_are_scheduled(real_app: FastAPI) -> None:
    with at_work(real_app):
        known = {one["schedule_name"]: one["schedule"] for one in in_a_thread(engine.DBOS.list_schedules)}
    assert known == {name: f"0 {cron}" for name, cron in SCHEDULES.items()}
    assert "sweep_files" in known


def test_two_workers_of_one_name_are_refused(real_app: FastAPI, monkeypatch: pytest.MonkeyPatch) -> None:
    database = Database(real_app.state.settings.database_url)
    monkeypatch.setattr(engine, "LOCK_SECONDS", 0)
    with (
        engine._alone(real_app.state.settings, database),
        pytest.raises(ConfigurationError, match="another"),
        at_work(real_app),
    ):
        pass
    with at_work(real_app):
        pass
    database.dispose()


def test_without_its_tables_the_worker_says_what_to_run(real_app: FastAPI) -> None:
    database: Database = real_app.state.database
    drop = "DROP TABLE dbos_migrations" if database.is_sqlite else "DROP SCHEMA dbos CASCADE"
    with database.engines.write.begin() as connection:
        connection.exec_driver_sql(drop)
    with pytest.raises(ConfigurationError, match="migrate"), at_work(real_app):
        pass


def test_a_worker_of_its_own_is_refused_on_sqlite(real_app: FastAPI) -> None:
    if not real_app.state.database.is_sqlite:
        pytest.skip("PostgreSQL has workers of their own")
    with pytest.raises(ConfigurationError, match="inside serve"):
        engine.run_forever(real_app.state.settings, real_app.state.database)


def test_the_engine_is_quiet(real_app: FastAPI, capfd: pytest.CaptureFixture[str]) -> None:
    queue(real_app, "note", "quiet")
    run_jobs(real_app)
    assert capfd.readouterr() == ("", "")
    assert logging.getLogger("dbos").level == logging.WARNING


def test_a_killed_workers_job_runs_again_at_the_next_start(real_app: FastAPI, tmp_path: Path) -> None:
    queue(real_app, "dawdle", "job")
    real_app.state.database.dispose()
    first = Victim(real_app, tmp_path, seconds=60)
    first.wait_for("began job")
    first.kill()
    second = Victim(real_app, tmp_path, seconds=0)
    assert second.process.wait(60) == 0
    assert [line for line in first.notes.read_text().splitlines() if "job" in line] == [
        "began job",
        "began job",
        "ended job",
    ]


def test_a_worker_told_to_stop_finishes_its_job(real_app: FastAPI, tmp_path: Path) -> None:
    if real_app.state.database.is_sqlite:
        pytest.skip("on SQLite the worker runs inside serve")
    environment = {
        "PORTAL_DEMONSTRATION": "1", "PORTAL_DATABASE_URL": real_app.state.settings.database_url,
        "PORTAL_EXECUTOR_ID": str(uuid.uuid4()),
    }  # fmt: skip
    notes = tmp_path / "notes"
    program = (
        f"import sys; sys.argv = ['victim', '', {str(notes)!r}, '1.5']; import tests.jobs.victim as victim;"
        "from portal.settings import Settings; from portal.db import Database; from portal.jobs import engine;"
        "s = Settings(); engine.run_forever(s, Database(s.database_url))"
    )
    queue(real_app, "dawdle", "job")
    worker = subprocess.Popen([sys.executable, "-c", program], cwd=ROOT, env={**os.environ, **environment})
    until = time.monotonic() + 30
    while not notes.exists() and time.monotonic() < until:
        time.sleep(0.05)
    worker.send_signal(signal.SIGTERM)
    assert worker.wait(30) == 0
    assert notes.read_text().splitlines() == ["began job", "ended job"]
