import uuid

import pytest

from portal.accounts.models import Role
from portal.accounts.viewer import VISITOR, Held, Viewer
from portal.contests.models import Edition
from portal.statistics import rules
from portal.statistics.rules import Cell, Class, Figure, Line
from portal.statistics.words import OF_CALLS, OF_EDITIONS, PUBLIC, Measure
from tests.registry.test_rules import plain

ONE, OTHER = uuid.uuid4(), uuid.uuid4()
SECRETARY = Viewer(uuid.uuid4(), held=frozenset({Held(Role.SECRETARY)}))
AUDITOR = Viewer(uuid.uuid4(), held=frozenset({Held(Role.AUDITOR)}))
COORDINATOR = Viewer(uuid.uuid4(), held=frozenset({Held(Role.COORDINATOR, uuid.uuid4())}))


def judge_of(edition: Edition, *more: Held) -> Viewer:
    return Viewer(uuid.uuid4(), held=frozenset({Held(Role.JUDGE, edition_id=edition.id), *more}))


def exact(number: int) -> Figure:
    return Figure(number, number)


@pytest.mark.parametrize("viewer", [VISITOR, COORDINATOR])
def test_everybody_sees_what_is_public(viewer: Viewer) -> None:
    assert set(rules.measures(viewer, "")) == PUBLIC


@pytest.mark.parametrize("viewer", [SECRETARY, AUDITOR])
def test_the_secretariat_sees_every_measure_of_what_was_chosen(viewer: Viewer) -> None:
    assert rules.measures(viewer, "") == list(Measure)
    assert tuple(rules.measures(viewer, "calls")) == tuple(rules.measures(viewer, "calls.spring")) == OF_CALLS
    assert tuple(rules.measures(viewer, "editions.2027")) == OF_EDITIONS


def test_a_judge_sees_an_edition_once_its_results_are_public() -> None:
    edition = Edition(id=uuid.uuid4(), slug="e")
    for judge in (judge_of(edition), judge_of(edition, Held(Role.SECRETARY))):
        assert not rules.may_see(judge, edition, is_public=False)
        assert rules.may_see(judge, edition, is_public=True)
    assert rules.may_see(SECRETARY, edition, is_public=False)
    assert not rules.may_see(VISITOR, edition, is_public=False)


@pytest.mark.parametrize(("number", "least", "most"), [(0, 0, 0), (1, 1, 2), (2, 1, 2), (3, 3, 3), (900, 900, 900)])
def test_one_or_two_are_not_told_apart(number: int, least: int, most: int) -> None:
    assert rules.coarse(number) == Figure(least, most)


def test_a_sum_tells_no_more_than_its_parts() -> None:
    home, neighbour = plain("MN-1"), plain("JP-32")
    home.id, neighbour.id = uuid.uuid4(), uuid.uuid4()
    counted = {
        Cell(ONE, home.id, Measure.ESSAYS): 2,
        Cell(OTHER, home.id, Measure.ESSAYS): 4,
        Cell(ONE, neighbour.id, Measure.ESSAYS): 1,
    }
    found = rules.lines([home, neighbour], counted, exactly=())
    assert [line.figure(Measure.ESSAYS) for line in found] == [Figure(5, 6), Figure(1, 2)]
    assert rules.total(found).figure(Measure.ESSAYS) == Figure(6, 8)
    assert {code: line.figure(Measure.ESSAYS) for code, line in rules.by_country(found).items()} == {
        "MN": Figure(5, 6), "JP": Figure(1, 2),
    }  # fmt: skip
    seen = rules.lines([home], counted, exactly={ONE})
    assert seen[0].figure(Measure.ESSAYS) == exact(6)


def test_openings_are_no_people() -> None:
    home = plain("MN-1")
    home.id = uuid.uuid4()
    [line] = rules.lines([home], {Cell(ONE, home.id, Measure.OPENINGS): 1}, exactly=())
    assert line.figure(Measure.OPENINGS) == exact(1)


def test_the_largest_come_first_and_ties_keep_their_order() -> None:
    lines = [Line(plain(code), {Measure.ESSAYS: exact(n)}) for code, n in (("MN-1", 1), ("JP-32", 3), ("KR-47", 1))]
    assert [line.home.code for line in rules.in_order(lines, Measure.ESSAYS) if line.home] == ["JP-32", "MN-1", "KR-47"]
    assert rules.in_order(lines, None) == lines


@pytest.mark.parametrize(
    ("numbers", "classes"),
    [
        ([], []),
        ([0, 0], []),
        ([0, 7], [(4, 7, 7)]),
        ([3, 9], [(2, 3, 3), (5, 9, 9)]),
        ([1, 2, 3, 4, 5], [(1, 1, 1), (2, 2, 2), (3, 3, 3), (4, 4, 4), (5, 5, 5)]),
        (range(1, 11), [(1, 1, 2), (2, 3, 4), (3, 5, 6), (4, 7, 8), (5, 9, 10)]),
        ([1] * 90 + [5, 6], [(2, 1, 1), (5, 5, 6)]),
    ],
)
def test_classes_are_quantiles_of_what_there_is(numbers: list[int], classes: list[tuple[int, int, int]]) -> None:
    assert rules.classes(map(exact, numbers)) == [Class(*each) for each in classes]


def test_every_number_has_the_shade_of_its_class() -> None:
    figures = [Figure(), *map(exact, range(3, 40, 4)), rules.coarse(1), Figure(12, 14)]
    found = rules.classes(figures)
    assert rules.shade(Figure(), found) == 0
    for figure in figures[1:]:
        [inside] = [each for each in found if each.shade == rules.shade(figure, found)]
        assert inside.least <= figure.least
        assert figure.most <= inside.most
