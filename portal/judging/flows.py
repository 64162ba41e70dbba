"""Who reads how many of which kind of essay: a minimum-cost flow, and how a kind's essays are handed out. Pure.

Essays that the same judges may read, with the same readings kept and lacking, in the same group, are one *kind*: any
flow from kinds to judges that gives nobody more essays of a kind than it has can be handed out (_hand_out), so that the
flow of kinds has the optimum of the flow of essays. Costs, each above all that follows together: the convex load of the
judges; then how evenly a judge's essays spread over groups and kinds, and pairs who met already; then noise of the seed.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray
from ortools.graph.python.min_cost_flow import SimpleMinCostFlow

from portal.judging.deals import Flags, Table, Whole

NOISE = 16  # costs of one reading: noise is below it; the others are its multiples
STEPS = 4  # in which a judge's even share of a group grows dearer
DEAREST = 15
CROWDED = 2 * NOISE
HIGHEST = NOISE * (DEAREST + 1) + NOISE * DEAREST + CROWDED  # of all on one path, but the load
SLACK = 1.25  # the first guess of the highest load, over the mean
WORST = 0.5  # the standard error of a contrast of two judges that is borne, in units of s (practice B3)
CAUTION = 0.85
ROUNDS, HALF = 6, 0.5


@dataclass(frozen=True)
class Kinds:
    """`of` is each lacking essay's kind, `essays` their rows; of a kind: `size`, `lack`, `group`, `may`, `kept`."""

    essays: NDArray[np.intp]
    of: NDArray[np.intp]
    size: Whole
    lack: Whole
    group: NDArray[np.intp]
    may: Flags
    kept: Flags

    @classmethod
    def of_table(cls, table: Table) -> "Kinds":
        essays = np.flatnonzero(table.lack)
        parts = [
            np.packbits(table.may[essays], axis=1), np.packbits(table.kept[essays], axis=1),
            table.lack[essays, None].view(np.uint8), table.group[essays, None].view(np.uint8),
        ]  # fmt: skip
        keys = np.ascontiguousarray(np.hstack(parts))
        numbers: dict[bytes, int] = {}
        of = np.array([numbers.setdefault(key.tobytes(), len(numbers)) for key in keys], dtype=np.intp)
        first = np.unique(of, return_index=True)[1]
        rows = essays[first]
        size = np.bincount(of, minlength=len(numbers)).astype(np.int64)
        return cls(essays, of, size, table.lack[rows], table.group[rows], table.may[rows], table.kept[rows])

    @property
    def units(self) -> Whole:
        return np.asarray(self.size * self.lack)


class Noise:
    """Numbers of the seed alone: PCG64's raw output is the same in every version of numpy (NEP 19)."""

    def __init__(self, seed: int) -> None:
        self._bits = np.random.PCG64(seed)

    def __call__(self, count: int, below: int) -> Whole:
        return (np.asarray(self._bits.random_raw(count)) >> np.uint64(16)).astype(np.int64) % below

    def order(self, count: int) -> NDArray[np.intp]:
        return np.argsort(self(count, 1 << 47), kind="stable")


def deal(table: Table, noise: Noise) -> Flags | None:
    """Who reads what anew, n x J; None if no deal keeps the limits."""
    kinds = Kinds.of_table(table)
    if not len(kinds.size):
        return np.zeros_like(table.may) if not table.least.any() else None
    scene = _Scene.of(table, kinds, noise)
    found = _even(scene, kinds)
    if found is None:
        return None
    kinds, shares = _gathered(scene, kinds, found)
    return _hand_out(table, kinds, shares, scene.met, noise)


@dataclass(frozen=True)
class _Scene:
    """What stays the same in all flows of a deal: `load` of each judge, `begun` by group (G x J) and `met` (G x J x J)
    come from what is kept; `marks` is how many readings an essay of the group has in the mean, `dice` the noise."""

    table: Table
    load: Whole
    begun: Whole
    met: Whole
    marks: NDArray[np.float64]
    dice: Whole

    @classmethod
    def of(cls, table: Table, kinds: Kinds, noise: Noise) -> "_Scene":
        groups, judges = len(table.groups), len(table.judges)
        begun, met = np.zeros((groups, judges), dtype=np.int64), np.zeros((groups, judges, judges), dtype=np.int64)
        for group in np.unique(table.group[table.kept.any(axis=1)]):
            kept = table.kept[table.group == group].astype(np.float64)
            begun[group], met[group] = kept.sum(axis=0), kept.T @ kept
        marks = np.bincount(table.group, table.lack + table.kept.sum(axis=1)) / np.bincount(table.group)
        dice = noise(kinds.may.size, NOISE).reshape(kinds.may.shape)
        return cls(table, table.kept.sum(axis=0), begun, met, marks, dice)


