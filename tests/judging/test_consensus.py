"""Kemeny and Borda: against published examples, and against trying every order."""

import itertools
import math
from collections.abc import Mapping

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.judging import consensus

# The capital of Tennessee, the textbook's example of votes, for hundred voters.
TENNESSEE = {
    f"{order} {voter}": {entry: place for place, entry in enumerate(order, 1)}
    for order, voters in (("MNCK", 42), ("NCKM", 26), ("CKNM", 15), ("KCNM", 17))
    for voter in range(voters)
}


def test_the_textbook_example_of_kemeny_and_borda() -> None:
    assert consensus.kemeny(TENNESSEE) == consensus.Kemeny((("N", "C", "K", "M"),), 1, 600 - 393)
    assert consensus.borda(TENNESSEE) == [("N", 194, 1), ("C", 173, 2), ("M", 126, 3), ("K", 107, 4)]


def test_a_circle_has_three_optima_and_borda_decides_nothing() -> None:
    circle = {order: {entry: place for place, entry in enumerate(order)} for order in ("ABC", "BCA", "CAB")}
    assert consensus.kemeny(circle) == consensus.Kemeny((tuple("ABC"), tuple("BCA"), tuple("CAB")), 3, 4)
    assert [(placed.score, placed.rank) for placed in consensus.borda(circle)] == [(3, 1)] * 3


def test_who_ties_two_says_nothing_about_them_and_shares_the_points() -> None:
    panel = {"x": {"A": 1, "B": 1, "C": 3}, "y": {"A": 2, "B": 1, "C": 3}}
    assert consensus.kemeny(panel) == consensus.Kemeny((("B", "A", "C"),), 1, 0)
    assert consensus.borda(panel) == [("B", 3.5, 1), ("A", 2.5, 2), ("C", 0, 3)]


def test_sixteen_entries_all_tied_have_every_order_and_a_few_are_shown() -> None:
    names = [f"e{number:02}" for number in range(16)]
    found = consensus.kemeny({"x": dict.fromkeys(names, 1)}, shown=3)
    assert (found.optima, found.disagreements, len(found.orders)) == (math.factorial(16), 0, 3)
    assert found.orders[0] == tuple(names)
    assert len(consensus.kemeny({"x": dict.fromkeys(names, 1)}).orders) == consensus.SHOWN


def test_sixteen_entries_in_a_strict_order_of_all_but_one_judge() -> None:
    names = [f"e{number:02}" for number in range(16)]
    right = {name: place for place, name in enumerate(names)}
    panel = {"x": right, "y": right, "z": {name: -place for name, place in right.items()}}
    assert consensus.kemeny(panel) == consensus.Kemeny((tuple(names),), 1, 16 * 15 // 2)


@pytest.mark.parametrize(
    ("panel", "why"),
    [
        ({}, "there are no rankings"),
        ({"x": {}}, "there are no rankings"),
        ({"x": {"A": 1, "B": 2}, "y": {"A": 1}}, "judge y did not rank the same"),
        ({"x": {"A": 1}, "y": {"B": 1}}, "judge y did not rank the same"),
        ({"x": {"A": math.nan}}, "judge x gave a rank that is no number"),
    ],
)
def test_what_is_no_panel_is_refused(panel: dict, why: str) -> None:
    for rule in (consensus.kemeny, consensus.borda):
        with pytest.raises(ValueError, match=why):
            rule(panel)


def test_seventeen_entries_are_too_many_for_kemeny_but_not_for_borda() -> None:
    panel = {"x": {f"e{number:02}": number for number in range(17)}}
    with pytest.raises(ValueError, match="at most 16 entries, not 17"):
        consensus.kemeny(panel)
    assert consensus.borda(panel)[0] == ("e00", 16, 1)


panels = st.integers(1, 6).flatmap(
    lambda entries: st.lists(
        st.lists(st.integers(1, entries), min_size=entries, max_size=entries), min_size=1, max_size=5
    ).map(lambda rows: {f"j{m}": {f"e{n}": rank for n, rank in enumerate(row)} for m, row in enumerate(rows)})
)


def disagreements(order: tuple, panel: Mapping[str, Mapping[str, float]]) -> int:
    return sum(ranks[b] < ranks[a] for ranks in panel.values() for a, b in itertools.combinations(order, 2))


@given(panels)
@settings(deadline=None)
def test_kemeny_against_every_order(panel: dict) -> None:
    every = {order: disagreements(order, panel) for order in itertools.permutations(sorted(panel["j0"]))}
    least = min(every.values())
    best = [order for order, found in every.items() if found == least]
    assert consensus.kemeny(panel, shown=1000) == consensus.Kemeny(tuple(best), len(best), least)


@given(panels)
@settings(deadline=None)
def test_borda_against_pairs(panel: dict) -> None:
    for entry, score, _rank in consensus.borda(panel):
        pairs = [ranks[other] - ranks[entry] for ranks in panel.values() for other in ranks if other != entry]
        assert score == sum(pair > 0 for pair in pairs) + sum(pair == 0 for pair in pairs) / 2


@given(panels)
@settings(deadline=None)
def test_one_who_all_put_first_is_first_in_both(panel: dict) -> None:
    winner = {judge: {**ranks, "w": 0} for judge, ranks in panel.items()}
    assert all(order[0] == "w" for order in consensus.kemeny(winner).orders)
    assert (consensus.borda(winner)[0].entry, consensus.borda(winner)[1].rank) == ("w", 2)


@given(panels)
@settings(deadline=None)
def test_names_of_judges_and_their_order_change_no_panel(panel: dict) -> None:
    other = {f"{judge}'": dict(reversed(ranks.items())) for judge, ranks in reversed(panel.items())}
    assert consensus.kemeny(other) == consensus.kemeny(panel)
    assert consensus.borda(other) == consensus.borda(panel)
