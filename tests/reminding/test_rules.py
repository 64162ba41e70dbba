import datetime as dt
import uuid

import pytest

from portal import duties  # noqa: F401 - every rule is known from here on
from portal.mail.rules import Recipient
from portal.reminding import rules
from portal.reminding.rules import DAY, RULES, Reader, Step, Subject

DUE = dt.datetime(2027, 3, 31, 9, tzinfo=dt.UTC)  # 18:00 in Seoul
HOUR = dt.timedelta(hours=1)


def subject(at: dt.datetime = DUE, until: dt.datetime | None = DUE, series: str = "") -> Subject:
    return Subject(uuid.uuid4(), at, None, "Asia/Seoul", lambda _language: "Call", until, series=series)


def planned(one: Subject, *days: int) -> list[Step]:
    return [Step(one, each) for each in days]


@pytest.mark.parametrize(
    ("at", "due"),
    [
        (DUE - 7 * DAY - HOUR, None),
        (DUE - 7 * DAY, -7),
        (DUE - 3 * DAY, -7),
        (DUE - 2 * DAY, -2),
        (DUE - HOUR, -2),
        (DUE, None),
        (DUE + DAY, None),
    ],
)
def test_the_newest_step_is_due_and_none_once_it_is_over(at: dt.datetime, due: int | None) -> None:
    assert [step.days for step in rules.newest_due(planned(subject(), -7, -2), at)] == ([due] if due else [])


def test_what_has_no_end_is_due_however_late() -> None:
    steps = planned(subject(until=None), 3, 7)
    assert [step.days for step in rules.newest_due(steps, DUE + 400 * DAY)] == [7]


def test_each_series_of_a_subject_has_its_own_steps() -> None:
    first = subject(until=None, series="host")
    other = Subject(first.id, DUE, None, first.zone, first.title, series="intern")
    due = rules.newest_due([*planned(first, 3, 7), *planned(other, 3)], DUE + 8 * DAY)
    assert {step.name for step in due} == {"host +7 days", "intern +3 days"}


def test_what_is_coming_is_in_order_and_leaves_out_what_will_be_over() -> None:
    steps = planned(subject(), -2, -7, 1)
    assert [step.days for step in rules.planned(steps, DUE - 9 * DAY, DUE + 9 * DAY)] == [-7, -2]
    assert rules.planned(steps, DUE - 7 * DAY, DUE - 3 * DAY) == []
    one, two = subject(), subject()
    assert rules.in_rounds([*planned(one, -7, -2), *planned(two, -7)]) == [
        [Step(one, -7), Step(two, -7)], [Step(one, -2)]
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("hour", "zone", "quiet"),
    [
        (12, "Asia/Seoul", True),  # 21:00
        (22, "Asia/Seoul", True),  # 07:00
        (23, "Asia/Seoul", False),  # 08:00
        (11, "Asia/Seoul", False),  # 20:00
        (12, "Asia/Ulaanbaatar", False),  # 20:00
        (23, "Asia/Ulaanbaatar", True),  # 07:00
        (12, "America/New_York", True),  # 07:00
        (13, "America/New_York", False),
    ],
)
def test_quiet_is_the_night_where_the_reader_is(hour: int, zone: str, quiet: bool) -> None:
    assert rules.is_quiet(dt.datetime(2027, 1, 15, hour, tzinfo=dt.UTC), zone) is quiet


@pytest.mark.parametrize("hour", range(12, 23))
def test_the_night_ends_at_eight(hour: int) -> None:
    at = dt.datetime(2027, 1, 15, hour, 30, tzinfo=dt.UTC)
    assert rules.morning(at, "Asia/Seoul") == dt.datetime(2027, 1, 15, 23, tzinfo=dt.UTC)


def reader(due: dt.datetime | None, zone: str = "Asia/Seoul") -> Reader:
    return Reader(Step(subject(DUE, due), -1), Recipient("a@example.org", "en", zone=zone))


def test_at_night_it_waits_unless_it_were_too_late_in_the_morning() -> None:
    night = dt.datetime(2027, 3, 30, 14, tzinfo=dt.UTC)  # 23:00 in Seoul, 15:00 in London
    assert not rules.is_time(reader(DUE), night)
    assert not rules.is_time(reader(None), night)
    assert rules.is_time(reader(night + 3 * HOUR), night)
    assert rules.is_time(reader(DUE, "Europe/London"), night)
    assert not rules.is_time(reader(DUE, "UTC"), night), "who has not said where they live: where the call is decided"


def test_who_came_after_a_step_waits_for_the_next() -> None:
    step = Step(subject(), -7)
    to = Recipient("a@example.org", "en")
    assert rules.came_later(Reader(step, to, since=step.at + HOUR))
    assert not rules.came_later(Reader(step, to, since=step.at))
    assert not rules.came_later(Reader(step, to))


def test_what_is_kept_fits_its_columns_and_tells_rules_apart() -> None:
    assert all(len(name) <= 64 and name == rule.name for name, rule in RULES.items())
    assert len({str.__str__(rule.title) for rule in RULES.values()}) == len(RULES)
    assert all(rule.days == tuple(sorted(rule.days)) for rule in RULES.values()), "the first is the earliest"


def test_the_first_instant_of_a_day_is_there() -> None:
    assert rules.begins(dt.date(2027, 3, 31), "Asia/Seoul") == dt.datetime(2027, 3, 30, 15, tzinfo=dt.UTC)
