"""Deferred acceptance: against another implementation, against its theorems, and by trying everything."""

import hashlib
import itertools
import random
from collections.abc import Mapping

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from matching.games import HospitalResident

from portal.placements import matching, stability
from portal.placements.instances import Instance
from portal.placements.matching import Host, Side
from tests.placements import lists
from tests.placements.lists import Lists, Matching

SEEDS = range(200)
SIDES = pytest.mark.parametrize("side", Side)


def matched(instance: Instance, side: Side = Side.APPLICANTS, seed: int = 0) -> Matching:
    return matching.match(instance.applicants, instance.hosts, seed=seed, optimal_for=side)


def ranked(instance: Instance, seed: int = 0) -> dict[str, list[str]]:
    return matching.strict(instance.hosts, instance.applicants, seed)


def every_stable(instance: Instance) -> list[Matching]:
    return lists.all_stable(instance.applicants, instance.capacities, ranked(instance))


def held(result: Mapping[str, str | None], host: str) -> set[str]:
    return {name for name, given in result.items() if given == host}


def by_package(applicants: Lists, capacities: Mapping[str, int], rankings: Lists, optimal: str) -> Matching:
    """What the package `matching` finds. It wants lists that answer each other, and nobody with nothing."""
    mine = {
        name: [host for host in choices if name in rankings[host] and capacities[host]]
        for name, choices in applicants.items()
    }
    theirs = {host: [name for name in ranking if host in mine[name]] for host, ranking in rankings.items()}
    game = HospitalResident.create_from_dictionaries(
        {name: choices for name, choices in mine.items() if choices},
        {host: ranking for host, ranking in theirs.items() if ranking},
        {host: capacities[host] for host in theirs},
    )
    found: Matching = dict.fromkeys(applicants)
    for host, people in game.solve(optimal=optimal).items():
        found.update({person.name: host.name for person in people})
    return found


@pytest.mark.parametrize(("side", "optimal"), [(Side.APPLICANTS, "resident"), (Side.HOSTS, "hospital")])
@pytest.mark.parametrize("ties", [False, True])
def test_two_hundred_instances_agree_with_the_package(side: Side, optimal: str, ties: bool) -> None:
    for number in SEEDS:
        instance = lists.at_random(number, applicants=10 + number % 15, hosts=3 + number % 6, ties=ties)
        rankings = ranked(instance, seed=number)
        mine = matched(instance, side, seed=number)
        assert mine == by_package(instance.applicants, instance.capacities, rankings, optimal), number
        assert stability.flaws(instance.applicants, instance.capacities, rankings, mine) == [], number


def test_the_two_sides_differ_in_some_of_them() -> None:
    """Otherwise agreeing on both would prove little."""
    instances = [lists.at_random(number, applicants=15, hosts=6) for number in SEEDS]
    assert sum(matched(one) != matched(one, Side.HOSTS) for one in instances) > 20


@SIDES
@given(instance=lists.instances(), seed=st.integers(0, 3))
@settings(deadline=None)
def test_nobody_gets_what_they_did_not_list_and_no_pair_would_rather(side: Side, instance: Instance, seed: int) -> None:
    result = matched(instance, side, seed)
    assert list(result) == list(instance.applicants)
    assert lists.is_stable(instance.applicants, instance.capacities, ranked(instance, seed), result)


@given(instance=lists.instances(applicants=5, hosts=3))
@settings(deadline=None)
def test_each_side_gets_the_best_of_all_stable_matchings_and_the_other_the_worst(instance: Instance) -> None:
    stable, rankings = every_stable(instance), ranked(instance)
    for_applicants, for_hosts = matched(instance), matched(instance, Side.HOSTS)
    assert for_applicants in stable
    assert for_hosts in stable
    for name, choices in instance.applicants.items():
        ranks = [lists.rank(choices, one[name]) for one in stable]
        assert lists.rank(choices, for_applicants[name]) == min(ranks)
        assert lists.rank(choices, for_hosts[name]) == max(ranks)
    for host, ranking in rankings.items():
        ranks_held = [sorted(ranking.index(name) for name in held(one, host)) for one in stable]
        # All have the same number of people, so that each rank can be compared with its like.
        best, worst = (sorted(map(ranking.index, held(one, host))) for one in (for_hosts, for_applicants))
        assert all(mine <= theirs for other in ranks_held for mine, theirs in zip(best, other, strict=True))
        assert all(mine >= theirs for other in ranks_held for mine, theirs in zip(worst, other, strict=True))


@given(instance=lists.instances(applicants=5, hosts=3))
@settings(deadline=None)
def test_rural_hospitals(instance: Instance) -> None:
    """The same people and the same numbers in every stable matching, and the very same people where places stay empty
    (Roth 1984 and 1986)."""
    stable = every_stable(instance)
    for one, other in itertools.pairwise(stable):
        assert {name for name in one if one[name]} == {name for name in other if other[name]}
        for host, capacity in instance.capacities.items():
            assert len(held(one, host)) == len(held(other, host))
            assert len(held(one, host)) == capacity or held(one, host) == held(other, host)


def test_several_stable_matchings_are_tried_at_all() -> None:
    crossed = Instance(
        {"a1": ["h1", "h2"], "a2": ["h2", "h1"]}, {"h1": Host(1, ["a2", "a1"]), "h2": Host(1, ["a1", "a2"])}
    )
    assert len(every_stable(crossed)) == 2
    assert matched(crossed) == {"a1": "h1", "a2": "h2"}
    assert matched(crossed, Side.HOSTS) == {"a1": "h2", "a2": "h1"}


