"""What takes part in a run, and what does not. Pure."""

import random
from typing import Any

import pytest

from portal.matches import inputs, working
from portal.matches.inputs import Applicant, Facts, Place, Region, Why
from portal.placements.matching import Side

MN, MN2, KR, JP = Region("MN-1", "MN"), Region("MN-2", "MN"), Region("KR-47", "KR"), Region("JP-32", "JP")


def facts(**fields: Any) -> Facts:
    given: dict[str, Any] = {
        "call": "c",
        "applicants": {"a": Applicant(MN, ("h", "i")), "b": Applicant(KR, ("i", "h")), "c": Applicant(MN2, ("h",))},
        "places": {"h": Place(KR, 1, True, [["a"], ["b", "c"]]), "i": Place(JP, 2, True, [["b", "a"]])},
    }
    return Facts(**{**given, **fields})


def test_lists_become_an_instance() -> None:
    built = inputs.build(facts(own_government_is_host=True))
    assert built.instance == {
        "applicants": {"a": ["h", "i"], "b": ["i", "h"], "c": ["h"]},
        "hosts": {
            "h": {"capacity": 1, "ranking": ["a", ["b", "c"]]},
            "i": {"capacity": 2, "ranking": [["a", "b"]]},
        },
    }
    assert built.removed == {}


def test_who_lives_where_the_host_is_is_left_out_unless_the_call_allows_it() -> None:
    built = inputs.build(facts())
    assert built.removed == {("b", "h"): Why.OWN_GOVERNMENT}
    assert built.wishes["b"] == ["i"]
    assert built.rankings["h"] == [["a"], ["c"]]


@pytest.mark.parametrize("pair", [["KR", "MN"], ["MN", "KR"]])
def test_blocked_pairs_of_countries_count_in_both_directions(pair: list[str]) -> None:
    built = inputs.build(facts(blocked_pairs=[pair], own_government_is_host=True))
    assert built.removed == {("a", "h"): Why.BLOCKED_PAIR, ("c", "h"): Why.BLOCKED_PAIR}
    assert built.wishes == {"a": ["i"], "b": ["i", "h"], "c": []}


def test_a_closed_opening_takes_no_one() -> None:
    places = {**facts().places, "h": Place(KR, 1, False, [["a"]])}
    built = inputs.build(facts(places=places))
    assert "h" not in built.capacities
    assert built.removed[("a", "h")] is Why.CLOSED


def test_fixed_people_and_their_seats_are_taken_out() -> None:
    built = inputs.build(facts(fixed={"a": "i"}))
    assert "a" not in built.wishes
    assert built.capacities == {"h": 1, "i": 1}
    assert built.rankings["i"] == [["b"]]
    assert built.about["fixed"] == [{"applicant": "a", "host": "i", "reason": "placed"}]


def test_more_fixed_than_places_leave_none() -> None:
    assert inputs.build(facts(fixed={"a": "h", "c": "h"})).capacities["h"] == 0


def test_who_left_takes_no_part() -> None:
    built = inputs.build(facts(left={"a"}))
    assert set(built.wishes) == {"b", "c"}
    assert built.about["left"] == ["a"]


def test_who_keeps_a_place_comes_first_there() -> None:
    built = inputs.build(facts(kept={"c": "h"}))
    assert built.rankings["h"] == [["c"], ["a"]]
    assert built.about["put_first_at_the_place_they_have"] == [{"applicant": "c", "host": "h"}]


def test_nobody_comes_in_where_not_even_all_who_keep_their_place_fit() -> None:
    built = inputs.build(facts(kept={"a": "h", "c": "h"}))
    assert (built.capacities["h"], built.rankings["h"]) == (2, [["a", "c"]])


def test_a_pair_that_came_to_nothing_is_not_made_again() -> None:
    built = inputs.build(facts(over={("a", "h"): Why.REFUSED}))
    assert built.wishes["a"] == ["i"]
    assert built.about["removed"][0] == {"applicant": "a", "host": "h", "reason": "refused"}


def test_the_order_in_which_facts_are_told_changes_nothing() -> None:
    plain, shuffled = facts(), facts()
    chance = random.Random(1)
    for _ in range(20):
        mixed = {}
        for name in ("applicants", "places"):
            items = list(getattr(shuffled, name).items())
            chance.shuffle(items)
            mixed[name] = dict(items)
        for slug, place in mixed["places"].items():
            mixed["places"][slug] = place._replace(tiers=[[*reversed(tier)] for tier in place.tiers])
        one, other = inputs.build(plain), inputs.build(facts(**mixed))
        assert working.sha256(one) == working.sha256(other)
        first, second = (working.work(each, seed=3, optimal_for=Side.APPLICANTS, about={}) for each in (one, other))
        assert first.document == second.document
        assert first.outcomes == second.outcomes
