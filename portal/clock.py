"""The one clock. Deadlines are decided by it, never by a browser."""

import datetime as dt


def now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)


def today() -> dt.date:
    return now().date()
