"""Rows in bulk."""

import itertools
from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, SQLModel

Values = dict[str, Any]


def insert(session: Session, kind: type[SQLModel], rows: Iterable[Values]) -> None:
    rows = iter(rows)
    while some := list(itertools.islice(rows, 1000)):
        session.execute(sa.insert(sa.inspect(kind).local_table), some)


def like(thing: SQLModel, **changed: Any) -> Values:
    """The row that this object would become."""
    columns = sa.inspect(type(thing)).columns.keys()
    return {name: getattr(thing, name) for name in columns} | changed
