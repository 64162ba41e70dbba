"""Favour of one's own, the removal of a judge, unequal spread."""

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.judging import bias, student
from portal.judging.calibration import Given, Judge, calibrate
from portal.judging.student import Effect
from tests.judging.samples import WORKED, marks, simulated

FAVOUR = 4.0


def is_own(entry: str, judge: str) -> bool:
    """An eighth of all pairs: entries and judges come from eight places."""
    return int(entry[1:]) % 8 == int(judge[1:]) % 8


def favoured(seed: int, favour: float = FAVOUR, **sizes: int) -> list[Given]:
    rows = simulated(seed, **sizes)
    return [row._replace(mark=row.mark + favour * is_own(row.entry, row.judge)) for row in rows]


def test_deviations_by_hand() -> None:
    rows = marks(
        {
            "A": {"x": 80, "y": 70, "z": 72},  # x on own: 80 - 71; y: 70 - 72, z: 72 - 70, x being left out
            "B": {"x": 75, "y": 70},  # x on own: 5; y beside no one else
            "C": {"x": 60, "y": 64},  # -4 and 4
            "D": {"x": 50, "y": 50, "z": 56},  # -3, -3, 6
            "E": {"x": 99},  # says nothing
        }
    )
    found = bias.own(rows, {("A", "x"), ("B", "x")})
    assert found.overall == student.welch([9, 5], [-2, 2, -4, 4, -3, -3, 6])
    assert found.judges == {
        "x": student.welch([9, 5], [-4, -3]),
        "y": Effect(0, 3),
        "z": Effect(0, 2),
    }
    assert found.judges["x"].effect == 10.5


def test_a_set_of_pairs_and_a_question_are_the_same() -> None:
    rows = favoured(3)
    pairs = {(row.entry, row.judge) for row in rows if is_own(row.entry, row.judge)}
    assert bias.own(rows, pairs) == bias.own(rows, is_own)
    assert bias.modelled(rows, pairs, ratio=2) == bias.modelled(rows, is_own, ratio=2)


def test_a_judge_who_favours_is_found_and_the_others_are_not_accused() -> None:
    rows = [
        row._replace(mark=row.mark + 15 * (row.judge == "j03" and is_own(*row[:2])))
        for row in simulated(5, entries=160)
    ]
    found = bias.own(rows, is_own)
    accused = [judge for judge, effect in found.judges.items() if effect.interval and effect.interval[0] > 0]
    assert accused == ["j03"]
    interval = found.judges["j03"].interval
    assert interval is not None
    assert interval[0] < 15 < interval[1]


def test_without_any_favour_both_intervals_hold_nothing_and_with_one_they_hold_it() -> None:
    for favour in (0.0, FAVOUR):
        welch, model = [], []
        for seed in range(200):
            rows = favoured(seed, favour)
            by_hand, by_model = bias.own(rows, is_own).overall, bias.modelled(rows, is_own, ratio=25 / 9)
            welch.append(by_hand.interval[0] < favour < by_hand.interval[1])  # type: ignore[index]
            model.append(by_model.interval[0] < favour < by_model.interval[1])  # type: ignore[index]
        assert 0.92 <= np.mean(model) <= 0.98
        assert np.mean(welch) >= 0.9


def dense(rows: list[Given], ratio: float) -> tuple[float, float]:
    """d and its error by generalised least squares with everything written out."""
    rows = sorted(rows)
    entries, judges = sorted({row.entry for row in rows}), sorted({row.judge for row in rows})
    y = np.array([row.mark for row in rows])
    fixed = np.array([[*(row.entry == name for name in entries), is_own(*row[:2])] for row in rows], dtype=float)
    by = np.array([[row.judge == name for name in judges] for row in rows], dtype=float)
    if ratio == 0:
        fixed = np.hstack([by[:, 1:], fixed])
    weight = np.eye(len(y)) if ratio in (0, math.inf) else np.linalg.inv(np.eye(len(y)) + by @ by.T / ratio)
    inverse = np.linalg.inv(fixed.T @ weight @ fixed)
    beta = inverse @ fixed.T @ weight @ y
    left = y - fixed @ beta
    residual = left @ weight @ left / (len(y) - fixed.shape[1])
    return float(beta[-1]), float(np.sqrt(residual * inverse[-1, -1]))


