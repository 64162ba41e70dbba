"""Whether a deal lets judges be compared (practice part B3), exchanges of readings that mend it, and anchors. Pure.

Two judges are told apart by the essays that link them. With the judges' Laplacian L and a contrast d of two judges, the
variance of d is d'L^+d in units of s squared. Let v = L^+d. An exchange that changes L by a little D changes the
variance by -v'Dv, and of L an essay with k judges makes v'Lv = sum v_j^2 - (sum v_j)^2 / k over them: so that exchange
is best which brings judges of the most different v together. Where the graph falls apart, v tells one part from the
others instead. Exchanges keep every load; each is accepted only if it makes the graph better by the figures themselves.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from portal.judging.calibration import components, laplacian, strength
from portal.judging.deals import Anchors, Flags, Graph, Table
from portal.judging.flows import WORST
from portal.judging.kinds import Noise

Array = NDArray[np.float64]
MOST_SWAPS = 60
TRIES = 8  # exchanges looked at closely before a group is given up
MOST_READINGS = 500  # of a group, and of all others, among which exchanges are sought
SMALL = 1e-9


@dataclass(frozen=True)
class Figures:
    """Of one group; compared in this order, the smaller the better."""

    components: int
    worst: float
    connectivity: float

    @classmethod
    def of(cls, judged: Flags) -> "Figures":
        marks = judged[:, judged.any(axis=0)][judged.any(axis=1)].astype(float)
        if not len(marks):
            return cls(0, 0.0, 0.0)
        connectivity, worst = strength(marks)
        return cls(int(components(marks).max()) + 1, worst, connectivity)

    @property
    def is_sound(self) -> bool:
        return self.worst <= WORST

    def is_better_than(self, other: "Figures") -> bool:
        if self.components != other.components:
            return self.components < other.components
        return self.worst < other.worst - SMALL


def graphs(table: Table, dealt: Flags, noise: Noise) -> tuple[Graph, ...]:
    """The graph of each group that has essays; `dealt` is changed in place where exchanges mend it."""
    figures = [Figures.of(_judged(table, dealt, group)) for group in range(len(table.groups))]
    swaps = [0] * len(table.groups)
    for group, before in enumerate(figures):
        if _can_be_mended(table, dealt, group, before):
            swaps[group] = _mend(table, dealt, group, figures, noise)
    return tuple(
        _graph(table, _judged(table, dealt, group), group, figures[group], swaps[group], noise)
        for group in range(len(table.groups))
    )


def _judged(table: Table, dealt: Flags, group: int) -> Flags:
    rows = table.group == group
    return np.asarray(table.kept[rows] | dealt[rows])


def _graph(table: Table, judged: Flags, group: int, figures: Figures, swaps: int, noise: Noise) -> Graph:
    readers = _names(table, np.asarray(judged.any(axis=0)))
    anchors = None if figures.is_sound else _anchors(table, judged, group, noise)
    return Graph(
        table.groups[group],
        len(judged),
        readers,
        figures.components,
        figures.connectivity,
        figures.worst,
        swaps,
        anchors,
    )


# Exchanges


def _can_be_mended(table: Table, dealt: Flags, group: int, figures: Figures) -> bool:
    """What falls apart may be joined. Otherwise exchanges leave the trace of L as it is, at the sum of k - 1 over the
    essays, and with it the mean variance of all contrasts at no less than 2 (J - 1) / trace."""
    judged = _judged(table, dealt, group)
    trace, judges = np.maximum(0, judged.sum(axis=1) - 1).sum(), judged.any(axis=0).sum()
    return not figures.is_sound and bool(figures.components > 1 or 2 * (judges - 1) <= WORST**2 * trace)


def _mend(table: Table, dealt: Flags, group: int, figures: list[Figures], noise: Noise) -> int:
    for done in range(MOST_SWAPS):
        if figures[group].is_sound or not _exchange(table, dealt, group, figures, noise):
            return done
    return MOST_SWAPS


def _exchange(table: Table, dealt: Flags, group: int, figures: list[Figures], noise: Noise) -> bool:
    """One exchange of two readings that makes this group better and no other worse than it may be."""
    for one, other in _promising(table, dealt, group, figures[group], noise):
        _swap(dealt, one, other)
        beside = int(table.group[other[0]])
        own, its = Figures.of(_judged(table, dealt, group)), Figures.of(_judged(table, dealt, beside))
        if own.is_better_than(figures[group]) and (beside == group or _is_borne(its, figures[beside])):
            figures[group], figures[beside] = own, its
            return True
        _swap(dealt, one, other)
    return False


def _is_borne(after: Figures, before: Figures) -> bool:
    return after.is_sound or not before.is_better_than(after)


def _swap(dealt: Flags, one: tuple[int, int], other: tuple[int, int]) -> None:
    """Undoes itself."""
    for essay in (one[0], other[0]):
        dealt[essay, [one[1], other[1]]] ^= True


def _promising(
    table: Table, dealt: Flags, group: int, figures: Figures, noise: Noise
) -> Iterator[tuple[tuple[int, int], tuple[int, int]]]:
    """Pairs of readings (essay, judge), the first in the group, whose exchange gains most to the first order."""
    here, both = table.group == group, table.kept | dealt
    value = _direction(both[here], figures)
    extent = (np.abs(value) * both).max(axis=1)
    essays, judges = _first(np.argwhere(dealt & here[:, None]), extent, value, noise)
    if not len(essays):
        return
    beside, theirs = _first(np.argwhere(dealt & ~here[:, None]), 0 * extent, value, noise)
    beside, theirs = np.append(essays, beside), np.append(judges, theirs)
    may = table.may & ~dealt
    allowed = may[essays[:, None], theirs[None, :]] & may[beside[None, :], judges[:, None]]
    gain = _gained(both, value, essays, judges, theirs)
    across = _gained(both, value, beside, theirs, judges).T
    gain = np.where(allowed, gain + np.where(here[beside][None, :], across, 0.0), -np.inf)
    best = np.argsort(-gain, axis=None, kind="stable")[: 4 * TRIES] if gain.size <= 4096 else _largest(gain, 4 * TRIES)
    seen: set[tuple[int, int]] = set()
    for place in best:
        mine, its = divmod(int(place), gain.shape[1])
        if gain[mine, its] <= SMALL or len(seen) >= TRIES:
            return
        if (its, mine) not in seen:
            seen.add((mine, its))
            yield (int(essays[mine]), int(judges[mine])), (int(beside[its]), int(theirs[its]))


def _largest(gain: Array, count: int) -> NDArray[np.intp]:
    """Places of the largest, in an order that no tie leaves to chance."""
    limit = np.partition(gain, gain.size - count, axis=None)[gain.size - count]
    places = np.flatnonzero(gain >= limit)
    return places[np.argsort(-gain.ravel()[places], kind="stable")][:count]


def _first(readings: Any, extent: Array, value: Array, noise: Noise) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Of many readings those by, or on an essay with, judges of the most extreme v: only they can gain much."""
    if len(readings) > MOST_READINGS:
        essays, judges = readings.T
        key = np.maximum(extent[essays], np.abs(value[judges]))
        readings = readings[np.lexsort((noise.order(len(readings)), -key))[:MOST_READINGS]]
    return readings[:, 0], readings[:, 1]


