"""Who gets another reader."""

import math
from collections import Counter
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.judging import extra
from portal.judging.calibration import Calibration, Given, calibrate
from tests.judging.samples import APART, marks, simulated

PAIRS = marks({name: {"x": 60, "y": 62} for name in "abcdefg"})


def calibrated(
    chances: dict[str, float | None], rows: list[Given] = PAIRS, residual: float | None = 4.0
) -> Calibration:
    """The calibration of these marks, but with these chances and this residual variance."""
    found = calibrate(rows)
    entries = tuple(replace(entry, p_top=chances.get(entry.entry, 0.0)) for entry in found.entries)
    return replace(found, entries=entries, variance=replace(found.variance, residual=residual))


def test_a_chance_strictly_between_is_open_the_nearest_to_a_half_first() -> None:
    chances = {"a": 0.1, "b": 0.11, "c": 0.5, "d": 0.89, "e": 0.9, "f": 0.6, "g": 0.4}
    assert extra.open_entries(calibrated(chances), PAIRS, most=3) == ["c", "f", "g", "b", "d"]


def test_equally_near_ones_go_by_name() -> None:
    assert extra.open_entries(calibrated({"b": 0.75, "a": 0.25}), PAIRS, most=3) == ["a", "b"]


def test_who_has_the_most_marks_gets_no_more() -> None:
    assert extra.open_entries(calibrated({"a": 0.5}), PAIRS, most=2) == []


def test_two_marks_far_apart_are_open_whatever_the_chance() -> None:
    limit = 2 * math.sqrt(4.0) * math.sqrt(2)
    rows = marks({"a": {"x": 60, "y": 60 + limit + 0.001}, "b": {"x": 60 + limit, "y": 60}, "c": {"x": 60, "y": 61}})
    assert extra.open_entries(calibrated({"a": 0.0, "c": 0.3}, rows), rows, most=3) == ["c", "a"]


def test_three_marks_far_apart_are_not_asked_about() -> None:
    rows = marks({"a": {"x": 0, "y": 100, "z": 50}, "b": {"x": 60, "y": 61, "z": 62}})
    assert extra.open_entries(calibrated({}, rows), rows, most=5) == []


def test_where_chances_are_not_identified_only_the_marks_speak_and_last() -> None:
    rows = marks({"a": {"x": 0, "y": 90}, "b": {"x": 60, "y": 60}, "c": {"x": 60, "y": 61}})
    found = calibrated({"a": None, "b": None, "c": 0.11}, rows)
    assert extra.open_entries(found, rows, most=3) == ["c", "a"]


@pytest.mark.parametrize("residual", [None, 0.0])
def test_where_the_residual_says_nothing_no_disagreement_is_found(residual: float | None) -> None:
    rows = marks({"a": {"x": 0, "y": 90}, "b": {"x": 60, "y": 60}})
    assert extra.open_entries(calibrated({"a": None, "b": None}, rows, residual), rows, most=3) == []


def test_groups_apart_have_no_chances() -> None:
    found = calibrate(APART, top=1)
    assert {entry.p_top for entry in found.entries} == {None}
    assert extra.open_entries(found, APART, most=3) == []


@pytest.mark.parametrize(("budget", "expected"), [(0, ""), (2, "cf"), (99, "cfg"), (-1, "")])
def test_a_plan_keeps_to_the_budget(budget: int, expected: str) -> None:
    found = calibrated({"c": 0.5, "f": 0.6, "g": 0.3})
    assert "".join(extra.plan(found, PAIRS, most=3, budget=budget)) == expected


@given(st.integers(0, 50), st.integers(0, 30), st.integers(2, 4), st.randoms(use_true_random=False))
@settings(deadline=None, max_examples=25)
def test_a_plan_of_real_marks(seed: int, budget: int, most: int, dice: object) -> None:
    rows = simulated(seed, each=2)
    found = calibrate(rows, top=8)
    everyone = extra.open_entries(found, rows, most=most)
    planned = extra.plan(found, rows, most=most, budget=budget)
    assert planned == everyone[:budget]
    assert len(set(everyone)) == len(everyone)
    counts = Counter(row.entry for row in rows)
    assert all(counts[entry] < most for entry in everyone)
    mixed = dice.sample(rows, len(rows))  # type: ignore[attr-defined]
    assert extra.plan(calibrate(mixed, top=8), mixed, most=most, budget=budget) == planned
