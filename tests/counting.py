"""How many statements a page needs."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

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


def queries_of(database: Database, ask: Callable[[], Any]) -> int:
    """How many SELECTs a page makes that is shown."""
    with queries(database) as seen:
        assert ask().status_code == 200
    return len(seen)
