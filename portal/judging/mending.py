"""Exchanges of readings that make judges easier to compare, and anchors where they do not suffice. Pure.

Of exchanges those are tried which gain most by contrasts.direction. They keep all limits and the sum of squared loads,
and each is accepted only if it makes the graph better by the figures themselves.
"""

from collections import Counter
from collections.abc import Iterator
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from portal.judging.contrasts import SMALL, WORST, Array, Figures, direction
from portal.judging.deals import Anchors, Flags, Graph, Table
from portal.judging.kinds import Noise

MOST_SWAPS = 60
TRIES, AGAIN = 16, 2  # exchanges looked at closely before a group is given up, and of these with the same essay
CLOSEST = 2_000  # among which they are
MOST_READINGS = 500  # of a group, and of all others, among which exchanges are sought


class Change(NamedTuple):
    """In an essay one judge leaves and one comes."""

    essay: int
    leaves: int
    comes: int


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
    """One exchange that makes this group better and no other worse than it may be."""
    for changes in _promising(table, dealt, group, figures[group], noise):
        _change(dealt, changes)
        beside = int(table.group[changes[-1].essay])
        own, its = Figures.of(_judged(table, dealt, group)), Figures.of(_judged(table, dealt, beside))
        if own.is_better_than(figures[group]) and (beside == group or _is_borne(its, figures[beside])):
            figures[group], figures[beside] = own, its
            return True
        _change(dealt, changes)
    return False


def _is_borne(after: Figures, before: Figures) -> bool:
    return after.is_sound or not before.is_better_than(after)


def _change(dealt: Flags, changes: tuple[Change, ...]) -> None:
    """Undoes itself."""
    for essay, leaves, comes in changes:
        dealt[essay, [leaves, comes]] ^= True


def _promising(table: Table, dealt: Flags, group: int, figures: Figures, noise: Noise) -> Iterator[tuple[Change, ...]]:
    """What gains most to the first order, the first essay in the group: two readings change their judges, or one goes
    to a judge who has one less, which leaves the sum of squared loads as it is."""
    here, both = table.group == group, table.kept | dealt
    value = direction(both[here], figures)
    extent = (np.abs(value) * both).max(axis=1)
    essays, judges = _first(np.argwhere(dealt & here[:, None]), extent, value, noise)
    beside, theirs = _first(np.argwhere(dealt & ~here[:, None]), 0 * extent, value, noise)
    beside, theirs = np.append(essays, beside), np.append(judges, theirs)
    may = table.may & ~dealt
    allowed = may[essays[:, None], theirs[None, :]] & may[beside[None, :], judges[:, None]]
    across = _gained(both, value, beside, theirs, judges).T * here[beside][None, :]
    exchanged = np.where(allowed, _gained(both, value, essays, judges, theirs) + across, 0.0)
    everybody = np.arange(len(table.judges))
    moved = np.where(may[essays] & _level(table, dealt)[judges], _gained(both, value, essays, judges, everybody), 0.0)
    gain = np.hstack([exchanged, moved])
    tried: Counter[int] = Counter()
    for place in _largest(gain):
        mine, its = divmod(place, gain.shape[1])
        essay, judge = int(essays[mine]), int(judges[mine])
        if tried[essay] < AGAIN and tried.total() < TRIES:
            tried[essay] += 1
            if its >= len(beside):
                yield (Change(essay, judge, its - len(beside)),)
            else:
                yield Change(essay, judge, int(theirs[its])), Change(int(beside[its]), int(theirs[its]), judge)


def _level(table: Table, dealt: Flags) -> Flags:
    """From whom to whom, J x J, a reading may go without making loads less even or breaking their bounds."""
    new = dealt.sum(axis=0)
    load = new + table.kept.sum(axis=0)
    return np.asarray((load[:, None] == load + 1) & (new > table.least)[:, None] & (new < table.most))


def _largest(gain: Array) -> list[int]:
    """Places of the largest gains, in an order that no tie leaves to chance."""
    flat, count = gain.ravel(), min(CLOSEST, gain.size)
    if not count:
        return []
    limit = max(SMALL, float(np.partition(flat, gain.size - count)[gain.size - count]))
    places = np.flatnonzero(flat >= limit)
    found: list[int] = places[np.argsort(-flat[places], kind="stable")].tolist()
    return found


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
