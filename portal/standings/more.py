"""Which essays of a first round another judge should read, over all its groups. Pure."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from portal.judging import extra
from portal.standings.orders import Group, Placed


@dataclass(frozen=True)
class Open:
    """An essay whose place is open: its chance of the best K is neither small nor near to 1, or its only two marks are
    `apart` by many points (None: it has not just two)."""

    placed: Placed
    group: Group
    apart: float | None

    @property
    def distance(self) -> tuple[float, str]:
        chance = self.placed.p_top
        return (1.0 if chance is None else abs(chance - 0.5), self.placed.code)


def open_essays(
    groups: Sequence[Group], *, most: int, given: Mapping[str, int], unread: Mapping[str, int]
) -> list[Open]:
    """The most open first. Left out are essays with readings that have no marks yet, since these may settle it, and
    those that `most` judges were given (`given` and `unread` are readings by code)."""
    found = [each for group in groups if group.line for each in _of(group, most)]
    ready = [one for one in found if not unread.get(one.placed.code) and given.get(one.placed.code, 0) < most]
    return sorted(ready, key=lambda one: one.distance)


def _of(group: Group, most: int) -> list[Open]:
    placed, totals = {one.code: one for one in group.order}, defaultdict(list)
    for mark in group.pool.marks:
        totals[mark.essay].append(mark.total)
    codes = extra.open_entries(group.calibration, group.pool.given, most=most)
    return [Open(placed[code], group, _apart(totals[code])) for code in codes]


def _apart(totals: Sequence[float]) -> float | None:
    return abs(totals[0] - totals[1]) if len(totals) == 2 else None
