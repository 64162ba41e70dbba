"""Small matches at random, and everything that the definitions say about them, tried one by one."""

import itertools
import random
from collections.abc import Iterator, Mapping, Sequence

from hypothesis import strategies as st

from portal.placements.instances import Instance
from portal.placements.matching import Host

Lists = Mapping[str, Sequence[str]]
Matching = dict[str, str | None]


def at_random(seed: int, *, applicants: int = 12, hosts: int = 5, ties: bool = False) -> Instance:
    """Lists which need not answer each other, and about as many places as applicants: some hosts have none.

    In every second one hosts like those best who like them least, which makes for many stable matchings.
    """
    dice = random.Random(seed)
    places = [f"h{number}" for number in range(1, hosts + 1)]
    people = {f"a{number}": dice.sample(places, dice.randint(hosts // 2, hosts)) for number in range(1, applicants + 1)}
    rankings = {host: dice.sample(list(people), dice.randint(applicants // 2, applicants)) for host in places}
    if seed % 2:
        rankings = {host: _contrary(host, ranking, people) for host, ranking in rankings.items()}
    capacity = 2 * applicants // hosts
    return Instance(
        people, {host: Host(dice.randint(0, capacity), _grouped(dice, rankings[host], ties)) for host in places}
    )


def _contrary(host: str, ranking: list[str], people: Lists) -> list[str]:
    return sorted(ranking, key=lambda name: -rank(people[name], host if host in people[name] else None))


def _grouped(dice: random.Random, order: list[str], ties: bool) -> list[str | list[str]]:
    cuts = sorted({0, len(order), *(dice.randint(0, len(order)) for _ in order)}) if ties else range(len(order) + 1)
    groups = [order[begin:end] for begin, end in itertools.pairwise(cuts)]
    return [group if len(group) > 1 else group[0] for group in groups if group]


@st.composite
def instances(draw: st.DrawFn, applicants: int = 8, hosts: int = 4) -> Instance:
    people = [f"a{number}" for number in range(draw(st.integers(0, applicants)))]
    places = [f"h{number}" for number in range(draw(st.integers(0, hosts)))]
    return Instance(
        {name: draw(_some_of(places)) for name in people},
        {name: Host(draw(st.integers(0, 3)), draw(_tied(draw(_some_of(people))))) for name in places},
    )


def _some_of(names: list[str]) -> st.SearchStrategy[list[str]]:
    return st.lists(st.sampled_from(names), unique=True) if names else st.just([])


def _tied(names: list[str]) -> st.SearchStrategy[list[str | list[str]]]:
    """The first of them in one tie, the rest in strict order."""
    return st.integers(0, len(names)).map(lambda cut: [names[:cut], *names[cut:]] if cut else list(names))


def is_stable(applicants: Lists, capacities: Mapping[str, int], rankings: Lists, matching: Matching) -> bool:
    """By the definition, pair by pair: slow, and so plain that it can be believed."""
    held = {host: [name for name, given in matching.items() if given == host] for host in capacities}
    if any(len(people) > capacities[host] for host, people in held.items()):
        return False
    if any(host and (host not in applicants[name] or name not in rankings[host]) for name, host in matching.items()):
        return False
    return not any(
        _would_rather(choices, host, matching[name])
        and name in rankings[host]
        and (len(held[host]) < capacities[host] or any(_before(rankings[host], name, one) for one in held[host]))
        for name, choices in applicants.items()
        for host in capacities
    )


def _would_rather(choices: Sequence[str], host: str, given: str | None) -> bool:
    return host in choices and (given is None or _before(choices, host, given))


def _before(order: Sequence[str], one: str, other: str) -> bool:
    return order.index(one) < order.index(other)


def all_stable(applicants: Lists, capacities: Mapping[str, int], rankings: Lists) -> list[Matching]:
    """Every stable matching there is, found by trying every matching."""
    ways = itertools.product(*([*choices, None] for choices in applicants.values()))
    matchings = (dict(zip(applicants, way, strict=True)) for way in ways)
    return [matching for matching in matchings if is_stable(applicants, capacities, rankings, matching)]


def rank(order: Sequence[str], given: str | None) -> int:
    """0 for the best; nothing at all comes last."""
    return len(order) if given is None else order.index(given)


def every_list(hosts: Sequence[str]) -> Iterator[tuple[str, ...]]:
    """All that an applicant could hand in: each choice of hosts in each order."""
    return itertools.chain.from_iterable(itertools.permutations(hosts, length) for length in range(len(hosts) + 1))
