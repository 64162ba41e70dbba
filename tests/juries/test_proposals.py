"""What the order proposes; bands, departures, places; the line of the final round. No database."""

import uuid

import pytest

from portal.juries import lines, proposals
from portal.juries.proposals import Band, Given, Prize

GOLD, SILVER, BRONZE = (uuid.UUID(int=n) for n in (1, 2, 3))
PRIZES = [Prize(GOLD, 1), Prize(SILVER, 2)]
FAR = lambda one, other: 0.1  # noqa: E731
SCORES = {"A": 90.0, "B": 80.0, "C": 70.0, "D": 60.0, "E": 50.0}
RANKS = {"A": 1, "B": 2, "C": 3, "D": 4, "E": 5}


def test_awards_are_filled_in_their_order_by_rank() -> None:
    found = proposals.propose(RANKS, SCORES, PRIZES, FAR)
    assert found.has_order and found.bands == ()
    assert found.expected == {"A": GOLD, "B": SILVER, "C": SILVER, "D": None, "E": None}
    assert not any(found.departs(code, award) for code, award in found.expected.items())
    assert found.departs("A", SILVER) and found.departs("D", SILVER) and found.departs("B", None)


def test_without_one_order_every_award_departs_and_nothing_else() -> None:
    for ranks in ({"A": None, "B": None}, {"A": 1, "B": None}):
        found = proposals.propose(ranks, {"A": 9.0, "B": 8.0}, PRIZES, FAR)
        assert not found.has_order and set(found.expected.values()) == {None} and found.bands == ()
        assert found.departs("A", GOLD) and not found.departs("A", None)
        assert not found.is_within_band("A", GOLD)


def test_an_essay_without_marks_gets_nothing_by_the_order() -> None:
    found = proposals.propose({**RANKS, "X": None}, SCORES, PRIZES, FAR)
    assert found.has_order and found.expected["X"] is None
    assert found.departs("X", GOLD) and not found.departs("X", None)


def test_a_band_is_looked_for_at_the_line_of_every_award() -> None:
    scores = {"A": 90.0, "B": 89.5, "C": 70.0, "D": 69.9, "E": 50.0}
    found = proposals.propose(RANKS, scores, PRIZES, lambda one, other: 1.0)
    assert [set(band.codes) for band in found.bands] == [{"A", "B"}, {"C", "D"}]
    assert [(band.above, band.below) for band in found.bands] == [(GOLD, SILVER), (SILVER, None)]
    assert [set(block) for block in proposals.blocks(found.bands)] == [{"A", "B"}, {"C", "D"}]
    assert found.choices("A") == {GOLD, SILVER} and found.choices("D") == {SILVER, None}
    assert not found.departs("B", GOLD) and found.is_within_band("B", GOLD)
    assert not found.is_within_band("A", GOLD)
    assert found.departs("A", None) and found.departs("D", GOLD)


def test_bands_that_meet_are_one_block() -> None:
    bands = [
        Band(frozenset("AB"), GOLD, SILVER),
        Band(frozenset("CD"), SILVER, BRONZE),
        Band(frozenset("BC"), BRONZE, None),
    ]
    assert proposals.blocks(bands) == [frozenset("ABCD")]


def test_who_shares_a_rank_across_a_line_is_a_band_whatever_the_errors() -> None:
    ranks = {"A": 1, "B": 2, "C": 2, "D": 2, "E": 5}
    scores = {**SCORES, "C": 80.0, "D": 80.0}
    found = proposals.propose(ranks, scores, PRIZES, lambda one, other: None)
    assert [set(band.codes) for band in found.bands] == [{"B", "C", "D"}]
    assert found.expected["D"] == SILVER
    assert not found.departs("D", None) and found.is_within_band("D", None)
    assert proposals.across(1, ranks) == frozenset() and proposals.across(4, ranks) == frozenset()


def test_what_is_withheld_is_taken_out_before_the_order_fills_the_rest() -> None:
    found = proposals.propose(RANKS, SCORES, [Prize(GOLD, 0), Prize(SILVER, 2)], FAR)
    assert found.expected == {"A": SILVER, "B": SILVER, "C": None, "D": None, "E": None}
    near = proposals.propose(RANKS, {**SCORES, "B": 89.9}, [Prize(GOLD, 0), Prize(SILVER, 2)], FAR)
    assert near.bands == ()  # no line between A and B any more


