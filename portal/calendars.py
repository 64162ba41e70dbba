"""Calendar files (iCalendar, RFC 5545) of moments that people should not miss."""

import datetime as dt
from collections.abc import Iterable
from typing import NamedTuple

from icalendar import Calendar, Event, vText

from portal.clock import now

TYPE = "text/calendar; charset=utf-8"
MAKER = "-//NEAR//youth portal//EN"
PORTAL = "near-youth-portal"


def uid(thing: object, name: object) -> str:
    """What names a date of a thing in every calendar: in the public file as in a person's own."""
    return f"{thing}-{name}@{PORTAL}"


class Moment(NamedTuple):
    """`uid` names the moment for good, so that a later file moves it instead of adding another.

    Without an end it is an instant, such as a deadline, or a whole day.
    """

    uid: str
    title: str
    at: dt.datetime | dt.date
    url: str
    text: str = ""
    ends_at: dt.datetime | None = None


def calendar(name: str, moments: Iterable[Moment]) -> bytes:
    """The file: UTF-8, lines of at most 75 octets that end in CRLF, instants in UTC."""
    made = Calendar()
    made.add("prodid", MAKER)
    made.add("version", "2.0")
    made.add("method", "PUBLISH")
    made.add("x-wr-calname", vText(name))  # unknown to the standard, so not escaped unless told
    for moment in moments:
        made.add_component(_event(moment))
    written: bytes = made.to_ical()
    return written


def _event(moment: Moment) -> Event:
    event = Event()
    event.add("uid", moment.uid)
    event.add("dtstamp", now())
    event.add("dtstart", moment.at.astimezone(dt.UTC) if isinstance(moment.at, dt.datetime) else moment.at)
    if moment.ends_at is not None:
        event.add("dtend", moment.ends_at.astimezone(dt.UTC))
    event.add("summary", moment.title)
    event.add("url", moment.url)
    if moment.text:
        event.add("description", moment.text)
    # Nobody is busy because a deadline passes; in a meeting one is.
    event.add("transp", "TRANSPARENT" if moment.ends_at is None else "OPAQUE")
    return event
