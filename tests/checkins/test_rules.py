import datetime as dt
import uuid
from itertools import pairwise

import pytest

from portal.accounts.models import Role
from portal.accounts.viewer import Held, Viewer
from portal.applications.models import Application
from portal.checkins import rules
from portal.checkins.models import CheckIn, Side
from portal.checkins.words import State
from portal.openings.models import Opening
from portal.placements.models import Placement, PlacementStatus
from portal.registry.models import Government

START, END = dt.date(2027, 1, 31), dt.date(2027, 4, 30)
HOST, HOME, INTERN = uuid.uuid4(), uuid.uuid4(), uuid.uuid4()


def a_placement(**fields: object) -> Placement:
    application = Application(applicant_id=INTERN, home_id=HOME, entered_by=None)
    opening = Opening(government_id=HOST, government=Government(zone="Asia/Seoul"))
    given = {"status": PlacementStatus.ACTIVE, "starts_on": START, "ends_on": END, **fields}
    made = Placement(**given)
    made.application, made.opening = application, opening
    return made


def coordinator(government_id: uuid.UUID) -> Viewer:
    return Viewer(uuid.uuid4(), held=frozenset({Held(Role.COORDINATOR, government_id)}))


def answers(*sides: Side) -> list[CheckIn]:
    return [CheckIn(number=0, side=side, marks=[3] * 5) for side in sides]


def test_in_the_first_week_and_then_each_month_until_the_end() -> None:
    days = [(each.number, each.due_on) for each in rules.schedule(START, END)]
    assert days == [
        (0, dt.date(2027, 2, 6)), (1, dt.date(2027, 2, 28)), (2, dt.date(2027, 3, 31)), (3, dt.date(2027, 4, 30)),
    ]  # fmt: skip


def test_a_short_stay_has_one_on_its_last_day() -> None:
    assert [each.due_on for each in rules.schedule(START, START + dt.timedelta(days=2))] == [dt.date(2027, 2, 2)]


def test_another_end_adds_or_takes_away_and_moves_nothing() -> None:
    long, short = rules.schedule(START, dt.date(2027, 7, 31)), rules.schedule(START, dt.date(2027, 3, 15))
    usual = rules.schedule(START, END)
    assert long[: len(usual)] == usual
    assert usual[: len(short)] == short
    assert len(short) < len(usual) < len(long)


def test_what_was_given_before_an_early_end_stays() -> None:
    placement = a_placement(ends_on=dt.date(2027, 2, 25))
    assert [each.number for each in rules.with_given(placement, {0})] == [0]
    assert [each.number for each in rules.with_given(placement, {0, 1})] == [0, 1]


@pytest.mark.parametrize("first", [START + dt.timedelta(days=days) for days in range(0, 400, 13)])
@pytest.mark.parametrize("length", [1, 6, 7, 30, 31, 92, 184])
def test_none_lies_outside_of_the_stay_and_they_follow_each_other(first: dt.date, length: int) -> None:
    last = first + dt.timedelta(days=length)
    found = rules.schedule(first, last)
    assert found
    assert all(first <= each.opens_on <= each.due_on <= last for each in found)
    assert all(one.due_on < other.due_on and one.number < other.number for one, other in pairwise(found))


def test_each_side_speaks_for_itself() -> None:
    placement = a_placement()
    assert rules.side(Viewer(INTERN), placement) is Side.INTERN
    assert rules.side(coordinator(HOST), placement) is Side.HOST
    assert rules.side(coordinator(HOME), placement) is None
    placement.application.entered_by = uuid.uuid4()
    assert rules.side(coordinator(HOME), placement) is Side.INTERN
    placement.application.home_id = HOST
    assert rules.side(coordinator(HOST), placement) is Side.HOST, "never both"


@pytest.mark.parametrize(
    ("given", "intern", "host"),
    [
        ([], set(), set()),
        ([Side.INTERN], {Side.INTERN}, set()),
        ([Side.HOST], set(), {Side.HOST}),
        ([Side.INTERN, Side.HOST], set(Side), set(Side)),
    ],
)
def test_nobody_reads_the_other_side_before_both_are_in(given: list[Side], intern: set[Side], host: set[Side]) -> None:
    placement, rows = a_placement(), answers(*given)
    secretary = Viewer(uuid.uuid4(), held=frozenset({Held(Role.SECRETARY)}))
    seen = {
        viewer: {each.side for each in rules.readable(viewer, placement, rows)}
        for viewer in (Viewer(INTERN), coordinator(HOST), coordinator(HOME), secretary, Viewer(uuid.uuid4()))
    }
    assert list(seen.values()) == [intern, host, set(), set(given), set()]


def test_it_opens_a_week_before_it_is_due() -> None:
    placement, due = a_placement(), rules.Due(1, dt.date(2027, 2, 21), dt.date(2027, 2, 28))
    assert rules.why_not(placement, due, [], Side.HOST, dt.date(2027, 2, 20)) is rules.TOO_EARLY
    assert rules.why_not(placement, due, [], Side.HOST, dt.date(2027, 2, 21)) is None
    assert rules.why_not(placement, due, [Side.HOST], Side.HOST, dt.date(2027, 2, 21)) is rules.GIVEN
    assert rules.why_not(placement, due, [Side.INTERN], Side.HOST, dt.date(2027, 2, 21)) is None
    agreed = a_placement(status=PlacementStatus.AGREED)
    assert rules.why_not(agreed, due, [], Side.HOST, dt.date(2027, 2, 21)) is rules.NOT_RUNNING


def test_states() -> None:
    due = rules.Due(1, dt.date(2027, 2, 21), dt.date(2027, 2, 28))
    day = dt.date(2027, 2, 25)
    assert rules.state(due, [], Side.HOST, dt.date(2027, 2, 1)) is State.NOT_YET
    assert rules.state(due, [], Side.HOST, day) is State.OPEN
    assert rules.state(due, [Side.HOST], Side.HOST, day) is State.GIVEN
    assert rules.state(due, [Side.HOST], Side.INTERN, dt.date(2027, 3, 1)) is State.LATE
    assert rules.state(due, list(Side), None, day) is State.BOTH


def test_the_day_is_that_of_the_host() -> None:
    evening = dt.datetime(2027, 2, 1, 16, tzinfo=dt.UTC)
    assert rules.today_there(a_placement(), evening) == dt.date(2027, 2, 2)
