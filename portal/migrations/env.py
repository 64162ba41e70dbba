"""Alembic's entrance. The caller hands over a connection, or Alembic opens one from PORTAL_DATABASE_URL."""

from typing import Any, Literal

import sqlalchemy as sa
import sqlmodel
from alembic import context
from alembic.autogenerate.api import AutogenContext
from sqlmodel import SQLModel

from portal import tables  # noqa: F401 - every table of the portal is known from here on
from portal.db import Database, UtcDateTime
from portal.migrations import run
from portal.settings import read_settings


def _only_ours(thing: Any, name: str | None, kind: str, reflected: bool, other: Any) -> bool:
    """The job engine keeps tables of its own in the same database; they are not ours to drop."""
    return not (kind == "table" and reflected and name not in SQLModel.metadata.tables)


def _render(kind: str, thing: Any, autogen: AutogenContext) -> str | Literal[False]:
    """The portal's own column types, written as what the database sees."""
    if kind != "type":
        return False
    if isinstance(thing, UtcDateTime):
        return "sa.DateTime(timezone=True)"
    if isinstance(thing, (sa.Enum, sqlmodel.AutoString)):
        return f"sa.String(length={thing.length})" if thing.length else "sa.String()"
    return False


def _same_type(_context: Any, _inspected: Any, metadata: Any, found: Any, wanted: Any) -> bool | None:
    """Enums are text to the database."""
    return False if isinstance(wanted, sa.Enum) and isinstance(found, sa.String) else None


def migrate(connection: sa.Connection) -> None:
    context.configure(
        connection=connection,
        target_metadata=SQLModel.metadata,
        include_object=_only_ours,
        render_item=_render,
        compare_type=_same_type,
        render_as_batch=True,
        transactional_ddl=True,
    )
    with context.begin_transaction():
        context.run_migrations()


def _open_and_migrate() -> None:
    database = Database(read_settings().database_url)
    with run.alone(database) as connection:
        migrate(connection)
    database.dispose()


given: sa.Connection | None = context.config.attributes.get("connection")
if given is not None:
    migrate(given)
else:
    _open_and_migrate()