@pytest.mark.parametrize("ratio", [0.0, 0.3, 2.0, 40.0, math.inf])
@pytest.mark.parametrize("seed", range(3))
def test_the_model_against_everything_written_out(seed: int, ratio: float) -> None:
    rows = favoured(seed)
    found = bias.modelled(rows, is_own, ratio=ratio)
    assert (found.effect, found.standard_error) == pytest.approx(dense(rows, ratio), rel=1e-9)
    assert found.freedom == 120 - 40 - 1 - (7 if ratio == 0 else 0)
    assert found.n_own + found.n_other == 120
    half = student.quantile(0.975, found.freedom) * found.standard_error
    assert found.interval == pytest.approx((found.effect - half, found.effect + half))


def test_severity_is_taken_off_by_the_model() -> None:
    """All of the favour's marks are by one lenient judge, who favours nobody."""
    rows = [row._replace(mark=row.mark + 30 * (row.judge == "j00")) for row in simulated(7, entries=80)]
    pairs = {(row.entry, row.judge) for row in rows if row.judge == "j00" and int(row.entry[1:]) % 2}
    assert bias.own(rows, pairs).overall.interval[0] > 10  # type: ignore[index]
    for found in (bias.own(rows, pairs).judges["j00"], bias.modelled(rows, pairs, ratio=0)):
        assert found.interval is not None
        assert found.interval[0] < 0 < found.interval[1]


@pytest.mark.parametrize("ratio", [0.0, 2.0, math.inf])
def test_where_the_effect_cannot_be_told_from_others_it_is_not_identified(ratio: float) -> None:
    rows = simulated(1)
    everything = bias.modelled(rows, lambda entry, judge: True, ratio=ratio)
    assert everything == Effect(120, 0)
    whole_entries = bias.modelled(rows, lambda entry, judge: entry < "e010", ratio=ratio)
    assert whole_entries == Effect(30, 90)


def test_a_judge_who_has_nothing_but_own_is_told_apart_by_the_belief_in_shrinking_alone() -> None:
    rows = simulated(1)
    pairs = {(row.entry, row.judge) for row in rows if row.judge == "j00"}
    assert bias.modelled(rows, pairs, ratio=0).effect is None
    assert bias.modelled(rows, pairs, ratio=2).effect is not None
    assert bias.own(rows, pairs).judges["j00"].effect is None


@pytest.mark.parametrize("pairs", [set(), {("A", "J1")}])
def test_fewer_than_two_on_a_side_are_only_counted(pairs: set) -> None:
    assert bias.own(WORKED, pairs).overall.effect is None
    assert bias.modelled(WORKED, pairs, ratio=2) == Effect(len(pairs), 9 - len(pairs))


def test_one_mark_an_entry_says_nothing() -> None:
    rows = marks({"A": {"x": 1}, "B": {"x": 2}, "C": {"y": 3}, "D": {"y": 4}})
    pairs = {("A", "x"), ("C", "y")}
    assert bias.own(rows, pairs) == bias.Audit(Effect(0, 0), {})
    assert bias.modelled(rows, pairs, ratio=2) == Effect(0, 0)
    assert bias.own([], pairs) == bias.Audit(Effect(0, 0), {})


def test_an_effect_without_freedom_has_no_error() -> None:
    rows = marks({"A": {"x": 5, "y": 1}, "B": {"x": 2, "y": 2}})
    found = bias.modelled(rows, {("A", "x"), ("B", "y")}, ratio=0)
    assert (found.effect, found.standard_error, found.interval) == (pytest.approx(2), None, None)


@given(st.integers(0, 100), st.floats(-20, 20), st.randoms(use_true_random=False))
@settings(deadline=None, max_examples=30)
def test_levels_of_entries_order_of_rows_and_names_of_judges_change_nothing(
    seed: int, more: float, dice: object
) -> None:
    rows = favoured(seed)
    mixed = [
        row._replace(mark=row.mark + more * (row.entry < "e020"), judge=f"{9 - int(row.judge[1:])}")
        for row in dice.sample(rows, len(rows))  # type: ignore[attr-defined]
    ]
    mine = {(row.entry, row.judge) for row in mixed if is_own(row.entry, f"j{9 - int(row.judge)}")}
    for one, other in (
        (bias.own(rows, is_own).overall, bias.own(mixed, mine).overall),
        (bias.modelled(rows, is_own, ratio=2), bias.modelled(mixed, mine, ratio=2)),
    ):
        assert (one.n_own, one.n_other) == (other.n_own, other.n_other)
        assert (one.effect, *one.interval) == pytest.approx((other.effect, *other.interval), abs=1e-8)


