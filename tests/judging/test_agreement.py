"""How far judges agree: the published tables, and what is not defined."""

import itertools

import numpy as np
import pytest
from hypothesis import given as over
from hypothesis import settings
from hypothesis import strategies as st

from portal.judging import agreement, reliability
from portal.judging.agreement import Level
from portal.judging.calibration import Given, calibrate
from tests.judging.marks import WORKED, simulated

# Krippendorff, Computing Krippendorff's Alpha-Reliability (2011): four observers of twelve units.
OBSERVED: list[list[int | None]] = [
    [1, 2, 3, 3, 2, 1, 4, 1, 2, None, None, None],
    [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, None, 3],
    [None, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, None],
    [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, None],
]
UNITS = [[mark for mark in unit if mark is not None] for unit in zip(*OBSERVED, strict=True)]

# Shrout & Fleiss, Intraclass correlations (1979): six targets, four judges.
TARGETS = [[9, 2, 5, 8], [6, 1, 3, 2], [8, 4, 6, 8], [7, 1, 2, 6], [10, 5, 6, 9], [6, 2, 4, 7]]


@pytest.mark.parametrize(
    ("level", "published"), [("nominal", 0.743), ("ordinal", 0.815), ("interval", 0.849), ("ratio", 0.797)]
)
def test_krippendorffs_table(level: str, published: float) -> None:
    assert agreement.alpha(UNITS, Level(level)) == pytest.approx(published, abs=5e-4)


def test_alpha_of_the_worked_example() -> None:
    assert agreement.alpha(reliability.units(WORKED)) == pytest.approx(0.516008, abs=5e-7)


def by_definition(units: list[list[int]], level: Level) -> float | None:
    """Alpha over all pairs, one by one."""
    kept = [unit for unit in units if len(unit) > 1]
    marks = [mark for unit in kept for mark in unit]

    def apart(x: int, y: int) -> float:
        low, high = sorted((x, y))
        between = sum(low <= mark <= high for mark in marks) - (marks.count(low) + marks.count(high)) / 2
        ratio = ((x - y) / (x + y)) ** 2 if x + y else 0.0
        return {
            Level.NOMINAL: float(x != y),
            Level.ORDINAL: between**2 if x != y else 0.0,
            Level.INTERVAL: float((x - y) ** 2),
            Level.RATIO: ratio,
        }[level]

    n = len(marks)
    expected = sum(apart(x, y) for x, y in itertools.permutations(marks, 2)) / (n * (n - 1)) if n > 1 else 0
    within = sum(sum(apart(x, y) for x, y in itertools.permutations(unit, 2)) / (len(unit) - 1) for unit in kept)
    return 1 - within / n / expected if expected else None


@settings(deadline=None, max_examples=50)
@over(st.lists(st.lists(st.integers(0, 4), min_size=1, max_size=4), max_size=6), st.sampled_from(Level))
def test_alpha_is_what_its_definition_says(units: list[list[int]], level: Level) -> None:
    found, expected = agreement.alpha(units, level), by_definition(units, level)
    assert found == (None if expected is None else pytest.approx(expected, abs=1e-9))
    assert agreement.alpha([unit[::-1] for unit in units][::-1], level) == found


@pytest.mark.parametrize("units", [[], [[5], [7]], [[5, 5], [5, 5, 5], [7]], [[0.1, 0.1, 0.1]]])
@pytest.mark.parametrize("level", Level)
def test_alpha_without_pairs_or_without_variation_is_not_defined(units: list[list[float]], level: Level) -> None:
    assert agreement.alpha(units, level) is None


def test_ratios_of_negative_marks_are_not_defined() -> None:
    assert agreement.alpha([[-1, 2], [1, 2]], Level.RATIO) is None
    assert agreement.alpha([[0, 0], [1, 2]], Level.RATIO) is not None


def test_alpha_of_many_different_ratios() -> None:
    marks = np.random.default_rng(1).uniform(1, 9, (600, 2))
    assert agreement.alpha(marks.tolist(), Level.RATIO) == pytest.approx(0, abs=0.15)


