"""What takes part in a run of the match, and what does not, and why. Pure.

Applications stand in it by their numbers, openings by their addresses.
"""

import enum
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

Pair = tuple[str, str]  # an application's number and an opening's address


class Why(enum.StrEnum):
    """Why an applicant cannot be matched to an opening of their list, or is not matched anew at all."""

    OWN_GOVERNMENT = "own_government"
    BLOCKED_PAIR = "blocked_pair"
    CLOSED = "closed"
    REFUSED = "refused"  # by the host, after an earlier match
    DECLINED = "declined"  # by the applicant, or not answered in time
    LEFT = "left"
    PLACED = "placed"


class Region(NamedTuple):
    """A government, and the country it lies in."""

    code: str
    country: str


class Applicant(NamedTuple):
    home: Region
    wishes: tuple[str, ...]  # the first choice first


class Place(NamedTuple):
    """An opening; `tiers` are the candidates its host accepts, the best first."""

    government: Region
    capacity: int
    is_open: bool
    tiers: Sequence[Sequence[str]]


@dataclass(frozen=True)
class Facts:
    """All that a run depends on. Who is `fixed` stays; who is `kept` has a place unless there is a better one."""

    call: str
    applicants: Mapping[str, Applicant]
    places: Mapping[str, Place]
    own_government_is_host: bool = False
    blocked_pairs: Sequence[Sequence[str]] = ()
    fixed: Mapping[str, str] = field(default_factory=dict)
    kept: Mapping[str, str] = field(default_factory=dict)
    left: Collection[str] = ()
    held_back: Collection[str] = ()  # minors whose guardian has not agreed
    over: Mapping[Pair, Why] = field(default_factory=dict)  # pairs that were tried, in vain


@dataclass(frozen=True)
class Input:
    """An instance of the match in the form that the command line reads, with what is missing from it."""

    facts: Facts
    wishes: Mapping[str, list[str]]
    capacities: Mapping[str, int]
    rankings: Mapping[str, list[list[str]]]
    removed: Mapping[Pair, Why]

    @property
    def instance(self) -> dict[str, Any]:
        hosts = {
            slug: {"capacity": self.capacities[slug], "ranking": [_tier(tier) for tier in self.rankings[slug]]}
            for slug in self.capacities
        }
        return {"applicants": dict(self.wishes), "hosts": hosts}

    @property
    def about(self) -> dict[str, Any]:
        """What the file tells beside its input."""
        facts = self.facts
        return {
            "call": facts.call,
            "removed": [_row(pair, why) for pair, why in sorted(self.removed.items())],
            "fixed": [_row(pair, Why.PLACED) for pair in sorted(facts.fixed.items())],
            "left": sorted(facts.left),
            "waiting_for_a_guardian": sorted(facts.held_back),
            "put_first_at_the_place_they_have": [_row(pair) for pair in sorted(facts.kept.items())],
        }


def _tier(tier: Sequence[str]) -> Any:
    return tier[0] if len(tier) == 1 else list(tier)


def _row(pair: Pair, why: Why | None = None) -> dict[str, str]:
    row = {"applicant": pair[0], "host": pair[1]}
    return row if why is None else {**row, "reason": why.value}


def build(facts: Facts) -> Input:
    """The same facts give the same input, in whatever order they are told."""
    removed = dict(_removed(facts))
    taking_part = sorted(facts.applicants.keys() - facts.fixed.keys() - {*facts.left, *facts.held_back})
    wishes = {
        number: [slug for slug in facts.applicants[number].wishes if (number, slug) not in removed]
        for number in taking_part
    }
    open_places = {slug: place for slug, place in sorted(facts.places.items()) if place.is_open}
    taken, kept = Counter(facts.fixed.values()), _by_place(facts.kept)
    capacities = {
        slug: max(place.capacity - taken[slug], len(kept.get(slug, ())), 0) for slug, place in open_places.items()
    }
    rankings = {
        slug: _ranking(slug, place, kept.get(slug, []), wishes, taken[slug]) for slug, place in open_places.items()
    }
    return Input(facts, wishes, capacities, rankings, removed)


def _removed(facts: Facts) -> Iterator[tuple[Pair, Why]]:
    blocked = {frozenset(pair) for pair in facts.blocked_pairs}
    for number, applicant in facts.applicants.items():
        for slug in applicant.wishes:
            why = _why_removed(facts, blocked, number, slug)
            if why is not None and facts.kept.get(number) != slug:
                yield (number, slug), why


def _why_removed(facts: Facts, blocked: Collection[frozenset[str]], number: str, slug: str) -> Why | None:
    home, place = facts.applicants[number].home, facts.places.get(slug)
    if place is None or not place.is_open:
        return Why.CLOSED
    if place.government == home and not facts.own_government_is_host:
        return Why.OWN_GOVERNMENT
    if place.government.country != home.country and {place.government.country, home.country} in blocked:
        return Why.BLOCKED_PAIR
    return facts.over.get((number, slug))


def _by_place(held: Mapping[str, str]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for number, slug in sorted(held.items()):
        found.setdefault(slug, []).append(number)
    return found


def _ranking(slug: str, place: Place, kept: list[str], wishes: Mapping[str, list[str]], taken: int) -> list[list[str]]:
    """Who keeps a place here comes first; then the host's own list, without those who cannot come.

    Where places were taken away, so that not even all who keep theirs fit, nobody else comes in.
    """
    if taken + len(kept) > place.capacity:
        return [kept] if kept else []
    rest = [sorted(n for n in tier if n not in kept and slug in wishes.get(n, ())) for tier in place.tiers]
    return [tier for tier in [kept, *rest] if tier]
