"""Bringing a database to a schema: alone, and in one transaction, so that a killed run leaves the old or the new."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from portal.db import Database, begin

FOLDER = Path(__file__).parent
PATIENCE = 60_000  # milliseconds that a second migration waits for the first
LOCK = 7_163_221  # any number, the same for every process that migrates


def upgrade(database: Database, revision: str = "head", *, folder: Path = FOLDER) -> None:
    """Raises whatever a migration raises, with nothing changed."""
    with alone(database) as connection:
        command.upgrade(config(connection, folder), revision)


def downgrade(database: Database, revision: str, *, folder: Path = FOLDER) -> None:
    with alone(database) as connection:
        command.downgrade(config(connection, folder), revision)


def is_newest(database: Database) -> bool:
    """Whether every migration there is has been applied."""
    with database.engines.read.connect() as connection:
        found = MigrationContext.configure(connection).get_current_revision()
    return found == ScriptDirectory(str(FOLDER)).get_current_head()


def config(connection: sa.Connection, folder: Path = FOLDER) -> Config:
    """Alembic's configuration for work on this connection; env.py takes it from there."""
    made = Config(attributes={"connection": connection})
    made.set_main_option("script_location", str(folder).replace("%", "%%"))
    return made


@contextmanager
def alone(database: Database) -> Iterator[sa.Connection]:
    """A connection in a transaction that no other migration runs beside; committed at the end."""
    with database.engines.write.connect() as connection:
        if database.is_sqlite:
            yield from _alone_on_sqlite(connection)
        else:
            connection.execute(sa.select(sa.func.pg_advisory_xact_lock(LOCK)))
            yield connection
            connection.commit()


def _alone_on_sqlite(connection: sa.Connection) -> Iterator[sa.Connection]:
    # A table that is rebuilt is dropped first: enforced, its references would take rows of other tables along.
    # BEGIN IMMEDIATE, because SQLite's driver would otherwise commit every statement of a migration by itself.
    connection.exec_driver_sql("PRAGMA foreign_keys=OFF")
    connection.exec_driver_sql(f"PRAGMA busy_timeout={PATIENCE}")
    try:
        begin(connection, writes=True)
        yield connection
        _refuse_dangling(connection)
        connection.commit()
    finally:
        connection.rollback()
        connection.exec_driver_sql("PRAGMA foreign_keys=ON")


def _refuse_dangling(connection: sa.Connection) -> None:
    dangling = connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall()
    if dangling:
        raise RuntimeError(f"a migration left {len(dangling)} references to rows that are gone, in {dangling[0][0]}")
