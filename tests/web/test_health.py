"""What machines that watch over the portal are told, and the signs of life behind it."""

import datetime as dt
import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlmodel import Session

from portal.app import create_app
from portal.clock import now
from portal.db import Database
from portal.errors import ConfigurationError
from portal.jobs import engine, signs
from portal.jobs.models import WorkerSign
from portal.settings import Settings
from tests.conftest import browser
from tests.jobs.running import at_work, run_jobs

ALL_OK = {"database": "ok", "migrations": "ok", "storage": "ok", "worker": "ok"}


@pytest.fixture
def worker(session: Session) -> WorkerSign:
    sign = WorkerSign(executor_id="w1", started_at=now(), seen_at=now())
    session.add(sign)
    session.commit()
    return sign


@pytest.fixture
def lost(tmp_path: Path, settings: Settings) -> Iterator[TestClient]:
    """A portal whose database does not answer, and whose folder cannot be made."""
    (tmp_path / "file").write_text("in the way")
    url = f"sqlite:///{tmp_path}/none.db"
    changed = {"database_url": url, "storage_url": f"file:{tmp_path}/file"}
    database = Database(url)
    yield browser(create_app(settings.model_copy(update=changed), database))
    database.dispose()


def test_it_is_ready_when_everything_is(client: TestClient, worker: WorkerSign) -> None:
    answer = client.get("/health/ready")
    assert (answer.status_code, answer.json()) == (200, ALL_OK)
    assert answer.headers["cache-control"] == "no-store, private"
    assert "set-cookie" not in answer.headers


@pytest.mark.parametrize("is_stopped", [True, False])
def test_without_a_worker_s_sign_it_is_not(
    client: TestClient, session: Session, worker: WorkerSign, *, is_stopped: bool
) -> None:
    worker.seen_at = now() - dt.timedelta(seconds=0 if is_stopped else 91)
    worker.stopped_at = now() if is_stopped else None
    session.add(worker)
    session.commit()
    answer = client.get("/health/ready")
    assert (answer.status_code, answer.json()) == (503, {**ALL_OK, "worker": "failing"})


def test_without_a_database_it_lives_and_is_not_ready(lost: TestClient) -> None:
    answer = lost.get("/health/live")
    assert (answer.status_code, answer.text) == (200, "alive\n")
    answer = lost.get("/health/ready")
    assert answer.status_code == 503
    assert answer.json() == {**ALL_OK, "migrations": "failing", "storage": "failing", "worker": "failing"}


def test_what_is_wrong_stands_in_no_answer(lost: TestClient) -> None:
    assert set(json.loads(lost.get("/health/ready").text).values()) <= {"ok", "failing"}


def sign(app: FastAPI) -> WorkerSign | None:
    with app.state.database.session(writes=False) as session:
        return session.get(WorkerSign, app.state.settings.executor_id)


def test_a_worker_says_that_it_is_there_and_that_it_left(real_app: FastAPI) -> None:
    with at_work(real_app):
        there = sign(real_app)
        assert there and signs.is_at_work(there)
    left = sign(real_app)
    assert left and left.stopped_at and not signs.is_at_work(left)
    run_jobs(real_app)
    again = sign(real_app)
    assert again and again.started_at > there.started_at


def test_a_worker_that_was_refused_gives_no_sign(real_app: FastAPI, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine, "LOCK_SECONDS", 0)
    other = Database(real_app.state.settings.database_url)
    with engine._alone(real_app.state.settings, other), pytest.raises(ConfigurationError), at_work(real_app):
        pass
    assert sign(real_app) is None
    other.dispose()


def test_a_sign_is_given_again_and_again(real_app: FastAPI, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(signs, "EVERY_SECONDS", 0.01)
    with signs.of_life(real_app.state.settings, real_app.state.database):
        first = sign(real_app)
        assert first
        while (later := sign(real_app)) and later.seen_at == first.seen_at:
            pass
    assert later and later.started_at == first.started_at
