"""From marks to an order: the worked example, what is exact, what is not identified, and what simulation shows."""

import math
from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given as over
from hypothesis import settings
from hypothesis import strategies as st

from portal.judging import chances
from portal.judging.calibration import Calibration, Given, calibrate, competition_ranks, laplacian, strength
from tests.judging.marks import WORKED, hashed, simulated

J = 3


def scores(found: Calibration) -> list[float]:
    return [entry.adjusted for entry in found.entries]


def severities(found: Calibration) -> list[float]:
    return [judge.severity for judge in found.judges if judge.severity is not None]


# The worked example


@pytest.mark.parametrize(
    ("ratio", "leniencies", "adjusted"),
    [
        (0.0, [-4.9333, 5.2667, -0.3333], [73.8333, 73.0333, 65.6333, 79.3333]),
        (1.0, [-3.5238, 3.7619, -0.2381], [73.8810, 73.7381, 64.8810, 79.3333]),
        (2.0, None, [73.9074, 74.1296, 64.4630, 79.3333]),
        ("reml", None, [73.8424, 73.1682, 65.4894, 79.3333]),
        (math.inf, [0, 0, 0], [74.0, 75.5, 63.0, 79.3333]),
    ],
)
def test_the_worked_example_to_four_decimals(
    ratio: float, leniencies: Sequence[float] | None, adjusted: Sequence[float]
) -> None:
    found = calibrate(WORKED, ratio=ratio)
    assert scores(found) == pytest.approx(adjusted, abs=5e-5)
    if leniencies is not None:
        assert severities(found) == pytest.approx([-each for each in leniencies], abs=5e-5)


def test_the_worked_examples_variances() -> None:
    found = calibrate(WORKED, ratio="reml").variance
    assert found.ratio == pytest.approx(0.144595, abs=5e-7)
    assert (found.residual, found.judge) == pytest.approx((3.56667, 24.6667), abs=5e-5)
    assert not found.is_prior


def test_few_marks_take_the_prior_and_say_what_reml_would() -> None:
    found = calibrate(WORKED)
    assert (found.variance.ratio, found.variance.is_prior) == (2.0, True)
    assert found.variance.ratio_reml == pytest.approx(0.144595, abs=5e-7)
    assert scores(found)[1] > scores(found)[0]  # B passes A


def test_judges_who_are_not_shrunk_take_degrees_of_freedom() -> None:
    assert calibrate(WORKED, ratio=0.0).variance.residual == pytest.approx(10.7 / 3)


def test_the_worked_examples_graph() -> None:
    judged = np.array([[1, 1, 0], [0, 1, 1], [1, 0, 1], [1, 1, 1]], dtype=float)
    assert laplacian(judged)[0] == pytest.approx([5 / 3, -5 / 6, -5 / 6])
    found = calibrate(WORKED)
    assert (found.components, found.connectivity) == (1, pytest.approx(2.5))
    assert found.worst_contrast == pytest.approx(math.sqrt(2 / 2.5))
    assert strength(judged) == (found.connectivity, found.worst_contrast)


# What is exact


def table(marks: Sequence[Sequence[float]]) -> list[Given]:
    return [Given(f"e{n}", f"j{m}", mark) for n, row in enumerate(marks) for m, mark in enumerate(row)]


@pytest.mark.parametrize("ratio", [0.0, 0.3, 2.0, 50.0, math.inf, None])
def test_a_complete_table_gives_the_means_of_its_rows(ratio: float | None) -> None:
    marks = np.random.default_rng(1).normal(60, 10, (7, 4))
    found = calibrate(table(marks.tolist()), ratio=ratio)
    assert scores(found) == pytest.approx(marks.mean(axis=1).tolist(), abs=1e-9)
    lam = found.variance.ratio
    shrunk = 0.0 if math.isinf(lam) else 7 / (7 + lam)
    assert severities(found) == pytest.approx((-shrunk * (marks.mean(axis=0) - marks.mean())).tolist(), abs=1e-9)


