"""The one clock. Deadlines are decided by it, never by a browser."""

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TypeVar

D = TypeVar("D", dt.date, dt.datetime)
_ago: ContextVar[dt.timedelta] = ContextVar("ago", default=dt.timedelta())


def now() -> dt.datetime:
    return dt.datetime.now(dt.UTC) - _ago.get()


def today() -> dt.date:
    return now().date()


def moved_on(day: D, years: int) -> D:
    """The same day of a later year; 29 February becomes the 28th."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=28)


@contextmanager
def set_back(**interval: float) -> Iterator[None]:
    """For the demonstration alone, whose earlier rounds happen at their own time: the past."""
    token = _ago.set(dt.timedelta(**interval))
    try:
        yield
    finally:
        _ago.reset(token)
