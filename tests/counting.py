"""How many statements a page needs."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import event

from portal.db import Database


@contextmanager
def queries(database: Database) -> Iterator[list[str]]:
    """The SELECTs that run inside, in order."""
    seen: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        if statement.startswith("SELECT"):
            seen.append(statement)

    engines = set(database.engines)
    for engine in engines:
        event.listen(engine, "before_cursor_execute", note)
    yield seen
    for engine in engines:
        event.remove(engine, "before_cursor_execute", note)
