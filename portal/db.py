"""Engines, sessions and column types. Knows no HTTP and no feature."""

import datetime as dt
import enum
import sqlite3
import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy import event
from sqlmodel import Field, Session, SQLModel

SQLModel.metadata.naming_convention = {
    "pk": "pk_%(table_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
}
POOL_SIZE = 10
JUDGE_ROLE = "portal_judge"


class UtcDateTime(sa.types.TypeDecorator[dt.datetime]):
    """Aware UTC in Python on every database; SQLite would hand back naive values."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: dt.datetime | None, dialect: sa.Dialect) -> dt.datetime | None:
        if value is not None and value.tzinfo is None:
            raise ValueError("naive datetime")
        return value and value.astimezone(dt.UTC)

    def process_result_value(self, value: dt.datetime | None, dialect: sa.Dialect) -> dt.datetime | None:
        return value and (value.astimezone(dt.UTC) if value.tzinfo else value.replace(tzinfo=dt.UTC))


def text_enum(kind: type[enum.Enum]) -> sa.Enum:
    """Enums are stored by value, as text: readable in the database, changed without DDL."""
    return sa.Enum(
        kind,
        native_enum=False,
        create_constraint=False,
        length=32,
        validate_strings=True,
        values_callable=lambda members: [member.value for member in members],
    )


class Table(SQLModel):
    """Every table: an id known before the insert, so it is never optional."""

    id: uuid.UUID = Field(default_factory=uuid.uuid4, primary_key=True)


class Engines(NamedTuple):
    """One engine that writes and one that reads; the same one on PostgreSQL."""

    write: sa.Engine
    read: sa.Engine


class Database:
    """The engines of one database, and the sessions that people and jobs work in."""

    def __init__(self, url: str) -> None:
        self.url = sa.make_url(url)
        self.engines = _make_engines(self.url)

    @property
    def is_sqlite(self) -> bool:
        return self.url.get_backend_name() == "sqlite"

    @contextmanager
    def session(self, *, writes: bool) -> Iterator[Session]:
        """One transaction. A writing one commits at the end, a reading one never does."""
        engine = self.engines.write if writes else self.engines.read
        with Session(engine, expire_on_commit=False) as session:
            begin(session.connection(), writes=writes)
            yield session
            if writes:
                session.commit()

    def dispose(self) -> None:
        for engine in set(self.engines):
            engine.dispose()


def begin(connection: sa.Connection, *, writes: bool) -> None:
    """SQLite needs telling: a writer takes its lock at once, a reader keeps one snapshot."""
    if connection.dialect.name == "sqlite":
        sighted(connection)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


class Sight(NamedTuple):
    """What a blind connection may still do: columns it may read and change, by table; rows it may add and remove."""

    readable: Mapping[str, frozenset[str]]
    changeable: Mapping[str, frozenset[str]]
    addable: frozenset[str]


def blind(connection: sa.Connection, sight: Sight) -> None:
    """From here on this connection can read only the given columns, and nothing else.

    SQLite asks an authorizer for every column a statement touches. PostgreSQL takes on a role whose
    grants (a migration wrote them; a test compares) say the same.
    """
    if connection.dialect.name == "sqlite":
        _driver(connection).set_authorizer(_only(sight))
    else:
        connection.exec_driver_sql(f"SET LOCAL ROLE {JUDGE_ROLE}")


def sighted(connection: sa.Connection) -> None:
    """Ends `blind`. A pooled SQLite connection would keep its authorizer for the next reader."""
    if connection.dialect.name == "sqlite":
        _driver(connection).set_authorizer(None)
    else:
        connection.exec_driver_sql("SET LOCAL ROLE NONE")


def _only(sight: Sight) -> Any:
    """SQLite's question before each statement, answered: may it read, change, add or remove this?"""

    def decide(operation: int, table: str | None, column: str | None, *_rest: str | None) -> int:
        if operation == sqlite3.SQLITE_READ:
            # count(*) and exists() ask for the empty column name: the table itself must be readable.
            allowed = table in sight.readable and (not column or column in sight.readable.get(table or "", ()))
        elif operation == sqlite3.SQLITE_UPDATE:
            allowed = column in sight.changeable.get(table or "", ())
        else:
            allowed = operation not in {sqlite3.SQLITE_INSERT, sqlite3.SQLITE_DELETE} or table in sight.addable
        return sqlite3.SQLITE_OK if allowed else sqlite3.SQLITE_DENY

    return decide


def _driver(connection: sa.Connection) -> sqlite3.Connection:
    driver = connection.connection.driver_connection
    assert isinstance(driver, sqlite3.Connection)
    return driver


def _make_engines(url: sa.URL) -> Engines:
    if url.get_backend_name() != "sqlite":
        engine = sa.create_engine(url, pool_size=POOL_SIZE, max_overflow=0, pool_pre_ping=True, hide_parameters=True)
        return Engines(engine, engine)
    if url.database:
        Path(url.database).parent.mkdir(parents=True, exist_ok=True)
    # SQLite before 3.51.3 can corrupt a WAL when two connections write and checkpoint at once:
    # one connection does both, the others may only read.
    write = sa.create_engine(url, pool_size=1, max_overflow=0, hide_parameters=True)
    read = sa.create_engine(url, pool_size=POOL_SIZE, max_overflow=0, hide_parameters=True)
    event.listen(write, "connect", _prepare_writer)
    event.listen(read, "connect", _prepare_reader)
    return Engines(write, read)


def _prepare_writer(connection: sqlite3.Connection, _record: object) -> None:
    connection.isolation_level = "IMMEDIATE"  # what DBOS expects of an engine that it shares
    _set(connection, "journal_mode=WAL", "synchronous=FULL", "busy_timeout=5000", "foreign_keys=ON")


def _prepare_reader(connection: sqlite3.Connection, _record: object) -> None:
    connection.isolation_level = None
    _set(connection, "query_only=ON", "wal_autocheckpoint=0", "busy_timeout=5000", "foreign_keys=ON")


def _set(connection: sqlite3.Connection, *pragmas: str) -> None:
    for pragma in pragmas:
        connection.execute(f"PRAGMA {pragma}")
