"""Places, ties, marks and deadlines, without a database."""

import datetime as dt
import uuid

import pytest

from portal.accounts.models import Role
from portal.accounts.viewer import Held, Viewer
from portal.applications.models import Application, Status
from portal.calls.models import Call, CallStatus, HostCriterion
from portal.calls.rules import Move
from portal.clock import now
from portal.openings.models import Opening, OpeningStatus
from portal.rankings import rules
from portal.rankings.rules import Line

A, B, C, D = (uuid.UUID(int=number) for number in (1, 2, 3, 4))
HOST = uuid.uuid4()
COORDINATOR = Viewer(uuid.uuid4(), held=frozenset({Held(Role.COORDINATOR, HOST)}))
SECRETARY = Viewer(uuid.uuid4(), held=frozenset({Held(Role.SECRETARY)}))
APPLICANT = Viewer(uuid.uuid4())
DUE = now()


def a_call(**fields: object) -> Call:
    days = {"opens_at": -60, "applications_due_at": -20, "nominations_due_at": -10, "rankings_due_at": 0}
    dates = {name: DUE + dt.timedelta(days=number) for name, number in days.items()}
    return Call(**{"status": CallStatus.PUBLISHED, **dates, **fields})


def an_opening(**fields: object) -> Opening:
    given = {"government_id": HOST, "status": OpeningStatus.PUBLISHED, "call": a_call(), **fields}
    return Opening(**given)


def lines(**places: int | None) -> dict[uuid.UUID, Line]:
    return {{"a": A, "b": B, "c": C, "d": D}[name]: Line(place) for name, place in places.items()}


def places(found: dict[uuid.UUID, Line]) -> str:
    """The tiers as text: "a bc"."""
    names = {A: "a", B: "b", C: "c", D: "d"}
    return " ".join("".join(names[each] for each in tier) for tier in rules.tiers(rules.places_of(found)))


def test_gaps_close_and_equal_numbers_are_a_tie() -> None:
    found = rules.normalised(lines(a=7, b=2, c=7, d=None))
    assert {each: line.place for each, line in found.items()} == {A: 2, B: 1, C: 2, D: None}
    assert found[D].is_undecided


@pytest.mark.parametrize(
    ("before", "one", "move", "after"),
    [
        ({"a": 1, "b": 2, "c": 3}, B, Move.UP, "b a c"),
        ({"a": 1, "b": 2, "c": 3}, B, Move.DOWN, "a c b"),
        ({"a": 1, "b": 2}, A, Move.UP, "a b"),
        ({"a": 1, "b": 2}, B, Move.DOWN, "a b"),
        ({"a": 1, "b": 1, "c": 2}, B, Move.UP, "b a c"),
        ({"a": 1, "b": 1, "c": 2}, A, Move.DOWN, "b a c"),
        ({"a": 1, "b": 2, "c": 2}, A, Move.DOWN, "bc a"),
        ({"a": 4, "b": 9, "c": None}, C, Move.UP, "a b"),
    ],
)
def test_a_candidate_moves_out_of_a_tie_or_past_the_next(
    before: dict[str, int], one: uuid.UUID, move: Move, after: str
) -> None:
    found = rules.moved(lines(**before), one, move)
    assert places(found) == after
    assert rules.normalised(found) == found


def test_totals_are_weighted_and_compared_as_they_are_shown() -> None:
    heavy, light = (HostCriterion(names={}, weight=weight) for weight in (70, 30))
    assert rules.total({heavy.id: 10, light.id: 10}, [heavy, light]) == 100
    assert rules.total({heavy.id: 1, light.id: 1}, [heavy, light]) == 10
    assert rules.total({heavy.id: 7, light.id: 8}, [heavy, light]) == 73
    assert rules.total({heavy.id: 7}, [heavy, light]) is None
    assert rules.total({}, []) is None


def test_the_order_of_the_marks_ties_equal_sums_and_leaves_the_unmarked_undecided() -> None:
    one = HostCriterion(names={}, weight=100)
    typed = {
        A: Line(marks={one.id: 5}), B: Line(place=1, marks={one.id: 9}), C: Line(place=9, marks={one.id: 5}),
        D: Line(place=1),
    }  # fmt: skip
    found = rules.by_marks(typed, [one])
    assert places(found) == "b ac" and found[D].is_undecided
    refused = rules.by_marks({A: Line(is_unacceptable=True, marks={one.id: 10}), B: Line(marks={one.id: 1})}, [one])
    assert refused[A].is_unacceptable and refused[B].place == 1


