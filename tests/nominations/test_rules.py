import datetime as dt
import uuid

import pytest

from portal.accounts.models import Role
from portal.accounts.viewer import Held, Viewer
from portal.applications.models import Application
from portal.calls.models import Call, CallStatus
from portal.nominations import rules

NOW = dt.datetime(2027, 3, 1, 12, 30, 15, tzinfo=dt.UTC)
DAY = dt.timedelta(days=1)
HOME = uuid.uuid4()
COORDINATOR = Viewer(uuid.uuid4(), held=frozenset({Held(Role.COORDINATOR, HOME)}))
SECRETARY = Viewer(uuid.uuid4(), held=frozenset({Held(Role.SECRETARY)}))


def _call(**fields: object) -> Call:
    given = {
        "status": CallStatus.PUBLISHED, "opens_at": NOW - 30 * DAY, "applications_due_at": NOW + DAY,
        "corrections_due_at": NOW + 20 * DAY, "nominations_due_at": NOW + 20 * DAY, "rankings_due_at": NOW + 34 * DAY,
        "nomination_quota": 5, "country_caps": {}, **fields,
    }  # fmt: skip
    return Call(**given)


@pytest.mark.parametrize(
    ("before", "has_decider", "allowed"),
    [(19, True, False), (2, True, True), (1, True, True), (-3, True, True), (19, False, True)],
)
def test_the_secretariat_acts_where_nobody_is_and_in_the_last_two_days(
    before: int, has_decider: bool, allowed: bool
) -> None:
    at = _call().nominations_due_at - before * DAY
    assert (rules.why_not_in_place(_call(), at, has_decider=has_decider) is None) is allowed


@pytest.mark.parametrize(
    ("viewer", "days", "locked"),
    [(COORDINATOR, 19, False), (COORDINATOR, 21, True), (SECRETARY, 21, False), (SECRETARY, 35, True)],
)
def test_an_order_is_locked_when_its_time_is_over(viewer: Viewer, days: int, locked: bool) -> None:
    reason = rules.why_no_order(viewer, _call(), HOME, NOW + days * DAY, has_decider=True)
    assert (reason is rules.LOCKED) is locked


def test_a_correction_takes_seven_days_unless_the_call_has_fewer() -> None:
    assert rules.usual_correction(_call(), NOW) == NOW + 7 * DAY
    short = _call(corrections_due_at=NOW + 2 * DAY)
    assert rules.usual_correction(short, NOW) == NOW + 2 * DAY


@pytest.mark.parametrize(
    ("ahead", "corrections", "wrong"),
    [
        (dt.timedelta(hours=23), 20, rules.TOO_SOON),
        (dt.timedelta(hours=24), 20, None),
        (20 * DAY, 20, None),
        (20 * DAY + dt.timedelta(minutes=1), 20, rules.TOO_LATE),
        (dt.timedelta(hours=12), 0.5, None),
        (dt.timedelta(hours=11), 0.5, rules.TOO_SOON),
    ],
)
def test_a_correction_is_at_least_a_day_ahead_if_the_call_leaves_a_day(
    ahead: dt.timedelta, corrections: float, wrong: object
) -> None:
    call = _call(corrections_due_at=NOW + corrections * DAY)
    assert rules.wrong_correction(call, NOW + ahead, NOW) is wrong


def test_what_is_typed_to_the_minute_may_be_the_last_minute() -> None:
    call = _call(corrections_due_at=NOW + dt.timedelta(hours=12))
    typed = call.corrections_due_at.replace(second=0)
    assert rules.wrong_correction(call, typed, NOW) is None


@pytest.mark.parametrize(
    ("given", "in_country", "caps", "left"),
    [(0, 0, {}, 5), (5, 5, {}, 0), (2, 9, {"MN": 10}, 1), (2, 12, {"MN": 10}, 0), (2, 3, {"KR": 1}, 3)],
)
def test_places_left_within_the_quota_and_the_cap_of_the_country(
    given: int, in_country: int, caps: dict[str, int], left: int
) -> None:
    call = _call(country_caps=caps)
    assert rules.places_left(call, given=given, country="MN", given_in_country=in_country) == left


def test_an_order_is_rearranged_around_those_who_are_not_seen() -> None:
    order = [Application(id=uuid.UUID(int=number)) for number in range(4)]
    first, hidden, third, fourth = (each.id for each in order)
    found = rules.rearranged(order, [fourth, first, third])
    assert found is not None
    assert [each.id for each in found] == [fourth, hidden, first, third]
    assert rules.rearranged(order, [first, first]) is None
    assert rules.rearranged(order, [uuid.uuid4()]) is None