@pytest.mark.parametrize("ratio", [0.0, 0.4, 2.0, 8.0])
def test_a_judge_who_gives_more_to_all_moves_no_difference_beyond_the_bound(ratio: float) -> None:
    truth, more = simulated(np.random.default_rng(2), entries=40, judges=6), 5.0
    before = calibrate(truth.given, ratio=ratio)
    after = calibrate(
        [each._replace(mark=each.mark + more * (each.judge == "j003")) for each in truth.given], ratio=ratio
    )
    moved = np.array(scores(after)) - np.array(scores(before))
    bound = math.sqrt(2) * more * ratio / (before.connectivity + ratio)
    assert np.ptp(moved) <= bound + 1e-9


def test_adding_to_all_marks_and_multiplying_them() -> None:
    truth = simulated(np.random.default_rng(3), entries=30, judges=5)
    before = calibrate(truth.given)
    added = calibrate([each._replace(mark=each.mark + 70) for each in truth.given])
    assert scores(added) == pytest.approx([score + 70 for score in scores(before)], abs=1e-9)
    times = calibrate([each._replace(mark=each.mark * 8) for each in truth.given])
    assert times.variance.ratio == pytest.approx(before.variance.ratio, rel=1e-6)
    assert scores(times) == pytest.approx([score * 8 for score in scores(before)], abs=1e-5)
    assert severities(times) == pytest.approx([each * 8 for each in severities(before)], abs=1e-5)
    errors = [[entry.standard_error for entry in found.entries] for found in (before, times)]
    assert errors[1] == pytest.approx([8 * (each or 0) for each in errors[0]], rel=1e-6)


MARKS = st.dictionaries(st.tuples(st.integers(0, 7), st.integers(0, 4)), st.integers(1, 6), min_size=1)


@settings(deadline=None, max_examples=60)
@over(MARKS, st.permutations(range(5)), st.randoms(use_true_random=False))
def test_neither_the_order_of_rows_nor_the_names_of_judges_change_a_bit(
    marks: dict[tuple[int, int], int], names: list[int], random: object
) -> None:
    given = [Given(f"e{entry}", f"j{judge}", mark / 3) for (entry, judge), mark in marks.items()]
    renamed = [each._replace(judge=f"j{names[int(each.judge[1:])]}") for each in given]
    random.shuffle(renamed)  # type: ignore[attr-defined]
    before, after = calibrate(given, top=3, seed=5), calibrate(renamed, top=3, seed=5)
    assert (before.entries, before.variance, before.separation) == (after.entries, after.variance, after.separation)
    assert (before.components, before.connectivity) == (after.components, after.connectivity)
    assert before.worst_contrast == after.worst_contrast
    told = {judge.judge: judge for judge in after.judges}
    for judge in before.judges:
        name = f"j{names[int(judge.judge[1:])]}"
        assert {**vars(judge), "judge": name} == vars(told[name])


@settings(deadline=None, max_examples=40)
@over(MARKS, st.permutations(range(8)))
def test_names_of_entries_change_nothing_that_counts(marks: dict[tuple[int, int], int], names: list[int]) -> None:
    given = [Given(f"e{entry}", f"j{judge}", mark) for (entry, judge), mark in marks.items()]
    renamed = [each._replace(entry=f"e{names[int(each.entry[1:])]}") for each in given]
    after = {entry.entry: entry for entry in calibrate(renamed, top=3).entries}
    for entry in calibrate(given, top=3).entries:
        other = after[f"e{names[int(entry.entry[1:])]}"]
        assert other.adjusted == pytest.approx(entry.adjusted, abs=1e-9)
        assert other.rank == entry.rank


# Errors and chances