def _even(scene: _Scene, kinds: Kinds) -> Whole | None:
    """Readings of each kind by each judge, K x J, the loads as even as can be; None if there are none.

    A highest load is guessed, for the fewer arcs: the loads whose squares sum to the least have the smallest maximum as
    well (Frank & Murota 2022, decreasingly minimal), so that any guess at which there is a flow gives the optimum.
    """
    table, load = scene.table, scene.load
    top = int((table.most + load).max(initial=0))
    guess = int((kinds.units.sum() + load.sum()) / max(1, int(table.active.sum())) * SLACK) + 2
    while True:
        most = np.maximum(table.least, np.minimum(table.most, np.maximum(0, guess - load)))
        if (most <= table.most).all() and (found := _solved(scene, kinds, most)) is not None:
            return found
        if guess >= top:
            return None
        guess *= 2


def _gathered(scene: _Scene, kinds: Kinds, shares: Whole) -> tuple[Kinds, Whole]:
    """Who would read too little of a group to be compared there reads none of it, as long as the loads stay as even."""
    best, part = _squares(scene, shares), HALF
    for _round in range(ROUNDS):
        may = kinds.may.copy()
        for group, judges in _thin(scene, kinds, shares):
            may[np.ix_(kinds.group == group, judges[: max(1, int(len(judges) * part))])] = False
        if (may == kinds.may).all():
            break
        fewer = replace(kinds, may=may)
        found = _even(scene, fewer)
        if found is not None and _squares(scene, found) == best:
            kinds, shares = fewer, found
        else:
            part /= 3
    return kinds, shares


def _squares(scene: _Scene, shares: Whole) -> int:
    return int(((scene.load + shares.sum(axis=0)) ** 2).sum())


def _thin(scene: _Scene, kinds: Kinds, shares: Whole) -> Iterator[tuple[int, NDArray[np.intp]]]:
    """Of groups where the two who read least can hardly be told apart: who reads too little, from the least on.

    Two judges with m1 and m2 marks on essays of k differ by at least s sqrt(1/m1 + 1/m2) / sqrt(1 - 1/k), about.
    """
    counts = scene.begun.copy()
    np.add.at(counts, kinds.group, shares)
    for group, row in enumerate(counts):
        told, readers = 1 - 1 / max(1.0, scene.marks[group]), np.flatnonzero(row)
        if len(readers) <= max(2.0, scene.marks[group]) or told <= 0:
            continue
        marks = np.sort(row[readers]) * told
        if 1 / marks[0] + 1 / marks[1] <= CAUTION * WORST**2:
            continue
        thin = readers[(row[readers] * told < 2 / WORST**2) & (scene.begun[group, readers] == 0)]
        if len(thin):
            yield group, thin[np.argsort(row[thin], kind="stable")]


def _solved(scene: _Scene, kinds: Kinds, most: Whole) -> Whole | None:
    """Nodes: kinds, then (group, judge), then judges, then one end. Lower bounds are shifted into the judges' demand."""
    total, judges, least = int(kinds.units.sum()), len(most), scene.table.least
    if least.sum() > total or most.sum() < total:
        return None
    spread = np.zeros(scene.begun.shape, dtype=bool)
    np.logical_or.at(spread, kinds.group, kinds.may)
    node = np.full(spread.shape, -1)
    node[spread] = len(kinds.size) + np.arange(spread.sum())
    first_judge = len(kinds.size) + int(spread.sum())
    end = first_judge + judges
    flow = SimpleMinCostFlow()
    pairs = _from_kinds(flow, scene, kinds, node)
    _within_groups(flow, scene, kinds, node, first_judge)
    at, rising = np.repeat(np.arange(judges), most - least), _units(most - least)
    weight = (end + 1) * HIGHEST + 1  # a simple cycle has no more arcs than nodes: a better load outweighs all else
    _arcs(flow, first_judge + at, np.full(len(at), end), np.ones_like(at), weight * ((scene.load + least)[at] + rising))
    supplies = np.concatenate([kinds.units, np.zeros(int(spread.sum())), -least, [int(least.sum()) - total]])
    flow.set_nodes_supplies(np.arange(end + 1, dtype=np.int32), supplies.astype(np.int64))
    if flow.solve() != flow.OPTIMAL:
        return None
    shares = np.zeros(kinds.may.shape, dtype=np.int64)
    for (rows, columns), arcs in pairs:
        shares[rows, columns] += np.asarray(flow.flows(arcs), dtype=np.int64)
    return shares


