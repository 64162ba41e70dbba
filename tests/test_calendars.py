"""Calendar files, read back by the same library and looked at byte by byte."""

import datetime as dt
from zoneinfo import ZoneInfo

from icalendar import Calendar

from portal.calendars import Moment, calendar

AT = dt.datetime(2027, 3, 31, 18, tzinfo=ZoneInfo("Asia/Seoul"))


def a_moment(**fields: object) -> Moment:
    return Moment(**{"uid": "one@portal", "title": "Due", "at": AT, "url": "https://portal/calls/x", **fields})


def test_an_instant_is_written_in_utc_and_has_no_end() -> None:
    written = calendar("Dates", [a_moment(text="What arrives later is refused.")])
    assert b"\r\nDTSTART:20270331T090000Z\r\n" in written and b"DTEND" not in written
    [event] = Calendar.from_ical(written).walk("VEVENT")
    assert (str(event["uid"]), str(event["summary"])) == ("one@portal", "Due")
    assert str(event["description"]) == "What arrives later is refused."


def test_what_lasts_has_an_end() -> None:
    written = calendar("Dates", [a_moment(ends_at=AT + dt.timedelta(minutes=30))])
    assert b"\r\nDTEND:20270331T093000Z\r\n" in written


def test_lines_end_in_crlf_and_are_folded_between_letters() -> None:
    title = "征集，申请截止; a, b\\c\n" * 12
    written = calendar(title, [a_moment(title=title)])
    lines = written.split(b"\r\n")
    assert lines[-1] == b"" and all(len(line) <= 75 and b"\n" not in line for line in lines)
    assert all(line.decode() is not None for line in lines)
    [event] = Calendar.from_ical(written).walk("VEVENT")
    assert str(event["summary"]) == title