def test_errors_are_those_of_the_definition() -> None:
    found = calibrate(simulated(np.random.default_rng(4), entries=12, judges=5, marks=2).given)
    fit, s2 = found._fit, found.variance.residual or 0.0
    inverse = np.linalg.inv(laplacian(fit.table.judged) + found.variance.ratio * np.eye(5))
    whole = s2 * (np.diag(1 / fit.table.counts) + fit.table.share @ inverse @ fit.table.share.T)
    centre = np.eye(12) - 1 / 12
    errors = [entry.standard_error or 0.0 for entry in found.entries]
    assert errors == pytest.approx(np.sqrt(np.diag(centre @ whole @ centre)).tolist())
    apart = whole[0, 0] + whole[1, 1] - 2 * whole[0, 1]
    assert found.error_between("e0000", "e0001") == pytest.approx(math.sqrt(apart))
    assert found.error_between("e0001", "e0001") == 0.0
    true = np.var(scores(found), ddof=1) - np.mean(np.square(errors))
    assert found.variance.entry == pytest.approx(true)
    assert found.separation == pytest.approx(true / np.var(scores(found), ddof=1))
    with pytest.raises(ValueError, match="nobody"):
        found.error_between("e0000", "nobody")


@pytest.mark.parametrize("ratio", [0.0, 0.5, math.inf])
def test_draws_have_the_mean_and_the_spread_of_the_posterior(ratio: float) -> None:
    given = [*simulated(np.random.default_rng(5), entries=9, judges=4, marks=2).given, Given("e0000", "j999", 1.0)]
    found = calibrate(given, ratio=ratio)
    fit, s2, true = found._fit, found.variance.residual or 0.0, 0.6
    whole = s2 * (np.diag(1 / fit.table.counts) + fit.table.share @ fit.spread @ fit.table.share.T)
    centre = np.eye(9) - 1 / 9
    weigh = true * np.linalg.inv(centre @ whole @ centre + true * np.eye(9))
    known = chances.Estimate(fit.scores, fit.table.counts, fit.table.share, fit.spread, fit.root, s2, true)
    drawn = chances.Quality(known).drawn(np.random.default_rng(6), 60_000)
    drawn = drawn - drawn.mean(axis=1, keepdims=True)
    assert drawn.mean(axis=0) == pytest.approx(centre @ weigh @ (fit.scores - fit.scores.mean()), abs=0.02)
    posterior = centre @ (true * np.eye(9) - true * weigh) @ centre
    assert np.cov(drawn.T) == pytest.approx(posterior, abs=0.02)


def test_chances_add_up_and_intervals_hold_the_rank() -> None:
    found = calibrate(simulated(np.random.default_rng(7), entries=30, judges=6).given, top=5, seed=1)
    assert sum(entry.p_top or 0 for entry in found.entries) == pytest.approx(5)
    assert all(entry.ranks and 1 <= entry.ranks[0] <= entry.ranks[1] <= 30 for entry in found.entries)
    held = [entry.ranks is not None and entry.ranks[0] <= entry.rank <= entry.ranks[1] for entry in found.entries]
    assert sum(held) >= 28
    assert all(entry.p_top == 1 for entry in calibrate(WORKED, top=4).entries)


def test_a_seed_decides_the_draws() -> None:
    given = simulated(np.random.default_rng(8), entries=30, judges=6).given
    first, again, other = (calibrate(given, top=5, seed=seed).entries for seed in (1, 1, 2))
    assert first == again != other


# What is not identified, and other edges


def test_two_panels_that_share_nothing_have_no_one_order() -> None:
    given = [*table([[5, 6], [7, 9], [3, 5]]), *(Given(f"f{n}", f"k{m}", n + m) for n in range(3) for m in range(2))]
    found = calibrate(given, top=2)
    assert (found.components, found.has_one_order) == (2, False)
    assert (found.connectivity, found.worst_contrast) == (0.0, math.inf)
    assert [entry.component for entry in found.entries] == [0, 0, 0, 1, 1, 1]
    assert [entry.rank for entry in found.entries] == [2, 1, 3, 3, 2, 1]
    assert {entry.p_top for entry in found.entries} == {entry.ranks for entry in found.entries} == {None}
    assert found.error_between("e0", "f0") is None
    assert (found.error_between("e0", "e1") or 0) > 0


def test_one_mark_an_entry_identifies_nothing() -> None:
    found = calibrate([Given("a", "j", 5), Given("b", "k", 7), Given("c", "k", 6)])
    assert found.components == 2
    assert (found.variance.residual, found.variance.judge, found.variance.entry) == (None, None, None)
    assert (found.variance.ratio, found.variance.is_prior, found.variance.ratio_reml) == (2.0, True, None)
    for judge in found.judges:
        assert (judge.severity, judge.standard_error, judge.infit) == (None, None, None)
    assert [(entry.adjusted, entry.standard_error) for entry in found.entries] == [(5, None), (7, None), (6, None)]


