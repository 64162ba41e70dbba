"""Two essays that copy each other and are sent at the same moment."""

import uuid

import pytest
from fastapi import FastAPI
from sqlmodel import Session, select

from portal.jobs.registry import Services
from portal.passages import actions, queries, sweeping
from portal.passages.jobs import find_passages
from portal.passages.models import SharedPassages
from tests import make, racing
from tests.bench import passages as bench
from tests.bench.writing import Copying
from tests.passages.test_actions import own


def _race(app: FastAPI, monkeypatch: pytest.MonkeyPatch) -> int:
    """How many pairs are found when both jobs run at once, with time between keeping and looking up."""
    database = app.state.database
    monkeypatch.setattr(queries, "common", racing.slowly(queries.common))
    with database.session(writes=True) as session:
        ids = [make.essay(session, text=own(1)).id for _essay in range(2)]
    services = Services(app.state.settings, database)
    racing.at_once([_job(services, each) for each in ids])
    with database.session(writes=False) as session:
        return len(session.exec(select(SharedPassages)).all())


def _job(services: Services, essay_id: uuid.UUID):  # type: ignore[no-untyped-def]
    return lambda: find_passages(services, str(essay_id))


def test_one_of_the_two_finds_the_other(real_app: FastAPI, monkeypatch: pytest.MonkeyPatch) -> None:
    assert _race(real_app, monkeypatch) == 1


def test_without_the_lock_they_overlook_each_other(real_app: FastAPI, monkeypatch: pytest.MonkeyPatch) -> None:
    if real_app.state.database.is_sqlite:
        pytest.skip("SQLite has one writer: there is no lock to take away")
    monkeypatch.setattr(actions, "one_at_a_time", lambda session: None)
    assert _race(real_app, monkeypatch) == 0


def test_five_hundred_essays_are_screened_at_once(real_app: FastAPI) -> None:
    """The small version of tests/bench/passages.py: every whole and half copy is found, and nothing else."""
    database, made = real_app.state.database, bench.planted(500)
    with database.session(writes=True) as session:
        bench.write(session, make.edition(session), made.essays)
    assert sweeping.compare_all(database).fingerprinted == 500
    with database.session(writes=False) as session:
        found = bench.found(session)
    assert found - set(made.copies) == set()
    assert {pair for pair, kind in made.copies.items() if kind in (Copying.WHOLE, Copying.HALF)} <= found
    assert sweeping.compare_all(database).fingerprinted == 0
    _one_more(database, made)


def _one_more(database, made: bench.Planted) -> None:  # type: ignore[no-untyped-def]
    """Beside all the others, as after a submission."""
    pair = next(iter(made.copies))
    with database.session(writes=True) as session:
        _forget(session, pair)
        assert actions.compare(session, next(iter(pair))) == 1


def _forget(session: Session, pair: bench.Pair) -> None:
    for known in queries.fingerprinted(session, list(pair)).values():
        known.compared_at = None
        session.add(known)
    session.flush()
