"""Ties, their chain, the band at a line, and what is printed."""

from collections.abc import Callable, Mapping
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.judging import bands
from portal.judging.calibration import competition_ranks


def always(error: float | None) -> Callable[[str, str], float | None]:
    return lambda one, other: error


def test_a_tie_shares_its_rank() -> None:
    assert bands.chain({"a": 80, "b": 75, "c": 75, "d": 70}) == {"a": 1, "b": 2, "c": 2, "d": 4}
    assert bands.chain({"a": 0.3, "b": 0.1 + 0.2, "c": 0.3 + 2e-9}) == {"c": 1, "a": 2, "b": 2}
    assert bands.chain({}) == {}


def test_the_heaviest_criterion_breaks_a_tie_then_the_next() -> None:
    scores = dict.fromkeys("abcd", 70.0) | {"e": 71.0}
    heaviest, next_ = {"a": 7, "b": 8, "c": 7, "d": 7, "e": 1}, {"a": 5, "b": 1, "c": 6, "d": 5, "e": 1}
    assert bands.chain(scores, [heaviest, next_]) == {"e": 1, "b": 2, "c": 3, "a": 4, "d": 4}
    assert bands.chain(scores, [next_, heaviest]) == {"e": 1, "c": 2, "a": 3, "d": 3, "b": 5}


def test_a_criterion_breaks_no_score_however_near() -> None:
    assert bands.chain({"a": 70.0, "b": 70.000001}, [{"a": 10, "b": 1}]) == {"b": 1, "a": 2}


def test_a_criterion_that_one_of_the_tied_lacks_is_passed_over_for_these() -> None:
    scores = {"a": 70, "b": 70, "c": 60, "d": 60}
    assert bands.chain(scores, [{"a": 9, "c": 5, "d": 6}, {"a": 1, "b": 2}]) == {"b": 1, "a": 2, "d": 3, "c": 4}


scored = st.dictionaries(st.sampled_from("abcdefghij"), st.integers(0, 8), min_size=1).map(
    lambda found: {name: score + (1e-12 if name < "e" else 0.0) for name, score in found.items()}
)


@given(scored)
def test_without_criteria_it_is_competition_ranking(scores: dict) -> None:
    expected = dict(zip(scores, competition_ranks(np.array(list(scores.values()))), strict=True))
    assert bands.chain(scores) == expected


@given(scored, st.lists(st.dictionaries(st.sampled_from("abcdefghij"), st.integers(0, 2)), max_size=3))
def test_a_chain_only_refines_the_order_of_scores(scores: dict, criteria: list) -> None:
    before, after = bands.chain(scores), bands.chain(scores, criteria)
    for one in scores:
        assert after[one] >= before[one]
        assert all(after[one] < after[other] for other in scores if before[one] < before[other])
        assert after[one] == 1 + sum(after[other] < after[one] for other in scores)


# The band


CLEAR = {"a": 80.0, "b": 76.0, "c": 75.0, "d": 74.0, "e": 60.0}


@pytest.mark.parametrize(
    ("line", "error", "expected"),
    [
        (1, 2.0, ""),  # 4 points apart
        (1, 4.0, ""),  # |z| is 1, not below
        (1, 4.1, "ab"),  # c is 5 points from a
        (2, 1.5, "bc"),  # d is 2 points from b
        (2, 2.1, "bcd"),
        (3, 1.5, "cd"),
        (3, 2.1, "bcd"),
        (4, 10.0, ""),
        (5, 100.0, ""),  # nobody below
        (9, 100.0, ""),
        (2, 0.0, ""),
        (2, None, ""),
        (3, 1000.0, "abcde"),
    ],
)
def test_the_band_by_hand(line: int, error: float | None, expected: str) -> None:
    assert "".join(bands.band(CLEAR, line, always(error))) == expected


def test_above_one_is_measured_by_the_first_below_and_below_by_the_last_above() -> None:
    asked = []

    def error(one: str, other: str) -> float:
        asked.append(frozenset((one, other)))
        return 4.5

    assert bands.band({"a": 79, "b": 77, "c": 75, "d": 73, "e": 71}, 2, error) == ["a", "b", "c", "d"]
    assert set(asked) == {frozenset(pair) for pair in ("bc", "ac", "db", "eb")}


