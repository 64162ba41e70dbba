"""Why a set of essays cannot be dealt: which essays, which judges, which limit. Pure.

An essay that too few may read speaks for itself. For the rest, by the theorem of Hall (1935) as flows have it (Ford &
Fulkerson): what a largest flow cannot carry is held up by its smallest cut, and what lies before the cut is exactly the
essays that need each other's judges. Upper and lower bounds can be judged apart: if each kind can be kept by some deal,
both are kept by one (Hoffman 1960).
"""

from collections.abc import Iterator
from itertools import groupby

import numpy as np
from numpy.typing import NDArray
from ortools.graph.python.max_flow import SimpleMaxFlow

from portal.judging.deals import Flags, Limit, Shortfall, Table, Whole
from portal.judging.kinds import Kinds


def shortfalls(table: Table) -> tuple[Shortfall, ...]:
    """All that is too little, sorted; empty if there is a deal."""
    few = table.lack > table.may.sum(axis=1)
    kinds = Kinds.of_table(table)
    found = [*_of_essays(table, np.flatnonzero(few)), *_of_most(table, kinds, few), *_of_least(table, kinds)]
    return tuple(sorted(found, key=lambda one: (list(Limit).index(one.limit), one.essays, one.judges)))


def _of_essays(table: Table, few: NDArray[np.intp]) -> Iterator[Shortfall]:
    """Essays that lack readers by themselves, those with the same readers and the same need together."""
    facts = sorted((*_fact(table, essay), essay) for essay in few.tolist())
    for (limit, judges, needed, available), some in groupby(facts, key=lambda fact: fact[:4]):
        essays = tuple(table.essays[fact[4]].id for fact in some)
        yield Shortfall(limit, essays, judges, needed, available)


def _fact(table: Table, essay: int) -> tuple[Limit, tuple[str, ...], int, int]:
    lack, kept = int(table.lack[essay]), table.kept[essay]
    others = table.active & ~kept
    speak = others & table.speaks[essay]
    if others.sum() < lack:
        limit = Limit.TOO_FEW_JUDGES
    elif speak.sum() < lack:
        limit = Limit.LANGUAGE
    elif (speak & ~table.clashes[essay]).sum() < lack:
        limit = Limit.CONFLICT
    else:
        limit = Limit.ALREADY_READ
    readers = kept | table.may[essay]
    return limit, _names(table, readers), int(kept.sum()) + lack, int(readers.sum())


def _of_most(table: Table, kinds: Kinds, few: Flags) -> Iterator[Shortfall]:
    """Essays that need more than the judges who may read them can take on."""
    units = np.where(few[kinds.essays][np.unique(kinds.of, return_index=True)[1]], 0, kinds.units)
    flow = _largest(kinds, table.most, units)
    reached, judges = _before_the_cut(kinds, flow, flow.sum(axis=1) < units)
    for some in _apart(kinds.may & judges, reached):
        full = kinds.may[some].any(axis=0) & judges
        beside = kinds.size[some] @ (kinds.may[some] & ~judges)
        yield Shortfall(
            Limit.WORKLOAD_MOST, _of_kinds(table, kinds, some), _names(table, full),
            int(units[some].sum()), int(table.most[full].sum() + beside.sum()),
        )  # fmt: skip


def _of_least(table: Table, kinds: Kinds) -> Iterator[Shortfall]:
    """Judges who must read more than there is for them."""
    flow = _largest(kinds, table.least, kinds.units)
    kinds_short, short = _behind_the_cut(kinds, flow, flow.sum(axis=0) < table.least)
    for some in _apart((kinds.may & kinds_short[:, None]).T, short):
        offered = np.asarray(kinds.may[:, some].any(axis=1))
        full = kinds_short & offered
        beside = kinds.size[~full] @ kinds.may[~full][:, some]
        yield Shortfall(
            Limit.WORKLOAD_LEAST, _of_kinds(table, kinds, offered), _names(table, some),
            int(table.least[some].sum()), int(kinds.units[full].sum() + beside.sum()),
        )  # fmt: skip


def _largest(kinds: Kinds, most: Whole, units: Whole) -> Whole:
    """The largest flow of kinds to judges with these bounds on both, K x J."""
    (count, judges), (rows, columns) = kinds.may.shape, np.nonzero(kinds.may)
    found = np.zeros(kinds.may.shape, dtype=np.int64)
    if not len(rows):
        return found
    flow, source = SimpleMaxFlow(), count + judges
    nodes = np.arange(source + 2, dtype=np.int32)
    flow.add_arcs_with_capacity(np.repeat(nodes[source], count), nodes[:count], units)
    arcs = flow.add_arcs_with_capacity(nodes[rows], nodes[count + columns], kinds.size[rows])
    flow.add_arcs_with_capacity(nodes[count:source], np.repeat(nodes[source + 1], judges), most)
    if flow.solve(source, source + 1) != flow.OPTIMAL:
        raise ArithmeticError("the largest flow was not found")
    found[rows, columns] = np.asarray(flow.flows(arcs), dtype=np.int64)
    return found


def _before_the_cut(kinds: Kinds, flow: Whole, begin: Flags) -> tuple[Flags, Flags]:
    """Kinds and judges that more of the unmet need could reach: the side of the source of the smallest cut."""
    forth, back = kinds.may & (flow < kinds.size[:, None]), flow > 0
    reached, judges = begin, np.zeros(flow.shape[1], dtype=bool)
    while True:
        judges = np.asarray(forth[reached].any(axis=0))
        more = reached | back[:, judges].any(axis=1)
        if (more == reached).all():
            return reached, judges
        reached = more


def _behind_the_cut(kinds: Kinds, flow: Whole, begin: Flags) -> tuple[Flags, Flags]:
    """The same from the other end: kinds and judges from which the unmet lower bounds could be reached."""
    forth, back = kinds.may & (flow < kinds.size[:, None]), flow > 0
    judges = begin
    while True:
        reached = np.asarray(forth[:, judges].any(axis=1))
        more = judges | back[reached].any(axis=0)
        if (more == judges).all():
            return reached, judges
        judges = more


def _apart(links: Flags, rows: Flags) -> Iterator[Flags]:
    """These rows, parted where no column links them."""
    left = rows.copy()
    while left.any():
        part = np.zeros_like(rows)
        part[np.flatnonzero(left)[0]] = True
        while True:
            more = part | (left & links[:, links[part].any(axis=0)].any(axis=1))
            if (more == part).all():
                break
            part = more
        yield part
        left &= ~part


def _of_kinds(table: Table, kinds: Kinds, some: Flags) -> tuple[str, ...]:
    return tuple(table.essays[essay].id for essay in kinds.essays[some[kinds.of]].tolist())


def _names(table: Table, some: Flags) -> tuple[str, ...]:
    return tuple(table.judges[judge] for judge in np.flatnonzero(some).tolist())