def _from_kinds(flow: SimpleMinCostFlow, scene: _Scene, kinds: Kinds, node: Whole) -> list[tuple[Any, Any]]:
    """A judge's even share of a kind costs less than what goes beyond it, and whom one met costs more."""
    rows, columns = np.nonzero(kinds.may)
    even = np.minimum(kinds.size, -(-kinds.units // np.maximum(1, kinds.may.sum(axis=1))))
    cost = scene.dice[rows, columns]
    if kinds.kept.any():
        pairs = zip(kinds.group, kinds.kept, strict=True)
        again = np.stack([scene.met[group][kept].sum(axis=0) for group, kept in pairs])
        cost = cost + NOISE * np.minimum(again, DEAREST)[rows, columns]
    head = node[kinds.group[rows], columns]
    usual = _arcs(flow, rows, head, even[rows], cost)
    more = (kinds.size > even)[rows]
    beyond = _arcs(flow, rows[more], head[more], (kinds.size - even)[rows[more]], cost[more] + CROWDED)
    return [((rows, columns), usual), ((rows[more], columns[more]), beyond)]


def _within_groups(flow: SimpleMinCostFlow, scene: _Scene, kinds: Kinds, node: Whole, first_judge: int) -> None:
    """The more of a group a judge reads, what is kept included, the dearer, in steps of a part of the even share."""
    groups, judges = np.nonzero(node >= 0)
    units = np.bincount(kinds.group, kinds.units, len(node)).astype(np.int64)
    step = np.maximum(1, units // (STEPS * np.maximum(1, (node >= 0).sum(axis=1))))[groups]
    begun = np.minimum(DEAREST, scene.begun[groups, judges] // step)
    for number in range(DEAREST + 1):
        use = begun + number <= DEAREST
        room = np.where(begun + number == DEAREST, units[groups], step)[use]
        _arcs(flow, node[groups, judges][use], first_judge + judges[use], room, NOISE * (begun + number)[use])


def _arcs(flow: SimpleMinCostFlow, tails: Any, heads: Any, rooms: Any, costs: Any) -> Any:
    return flow.add_arcs_with_capacity_and_unit_cost(
        np.asarray(tails, dtype=np.int32), np.asarray(heads, dtype=np.int32),
        np.asarray(rooms, dtype=np.int64), np.asarray(costs, dtype=np.int64),
    )  # fmt: skip


def _units(counts: Whole) -> Whole:
    """0, 1, …, counts[0] - 1, 0, 1, …, counts[1] - 1, and so on."""
    ends = np.cumsum(counts)
    return np.arange(ends[-1] if len(ends) else 0) - np.repeat(ends - counts, counts)


def _hand_out(table: Table, kinds: Kinds, shares: Whole, met: Whole, noise: Noise) -> Flags:
    """Essay by essay, in the seed's order, to judges of its kind's shares who met least.

    A judge whose share equals the essays left of the kind must take each of them. There are never more such judges than
    readings wanted, since the shares sum to readings times essays; and who is left has a share for the next. So it
    always comes out even.
    """
    dealt = np.zeros_like(table.may)
    left, stacks = kinds.size.tolist(), [np.flatnonzero(row) for row in shares]
    rests = [row[stack] for row, stack in zip(shares, stacks, strict=True)]
    lacks, groups, has_kept = kinds.lack.tolist(), kinds.group.tolist(), kinds.kept.any(axis=1).tolist()
    order = noise.order(len(kinds.essays))
    tie = noise.order(len(table.judges))
    for number in order.tolist():
        kind = int(kinds.of[number])
        met_here, stack, rest = met[groups[kind]], stacks[kind], rests[kind]
        kept = np.flatnonzero(kinds.kept[kind]) if has_kept[kind] else ()
        chosen = _chosen(met_here, stack, rest, left[kind], lacks[kind], kept, tie)
        rest[chosen] -= 1
        left[kind] -= 1
        readers = stack[chosen]
        dealt[kinds.essays[number], readers] = True
        _note(met_here, readers.tolist(), kept)
    return dealt


def _chosen(met: Whole, stack: Any, rest: Whole, left: int, lack: int, kept: Any, tie: Any) -> list[int]:
    """Places in the stack: first who must, then the largest rest, then each time whoever met the chosen least."""
    if lack == len(stack):
        return list(range(lack))
    chosen: list[int] = np.flatnonzero(rest == left).tolist()
    size = len(tie)
    worth = tie[stack] - size * rest  # among equals the larger rest, then the seed's order
    scale = size * (left + 2)
    worth[rest == 0] += scale << 20
    worth[chosen] += scale << 21
    for one in kept:
        worth += scale * met[one, stack]
    for place in chosen:
        worth += scale * met[stack[place], stack]
    while len(chosen) < lack:
        place = int(worth.argmin())
        chosen.append(place)
        worth[place] += scale << 21
        worth += scale * met[stack[place], stack]
    return chosen


def _note(met: Whole, readers: list[int], kept: Any) -> None:
    for one in readers:
        for other in readers:
            met[one, other] += 1
        for other in kept:
            met[one, other] += 1
            met[other, one] += 1