def test_judges_of_one_entry_each_are_not_told_from_chance() -> None:
    nested = [Given(f"e{n}", f"j{n}{m}", float(n + m**2)) for n in range(8) for m in range(3)]
    found = calibrate(nested)
    assert found.components == 8
    assert (found.variance.residual, found.variance.ratio_reml, found.variance.is_prior) == (None, None, True)
    assert severities(found) == []


def test_one_judge_orders_entries_without_errors() -> None:
    found = calibrate([Given("a", "j", 5), Given("b", "j", 7), Given("c", "j", 7)], top=1)
    assert [(entry.rank, entry.p_top) for entry in found.entries] == [(3, None), (1, None), (1, None)]
    assert (found.components, found.has_one_order, severities(found)) == (1, True, [])
    assert (found.connectivity, found.worst_contrast) == (0.0, 0.0)


def test_one_entry_is_first_and_no_more_is_said() -> None:
    found = calibrate([Given("a", judge, mark) for judge, mark in (("j", 5), ("k", 7), ("l", 6))])
    assert (found.entries[0].adjusted, found.entries[0].rank, found.entries[0].p_top) == (6, 1, None)
    assert found.variance.entry is None
    assert calibrate([Given("a", "j", 5)]).entries[0].adjusted == 5


@pytest.mark.parametrize("mark", [0.0, 0.1, 7.0, 1e8 / 3])
def test_equal_marks_leave_no_variance(mark: float) -> None:
    found = calibrate(table([[mark] * 3] * 6), top=2)
    assert (found.variance.residual, found.variance.judge, found.variance.entry) == (0, 0, 0)
    assert found.variance.ratio_reml is None
    assert {entry.rank for entry in found.entries} == {1}
    assert [entry.p_top for entry in found.entries] == pytest.approx([1 / 3] * 6, abs=0.05)
    assert severities(found) == pytest.approx([0] * 3, abs=1e-6)


def test_marks_that_add_up_exactly_give_back_what_they_were_made_of() -> None:
    found = calibrate(table([[a + b for b in (-3, 0, 3)] for a in (50, 60, 60, 70, 41, 42)]), top=2)
    assert (found.variance.residual, found.variance.ratio) == (0, 0)
    assert severities(found) == pytest.approx([3, 0, -3])
    assert [entry.p_top for entry in found.entries] == pytest.approx([0, 0.5, 0.5, 1, 0, 0], abs=0.05)


def test_a_judge_with_one_mark_has_no_spread() -> None:
    found = calibrate([*WORKED, Given("A", "J4", 73)])
    assert (found.judges[3].marks, found.judges[3].spread, found.judges[3].correlation) == (1, None, None)
    assert found.judges[3].severity is not None


def test_a_judge_who_reads_alone_within_a_connected_group_has_no_severity() -> None:
    found = calibrate(
        [*WORKED, Given("E", "J4", 73), Given("E", "J4b", 71), Given("F", "J5", 60), Given("F", "J1", 50)]
    )
    assert (found.components, found.judges[3].severity is not None) == (2, True)
    lonely = calibrate([*WORKED, Given("E", "J4", 73)])
    assert (lonely.components, lonely.judges[3].severity) == (2, None)


@pytest.mark.parametrize(
    "given",
    [
        [],
        [Given("a", "j", math.nan)],
        [Given("a", "j", math.inf)],
        [Given("a", "j", 1e10)],
        [Given("a", "j", 1), Given("b", "j", 2), Given("a", "j", 3)],
    ],
)
def test_what_are_no_marks_is_refused(given: list[Given]) -> None:
    with pytest.raises(ValueError):
        calibrate(given)


@pytest.mark.parametrize("terms", [{"top": 0}, {"ratio": -1.0}, {"ratio": math.nan}])
def test_what_is_no_term_is_refused(terms: dict[str, float]) -> None:
    with pytest.raises(ValueError):
        calibrate(WORKED, **terms)  # type: ignore[arg-type]


