"""The database is built once by the migrations; each test works in a transaction that is rolled back."""

import datetime as dt
import os
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import time_machine
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlmodel import Session

from portal import i18n
from portal.app import create_app
from portal.jobs.registry import Services
from portal.settings import Settings
from portal.web import logs
from tests import database as databases
from tests import make
from tests.people import Cast

ORIGIN = "http://127.0.0.1:8000"
# What `make quick` tries besides the tests that need no database: one file of each kind.
QUICK = ("history/", "web/", "registry/test_routes", "appeals/test_routes", "judging/test_blindness")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--quick", action="store_true", help="rules, forms and a few files with a database")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if config.getoption("--quick"):
        items[:] = [item for item in items if _is_quick(item)]
    elif "TEST_DATABASE_URL" in os.environ and len(config.args) == 1 and config.args[0].endswith("tests"):
        # The whole suite on PostgreSQL: what meets no database says nothing new there.
        items[:] = [item for item in items if item.get_closest_marker("slow") or _needs_a_database(item)]


def _is_quick(item: pytest.Item) -> bool:
    if item.get_closest_marker("slow") or item.get_closest_marker("browser"):
        return False
    place = item.nodeid.removeprefix("tests/")
    return not _needs_a_database(item) or ("real_app" not in _needs(item) and place.startswith(QUICK))


def _needs_a_database(item: pytest.Item) -> bool:
    return bool(_needs(item) & {"database", "real_app"})


def _needs(item: pytest.Item) -> set[str]:
    return set(getattr(item, "fixturenames", ()))


@pytest.fixture(scope="session", autouse=True)
def plain_logs() -> None:
    """As in earnest: one line a failure, instead of pages of coloured source."""
    logs.set_up("ERROR")


@pytest.fixture(scope="session")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    return Settings(
        secret="a secret that only the tests know, long enough",
        storage_url=f"file:{tmp_path_factory.mktemp('uploads')}",
        public_origin=ORIGIN,
        demonstration=False,
    )


@pytest.fixture(scope="session")
def database(tmp_path_factory: pytest.TempPathFactory) -> Iterator[databases.JoinedDatabase]:
    name = f"test_{os.environ.get('PYTEST_XDIST_WORKER', 'main')}_{uuid.uuid4().hex[:6]}"
    url = databases.empty_url(tmp_path_factory.mktemp("db"), name)
    made = databases.JoinedDatabase(url)
    databases.build(made)
    make.registry(made)
    yield made
    made.dispose()
    databases.drop(url)


@pytest.fixture(scope="session")
def app(settings: Settings, database: databases.JoinedDatabase) -> FastAPI:
    return create_app(settings, database)


@pytest.fixture
def session(database: databases.JoinedDatabase) -> Iterator[Session]:
    """The test's own session. Commit before a request is to see what was made here."""
    i18n.use("en")
    with databases.transaction(database) as connection, databases.joined_session(connection) as session:
        yield session


@pytest.fixture
def services(settings: Settings, database: databases.JoinedDatabase) -> Services:
    """What a job works with, within the test's own transaction."""
    return Services(settings, database)


@pytest.fixture
def noon() -> Iterator[dt.datetime]:
    """It is noon in Seoul, today: an hour at which nobody's reminders wait for the morning."""
    today = dt.datetime.combine(dt.datetime.now(dt.UTC).date(), dt.time(3), dt.UTC)
    with time_machine.travel(today, tick=False):
        yield today


@pytest.fixture
def cast(session: Session) -> Cast:
    return Cast(session)


@pytest.fixture
def client(app: FastAPI, session: Session) -> TestClient:
    """A visitor's browser."""
    return browser(app)


@pytest.fixture
def as_(app: FastAPI, session: Session) -> Callable[..., TestClient]:
    """`as_(person)` is that person's browser, signed in."""
    return lambda person: signed_in(app, session, person)


@pytest.fixture
def real_app(database: databases.JoinedDatabase, settings: Settings, tmp_path: Path) -> Iterator[FastAPI]:
    """A portal on a database of its own whose requests really commit, for races, jobs and crashes."""
    url = databases.copy(database, tmp_path)
    made = create_app(settings.model_copy(update={"database_url": url, "storage_url": f"file:{tmp_path}/uploads"}))
    yield made
    made.state.database.dispose()
    databases.drop(url)


def browser(app: FastAPI, **headers: str) -> TestClient:
    # Uncompressed: the length of a compressed page depends on the random reference or key in it.
    sent = {"accept-language": "en", "accept-encoding": "identity", **headers}
    return TestClient(app, base_url=ORIGIN, follow_redirects=False, headers=sent)


def signed_in(app: FastAPI, session: Session, person: object) -> TestClient:
    client = browser(app)
    client.cookies.update(make.sign_in(session, app.state.settings, person))
    session.commit()
    return client
