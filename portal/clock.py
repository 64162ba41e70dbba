"""The one clock. Deadlines are decided by it, never by a browser."""

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_ago: ContextVar[dt.timedelta] = ContextVar("ago", default=dt.timedelta())


def now() -> dt.datetime:
    return dt.datetime.now(dt.UTC) - _ago.get()


def today() -> dt.date:
    return now().date()


@contextmanager
def set_back(**interval: float) -> Iterator[None]:
    """For the demonstration alone, whose earlier rounds happen at their own time: the past."""
    token = _ago.set(dt.timedelta(**interval))
    try:
        yield
    finally:
        _ago.reset(token)
