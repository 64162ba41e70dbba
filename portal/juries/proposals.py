"""What an order of marks proposes to a jury: who gets which award, who is decided together, what departs from it. Pure.

Awards are filled in their order by rank; what the jury withholds is taken out before. Entries that share a rank share
what that rank gets. A rank of None: there is no one order, so that it proposes nothing.
"""

import uuid
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from portal.judging import bands
from portal.judging.bands import Errors

AwardId = uuid.UUID
Ranks = Mapping[str, int | None]


class Prize(NamedTuple):
    """An award of a group with its places, those that are withheld taken out."""

    award_id: AwardId
    places: int


@dataclass(frozen=True)
class Band:
    """Entries whom the order does not tell apart at a line between what they may get: from `above` to `below`."""

    codes: frozenset[str]
    above: AwardId
    below: AwardId | None


@dataclass(frozen=True)
class Proposal:
    """`expected` is what each entry gets by the order alone, None: no award."""

    has_order: bool
    expected: Mapping[str, AwardId | None]
    bands: tuple[Band, ...]

    def choices(self, code: str) -> frozenset[AwardId | None]:
        """What the jury may give it in its own right: what its band's entries get, and what the band lies between."""
        found = {self.expected[code]}
        for band in self.bands:
            if code in band.codes:
                found |= {band.above, band.below, *(self.expected[other] for other in band.codes)}
        return frozenset(found)

    def departs(self, code: str, award_id: AwardId | None) -> bool:
        """Whether giving it that award (None: none) needs a reason and a second person."""
        if not self.has_order:
            return award_id is not None
        return award_id not in self.choices(code)

    def is_within_band(self, code: str, award_id: AwardId | None) -> bool:
        return self.has_order and award_id != self.expected[code] and not self.departs(code, award_id)


def propose(ranks: Ranks, scores: Mapping[str, float], prizes: Sequence[Prize], errors: Errors) -> Proposal:
    """From competition ranks (1, 2, 2, 4) and the scores they come from; higher is better.

    `errors` gives the standard error of the difference of two scores, None where it is not identified.
    """
    placed = {code: rank for code, rank in ranks.items() if rank is not None}
    has_order = len(placed) == len(scores) > 0
    if not has_order:
        return Proposal(False, dict.fromkeys(ranks), ())
    expected = {code: _award_at(rank, prizes) if rank is not None else None for code, rank in ranks.items()}
    return Proposal(True, expected, tuple(_bands(placed, scores, prizes, errors)))


def _award_at(rank: int, prizes: Iterable[Prize]) -> AwardId | None:
    reached = 0
    for prize in prizes:
        reached += prize.places
        if rank <= reached:
            return prize.award_id
    return None


def _bands(
    ranks: Mapping[str, int], scores: Mapping[str, float], prizes: Sequence[Prize], errors: Errors
) -> Iterable[Band]:
    given = [prize for prize in prizes if prize.places]
    line = 0
    for place, prize in enumerate(given):
        line += prize.places
        below = given[place + 1].award_id if place + 1 < len(given) else None
        codes = frozenset(bands.band(scores, line, errors)) | across(line, ranks)
        if codes:
            yield Band(codes, prize.award_id, below)


def across(line: int, ranks: Mapping[str, int]) -> frozenset[str]:
    """Who shares a rank that begins at or before place `line` and goes beyond it."""
    for rank in set(ranks.values()):
        sharing = frozenset(code for code, each in ranks.items() if each == rank)
        if rank <= line < rank - 1 + len(sharing):
            return sharing
    return frozenset()


def blocks(found: Iterable[Band]) -> list[frozenset[str]]:
    """The bands, those that have an entry in common as one: who is decided together."""
    merged: list[frozenset[str]] = []
    for band in found:
        joined = band.codes
        for other in [each for each in merged if each & joined]:
            merged.remove(other)
            joined |= other
        merged.append(joined)
    return merged


# Places


class Given(NamedTuple):
    """An award that an entry was given, with the entry's rank."""

    code: str
    award_id: AwardId
    rank: int | None


def is_shared(ranks: Collection[int | None], places: int) -> bool:
    """Whether more entries than places hold an award only because the last of them share a rank exactly."""
    if None in ranks or not ranks:
        return False
    last = max(rank for rank in ranks if rank is not None)
    tied = sum(rank == last for rank in ranks)
    return tied > 1 and len(ranks) - tied < places


def exceeded(given: Iterable[Given], prizes: Iterable[Prize]) -> list[AwardId]:
    """The awards that more entries got than there are places, other than by an exact tie that shares one."""
    held = _held(given)
    return [
        prize.award_id
        for prize in prizes
        if len(ranks := held.get(prize.award_id, [])) > prize.places and not is_shared(ranks, prize.places)
    ]


def open_places(given: Iterable[Given], prizes: Iterable[Prize], entries: int) -> dict[AwardId, int]:
    """By award, how many places are neither given nor withheld while somebody has less than it.

    Counted from the top: a shared place of an award takes one of the next.
    """
    held, line, filled = _held(given), 0, 0
    found: dict[AwardId, int] = {}
    for prize in prizes:
        line += prize.places
        filled += len(held.get(prize.award_id, []))
        lacking = min(line, entries) - filled - sum(found.values())
        if lacking > 0 and filled < entries:
            found[prize.award_id] = lacking
    return found


def _held(given: Iterable[Given]) -> dict[AwardId, list[int | None]]:
    held: dict[AwardId, list[int | None]] = {}
    for each in given:
        held.setdefault(each.award_id, []).append(each.rank)
    return held
