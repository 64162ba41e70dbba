"""Other rules of order: by hand, and what changes nothing."""

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.judging import alternatives
from portal.judging.alternatives import Rule
from portal.judging.calibration import Given, calibrate
from tests.judging.samples import APART, WORKED, marks, simulated

COMPLETE = marks(
    {
        "A": dict(zip("vwxyz", (70, 72, 74, 90, 40), strict=True)),
        "B": dict(zip("vwxyz", (71, 71, 71, 71, 71), strict=True)),
        "C": dict(zip("vwxyz", (60, 72, 80, 80, 68), strict=True)),
    }
)


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        (Rule.RAW_MEAN, {"A": 69.2, "B": 71, "C": 72}),
        (Rule.MEDIAN, {"A": 72, "B": 71, "C": 72}),
        (Rule.TRIMMED_MEAN, {"A": 72, "B": 71, "C": 220 / 3}),
        # v: B A C; w: A and C share 1.5, B; x: C A B; y: A C B; z: B C A.
        (
            Rule.MEAN_RANK,
            {"A": (2 + 1.5 + 2 + 1 + 3) / 5, "B": (1 + 3 + 3 + 3 + 1) / 5, "C": (3 + 1.5 + 1 + 2 + 2) / 5},
        ),
    ],
)
def test_each_rule_by_hand(rule: Rule, expected: dict) -> None:
    assert alternatives.scores(rule, COMPLETE) == pytest.approx(expected)


def test_the_model_is_the_calibration() -> None:
    rows = simulated(1)
    expected = sorted((entry.rank, entry.entry, entry.adjusted) for entry in calibrate(rows).entries)
    assert [(one.rank, one.entry, one.score) for one in alternatives.order(Rule.MODEL, rows)] == expected
    assert alternatives.scores(Rule.MODEL, rows) == {entry: score for _rank, entry, score in expected}
    assert [one.entry for one in alternatives.order(Rule.RAW_MEAN, rows)] != [
        entry for _rank, entry, _score in expected
    ]


def test_ranks_are_shared_and_a_mean_rank_counts_from_the_lowest() -> None:
    assert alternatives.order(Rule.MEDIAN, COMPLETE) == [("A", 72, 1), ("C", 72, 1), ("B", 71, 3)]
    assert alternatives.order(Rule.MEAN_RANK, COMPLETE) == [("A", 1.9, 1), ("C", 1.9, 1), ("B", 2.2, 3)]


def test_marks_that_differ_by_noise_share_a_rank() -> None:
    noisy = marks({"A": {"x": 0.1 + 0.2}, "B": {"x": 0.3}, "C": {"x": 0.2}})
    assert [placed.rank for placed in alternatives.order(Rule.RAW_MEAN, noisy)] == [1, 1, 3]
    assert alternatives.rankings(noisy) == {"x": {"A": 1.5, "B": 1.5, "C": 3}}


def test_a_trimmed_mean_is_refused_below_five_marks() -> None:
    few = [row for row in COMPLETE if row[:2] != ("C", "z")]
    with pytest.raises(
        alternatives.TooFewMarks, match="trimmed_mean needs 5 marks of each entry; 1 have fewer"
    ) as caught:
        alternatives.order(Rule.TRIMMED_MEAN, few)
    assert (caught.value.rule, caught.value.short, caught.value.least) == (Rule.TRIMMED_MEAN, {"C": 4}, 5)


def test_a_mean_rank_is_refused_where_a_judge_did_not_mark_all() -> None:
    with pytest.raises(alternatives.TooFewMarks) as caught:
        alternatives.scores(Rule.MEAN_RANK, WORKED)
    assert (caught.value.short, caught.value.least) == ({"A": 2, "B": 2, "C": 2}, 3)


def test_the_model_refuses_one_order_over_groups_that_nobody_connects() -> None:
    with pytest.raises(alternatives.NotOneOrder) as caught:
        alternatives.order(Rule.MODEL, APART)
    assert caught.value.components == 2
    assert [placed.entry for placed in alternatives.order(Rule.RAW_MEAN, APART)] == list("DCBA")


def test_a_median_of_few_is_given_and_said_to_be_so() -> None:
    assert alternatives.scores(Rule.MEDIAN, WORKED)["A"] == 74
    assert alternatives.resting_on_few(Rule.MEDIAN, WORKED) == {"A": 2, "B": 2, "C": 2, "D": 3}
    assert alternatives.resting_on_few(Rule.MEDIAN, COMPLETE) == {}
    assert alternatives.resting_on_few(Rule.RAW_MEAN, WORKED) == {}


@pytest.mark.parametrize("rule", Rule)
@pytest.mark.parametrize(
    ("rows", "why"),
    [
        ([], "there are no marks"),
        ([Given("A", "x", math.nan)], "no number"),
        ([Given("A", "x", math.inf)], "no number"),
        ([Given("A", "x", 1), Given("A", "x", 2)], "judge x marked entry A twice"),
    ],
)
def test_what_is_no_table_of_marks_is_refused(rule: Rule, rows: list, why: str) -> None:
    with pytest.raises(ValueError, match=why):
        alternatives.order(rule, rows)


tables = st.integers(1, 6).flatmap(
    lambda entries: st.lists(
        st.lists(st.integers(0, 30), min_size=entries, max_size=entries), min_size=5, max_size=7
    ).map(lambda rows: [Given(f"e{n}", f"j{m}", mark / 3) for m, row in enumerate(rows) for n, mark in enumerate(row)])
)
PLAIN = [rule for rule in Rule if rule is not Rule.MODEL]


@given(tables, st.sampled_from(PLAIN), st.randoms(use_true_random=False))
@settings(deadline=None)
def test_order_of_rows_and_names_of_judges_change_nothing(rows: list, rule: Rule, dice: object) -> None:
    names = sorted({row.judge for row in rows})
    others = dict(zip(names, dice.sample(names, len(names)), strict=True))  # type: ignore[attr-defined]
    mixed = [row._replace(judge=others[row.judge]) for row in rows]
    dice.shuffle(mixed)  # type: ignore[attr-defined]
    assert alternatives.order(rule, mixed) == alternatives.order(rule, rows)


@given(tables, st.sampled_from(PLAIN), st.integers(1, 50))
@settings(deadline=None)
def test_more_for_all_moves_nobody(rows: list, rule: Rule, more: int) -> None:
    raised = [row._replace(mark=row.mark + more) for row in rows]
    before, after = ({one.entry: one.rank for one in alternatives.order(rule, given)} for given in (rows, raised))
    assert after == before


@given(tables, st.data())
@settings(deadline=None)
def test_one_wild_mark_moves_neither_median_nor_trimmed_mean_beyond_the_other_marks(
    rows: list, data: st.DataObject
) -> None:
    wild = data.draw(st.sampled_from(rows))
    left = [row.mark for row in rows if row.entry == wild.entry and row is not wild]
    changed = [row._replace(mark=1e6) if row is wild else row for row in rows]
    for rule in (Rule.MEDIAN, Rule.TRIMMED_MEAN):
        assert min(left) - 1e-9 <= alternatives.scores(rule, changed)[wild.entry] <= max(left) + 1e-9
