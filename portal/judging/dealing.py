"""Which judges read which essays: a minimum-cost flow, once per stage. Pure: plain data in, plain data out.

deals.py says what goes in and out, kinds.py and flows.py find the deal, mending.py judges and mends its graph,
shortfalls.py tells why there is none. OR-Tools is loaded with this module: import it where essays are dealt, not where
the portal starts.
"""

from collections.abc import Collection, Iterable, Mapping
from types import MappingProxyType

import numpy as np

from portal.judging import flows, mending
from portal.judging.deals import Anchors, Deal, Essay, Flags, Graph, Judge, Limit, NotDealt, Shortfall, Table
from portal.judging.kinds import Noise
from portal.judging.shortfalls import shortfalls

__all__ = ["Anchors", "Deal", "Essay", "Graph", "Judge", "Limit", "NotDealt", "Shortfall", "deal"]

NOBODY: Mapping[str, Collection[str]] = MappingProxyType({})


def deal(
    essays: Iterable[Essay],
    judges: Iterable[Judge],
    *,
    readings: int,
    seed: int,
    kept: Mapping[str, Collection[str]] = NOBODY,
    past: Mapping[str, Collection[str]] = NOBODY,
) -> Deal:
    """Gives each essay so many different judges, within all limits, with the loads as even as these limits let them be.

    In: `readings` an essay, unless it says otherwise; `kept`, for each essay's id the judges who keep it, whoever they
    are: they count as readings and as load and are never questioned; `past`, who had it before and must not have it
    again. A lost judge is left out of `judges`, what they finished and what all others have is kept: only what is
    undone is dealt. `seed` (0 or more) decides between deals that are equally good; the order of nothing matters.
    Out: the deal, with what can be said of each group's graph. Raises NotDealt, with all that is short, if no deal
    keeps the limits; ValueError for an id given twice, a negative number or a least above its most.
    Some 10,000 essays and 200 judges take about a second. Sources: Ahuja, Magnanti & Orlin, Network Flows (1993) for
    convex costs and lower bounds; Weeks & Williams, Technometrics 6 (1964), 319-324, for what can be compared.
    """
    essays, judges = list(essays), list(judges)
    _refuse(essays, judges, readings, seed)
    table, noise = Table.of(essays, judges, readings, kept, past), Noise(seed)
    if short := shortfalls(table):
        raise NotDealt(short)
    dealt = flows.deal(table, noise)
    graphs = mending.graphs(table, dealt, noise)
    return _told(table, dealt, graphs)


def _refuse(essays: list[Essay], judges: list[Judge], readings: int, seed: int) -> None:
    for what, ids in (("essay", [essay.id for essay in essays]), ("judge", [judge.id for judge in judges])):
        if len(set(ids)) < len(ids):
            raise ValueError(f"the same {what} is given twice")
    if min([readings, seed, *(essay.needs or 0 for essay in essays), *(judge.least for judge in judges)]) < 0:
        raise ValueError("a number is negative")
    if any(judge.least > judge.most for judge in judges):
        raise ValueError("a judge must read more than they may")


def _told(table: Table, dealt: Flags, graphs: tuple[Graph, ...]) -> Deal:
    both = table.kept | dealt
    loads = both.sum(axis=0)
    return Deal(
        _named(table, both), _named(table, dealt),
        {name: int(load) for name, load in zip(table.judges, loads, strict=True)}, _by_language(table, both), graphs,
        int((table.speaks & table.active & table.clashes).sum()), int((loads.astype(np.int64) ** 2).sum()),
    )  # fmt: skip


def _named(table: Table, some: Flags) -> dict[str, tuple[str, ...]]:
    found: dict[str, list[str]] = {essay.id: [] for essay in table.essays}
    for essay, judge in np.argwhere(some).tolist():
        found[table.essays[essay].id].append(table.judges[judge])
    return {essay: tuple(names) for essay, names in found.items()}


def _by_language(table: Table, both: Flags) -> dict[str, dict[str, int]]:
    """Of each judge, only languages of which they read something."""
    languages = np.array([essay.language for essay in table.essays])
    found: dict[str, dict[str, int]] = {name: {} for name in table.judges}
    for language in sorted(set(languages.tolist())):
        for judge, load in enumerate(both[languages == language].sum(axis=0).tolist()):
            if load:
                found[table.judges[judge]][language] = load
    return found