def test_ranks_compete() -> None:
    assert competition_ranks(np.array([2.0, 3.0, 2.0 + 1e-10, 1.0])) == [2, 1, 2, 4]


# Judges


def test_what_is_told_of_a_judge() -> None:
    truth = simulated(np.random.default_rng(9), entries=200, judges=10, marks=4)
    wild = [
        each._replace(mark=each.mark + 3 * (-1) ** n * (each.judge == "j004")) for n, each in enumerate(truth.given)
    ]
    found = {judge.judge: judge for judge in calibrate(wild).judges}
    assert (found["j004"].infit or 0) > 1.5
    assert all(0.4 < (judge.infit or 0) < 1.5 for name, judge in found.items() if name != "j004")
    correlations = {name: judge.correlation or 0 for name, judge in found.items()}
    assert min(correlations, key=lambda name: correlations[name]) == "j004"
    assert all(0.3 < each < 0.9 for name, each in correlations.items() if name != "j004")


def test_infit_is_one_on_average_where_the_model_holds() -> None:
    infits = [
        judge.infit or 0
        for seed in range(20)
        for judge in calibrate(simulated(np.random.default_rng(seed), entries=60, judges=8).given).judges
    ]
    assert np.mean(infits) == pytest.approx(1, abs=0.03)


def test_severities_of_single_marks_are_what_the_judge_lies_below_the_score() -> None:
    found = calibrate(WORKED, ratio=0.0)
    assert found.severities("J1") == pytest.approx({"A": 3.8333, "C": 5.6333, "D": 5.3333}, abs=5e-5)
    mean = sum(found.severities("J1").values()) / J
    assert mean == pytest.approx(found.judges[0].severity)


# Against the truth, and against another programme


def test_the_truth_is_recovered() -> None:
    """Kendall's tau with the true order, coverage of 95 per cent intervals, leniencies: means of 50 runs."""
    runs = [recovery(seed) for seed in range(50)]
    adjusted, raw, covered, alike = np.mean(runs, axis=0)
    assert adjusted >= raw + 0.02
    assert 0.93 <= covered <= 0.97
    assert alike > 0.8


def recovery(seed: int) -> tuple[float, float, float, float]:
    truth = simulated(np.random.default_rng(seed))
    found = calibrate(truth.given, top=10)
    adjusted = np.array(scores(found))
    errors = np.array([entry.standard_error for entry in found.entries])
    off = adjusted - adjusted.mean() - (truth.quality - truth.quality.mean())
    alike = float(np.corrcoef(truth.leniency, -np.array(severities(found)))[0, 1])
    raw = np.array([entry.raw_mean for entry in found.entries])
    return (
        tau(truth.quality, adjusted), tau(truth.quality, raw), float((np.abs(off) < 1.96 * errors).mean()), alike,
    )  # fmt: skip


def tau(one: np.ndarray, other: np.ndarray) -> float:
    signs = np.sign(one[:, None] - one[None, :]) * np.sign(other[:, None] - other[None, :])
    return float(signs.sum()) / (len(one) * (len(one) - 1))


# What statsmodels 0.15.0 said of `hashed()`: MixedLM by REML, entries fixed, judges a variance component.
THEIR_RESIDUAL, THEIR_JUDGE = 56.192674, 33.411657
THEIR_SCORES = [58.903352, 65.077833, 62.738831, 57.924374, 52.457413]
THEIR_LENIENCIES = [0.049185, 5.401216, -3.476348, 2.513496, -3.613001]


def test_another_programme_finds_the_same() -> None:
    found = calibrate(hashed())
    assert (found.variance.residual, found.variance.judge) == pytest.approx((THEIR_RESIDUAL, THEIR_JUDGE), rel=1e-3)
    assert scores(found)[: len(THEIR_SCORES)] == pytest.approx(THEIR_SCORES, abs=1e-3 * np.std(scores(found)))
    leniencies = [-each for each in severities(found)][: len(THEIR_LENIENCIES)]
    assert leniencies == pytest.approx(THEIR_LENIENCIES, abs=1e-3 * np.std(severities(found)))