@pytest.mark.parametrize("ties", [False, True])
@pytest.mark.parametrize("number", range(30))
def test_no_applicant_gains_by_any_other_list(number: int, ties: bool) -> None:
    """Every list that they could hand in instead is tried (Dubins & Freedman 1981; Roth 1982)."""
    truth = lists.at_random(number, applicants=5, hosts=4, ties=ties)
    fair = matched(truth)
    for name, choices in truth.applicants.items():
        for lie in lists.every_list(list(truth.hosts)):
            got = matched(Instance({**truth.applicants, name: lie}, truth.hosts))[name]
            assert got not in choices or lists.rank(choices, fair[name]) <= lists.rank(choices, got), (name, lie)


def test_a_host_can_gain_by_a_false_list_so_that_the_test_above_can_fail() -> None:
    truth = Instance(
        {"a1": ["h1", "h2"], "a2": ["h2", "h1"]}, {"h1": Host(1, ["a2", "a1"]), "h2": Host(1, ["a1", "a2"])}
    )
    lie = Instance(truth.applicants, {**truth.hosts, "h1": Host(1, ["a2"])})
    assert held(matched(truth), "h1") == {"a1"}
    assert held(matched(lie), "h1") == {"a2"}


@SIDES
@pytest.mark.parametrize("number", range(20))
def test_the_order_of_the_input_does_not_matter(side: Side, number: int) -> None:
    instance, dice = lists.at_random(number, applicants=15, ties=True), random.Random(number)
    people, hosts = list(instance.applicants.items()), list(instance.hosts.items())
    dice.shuffle(people)
    dice.shuffle(hosts)
    turned = {
        name: Host(
            host.capacity,
            [entry if isinstance(entry, str) else dice.sample(entry, len(entry)) for entry in host.ranking],
        )
        for name, host in hosts
    }
    assert matched(Instance(dict(people), turned), side, seed=7) == matched(instance, side, seed=7)


def test_the_lottery_is_what_any_tool_would_compute() -> None:
    """printf %s 2027:a1 | sha256sum"""
    numbers = matching.lottery(2027, ["a1", "赵"])
    assert f"{numbers['a1']:064x}" == "0cde5690460c9c52cee296bad990345ed470894a0a956d424e1a7165a9a3fae5"
    assert numbers["赵"] == int(hashlib.sha256("2027:赵".encode()).hexdigest(), 16)
    assert matching.lottery(2027, ["赵", "b", "a1"]) == {**numbers, "b": matching.lottery(2027, ["b"])["b"]}


def test_a_tie_is_broken_in_the_same_way_by_all_hosts_and_the_seed_decides_it() -> None:
    people = [f"a{number}" for number in range(30)]
    hosts = {"h1": Host(1, [people]), "h2": Host(1, ["a7", list(reversed(people[8:]))])}
    order = matching.strict(hosts, people, 1)
    assert order["h1"] == sorted(people, key=matching.lottery(1, people).__getitem__)
    assert order["h2"] == ["a7", *(name for name in order["h1"] if name in people[8:])]
    assert matching.strict(hosts, people, 1) == order
    assert matching.strict(hosts, people, 2)["h1"] != order["h1"]


def test_each_in_a_tie_comes_first_about_as_often() -> None:
    firsts = [matching.strict({"h": Host(1, [["a", "b", "c"]])}, "abc", seed)["h"][0] for seed in range(600)]
    assert all(150 < firsts.count(name) < 250 for name in "abc")


@SIDES
def test_a_host_without_places_and_one_with_more_than_people(side: Side) -> None:
    hosts = {"none": Host(0, ["a1", "a2"]), "many": Host(1_000_000, [["a1", "a2"]])}
    result = matching.match({"a1": ["none", "many"], "a2": ["none"]}, hosts, optimal_for=side)
    assert result == {"a1": "many", "a2": None}


@SIDES
def test_only_who_lists_each_other_can_be_matched(side: Side) -> None:
    hosts = {"h1": Host(1, ["a2"]), "h2": Host(1, ["a1", "a2", "unknown"])}
    assert matching.match({"a1": ["h1", "unknown"], "a2": ["h2"]}, hosts, optimal_for=side) == {"a1": None, "a2": "h2"}


@SIDES
def test_nobody_at_all(side: Side) -> None:
    assert matching.match({}, {}, optimal_for=side) == {}
    assert matching.match({"a": []}, {"h": Host(1, [])}, optimal_for=side) == {"a": None}


@SIDES
def test_removed_pairs_are_never_matched(side: Side) -> None:
    instance = lists.at_random(3, applicants=20)
    barred = {(name, host) for name, host in matched(instance).items() if host}
    left = Instance(matching.without(instance.applicants, barred), instance.hosts)
    again = matched(left, side)
    assert barred
    assert not barred & set(again.items())
    assert lists.is_stable(left.applicants, left.capacities, ranked(left), again)


def test_the_input_stays_as_it_is() -> None:
    instance = lists.at_random(5, ties=True)
    before = repr(instance)
    matched(instance)
    matched(instance, Side.HOSTS)
    assert repr(instance) == before
