"""When things happen, counted from the day the demonstration is built: whatever day that is, all can be tried."""

import datetime as dt

from portal.clock import now, today

ZONE = "Asia/Seoul"
REFERENCE = dt.date(2027, 1, 1)  # what the texts of the call and the edition say
EARLIEST_START = dt.date(2027, 9, 6)  # the call is for an autumn


def on(*, weeks: int, hour: int) -> str:
    """A day so many weeks from today, at a full hour of the call's own clock, as a form would send it."""
    return f"{today() + dt.timedelta(weeks=weeks)}T{hour:02}:00"


def graduation() -> dt.date:
    """Of those who are enrolled still."""
    return max(dt.date(2028, 6, 30), today() + dt.timedelta(weeks=52))


def ago(**interval: int) -> dt.datetime:
    return now() - dt.timedelta(**interval)


def working_weeks(number: int, *, start: dt.date | None = None) -> tuple[dt.date, dt.date]:
    """From a Monday, in time after all decisions unless it is given, to the Friday of the last of so many weeks."""
    start = start or max(EARLIEST_START, today() + dt.timedelta(weeks=16))
    monday = start + dt.timedelta(days=-start.weekday() % 7)
    return monday, monday + dt.timedelta(weeks=number, days=-3)
