"""An author's marks say what was given, and not by whom."""

import itertools
from fractions import Fraction

from portal.judging.models import Round
from portal.results import feedback
from portal.results.feedback import Criterion, Given

CRITERIA = [Criterion({"en": "Argument"}, 60), Criterion({"en": "Voice"}, 40)]
GIVEN = [
    Given(Round.FIRST, (4, 10), "Plain."), Given(Round.FIRST, (10, 1), "  "), Given(Round.FIRST, (7, 5), "Warm."),
    Given(Round.FINAL, (9, 9), "At last."), Given(Round.FIRST, (7, 5), "Clear."),
]  # fmt: skip


def test_columns_stand_in_the_order_of_their_totals() -> None:
    found = feedback.marks(Round.FIRST, CRITERIA, GIVEN, "salt")
    assert found is not None
    assert [row.points for row in found.rows] == [[10, 4, 7, 7], [1, 10, 5, 5]]
    assert (found.totals, found.total) == (["60.00", "60.00", "57.78", "57.78"], "58.89")
    assert [row.mean for row in found.rows] == ["7.00", "5.25"]
    assert set(found.comments) == {"Plain.", "Warm.", "Clear."}


def test_nothing_depends_on_who_came_first() -> None:
    told = {repr(feedback.marks(Round.FIRST, CRITERIA, given, "s")) for given in itertools.permutations(GIVEN)}
    assert len(told) == 1


def test_another_essay_shuffles_otherwise() -> None:
    said = [f"Comment {n}" for n in range(8)]
    orders = {tuple(feedback.shuffled(said, f"essay {n}")) for n in range(9)}
    assert len(orders) == 9
    assert tuple(said) not in orders


def test_a_round_without_marks_is_none() -> None:
    assert feedback.marks(Round.FINAL, CRITERIA, GIVEN[:2], "s") is None
    assert feedback.marks(Round.FIRST, CRITERIA, [], "s") is None


def test_two_decimals_half_up() -> None:
    assert [feedback.shown(each) for each in (Fraction(1, 3), Fraction(12345, 1000), 0.125, 7)] == [
        "0.33", "12.35", "0.13", "7.00",
    ]  # fmt: skip
