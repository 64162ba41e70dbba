import datetime as dt
from zoneinfo import ZoneInfo

from portal.feeds import entries
from portal.feeds.entries import Entry

NIGHT = dt.datetime(2027, 3, 31, 23, 30, tzinfo=ZoneInfo("Asia/Seoul"))


def _entry(uid: str = "one", at: dt.datetime | dt.date = NIGHT, **fields: object) -> Entry:
    return Entry(**{"uid": uid, "title": "Due", "at": at, "path": "/x", "zone": "Asia/Seoul", **fields})  # type: ignore[arg-type]


def test_each_date_once_and_in_order() -> None:
    day = _entry("day", NIGHT.date())
    found = entries.in_order([_entry("late"), day, _entry("late"), _entry("early", NIGHT - dt.timedelta(days=1))])
    assert [each.uid for each in found] == ["early", "day", "late"]


def test_months_are_those_of_the_readers_clock() -> None:
    [seoul] = entries.by_month([_entry()], "Asia/Seoul")
    [auckland] = entries.by_month([_entry()], "Pacific/Auckland")
    assert (seoul[0], auckland[0]) == (dt.date(2027, 3, 1), dt.date(2027, 4, 1))
    two = entries.by_month([_entry("b", dt.date(2027, 4, 2)), _entry("a")], "Asia/Seoul")
    assert [(month.month, [each.uid for each in found]) for month, found in two] == [(3, ["a"]), (4, ["b"])]


def test_a_day_is_over_with_its_end_and_an_instant_with_itself() -> None:
    second = dt.timedelta(seconds=1)
    assert entries.is_from(_entry(), NIGHT) and not entries.is_from(_entry(), NIGHT + second)
    day = _entry(at=NIGHT.date())
    assert entries.is_from(day, NIGHT) and not entries.is_from(day, NIGHT + dt.timedelta(minutes=30))
    lasting = _entry(ends_at=NIGHT + second)
    assert entries.is_from(lasting, NIGHT + second)
