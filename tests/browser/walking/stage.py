"""The demonstration, built once for all processes of a test run, and a portal that serves a copy of it."""

import fcntl
import pickle
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from fastapi import FastAPI, HTTPException, Request
from sqlmodel import Session, col, select

from portal import demonstration
from portal.accounts.models import Person
from portal.app import create_app
from portal.db import Database
from portal.settings import Settings
from tests import database as databases
from tests import make
from tests.browser.conftest import Served, free_port
from tests.browser.walking import crawl, moments, pseudo, words
from tests.browser.walking.moments import refusals


@dataclass(frozen=True)
class Stage:
    """A folder with the database and the uploads, what lies in them, and what a crawl found there."""

    folder: Path
    data: words.Data
    found: crawl.Found


def stage(shared: Path) -> Stage:
    """Whoever comes first builds it; the others wait for that."""
    shared.mkdir(parents=True, exist_ok=True)
    kept = shared / "stage.pickle"
    with (shared / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not kept.exists():
            kept.write_bytes(pickle.dumps(_built(shared)))
    made: Stage = pickle.loads(kept.read_bytes())
    return made


def _built(folder: Path) -> Stage:
    found_by_nobody = _build(folder)
    copy = _copied(folder, folder / "crawled")
    database = databases.JoinedDatabase(f"sqlite:///{copy}/demonstration.db")
    with database.session(writes=False) as session:
        data = words.everything(session)
    app = _portal(settings(copy), database)
    with pseudo.spoken(pseudo.collected(folder)):
        found = crawl.Crawl(app, database, data, found_by_nobody).everywhere()
    database.dispose()
    return Stage(folder, data, found)


def _build(folder: Path) -> list[crawl.Moment]:
    database = Database(f"sqlite:///{folder}/demonstration.db")
    databases.build(database)
    make.registry(database)
    demonstration.build(settings(folder), database)
    with database.session(writes=True) as session:
        made = moments.made(session, settings(folder))
    database.dispose()
    return made


def _copied(folder: Path, to: Path) -> Path:
    to.mkdir(parents=True, exist_ok=True)
    shutil.copy(folder / "demonstration.db", to)
    shutil.copytree(folder / "uploads", to / "uploads", dirs_exist_ok=True)
    return to


def _portal(settings: Settings, database: Database | None = None) -> FastAPI:
    """With an address for the page of every error."""
    app = create_app(settings, database)
    app.router.add_route(refusals.ERROR, _fail)
    return app


def _fail(request: Request) -> None:
    raise HTTPException(request.path_params["status"])


def settings(folder: Path, port: int = 8000) -> Settings:
    return Settings(
        demonstration=True,
        database_url=f"sqlite:///{folder}/demonstration.db",
        storage_url=f"file:{folder}/uploads",
        public_origin=f"http://127.0.0.1:{port}",
    )


@contextmanager
def serving(stage: Stage, folder: Path) -> Iterator[Served]:
    port = free_port()
    with Served(_portal(settings(_copied(stage.folder, folder), port)), port) as served:
        yield served


def cookies(served: Served, address: str) -> dict[str, str]:
    """Of who signed in with this address; none for a visitor."""
    if not address:
        return {}
    state = served.app.state
    with state.database.session(writes=True) as session:
        return dict(make.sign_in(session, state.settings, _person(session, address)))


def _person(session: Session, address: str) -> Person:
    return session.exec(select(Person).where(col(Person.email) == address)).one()
