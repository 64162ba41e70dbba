import datetime as dt
from functools import cache

import pytest

from portal.applications.models import Status
from portal.calls.models import Call, CallStatus
from portal.registry.models import Country, Government, Membership
from portal.reports import rules
from portal.reports.rules import Line
from portal.reports.words import Concern, Deed, Sort

AT = dt.datetime(2027, 5, 1, tzinfo=dt.UTC)
DAY = dt.timedelta(days=1)


def call(**fields: object) -> Call:
    dates = {
        "opens_at": AT - 30 * DAY, "openings_due_at": AT - 20 * DAY, "applications_due_at": AT + 20 * DAY,
        "corrections_due_at": AT + 30 * DAY, "nominations_due_at": AT + 40 * DAY, "rankings_due_at": AT + 50 * DAY,
    }  # fmt: skip
    return Call(slug="call", **{"status": CallStatus.PUBLISHED, **dates, **fields})


@cache
def home(code: str = "MN-1") -> Government:
    country = Country(code[:2])
    return Government(code=code, country=country, position=1, kind="x", status=Membership.MEMBER, names={"en": code})


def waiting(number: int, code: str = "MN-1", **fields: int) -> Line:
    return Line(home(code), {Status.SUBMITTED: number}, submitted=number, **fields)


def test_all_together_are_the_sum_of_the_lines() -> None:
    whole = rules.total([waiting(3, coordinators=1), waiting(4, "JP-32", openings=2), Line(None, {Status.DRAFT: 5})])
    assert (whole.started, whole.submitted, whole.undecided, whole.openings) == (12, 7, 7, 2)
    assert rules.by_country([waiting(3), waiting(4, "JP-32"), waiting(1, "JP-31")])["JP"].undecided == 5


def test_the_funnel_narrows() -> None:
    states = {Status.DRAFT: 4, Status.NOMINATED: 3, Status.NOT_NOMINATED: 1}
    stages = rules.funnel(Line(None, states, submitted=4))
    assert [(stage.number, stage.share) for stage in stages] == [(8, 100), (4, 50), (4, 50), (3, 38)]


def test_nothing_started_is_no_share_of_anything() -> None:
    assert {stage.share for stage in rules.funnel(Line(None))} == {0}


def test_an_order_keeps_the_register_where_it_says_nothing() -> None:
    lines = [waiting(1, "MN-1"), waiting(5, "JP-32"), waiting(1, "JP-31")]
    assert [each.code for each in rules.in_order(lines, Sort.WAITING)] == ["JP-32", "MN-1", "JP-31"]
    assert rules.in_order(lines, Sort.PLACE) == lines


def test_who_has_nobody_comes_first() -> None:
    lines = [waiting(9, coordinators=1), waiting(2, "JP-32"), waiting(3, "JP-31")]
    found = rules.care(lines, call(nominations_due_at=AT + 2 * DAY), AT)
    assert [(each.concern, each.line.code) for each in found] == [
        (Concern.NOBODY, "JP-31"), (Concern.NOBODY, "JP-32"), (Concern.UNDECIDED, "MN-1"),
    ]  # fmt: skip


def test_a_coordinator_has_time_until_the_end_is_near() -> None:
    assert rules.care([waiting(9, coordinators=1)], call(), AT) == []


def test_late_corrections_and_late_openings_need_care() -> None:
    found = rules.care([Line(home(), uncorrected=2, opening_drafts=1, coordinators=1)], call(), AT)
    assert [each.concern for each in found] == [Concern.UNCORRECTED, Concern.OPENINGS]


@pytest.mark.parametrize("fields", [{"status": CallStatus.CLOSED}, {"rankings_due_at": AT - DAY}])
def test_what_is_over_needs_no_care(fields: dict[str, object]) -> None:
    assert rules.care([waiting(9)], call(**fields), AT) == []


@pytest.mark.parametrize(
    ("deed", "fields", "reason"),
    [
        (Deed.REMIND_APPLICANTS, {}, None),
        (Deed.REMIND_APPLICANTS, {"applications_due_at": AT - DAY}, rules.NOT_OPEN),
        (Deed.REMIND_COORDINATORS, {}, None),
        (Deed.REMIND_COORDINATORS, {"status": CallStatus.DRAFT}, rules.NOTHING_DUE),
        (Deed.REMIND_COORDINATORS, {"rankings_due_at": AT - DAY}, rules.RANKINGS_OVER),
        (Deed.REFUSE, {}, rules.NOT_BEFORE_DUE),
        (Deed.REFUSE, {"nominations_due_at": AT}, rules.NOT_BEFORE_DUE),
        (Deed.REFUSE, {"nominations_due_at": AT - DAY}, None),
    ],
)
def test_each_deed_has_its_time(deed: Deed, fields: dict[str, object], reason: object) -> None:
    assert rules.why_not(deed, call(**fields), AT) == reason


def test_a_plan_says_why_nothing_happens() -> None:
    lines = [waiting(2, coordinators=1), waiting(1, "JP-31"), Line(home("JP-32"), coordinators=1)]
    planned = rules.plan(Deed.REMIND_COORDINATORS, lines, {"MN-1": 1})
    assert [(each.count, each.skipped) for each in planned] == [
        (1, None), (0, rules.NO_COORDINATOR), (0, rules.NOTHING_WAITS),
    ]  # fmt: skip
    told = rules.plan(Deed.REMIND_COORDINATORS, lines[:1], {})
    assert told[0].skipped == rules.REMINDED


def test_only_known_governments_are_chosen() -> None:
    assert rules.chosen([waiting(1), Line(None)], ["MN-1", "", "XX"]) == [waiting(1)]
