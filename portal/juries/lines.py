"""Who goes on from the first round: whom the line takes, and between whom somebody chooses. Pure."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Cut:
    """Of a group: who is in whatever is chosen, between whom one may choose, whom the order alone takes, and how many
    go on at least and at most."""

    sure: frozenset[str]
    open: frozenset[str]
    taken: frozenset[str]
    least: int
    most: int

    def admits(self, chosen: Collection[str]) -> bool:
        """Whether these of the open ones may go on, beside the sure ones."""
        return set(chosen) <= self.open and self.least <= len(self.sure) + len(set(chosen)) <= self.most

    def departs(self, chosen: Collection[str]) -> bool:
        return self.sure | set(chosen) != self.taken


def cut(ranks: Mapping[str, int | None], line: int, band: Collection[str]) -> Cut:
    """From competition ranks (1, 2, 2, 4), None where there is no one order, and the entries that are not told apart
    at the line. Exactly tied entries at the line are all taken, unless somebody chooses among them."""
    everybody = frozenset(ranks)
    if len(everybody) <= line:
        return Cut(everybody, frozenset(), everybody, len(everybody), len(everybody))
    if None in ranks.values():
        return Cut(frozenset(), everybody, frozenset(), line, line)
    taken = frozenset(code for code, rank in ranks.items() if rank is not None and rank <= line)
    choosable = frozenset(band) & everybody
    sure = taken - choosable
    return Cut(sure, choosable, taken, min(line, len(taken)), len(sure | choosable | taken))


def may_follow(ranks: Mapping[str, int | None], gone: Collection[str], line: int, live: int) -> frozenset[str]:
    """Who can be taken up in the place of a finalist that fell out: the next in the order and whoever is tied with
    them; where there is no one order, anybody. `gone` are on already, `live` of them are still in."""
    left = {code: rank for code, rank in ranks.items() if code not in gone}
    if live >= line or not left:
        return frozenset()
    known = [rank for rank in left.values() if rank is not None]
    if len(known) < len(left):
        return frozenset(left)
    return frozenset(code for code, rank in left.items() if rank == min(known))
