"""Who goes to which host: deferred acceptance over the lists of both sides. Pure: plain data in, plain data out.

The rule is that of Gale & Shapley (1962) for colleges and students, with applicants asking as in Roth & Peranson (1999).
docs/match.md tells it in prose; stability.py proves its results without using a line of it.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from enum import StrEnum
from hashlib import sha256
from heapq import heappop, heappush
from typing import NamedTuple


class Side(StrEnum):
    """The side that asks, and so gets the best that any stable matching could give it."""

    APPLICANTS = "applicants"
    HOSTS = "hosts"


class Host(NamedTuple):
    """Places from zero, and names from the best on; an inner list is a tie. Who is not in it is not acceptable."""

    capacity: int
    ranking: Sequence[str | Sequence[str]]


def match(
    applicants: Mapping[str, Sequence[str]],
    hosts: Mapping[str, Host],
    *,
    seed: int = 0,
    optimal_for: Side = Side.APPLICANTS,
) -> dict[str, str | None]:
    """The stable matching that is best for every applicant at once, or for every host.

    In: each applicant's hosts from the first choice on, without repetition; the hosts; the seed that breaks ties. A pair
    can be matched only if each lists the other: names that the other side does not have count as not listed.
    Out: every applicant, in the order given, with a host or None. It does not depend on the order of the mappings.
    Costs O(n log n) for lists of n entries in total. Never fails on data that instances.check let pass.
    Sources: D. Gale & L. S. Shapley, American Mathematical Monthly 69 (1962), 9-15; A. E. Roth & E. Peranson, American
    Economic Review 89 (1999), 748-780.
    """
    rankings = strict(hosts, applicants, seed)
    places = {name: host.capacity for name, host in hosts.items()}
    one = dict.fromkeys(applicants, 1)
    result: dict[str, str | None] = dict.fromkeys(applicants)
    if optimal_for == Side.APPLICANTS:
        result.update(_agreed(applicants, one, rankings, places))
    else:
        result.update((applicant, host) for host, applicant in _agreed(rankings, places, applicants, one))
    return result


def strict(hosts: Mapping[str, Host], applicants: Iterable[str], seed: int) -> dict[str, list[str]]:
    """Each host's ranking with its ties broken by the lottery; names that are no applicants fall away."""
    numbers = lottery(seed, applicants)
    return {name: list(_in_order(host.ranking, numbers)) for name, host in hosts.items()}


def lottery(seed: int, names: Iterable[str]) -> dict[str, int]:
    """One number for each applicant at all hosts; the lower one goes first within a tie.

    It is the SHA-256 (FIPS 180-4) of "seed:name" in UTF-8, so that anybody can compute it with any tool, and it depends
    neither on who else applies nor on any order. One lottery for all hosts costs applicants less than one for each: A.
    Abdulkadiroglu, P. A. Pathak & A. E. Roth, American Economic Review 99 (2009), 1954-1978.
    """
    return {name: int.from_bytes(sha256(f"{seed}:{name}".encode()).digest(), "big") for name in names}


def without(applicants: Mapping[str, Sequence[str]], pairs: Collection[tuple[str, str]]) -> dict[str, list[str]]:
    """The applicants' lists without these pairs of (applicant, host), which so cannot be matched; the rest moves up."""
    return {name: [host for host in choices if (name, host) not in pairs] for name, choices in applicants.items()}


def _in_order(ranking: Sequence[str | Sequence[str]], numbers: Mapping[str, int]) -> Iterator[str]:
    for entry in ranking:
        tied = [entry] if isinstance(entry, str) else entry
        yield from sorted((name for name in tied if name in numbers), key=numbers.__getitem__)


def _agreed(
    lists: Mapping[str, Sequence[str]],
    wanted: Mapping[str, int],
    rankings: Mapping[str, Sequence[str]],
    places: Mapping[str, int],
) -> Iterator[tuple[str, str]]:
    """Deferred acceptance: the pairs of who asks and who keeps them.

    `lists` and `wanted` are those who ask, and how many they may have at once; `rankings` and `places` those who are asked.
    Whoever is asked holds the best so far and lets the worst go, who then asks further down their own list.
    """
    ranks = {name: {other: rank for rank, other in enumerate(ranking)} for name, ranking in rankings.items()}
    ahead = {name: _acceptable(name, choices, ranks) for name, choices in lists.items()}
    held: dict[str, list[int]] = {name: [] for name in rankings}  # heaps of negative ranks: the worst is on top
    asking = [name for name in lists for _ in range(min(wanted[name], len(lists[name])))]
    while asking:
        name = asking.pop()
        asked = next(ahead[name], None)
        if asked is not None:
            heappush(held[asked], -ranks[asked][name])
            if len(held[asked]) > places[asked]:
                asking.append(rankings[asked][-heappop(held[asked])])
    return ((rankings[asked][-rank], asked) for asked, kept in held.items() for rank in kept)


def _acceptable(name: str, choices: Iterable[str], ranks: Mapping[str, Mapping[str, int]]) -> Iterator[str]:
    return (choice for choice in choices if choice in ranks and name in ranks[choice])
