"""Asking for background work, in the transaction of the event that needs it."""

import datetime as dt

from sqlmodel import Session

from portal.jobs import engine


def enqueue(
    session: Session, job: str, *arguments: str, key: str | None = None, after: dt.timedelta | None = None
) -> None:
    """`job` runs after this transaction has committed, and only if it does. Arguments are plain text.

    Of several with one `key` the first counts, for ever. `after` has it wait, from now.
    """
    engine.put(session.connection(), job, arguments, key=key, after=after)