@pytest.mark.parametrize(
    ("figure", "published"),
    [
        (agreement.icc_one_way, 0.17),
        (agreement.icc_agreement, 0.29),
        (agreement.icc_consistency, 0.71),
        (agreement.icc_one_way_of_means, 0.44),
        (agreement.icc_agreement_of_means, 0.62),
        (agreement.icc_consistency_of_means, 0.91),
    ],
)
def test_shrout_and_fleisss_table(figure: object, published: float) -> None:
    squares = agreement.Squares(TARGETS)
    assert figure(squares) == pytest.approx(published, abs=5e-3)  # type: ignore[operator]


def test_shrout_and_fleisss_mean_squares() -> None:
    squares = agreement.Squares(TARGETS)
    found = squares.row, squares.column, squares.rest, squares.within
    assert found == pytest.approx((11.24, 32.49, 1.02, 6.26), abs=5e-3)


def test_intraclass_correlations_need_two_of_each_and_some_variance() -> None:
    for table in ([[1, 2]], [[1], [2]]):
        with pytest.raises(ValueError):
            agreement.Squares(table)
    assert agreement.icc_consistency(agreement.Squares([[5, 5], [5, 5]])) is None


def test_intraclass_correlations_from_components() -> None:
    assert agreement.icc_from_components(45, 15, 40, 1) == (pytest.approx(45 / 85), pytest.approx(0.45))
    assert agreement.icc_from_components(45, 15, 40, 5) == (pytest.approx(45 / 53), pytest.approx(45 / 56))
    assert agreement.icc_from_components(0, 0, 0, 1) == (None, None)


def test_how_many_marks_are_needed() -> None:
    needed = [agreement.marks_needed(0.45, wanted) for wanted in (0.7, 0.8)]
    assert [round(each or 0) for each in needed] == [3, 5]
    assert agreement.marks_needed(0, 0.8) is None


# Panels that rank


def test_kendalls_coefficient() -> None:
    """Siegel's (1956) three interviewers of six applicants: W = .16; agreement without and with ties."""
    interviewers = [[1, 6, 3, 2, 5, 4], [1, 5, 6, 4, 2, 3], [6, 3, 2, 5, 4, 1]]
    assert agreement.kendall_w(interviewers) == pytest.approx(0.16, abs=5e-3)
    assert agreement.kendall_w([[1, 2, 3, 4]] * 3) == 1
    assert agreement.kendall_w([[1, 1, 2, 3]] * 3) == 1
    assert agreement.kendall_w([[1, 2, 3], [3, 2, 1]]) == 0


def test_kendalls_coefficient_with_ties() -> None:
    """Two judges: W = (1 + rho) / 2 holds with ties only if both are corrected for; rho is Pearson's of mid-ranks."""
    panel = [[1, 2.5, 2.5, 4, 5], [2, 1, 3, 4, 5]]
    ties = 2**3 - 2
    spread = sum((sum(pair) - 6) ** 2 for pair in zip(*panel, strict=True))
    assert agreement.kendall_w(panel) == pytest.approx(12 * spread / (4 * (125 - 5) - 2 * ties))


@pytest.mark.parametrize("panel", [[], [[1, 2, 3]], [[1], [1]], [[2, 2, 2], [5, 5, 5]]])
def test_a_panel_without_pairs_or_without_order_has_no_coefficient(panel: list[list[float]]) -> None:
    assert agreement.kendall_w(panel) is None
    assert agreement.mean_spearman(panel) is None


def test_the_mean_of_spearmans_correlations() -> None:
    panel = [[1, 6, 3, 2, 5, 4], [1, 5, 6, 4, 2, 3], [6, 3, 2, 5, 4, 1]]
    w, mean = agreement.kendall_w(panel), agreement.mean_spearman(panel)
    assert mean == pytest.approx((3 * (w or 0) - 1) / 2)  # without ties
    assert agreement.mean_spearman([[1, 2], [5, 5]]) is None


def test_equal_values_share_the_middle_of_their_places() -> None:
    assert agreement.mid_ranks([30, 10, 30, 20]).tolist() == [3.5, 1, 3.5, 2]