def test_it_stops_at_the_first_that_is_told_apart_though_one_farther_on_is_not() -> None:
    errors = {frozenset("bc"): 3.0, frozenset("bd"): 1.0, frozenset("be"): 99.0}
    found = bands.band(
        {"a": 90, "b": 77, "c": 75, "d": 74, "e": 73}, 2, lambda a, b: errors.get(frozenset((a, b)), 1.0)
    )
    assert found == ["b", "c"]


@pytest.mark.parametrize("error", [None, 0.0, 0.5])
def test_an_exact_tie_across_the_line_is_always_in_and_whole(error: float | None) -> None:
    scores = {"a": 80.0, "b": 75.0, "c": 75.0 + 1e-12, "d": 75.0, "e": 70.0}
    for line in (2, 3):
        assert bands.band(scores, line, always(error)) == ["b", "c", "d"]
    assert bands.band(scores, 1, always(error)) == bands.band(scores, 4, always(error)) == []


def test_equal_scores_stay_together_though_only_one_is_near() -> None:
    errors = {frozenset("ab"): 9.0, frozenset("ac"): 0.1}
    assert bands.band({"a": 75, "b": 74, "c": 74}, 1, lambda a, b: errors[frozenset((a, b))]) == ["a", "b", "c"]


def test_there_is_no_line_above_the_first() -> None:
    with pytest.raises(ValueError, match="at least 1"):
        bands.band(CLEAR, 0, always(1.0))


def spread(scores: Mapping[str, float], scale: float) -> Callable[[str, str], float]:
    """Errors that differ from pair to pair."""
    return lambda a, b: scale * (1 + (ord(a) * ord(b)) % 5)


@given(scored, st.integers(1, 10), st.floats(0, 3))
def test_a_band_is_one_stretch_that_holds_both_sides_of_the_line(scores: dict, line: int, scale: float) -> None:
    found = bands.band(scores, line, spread(scores, scale))
    order = [name for group in bands.groups(scores) for name in group]
    if found:
        start = order.index(found[0])
        assert found == order[start : start + len(found)]
        assert start < line < start + len(found)
    for group in bands.groups(scores):
        assert set(group) <= set(found) or not set(group) & set(found)


@given(scored, st.integers(1, 10), st.floats(0, 3), st.floats(0, 3))
def test_larger_errors_never_make_a_band_smaller(scores: dict, line: int, one: float, other: float) -> None:
    low, high = sorted((one, other))
    assert set(bands.band(scores, line, spread(scores, low))) <= set(bands.band(scores, line, spread(scores, high)))


@given(scored, st.integers(1, 10), st.floats(0, 3), st.permutations("abcdefghij"))
@settings(deadline=None)
def test_names_change_no_band(scores: dict, line: int, scale: float, names: list) -> None:
    other = dict(zip("abcdefghij", names, strict=True))
    back = {new: old for old, new in other.items()}
    error = spread(scores, scale)
    found = bands.band(
        {other[name]: score for name, score in scores.items()}, line, lambda a, b: error(back[a], back[b])
    )
    assert {back[name] for name in found} == set(bands.band(scores, line, error))


# What is printed


@pytest.mark.parametrize(
    ("score", "expected"),
    [
        (2.675, "2.68"),  # the float lies below
        (73.005, "73.01"),
        (1.005, "1.01"),
        (72.12499999999999, "72.13"),  # 72.125 but for noise
        (72.124999, "72.12"),
        (0.125, "0.13"),
        (0.135, "0.14"),
        (99.995, "100.00"),
        (73.88095238, "73.88"),
        (100, "100.00"),
        (0.0, "0.00"),
        (-0.001, "0.00"),
        (1e-12, "0.00"),
        (np.float64(74.0), "74.00"),
    ],
)
def test_two_decimals_half_up(score: float, expected: str) -> None:
    assert bands.published(score) == expected


@pytest.mark.parametrize("score", [float("nan"), float("inf")])
def test_what_is_no_number_is_not_published(score: float) -> None:
    with pytest.raises(ValueError, match="no number"):
        bands.published(score)


@given(st.integers(0, 10**6), st.integers(-3, 3))
def test_thousandths_are_rounded_as_on_paper_whatever_the_noise(thousandths: int, noise: int) -> None:
    exact = Fraction(thousandths, 1000)
    score = thousandths / 1000 + noise * 1e-13
    assert Fraction(bands.published(score)) == Fraction(int(exact * 100 + Fraction(1, 2)), 100)