# The removal of a judge


def test_both_orders_beside_each_other() -> None:
    """Without J3, J2 is 9 points more lenient than J1: D 79, B 75.5, A 74, C 64.5; E has no mark left."""
    rows = [*WORKED, Given("E", "J3", 99)]
    before, after = calibrate(rows, ratio=0), calibrate(bias.without(rows, "J3"), ratio=0)
    found = bias.compare(before, after, 1)
    assert [one.entry for one in found] == [
        entry.entry for entry in sorted(before.entries, key=lambda entry: entry.rank)
    ]
    assert [(one.entry, one.rank_before, one.rank_after) for one in found] == [
        ("E", 1, None), ("D", 2, 1), ("A", 3, 3), ("B", 4, 2), ("C", 5, 4),
    ]  # fmt: skip
    assert [(one.was_top, one.is_top, one.crosses) for one in found[:3]] == [
        (True, False, True), (False, True, True), (False, False, False),
    ]  # fmt: skip
    assert found[0].after is None
    assert found[1].after is not None and found[1].after.marks == 2


def test_without_a_judge_who_linked_two_groups_nobody_is_among_the_best() -> None:
    rows = marks({"A": {"x": 1, "z": 2}, "B": {"x": 3, "z": 3}, "C": {"y": 4, "z": 2}, "D": {"y": 9, "z": 8}})
    found = bias.compare(calibrate(rows), calibrate(bias.without(rows, "z")), 2)
    assert {one.is_top for one in found} == {None}
    assert {one.was_top for one in found} == {True, False}
    assert not any(one.crosses for one in found)


def test_without_a_judge_who_marked_nothing_nothing_moves() -> None:
    rows = simulated(2)
    assert bias.without(rows, "nobody") == rows
    same = calibrate(rows)
    assert all(one.rank_before == one.rank_after and not one.crosses for one in bias.compare(same, same, 5))


def test_an_entry_that_is_only_in_the_second_comes_last() -> None:
    more = [*WORKED, Given("0", "J1", 100), Given("0", "J2", 100)]
    found = bias.compare(calibrate(WORKED), calibrate(more), 1)[-1]
    assert (found.entry, found.rank_before, found.rank_after, found.crosses) == ("0", None, 1, True)


# Unequal spread


def judges(*spreads: float | None, marks: int = 15) -> list[Judge]:
    one = calibrate(WORKED).judges[0]
    return [replace(one, judge=f"j{number}", marks=marks, spread=spread) for number, spread in enumerate(spreads)]


@pytest.mark.parametrize(
    ("spreads", "expected"),
    [
        ((), ""),
        ((5,), ""),
        ((5, 10), ""),  # twice is not more than twice
        ((5, 10.1), "01"),
        ((2, 5, 6, 7), "0"),
        ((6, 5, 7, 30), "3"),
        ((40, 2, 5, 6, 7), "10"),
        ((0, 5, 6), "0"),
        ((0, 0), ""),
        ((5, None, 6), ""),
        ((2, 3, 5, 7), "0123"),  # 2 with 3, 3 with 5 or 5 with 7: none is in all three
    ],
)
def test_who_spreads_marks_unlike_the_others(spreads: tuple, expected: str) -> None:
    found = bias.unequal(judges(*spreads))
    assert "".join(judge.judge[1:] for judge in found) == expected


def test_few_marks_tell_no_spread() -> None:
    assert bias.unequal([*judges(5, 6), replace(judges(50)[0], judge="few", marks=14)]) == []


@given(st.lists(st.floats(0, 100), max_size=12))
def test_without_the_unequal_no_spread_is_twice_another(spreads: list) -> None:
    everyone = judges(*spreads)
    out = {judge.judge for judge in bias.unequal(everyone)}
    left = [judge.spread for judge in everyone if judge.judge not in out]
    assert not left or max(left) <= 2 * min(left) + 1e-8
    assert bool(out) == (bool(spreads) and max(spreads) > 2 * min(spreads) + 1e-9)
