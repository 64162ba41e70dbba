"""How many statements a request runs."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import event

from tests.database import JoinedDatabase


@contextmanager
def statements(database: JoinedDatabase) -> Iterator[list[str]]:
    """Collects every statement but those that only begin or end a transaction."""
    found: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        if not statement.startswith(("SAVEPOINT", "RELEASE", "ROLLBACK", "BEGIN")):
            found.append(statement)

    event.listen(database.engines.write, "before_cursor_execute", note)
    try:
        yield found
    finally:
        event.remove(database.engines.write, "before_cursor_execute", note)