def _gained(
    both: Flags, value: Array, essays: NDArray[np.intp], leaves: NDArray[np.intp], comes: NDArray[np.intp]
) -> Array:
    """By how much v'Lv grows if in each of these essays one judge leaves and each of those comes: readings x comers."""
    total, count = (both[essays] @ value)[:, None], both[essays].sum(axis=1)[:, None]
    old, new = value[leaves][:, None], value[comes][None, :]
    return np.asarray(new**2 - old**2 - ((total - old + new) ** 2 - total**2) / count)


def _direction(judged: Flags, figures: Figures) -> Array:
    """v for all J judges; 0 for who reads nothing here."""
    value = np.zeros(judged.shape[1])
    readers = np.flatnonzero(judged.any(axis=0))
    marks = judged[:, readers][judged.any(axis=1)].astype(float)
    found = laplacian(marks)
    if figures.components > 1:
        part = components(((np.abs(found) > SMALL) | np.eye(len(found), dtype=bool)).astype(float))
        smallest = np.bincount(part).argmin()
        value[readers] = np.where(part == smallest, 1.0, 0.0)
        return value
    inverse = np.linalg.pinv(found, hermitian=True)
    own = np.diag(inverse)
    apart = np.round(own[:, None] + own[None, :] - 2 * inverse, 9)
    one, other = divmod(int(apart.argmax()), len(own))
    value[readers] = inverse[:, one] - inverse[:, other]
    return value


# Anchors


def _anchors(table: Table, judged: Flags, group: int, noise: Noise) -> Anchors:
    """The fewest essays that, read by all of the group's judges who may, bring the worst contrast down to the limit.

    Those that most may read go first, then those that cost the fewest readings, then as the seed has it. Each more only
    helps (it adds to L), so that their number is found by halving.
    """
    rows = np.flatnonzero(table.group == group)
    readers = judged.any(axis=0)
    extra = table.may[rows] & readers & ~judged
    reach = (judged | extra).sum(axis=1)
    order = np.lexsort((noise.order(len(rows)), extra.sum(axis=1), -reach))
    order = order[extra[order].any(axis=1)]
    low, high = min(1, len(order)), len(order)
    while low < high:
        middle = (low + high) // 2
        if Figures.of(_with(judged, extra, order[:middle])).is_sound:
            high = middle
        else:
            low = middle + 1
    chosen = order[:low]
    added = {table.essays[int(rows[n])].id: _names(table, extra[n]) for n in sorted(chosen.tolist())}
    return Anchors(added, Figures.of(_with(judged, extra, chosen)).worst)


def _with(judged: Flags, extra: Flags, anchors: NDArray[np.intp]) -> Flags:
    more = judged.copy()
    more[anchors] |= extra[anchors]
    return more


def _names(table: Table, some: Flags) -> tuple[str, ...]:
    return tuple(table.judges[judge] for judge in np.flatnonzero(some).tolist())
