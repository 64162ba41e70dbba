"""One date of somebody's own, as their page and their calendar show it. Pure."""

import datetime as dt
from collections.abc import Iterable
from itertools import groupby
from typing import NamedTuple
from zoneinfo import ZoneInfo

from portal.calendars import Moment


class Entry(NamedTuple):
    """A whole day, or an instant in the zone that decides it. `title` and `text` are in the reader's language.

    They name no other person: the calendar is read by programmes that other people run.
    """

    uid: str
    title: str
    at: dt.datetime | dt.date
    path: str
    zone: str = ""
    text: str = ""
    ends_at: dt.datetime | None = None


def is_day(entry: Entry) -> bool:
    return not isinstance(entry.at, dt.datetime)


def day(entry: Entry, zone: str) -> dt.date:
    """On which day the reader meets it."""
    return entry.at.astimezone(ZoneInfo(zone)).date() if isinstance(entry.at, dt.datetime) else entry.at


def instant(entry: Entry) -> dt.datetime:
    """A whole day stands before the hours of that day."""
    if isinstance(entry.at, dt.datetime):
        return entry.at
    return dt.datetime.combine(entry.at, dt.time(), ZoneInfo(entry.zone or "UTC"))


def in_order(found: Iterable[Entry]) -> list[Entry]:
    """Each once, by time: somebody with two parts in a call has its dates once."""
    once = {entry.uid: entry for entry in found}
    return sorted(once.values(), key=lambda entry: (instant(entry), entry.uid))


def by_month(found: Iterable[Entry], zone: str) -> list[tuple[dt.date, list[Entry]]]:
    """In the order of days, under the first day of each month."""
    days = sorted(found, key=lambda entry: (day(entry, zone), instant(entry)))
    months = groupby(days, key=lambda entry: day(entry, zone).replace(day=1))
    return [(month, list(entries)) for month, entries in months]


def moment(entry: Entry, origin: str) -> Moment:
    return Moment(entry.uid, entry.title, entry.at, f"{origin}{entry.path}", entry.text, entry.ends_at)


def is_from(entry: Entry, since: dt.datetime) -> bool:
    """Whether it is not over at this instant; a day is over with its end."""
    if isinstance(entry.at, dt.datetime):
        return (entry.ends_at or entry.at) >= since
    return instant(entry) + dt.timedelta(days=1) > since
