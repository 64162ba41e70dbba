"""Who goes to which host: deferred acceptance over the lists of both sides. Pure: plain data in, plain data out.

The rule is that of Gale & Shapley (1962) for colleges and students, with the applicants asking, as Roth & Peranson
(1999) arranged it for young doctors. docs/match.md tells it in prose; stability.py judges what comes out, without using
a line of this.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from enum import StrEnum
from hashlib import sha256
from heapq import heappush, heappushpop
from itertools import count
from typing import NamedTuple


class Side(StrEnum):
    """Who asks. They all get the best that any stable matching could give them."""

    APPLICANTS = "applicants"
    HOSTS = "hosts"


class Host(NamedTuple):
    """How many it takes, and whom, from the best on; an inner list is a tie. Who is not in it is not acceptable."""

    capacity: int
    ranking: Sequence[str | Sequence[str]]


def match(
    applicants: Mapping[str, Sequence[str]],
    hosts: Mapping[str, Host],
    *,
    seed: int = 0,
    optimal_for: Side = Side.APPLICANTS,
) -> dict[str, str | None]:
    """The stable matching that is the best for every applicant at once, or for every host.

    In: each applicant's hosts, from the first choice on; the hosts; the seed that breaks ties. A pair is acceptable
    only if each lists the other. Nobody may be listed twice; a name that the other side lacks counts as not listed.
    Out: every applicant, with a host or None. The order of the two mappings does not matter.
    Takes O(n log n) for lists of n entries in all. Raises nothing for data that instances.check accepts.
    Sources: D. Gale & L. S. Shapley, American Mathematical Monthly 69 (1962), 9-15; A. E. Roth & E. Peranson, American
    Economic Review 89 (1999), 748-780.
    """
    rankings = strict(hosts, applicants, seed)
    them = {name: _Party(1, choices) for name, choices in applicants.items()}
    those = {name: _Party(host.capacity, rankings[name]) for name, host in hosts.items()}
    nowhere: dict[str, str | None] = dict.fromkeys(applicants)
    if optimal_for == Side.HOSTS:
        return nowhere | {applicant: host for host, applicant in _agreed(those, them)}
    return nowhere | dict(_agreed(them, those))


def strict(hosts: Mapping[str, Host], applicants: Iterable[str], seed: int) -> dict[str, list[str]]:
    """Each host's ranking with its ties broken by the lottery of this seed; names that are no applicants fall away."""
    numbers = lottery(seed, applicants)
    return {name: _in_order(host.ranking, numbers) for name, host in hosts.items()}


def lottery(seed: int, names: Iterable[str]) -> dict[str, int]:
    """One number for each applicant, the same at every host; in a tie the lower one goes first.

    It is the SHA-256 (FIPS 180-4) of "seed:name" in UTF-8, read as a whole number: anybody can compute it with any
    tool, and it depends neither on who else applies nor on any order. Why one lottery for all hosts, rather than one
    for each: A. Abdulkadiroglu, P. A. Pathak & A. E. Roth, American Economic Review 99 (2009), 1954-1978.
    """
    return {name: int.from_bytes(sha256(f"{seed}:{name}".encode()).digest(), "big") for name in names}


def without(applicants: Mapping[str, Sequence[str]], pairs: Collection[tuple[str, str]]) -> dict[str, list[str]]:
    """The applicants' lists, less these pairs of (applicant, host), which thereby cannot be matched.

    What stood below moves up, in the statistics as well. Give a set: each entry is looked up in it.
    """
    return {name: [host for host in choices if (name, host) not in pairs] for name, choices in applicants.items()}


def _in_order(ranking: Sequence[str | Sequence[str]], numbers: Mapping[str, int]) -> list[str]:
    is_applicant, number = numbers.__contains__, numbers.__getitem__
    order: list[str] = []
    for entry in ranking:
        if not isinstance(entry, str):
            order += sorted(filter(is_applicant, entry), key=number)
        elif is_applicant(entry):
            order.append(entry)
    return order


class _Party(NamedTuple):
    """An applicant or a host: how many of the other side at once, and whom, from the best on."""

    places: int
    order: Sequence[str]


class _Desk:
    """Where one party is asked. It holds the best so far, as a heap of negative ranks with the worst on top."""

    __slots__ = ("held", "order", "places", "ranks")

    def __init__(self, party: _Party) -> None:
        self.places, self.order = party
        self.ranks = dict(zip(party.order, count(), strict=False))
        self.held: list[int] = []

    def ask(self, name: str) -> str | None:
        """Who is turned away now, and so has to ask elsewhere: the one who asks, one who was held, or nobody."""
        rank = self.ranks.get(name)
        if rank is None:
            return name
        if len(self.held) < self.places:
            heappush(self.held, -rank)
            return None
        return self.order[-heappushpop(self.held, -rank)]

    def kept(self) -> Iterator[str]:
        return (self.order[-rank] for rank in self.held)


def _agreed(asking: Mapping[str, _Party], asked: Mapping[str, _Party]) -> Iterator[tuple[str, str]]:
    """Deferred acceptance: the pairs of who asked and who kept them.

    Each party asks down its list until as many hold it as it has places; nobody is asked twice by the same.
    """
    desks = {name: _Desk(party) for name, party in asked.items()}
    nobody = _Desk(_Party(0, ()))  # for names that the other side lacks: it turns everybody away
    ahead = {name: iter(party.order) for name, party in asking.items()}
    turns = [name for name, party in asking.items() for _ in range(min(party.places, len(party.order)))]
    while turns:
        name = turns.pop()
        for choice in ahead[name]:
            turned_away = desks.get(choice, nobody).ask(name)
            if turned_away == name:
                continue
            if turned_away is not None:
                turns.append(turned_away)
            break
    return ((name, choice) for choice, desk in desks.items() for name in desk.kept())