@pytest.mark.parametrize(
    ("seen", "hidden", "shared", "after"),
    [
        ({"a": 1, "b": 2}, {"d": 2}, set(), {A: 1, D: 2, B: 3}),
        ({"b": 1, "a": 2}, {"d": 1}, set(), {D: 1, B: 2, A: 3}),
        ({"a": 1, "b": 2}, {"d": 2}, {2}, {A: 1, B: 2, D: 2}),
        ({"a": 1}, {"d": 5}, set(), {A: 1, D: 2}),
        ({}, {"c": 1, "d": 3}, set(), {C: 1, D: 2}),
        ({"a": 1, "b": 1}, {}, set(), {A: 1, B: 1}),
    ],
)
def test_the_hidden_stay_and_the_others_are_put_around_them(
    seen: dict[str, int], hidden: dict[str, int], shared: set[int], after: dict[uuid.UUID, int]
) -> None:
    around = rules.around(rules.places_of(lines(**seen)), rules.places_of(lines(**hidden)), shared)
    assert around == after


def test_another_list_has_another_version() -> None:
    criterion = uuid.uuid4()
    one = {A: Line(1), B: Line(2)}
    others = [{A: Line(2), B: Line(1)}, {A: Line(1)}, {A: Line(1), B: Line(2, marks={criterion: 3})}]
    others.append({A: Line(1), B: Line(is_unacceptable=True)})
    assert len({rules.version(each) for each in [one, *others]}) == 5
    assert rules.version({B: Line(2), A: Line(1)}) == rules.version(one)


MINUTE = dt.timedelta(minutes=1)


@pytest.mark.parametrize(
    ("at", "host", "secretary"),
    [
        (DUE - dt.timedelta(days=10), rules.NOT_YET, rules.NOT_YET),
        (DUE - dt.timedelta(days=10) + MINUTE, None, rules.HOSTS_FIRST),
        (DUE, None, rules.HOSTS_FIRST),
        (DUE + MINUTE, rules.LOCKED, None),
    ],
)
def test_hosts_rank_until_the_deadline_and_the_secretariat_after_it(
    at: dt.datetime, host: object, secretary: object
) -> None:
    opening = an_opening()
    assert rules.may_rank(COORDINATOR, opening) and rules.may_rank(SECRETARY, opening)
    assert not rules.may_rank(APPLICANT, opening)
    assert rules.why_not(COORDINATOR, opening, at, has_results=False) == host
    assert rules.why_not(SECRETARY, opening, at, has_results=False) == secretary


def test_published_results_and_closed_things_stay() -> None:
    after = DUE + MINUTE
    assert rules.why_not(SECRETARY, an_opening(), after, has_results=True) == rules.PUBLISHED
    closed = an_opening(call=a_call(status=CallStatus.CLOSED))
    assert rules.why_not(SECRETARY, closed, after, has_results=False) == rules.CLOSED
    withdrawn = an_opening(status=OpeningStatus.CLOSED)
    assert rules.why_not(COORDINATOR, withdrawn, DUE, has_results=False) == rules.NO_OPENING


@pytest.mark.parametrize(
    ("at", "applicant", "secretary"),
    [
        (DUE - dt.timedelta(days=15), None, rules.APPLICANT_FIRST),
        (DUE, None, rules.APPLICANT_FIRST),
        (DUE + MINUTE, rules.ORDER_LOCKED, None),
    ],
)
def test_applicants_order_their_openings_until_the_same_deadline(
    at: dt.datetime, applicant: object, secretary: object
) -> None:
    application = Application(applicant_id=APPLICANT.id, status=Status.NOMINATED, call=a_call())
    assert rules.why_no_order(APPLICANT, application, at, has_results=False) == applicant
    assert rules.why_no_order(SECRETARY, application, at, has_results=False) == secretary
    assert not rules.may_order(COORDINATOR, application)
    application.status = Status.SUBMITTED
    assert rules.why_no_order(APPLICANT, application, at, has_results=False) == rules.NOT_NOMINATED


def test_a_secretary_does_not_change_their_own_order_late() -> None:
    application = Application(applicant_id=SECRETARY.id, status=Status.NOMINATED, call=a_call())
    assert rules.why_no_order(SECRETARY, application, DUE + MINUTE, has_results=False) == rules.ORDER_LOCKED