def test_no_awards_and_nobody() -> None:
    assert proposals.propose(RANKS, SCORES, [], FAR).expected == dict.fromkeys(RANKS)
    assert not proposals.propose({}, {}, PRIZES, FAR).has_order


# Places


@pytest.mark.parametrize(
    ("ranks", "places", "shared"),
    [([1, 2, 2], 2, True), ([2, 2, 2], 1, True), ([1, 2], 1, False), ([1, 1, 3], 2, False), ([None, None], 1, False),
     ([1, 2, 2], 1, False), ([], 1, False)],
)  # fmt: skip
def test_only_an_exact_tie_shares_a_place(ranks: list[int | None], places: int, shared: bool) -> None:
    assert proposals.is_shared(ranks, places) is shared


def test_more_than_the_places() -> None:
    given = [Given("A", GOLD, 1), Given("B", GOLD, 2)]
    assert proposals.exceeded(given, PRIZES) == [GOLD]
    assert proposals.exceeded([Given("A", GOLD, 1), Given("B", GOLD, 1)], PRIZES) == []
    assert proposals.exceeded([Given("A", GOLD, 1)], [Prize(GOLD, 0)]) == [GOLD]


def test_places_that_are_left() -> None:
    assert proposals.open_places([], PRIZES, 5) == {GOLD: 1, SILVER: 2}
    assert proposals.open_places([Given("A", GOLD, 1)], PRIZES, 5) == {SILVER: 2}
    shared = [Given("A", GOLD, 1), Given("B", GOLD, 1), Given("C", SILVER, 3)]
    assert proposals.open_places(shared, PRIZES, 5) == {}  # the shared gold takes one silver
    assert proposals.open_places([Given("A", GOLD, 1), Given("B", SILVER, 2)], PRIZES, 2) == {}
    assert proposals.open_places([Given("A", SILVER, 1), Given("B", SILVER, 2)], PRIZES, 3) == {GOLD: 1}


# The line of the final round


def test_the_line_takes_who_is_before_it_and_exact_ties_at_it() -> None:
    ranks = {"A": 1, "B": 2, "C": 2, "D": 4}
    found = lines.cut(ranks, 2, {"B", "C"})
    assert (found.sure, found.open, found.taken) == ({"A"}, {"B", "C"}, {"A", "B", "C"})
    assert (found.least, found.most) == (2, 3)
    assert found.admits({"B"}) and found.departs({"B"}) and not found.departs({"B", "C"})
    assert not found.admits(set()) and not found.admits({"D"})


def test_within_the_band_more_may_go_on_than_the_line_says() -> None:
    found = lines.cut(RANKS, 2, {"B", "C"})
    assert found.admits({"C"}) and found.admits({"B", "C"}) and found.departs({"B", "C"})


def test_a_small_group_goes_on_whole_and_no_order_is_chosen_by_hand() -> None:
    small = lines.cut({"A": None, "B": None}, 3, ())
    assert (small.sure, small.open, small.least) == ({"A", "B"}, frozenset(), 2)
    assert small.admits(set()) and not small.departs(set())
    none = lines.cut(dict.fromkeys("ABCD"), 2, ())
    assert none.open == set("ABCD") and not none.admits({"A"}) and none.admits({"A", "D"}) and none.departs({"A", "D"})
    assert lines.cut({}, 2, ()).least == 0


def test_who_follows_a_finalist_that_fell_out() -> None:
    assert lines.may_follow(RANKS, {"A", "B"}, 2, 2) == frozenset()
    assert lines.may_follow(RANKS, {"B"}, 2, 1) == {"A"}  # the highest that is left
    assert lines.may_follow({"A": 1, "B": 2, "C": 2, "D": 4}, {"A"}, 2, 1) == {"B", "C"}
    assert lines.may_follow(dict.fromkeys("ABC"), {"A"}, 2, 1) == {"B", "C"}
    assert lines.may_follow({"A": 1}, {"A"}, 2, 1) == frozenset()
