"""Who reads how many of which kind of essay: a minimum-cost flow, and how a kind's essays are handed out. Pure.

Essays that the same judges may read, with the same readings kept and lacking, in the same group, are one *kind*: any
flow from kinds to judges that gives nobody more essays of a kind than it has can be handed out (kinds.py). So the flow
of kinds has the optimum of the flow of essays. Costs: above all others together the convex load of the judges; then how
evenly a judge's essays spread over groups and kinds, and pairs who met already; least of all noise of the seed.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray
from ortools.graph.python.min_cost_flow import SimpleMinCostFlow

from portal.judging.contrasts import WORST
from portal.judging.deals import Flags, Table, Whole
from portal.judging.kinds import Kinds, Noise, hand_out

NOISE = 16  # costs of one reading: noise is below it; the others are its multiples
STEPS = 4  # in which a judge's even share of a group grows dearer
DEAREST = 15
CROWDED = 2 * NOISE
HIGHEST = NOISE * (DEAREST + 1) + NOISE * DEAREST + CROWDED  # of all on one path, but the load
SLACK = 1.25  # the first guess of the highest load, over the mean
CAUTION = 0.75  # of the variance that is borne, where it can only be estimated
ROUNDS, HALF = 10, 0.5


def deal(table: Table, noise: Noise) -> Flags:
    """Who reads what anew, n x J. There must be a deal: ask shortfalls.py first."""
    kinds = Kinds.of_table(table)
    if not len(kinds.size):
        return np.zeros_like(table.may)
    scene = _Scene.of(table, kinds, noise)
    found = _even(scene, kinds)
    if found is None:
        raise ArithmeticError("there is no such flow")
    kinds, shares = _gathered(scene, kinds, found)
    return hand_out(table, kinds, shares, scene.met, noise)


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

    def up_to(self, load: int, room: Whole) -> Whole:
        """What each judge may read anew within this room until they have so much; at least what they must."""
        return np.maximum(self.table.least, np.minimum(room, load - self.load))


def _even(scene: _Scene, kinds: Kinds) -> Whole | None:
    """Readings of each kind by each judge, K x J, the loads as even as can be; None if there are none.

    A highest load is guessed, for the fewer arcs: the loads whose squares sum to the least have the smallest maximum as
    well (Frank & Murota 2022, decreasingly minimal), so that any guess at which there is a flow gives the optimum.
    """
    table, load = scene.table, scene.load
    room = np.minimum(table.most, kinds.size @ kinds.may)
    top = int((room + load).max(initial=0))
    guess = int((kinds.units.sum() + load.sum()) / max(1, int(table.active.sum())) * SLACK) + 2
    while (found := _solved(scene, kinds, scene.up_to(guess, room))) is None and guess < top:
        guess *= 2
    return found


def _gathered(scene: _Scene, kinds: Kinds, shares: Whole) -> tuple[Kinds, Whole]:
    """Who would read too little of a group to be compared there reads none of it, as long as the loads stay as even."""
    best, highest, part = _squares(scene, shares), int((scene.load + shares.sum(axis=0)).max()), HALF
    for _round in range(ROUNDS):
        may = kinds.may.copy()
        for group, judges in _thin(scene, kinds, shares):
            may[np.ix_(kinds.group == group, judges[: max(1, int(len(judges) * part))])] = False
        if (may == kinds.may).all():
            break
        fewer = replace(kinds, may=may)
        found = _solved(scene, fewer, scene.up_to(highest, scene.table.most))
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
    """Nodes: kinds, then (group, judge), then judges, then one end. Lower bounds are shifted into judges' demand."""
    total, judges, least = int(kinds.units.sum()), len(most), scene.table.least
    if least.sum() > total or most.sum() < total or (most > scene.table.most).any():
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
