from fractions import Fraction

import pytest

from portal.judging.words import Progress
from portal.trainings import rules
from portal.trainings.rules import Pair, Spread


@pytest.mark.parametrize(
    ("points", "spread"),
    [
        ([], None),
        ([7], Spread(7, 7, 7, 1)),
        ([9, 2], Spread(2, 5.5, 9, 2)),
        ([10, 1, 4], Spread(1, 4, 10, 3)),
    ],
)
def test_the_spread_is_lowest_median_highest_and_how_many(points: list[int], spread: Spread | None) -> None:
    assert rules.spread(points) == spread


def test_deviation_has_no_sign_and_severity_is_positive_for_a_strict_judge() -> None:
    pairs = [Pair(own=4, reference=7), Pair(own=6, reference=5)]
    assert rules.deviation(pairs) == Fraction(2)
    assert rules.severity(pairs) == Fraction(1)
    assert rules.deviation([]) is rules.severity([]) is None


def test_a_criterion_without_a_reference_is_left_out() -> None:
    assert rules.pairs({2: 9, 1: 3}, {"1": 5}) == [Pair(3, 5)]


def test_progress_is_that_of_the_desk() -> None:
    assert rules.progress(is_locked=False, marks=1) is Progress.BEGUN