# One judge


def test_halo() -> None:
    assert agreement.halo([[1, 2, 3], [2, 4, 6], [5, 6, 7]]) == pytest.approx(1)
    assert agreement.halo([[1, 2, 3, None], [3, None, 1, 5]]) == pytest.approx(-1)
    assert agreement.halo([[1, 2, 3]]) is None
    assert agreement.halo([[5, 5, 5], [1, 2, 3]]) is None


def test_drift() -> None:
    assert agreement.drift([1, 1, 2, 2, 4, 4, 4]) == pytest.approx((4 / 3, 3, 4))
    assert agreement.drift([1, 2, 3, 4, 5]) is None


def test_a_judge_who_grows_strict_is_seen() -> None:
    truth = simulated(np.random.default_rng(1), entries=120, judges=6)
    read = [each.entry for each in truth.given if each.judge == "j002"]
    tired = {entry: -2.0 * n / len(read) for n, entry in enumerate(read)}
    found = calibrate(
        [each._replace(mark=each.mark + tired.get(each.entry, 0) * (each.judge == "j002")) for each in truth.given]
    ).severities("j002")
    first, _middle, last = agreement.drift([found[entry] for entry in read]) or (0, 0, 0)
    assert last - first > 0.5


# A group as a whole


def test_a_complete_table_is_judged_by_its_mean_squares() -> None:
    given = [Given(f"e{n}", f"j{m}", mark) for n, row in enumerate(TARGETS) for m, mark in enumerate(row)]
    found = reliability.figures(given, calibrate(given))
    assert found.basis is reliability.Basis.MEAN_SQUARES
    assert (found.icc.consistency, found.icc.agreement) == pytest.approx((0.91, 0.62), abs=5e-3)
    assert (found.icc_of_one.consistency, found.icc_of_one.agreement) == pytest.approx((0.71, 0.29), abs=5e-3)
    assert found.marks == pytest.approx(4)
    assert (found.kendall_w, found.mean_spearman) == (
        agreement.kendall_w([list(each) for each in zip(*TARGETS, strict=True)]),
        agreement.mean_spearman([list(each) for each in zip(*TARGETS, strict=True)]),
    )


def test_an_incomplete_table_is_judged_by_its_components() -> None:
    found = reliability.figures(WORKED, calibrate(WORKED, ratio="reml"))
    assert (found.basis, found.kendall_w, found.mean_spearman) == (reliability.Basis.COMPONENTS, None, None)
    assert found.marks == pytest.approx(4 / (1 / 2 + 1 / 2 + 1 / 2 + 1 / 3))
    known = calibrate(WORKED, ratio="reml").variance
    entry, judge, residual = known.entry or 0, known.judge or 0, known.residual or 0
    assert found.icc.consistency == pytest.approx(entry / (entry + residual / found.marks))
    assert found.icc.agreement == pytest.approx(entry / (entry + (judge + residual) / found.marks))
    assert found.alpha == pytest.approx(0.516008, abs=5e-7)


def test_simulated_marks_have_the_reliability_they_were_made_with() -> None:
    given = simulated(np.random.default_rng(2), entries=1500, judges=60, marks=4).given
    found = reliability.figures(given, calibrate(given))
    assert found.icc_of_one.agreement == pytest.approx(0.45, abs=0.06)
    assert found.icc_of_one.consistency == pytest.approx(0.45 / 0.85, abs=0.05)
    assert found.separation == pytest.approx(found.icc.consistency, abs=0.02)


def test_where_variances_are_not_identified_neither_are_the_correlations() -> None:
    given = [Given("a", "j", 5), Given("b", "k", 7), Given("c", "k", 6)]
    found = reliability.figures(given, calibrate(given))
    assert {found.alpha, found.icc.consistency, found.icc_of_one.agreement, found.separation} == {None}
    unshrunk = reliability.figures(WORKED, calibrate(WORKED, ratio=0.0))
    assert unshrunk.icc.agreement is None
    assert unshrunk.icc.consistency is not None
