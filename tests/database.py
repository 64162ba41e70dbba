"""Databases for tests: one built by the migrations, copies of it for tests that really commit."""

import os
import shutil
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import sqlalchemy as sa
from sqlmodel import Session

from portal.db import Database, begin
from portal.jobs import engine as jobs
from portal.migrations import run

ROOT = Path(__file__).parent.parent


class JoinedDatabase(Database):
    """While `joined` is set, every request works in savepoints of that one connection's transaction."""

    joined: sa.Connection | None = None

    @contextmanager
    def session(self, *, writes: bool) -> Iterator[Session]:
        if self.joined is None:
            with super().session(writes=writes) as session:
                yield session
            return
        with joined_session(self.joined) as session:
            yield session
            if writes:
                session.commit()


@contextmanager
def joined_session(connection: sa.Connection) -> Iterator[Session]:
    with Session(connection, join_transaction_mode="create_savepoint", expire_on_commit=False) as session:
        yield session


@contextmanager
def transaction(database: JoinedDatabase) -> Iterator[sa.Connection]:
    """Everything inside is rolled back at the end, requests included."""
    with database.engines.write.connect() as connection:
        outer = connection.begin()
        begin(connection, writes=True)
        database.joined = connection
        yield connection
        database.joined = None
        outer.rollback()


def empty_url(folder: Path, name: str) -> str:
    """A new empty database: a file, or one on the server that TEST_DATABASE_URL names."""
    server = os.environ.get("TEST_DATABASE_URL")
    if not server:
        return f"sqlite:///{folder}/{name}.db"
    url = sa.make_url(server).set(drivername="postgresql+psycopg")
    _on_server(url, f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)', f'CREATE DATABASE "{name}"')
    return url.set(database=name).render_as_string(hide_password=False)


def copy(template: Database, folder: Path) -> str:
    """The URL of a database equal to `template`, in which tests may commit."""
    name = f"copy_{uuid.uuid4().hex[:12]}"
    if template.is_sqlite:
        template.dispose()
        shutil.copy(str(template.url.database), folder / f"{name}.db")
        return f"sqlite:///{folder}/{name}.db"
    template.dispose()
    _on_server(template.url, f'CREATE DATABASE "{name}" TEMPLATE "{template.url.database}"')
    return template.url.set(database=name).render_as_string(hide_password=False)


def drop(url: str) -> None:
    made = sa.make_url(url)
    if made.get_backend_name() == "postgresql":
        _on_server(made, f'DROP DATABASE IF EXISTS "{made.database}" WITH (FORCE)')


def build(database: Database) -> None:
    """The schema, by the migrations, and the tables of the job queue."""
    run.upgrade(database)
    jobs.migrate(database)


def _on_server(url: sa.URL, *statements: str) -> None:
    engine = sa.create_engine(url.set(database="postgres"), isolation_level="AUTOCOMMIT", poolclass=sa.NullPool)
    with engine.connect() as connection:
        for statement in statements:
            connection.exec_driver_sql(statement)
    engine.dispose()
