"""Whether a matching is what it should be. Pure, and it shares no code with matching.py, whose work it judges.

A matching is stable if nobody is given what they did not list, no host has more people than places, and no applicant
and host would both rather have each other (Gale & Shapley 1962; Roth & Sotomayor, Two-Sided Matching, 1990, chapter 5).
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum
from typing import NamedTuple

Lists = Mapping[str, Sequence[str]]
Matching = Mapping[str, str | None] | Iterable[tuple[str, str | None]]


class Kind(StrEnum):
    UNKNOWN_APPLICANT = "unknown applicant"
    UNKNOWN_HOST = "unknown host"
    MISSING = "missing"
    TWICE = "twice"
    NOT_CHOSEN = "not chosen"
    NOT_RANKED = "not ranked"
    OVER_CAPACITY = "over capacity"
    BLOCKING = "blocking"


class Flaw(NamedTuple):
    """What is wrong, with whom, and an English sentence that says it."""

    kind: Kind
    applicant: str | None
    host: str | None
    sentence: str


def flaws(applicants: Lists, capacities: Mapping[str, int], rankings: Lists, matching: Matching) -> list[Flaw]:
    """All that is wrong with a matching; empty if it is stable.

    In: lists from the best on; places of each host; strict rankings (ties broken); the matching, as a mapping or as
    pairs of applicant and host, where None means unmatched. Out: flaws, those of names first, blocking pairs last. The
    time it takes grows with the total length of the lists.
    """
    pairs = _pairs(matching)
    return [
        *_wrong_names(applicants, capacities, pairs),
        *_unwanted(applicants, rankings, pairs),
        *_crowded(capacities, pairs),
        *(_blocking(*pair) for pair in blocking_pairs(applicants, capacities, rankings, pairs)),
    ]


def blocking_pairs(
    applicants: Lists, capacities: Mapping[str, int], rankings: Lists, matching: Matching
) -> list[tuple[str, str]]:
    """Pairs of (applicant, host), sorted, that would both rather have each other than what the matching gives them.

    The host has a place that is empty, or held by somebody whom it ranks lower or not at all.
    """
    pairs = _pairs(matching)
    given = dict(pairs)
    ranks = {host: {name: rank for rank, name in enumerate(ranking)} for host, ranking in rankings.items()}
    bars = _bars(capacities, ranks, pairs)
    return sorted(
        (applicant, host)
        for applicant, choices in applicants.items()
        for host in _preferred(choices, given.get(applicant))
        if host in ranks and applicant in ranks[host] and ranks[host][applicant] < bars[host]
    )


def _pairs(matching: Matching) -> list[tuple[str, str | None]]:
    return list(matching.items() if isinstance(matching, Mapping) else matching)


def _preferred(choices: Sequence[str], given: str | None) -> Sequence[str]:
    """What an applicant likes better than what they have."""
    return choices[: choices.index(given)] if given in choices else choices


def _bars(
    capacities: Mapping[str, int], ranks: Mapping[str, Mapping[str, int]], pairs: Iterable[tuple[str, str | None]]
) -> dict[str, int]:
    """For each host the rank below which it would take somebody: that of the worst it has, or the end of its list."""
    held: dict[str, list[int]] = {host: [] for host in ranks}
    for applicant, host in pairs:
        if host in held:
            held[host].append(ranks[host].get(applicant, len(ranks[host])))
    return {host: _bar(held[host], capacities.get(host, 0), len(order)) for host, order in ranks.items()}


def _bar(held: Sequence[int], capacity: int, end: int) -> int:
    if capacity <= 0:
        return 0
    return end if len(held) < capacity else max(held)


def _wrong_names(
    applicants: Lists, capacities: Mapping[str, int], pairs: Sequence[tuple[str, str | None]]
) -> Iterable[Flaw]:
    times = Counter(applicant for applicant, _host in pairs)
    for name, count in times.items():
        if name not in applicants:
            yield Flaw(Kind.UNKNOWN_APPLICANT, name, None, f"{name} is matched but is no applicant.")
        if count > 1:
            yield Flaw(Kind.TWICE, name, None, f"{name} is in the matching {count} times.")
    for applicant, host in pairs:
        if host is not None and host not in capacities:
            yield Flaw(Kind.UNKNOWN_HOST, applicant, host, f"{applicant} is given {host}, which is no host.")
    for name in applicants:
        if name not in times:
            yield Flaw(Kind.MISSING, name, None, f"The matching does not say what becomes of {name}.")


def _unwanted(applicants: Lists, rankings: Lists, pairs: Iterable[tuple[str, str | None]]) -> Iterable[Flaw]:
    ranked = {host: frozenset(ranking) for host, ranking in rankings.items()}
    for applicant, host in pairs:
        if applicant in applicants and host is not None and host not in applicants[applicant]:
            yield Flaw(Kind.NOT_CHOSEN, applicant, host, f"{applicant} is given {host} without having chosen it.")
        if host in ranked and applicant not in ranked[host]:
            yield Flaw(Kind.NOT_RANKED, applicant, host, f"{host} is given {applicant} without having ranked them.")


def _crowded(capacities: Mapping[str, int], pairs: Iterable[tuple[str, str | None]]) -> Iterable[Flaw]:
    taken = Counter(host for _applicant, host in pairs if host is not None)
    for host, capacity in capacities.items():
        if taken[host] > capacity:
            sentence = f"{host} is given {taken[host]} people and has {capacity} places."
            yield Flaw(Kind.OVER_CAPACITY, None, host, sentence)


def _blocking(applicant: str, host: str) -> Flaw:
    sentence = f"{applicant} and {host} would both rather have each other than what the matching gives them."
    return Flaw(Kind.BLOCKING, applicant, host, sentence)
