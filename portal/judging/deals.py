"""What goes into a deal of essays to judges, and what comes out: plain data. dealing.py deals."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Flags = NDArray[np.bool_]
Whole = NDArray[np.int64]
Nothing: frozenset[str] = frozenset()


class Essay(NamedTuple):
    """`homes` are tokens of its author ("government:…", "country:…"); `barred` are judges with a declared conflict.

    `group` is where its marks will be compared (category and language). `needs` replaces the readings of the deal.
    """

    id: str
    language: str
    homes: frozenset[str] = Nothing
    barred: frozenset[str] = Nothing
    group: str = ""
    needs: int | None = None


class Judge(NamedTuple):
    """Reads between `least` and `most` essays, what is kept included, and none with a home among `shuns`."""

    id: str
    languages: frozenset[str]
    most: int
    least: int = 0
    shuns: frozenset[str] = Nothing
    is_active: bool = True


class Limit(StrEnum):
    """What stands in the way."""

    TOO_FEW_JUDGES = "too_few_judges"
    LANGUAGE = "language"
    CONFLICT = "conflict"
    ALREADY_READ = "already_read"
    WORKLOAD_MOST = "workload_most"
    WORKLOAD_LEAST = "workload_least"


class Shortfall(NamedTuple):
    """Of what there is too little.

    About an essay's judges (the first four limits): each of `essays` needs `needed` readings, and only `available`
    judges, those named, may read it. WORKLOAD_MOST: `essays` together still need `needed` readings and can get
    `available`; `judges` are those whose workload is used up. WORKLOAD_LEAST: `judges` together must still read
    `needed`, and of `essays`, all that they may read, they can get `available`.
    """

    limit: Limit
    essays: tuple[str, ...]
    judges: tuple[str, ...]
    needed: int
    available: int


class NotDealt(Exception):
    """No deal keeps all limits; nothing is dealt."""

    def __init__(self, shortfalls: Sequence[Shortfall]) -> None:
        super().__init__("; ".join(f"{s.limit}: {len(s.essays)} essays, {len(s.judges)} judges" for s in shortfalls))
        self.shortfalls = tuple(shortfalls)


@dataclass(frozen=True)
class Anchors:
    """Essays that all judges of a group would read beside the deal: `added` names the new readers of each.

    `worst_contrast` is what the group would reach; above the limit if even all its essays do not suffice.
    """

    added: Mapping[str, tuple[str, ...]]
    worst_contrast: float

    @property
    def readings(self) -> int:
        return sum(map(len, self.added.values()))


@dataclass(frozen=True)
class Graph:
    """How well the judges of a group can be compared (practice.md B3): lambda_2 of their Laplacian, and the worst
    standard error of a contrast in units of s. `swaps` mended it; `anchors` is what would, if they did not suffice."""

    group: str
    essays: int
    judges: tuple[str, ...]
    components: int
    connectivity: float
    worst_contrast: float
    swaps: int
    anchors: Anchors | None

    @property
    def is_sound(self) -> bool:
        return self.anchors is None


@dataclass(frozen=True)
class Deal:
    """`pairs` holds all judges of each essay, `dealt` only those who are new to it. Loads count what is kept.

    `conflicts_avoided` counts the pairs of an essay and an active judge of its language that a conflict keeps apart.
    `objective` is the sum of squared loads: no deal within the limits has a smaller one.
    """

    pairs: Mapping[str, tuple[str, ...]]
    dealt: Mapping[str, tuple[str, ...]]
    loads: Mapping[str, int]
    languages: Mapping[str, Mapping[str, int]]
    graphs: tuple[Graph, ...]
    conflicts_avoided: int
    objective: int


@dataclass(frozen=True)
class Table:
    """The same as arrays, in the order of ids: n essays, J judges (kept ones who are no longer given included).

    `may` says who may read what anew; `lack` how many readings each essay lacks; `least` and `most` are what is left
    of the bounds once `kept` is counted.
    """

    essays: Sequence[Essay]
    judges: Sequence[str]
    groups: Sequence[str]
    group: NDArray[np.intp]
    lack: Whole
    kept: Flags
    speaks: Flags
    clashes: Flags
    past: Flags
    may: Flags
    active: Flags
    least: Whole
    most: Whole

    @classmethod
    def of(
        cls,
        essays: Iterable[Essay],
        judges: Iterable[Judge],
        readings: int,
        kept: Mapping[str, Collection[str]],
        past: Mapping[str, Collection[str]],
    ) -> "Table":
        rows, given = sorted(essays, key=lambda essay: essay.id), {judge.id: judge for judge in judges}
        names = sorted(given.keys() | {name for some in kept.values() for name in some})
        at = {name: n for n, name in enumerate(names)}
        groups = sorted({essay.group for essay in rows})
        place = {name: n for n, name in enumerate(groups)}
        known = [given.get(name, Judge(name, Nothing, 0, is_active=False)) for name in names]
        has = _marked(rows, at, kept)
        speaks, clashes = (
            _speaks(rows, known),
            _clashes(rows, known) | _marked(rows, at, {e.id: e.barred for e in rows}),
        )
        had, active = _marked(rows, at, past), np.array([judge.is_active for judge in known], dtype=bool)
        load = has.sum(axis=0)
        needs = np.array([readings if essay.needs is None else essay.needs for essay in rows], dtype=np.int64)
        return cls(
            rows, names, groups, np.array([place[essay.group] for essay in rows], dtype=np.intp),
            np.maximum(0, needs - has.sum(axis=1)), has, speaks, clashes, had,
            speaks & ~clashes & ~had & ~has & active[None, :], active,
            np.where(active, np.maximum(0, np.array([j.least for j in known], dtype=np.int64) - load), 0),
            np.where(active, np.maximum(0, np.array([j.most for j in known], dtype=np.int64) - load), 0),
        )  # fmt: skip


def _marked(rows: Sequence[Essay], at: Mapping[str, int], some: Mapping[str, Collection[str]]) -> Flags:
    found = np.zeros((len(rows), len(at)), dtype=bool)
    for n, essay in enumerate(rows):
        for name in some.get(essay.id, ()):
            if name in at:
                found[n, at[name]] = True
    return found


def _speaks(rows: Sequence[Essay], judges: Sequence[Judge]) -> Flags:
    languages = sorted({essay.language for essay in rows})
    at = {language: n for n, language in enumerate(languages)}
    reads = np.array([[language in judge.languages for judge in judges] for language in languages], dtype=bool)
    return _looked_up(reads, len(at), len(judges), [at[essay.language] for essay in rows])


def _clashes(rows: Sequence[Essay], judges: Sequence[Judge]) -> Flags:
    """Looked up once for each set of homes, of which there are few."""
    at = {homes: n for n, homes in enumerate({essay.homes for essay in rows})}
    meets = np.array([[not homes.isdisjoint(judge.shuns) for judge in judges] for homes in at], dtype=bool)
    return _looked_up(meets, len(at), len(judges), [at[essay.homes] for essay in rows])


def _looked_up(table: Flags, height: int, width: int, rows: list[int]) -> Flags:
    return np.asarray(table.reshape(height, width)[np.array(rows, dtype=np.intp)])
