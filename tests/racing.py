"""Many requests at once against a portal that really commits."""

import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from threading import Barrier
from typing import Any

import sqlalchemy as sa
from fastapi import FastAPI
from sqlalchemy import event
from sqlmodel import Session

from portal.app import create_app
from portal.db import Database, begin

PAUSE = 0.05


def at_once(requests: Sequence[Callable[[], Any]]) -> list[Any]:
    """Starts all of them at the same moment; their answers in order."""
    line = Barrier(len(requests))

    def run(request: Callable[[], Any]) -> Any:
        line.wait()
        return request()

    with ThreadPoolExecutor(len(requests)) as pool:
        return list(pool.map(run, requests))


def slowly(function: Callable[..., Any]) -> Callable[..., Any]:
    """The same, but with time to be overtaken."""

    def paused(*arguments: Any, **named: Any) -> Any:
        time.sleep(PAUSE)
        return function(*arguments, **named)

    return paused


class Unguarded(Database):
    """On SQLite: many connections write, and none takes the lock before it reads."""

    def __init__(self, url: str, connections: int) -> None:
        super().__init__(url)
        self.loose = sa.create_engine(url, pool_size=connections, max_overflow=0)
        event.listen(self.loose, "connect", _prepare)

    @contextmanager
    def session(self, *, writes: bool) -> Iterator[Session]:
        with Session(self.loose, expire_on_commit=False) as session:
            begin(session.connection(), writes=False)
            yield session
            if writes:
                session.commit()

    def dispose(self) -> None:
        super().dispose()
        self.loose.dispose()


@contextmanager
def unguarded(real_app: FastAPI, connections: int) -> Iterator[FastAPI]:
    """The same portal on the same SQLite file, without the lock that a writer takes.

    On PostgreSQL nobody locks a whole database: there it is the portal as it is, less the lock that a test took away.
    """
    if not real_app.state.database.is_sqlite:
        yield real_app
        return
    url = real_app.state.database.url.render_as_string(hide_password=False)
    database = Unguarded(url, connections)
    yield create_app(real_app.state.settings, database)
    database.dispose()


def _prepare(connection: Any, _record: object) -> None:
    connection.isolation_level = None
    connection.execute("PRAGMA busy_timeout=5000")
    connection.execute("PRAGMA foreign_keys=ON")
