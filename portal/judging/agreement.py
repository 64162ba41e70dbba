"""How far judges agree: Krippendorff's alpha, intraclass correlations, Kendall's W. Pure; numpy only.

Every function returns None where its figure is not defined or not identified.
"""

import enum
import itertools
import math
from collections import Counter
from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
LEAST_READ = 6  # marks, two in each third of a judge's reading
ROUNDING = 1e-12  # of the largest value
BLOCK = 512  # rows of a table of differences at a time


class Level(enum.StrEnum):
    """Of measurement: what a difference between two marks means."""

    NOMINAL = "nominal"
    ORDINAL = "ordinal"
    INTERVAL = "interval"
    RATIO = "ratio"


def alpha(units: Sequence[Sequence[float]], level: Level = Level.INTERVAL) -> float | None:
    """Krippendorff's alpha = 1 - Do/De of the marks of each unit, whoever gave them.

    Source: Krippendorff, Computing Krippendorff's Alpha-Reliability (2011). Units with fewer than two marks say
    nothing and are left out. None where no unit is left, where all marks are equal, and at the level of ratios where a
    mark is negative. The order of units and of marks changes nothing.
    """
    kept = [sorted(unit) for unit in units if len(unit) > 1]
    marks = np.array(sorted(itertools.chain.from_iterable(kept)), dtype=float)
    if not len(marks) or marks[0] == marks[-1] or (level is Level.RATIO and marks[0] < 0):
        return None
    apart = APART[level]
    placed = _mid_places(marks) if level is Level.ORDINAL else None
    observed = math.fsum(apart(_placed(unit, placed)) / (len(unit) - 1) for unit in kept)
    return 1 - (len(marks) - 1) * observed / apart(_placed(marks, placed))


def _mid_places(marks: Array) -> dict[float, float]:
    """Of each value, how many marks lie up to it, less half of its own: what the ordinal difference subtracts."""
    values, counts = np.unique(marks, return_counts=True)
    return dict(zip(values.tolist(), (np.cumsum(counts) - counts / 2).tolist(), strict=True))


def _placed(unit: Sequence[float] | Array, places: dict[float, float] | None) -> Array:
    return np.array(unit if places is None else [places[float(mark)] for mark in unit], dtype=float)


def _squares(marks: Array) -> float:
    """The sum of (x - y) squared over all ordered pairs."""
    return 2 * len(marks) * float(((marks - marks.mean()) ** 2).sum())


def _differing(marks: Array) -> float:
    """How many ordered pairs differ."""
    counts = np.unique(marks, return_counts=True)[1]
    return float(len(marks) ** 2 - (counts**2).sum())


def _proportions(marks: Array) -> float:
    """The sum of ((x - y) / (x + y)) squared over all ordered pairs; two zeros do not differ."""
    values, counts = np.unique(marks, return_counts=True)
    blocks = (slice(at, at + BLOCK) for at in range(0, len(values), BLOCK))
    return math.fsum(float(counts[at] @ _apart(values[at, None], values) @ counts) for at in blocks)


def _apart(some: Array, values: Array) -> Array:
    apart, both = some - values, some + values
    return np.asarray(np.divide(apart, both, out=np.zeros_like(apart), where=both != 0) ** 2)


APART: dict[Level, Callable[[Array], float]] = {
    Level.NOMINAL: _differing,
    Level.ORDINAL: _squares,
    Level.INTERVAL: _squares,
    Level.RATIO: _proportions,
}


# Intraclass correlations


class Squares:
    """Mean squares of a complete table, entries in rows and judges in columns (Shrout & Fleiss 1979).

    `row` is R, `column` C, `rest` E and `within` W. Raises ValueError for fewer than two entries or judges.
    """

    def __init__(self, table: Sequence[Sequence[float]] | Array) -> None:
        marks = np.array(table, dtype=float)
        if marks.ndim != 2 or min(marks.shape) < 2:
            raise ValueError("a table has at least two entries and two judges")
        self.entries, self.judges = marks.shape
        rows, columns = marks.mean(axis=1, keepdims=True), marks.mean(axis=0, keepdims=True)
        grand = marks.mean()
        self.row = self.judges * _sum((rows - grand) ** 2) / (self.entries - 1)
        self.column = self.entries * _sum((columns - grand) ** 2) / (self.judges - 1)
        self.rest = _sum((marks - rows - columns + grand) ** 2) / ((self.entries - 1) * (self.judges - 1))
        self.within = _sum((marks - rows) ** 2) / (self.entries * (self.judges - 1))


def _sum(squares: Array) -> float:
    return float(squares.sum())


def icc_one_way(squares: Squares) -> float | None:
    """ICC(1,1): each entry has judges of its own."""
    return _share(squares.row - squares.within, squares.row + (squares.judges - 1) * squares.within)


def icc_one_way_of_means(squares: Squares) -> float | None:
    """ICC(1,k): the mean of k judges of an entry's own."""
    return _share(squares.row - squares.within, squares.row)


def icc_agreement(squares: Squares) -> float | None:
    """ICC(2,1): one mark of a judge drawn at random."""
    k, n = squares.judges, squares.entries
    whole = squares.row + (k - 1) * squares.rest + k * (squares.column - squares.rest) / n
    return _share(squares.row - squares.rest, whole)


def icc_agreement_of_means(squares: Squares) -> float | None:
    """ICC(2,k): the mean of k judges drawn at random."""
    whole = squares.row + (squares.column - squares.rest) / squares.entries
    return _share(squares.row - squares.rest, whole)


def icc_consistency(squares: Squares) -> float | None:
    """ICC(3,1): one mark, the judges' own levels taken off."""
    return _share(squares.row - squares.rest, squares.row + (squares.judges - 1) * squares.rest)


def icc_consistency_of_means(squares: Squares) -> float | None:
    """ICC(3,k): the mean of these k judges, their own levels taken off."""
    return _share(squares.row - squares.rest, squares.row)


def icc_from_components(entry: float, judge: float, residual: float, marks: float) -> tuple[float | None, float | None]:
    """Of the mean of so many marks (the harmonic mean where entries have different numbers), consistency and
    agreement, from variance components: what an incomplete table allows."""
    consistency = _share(entry, entry + residual / marks)
    return consistency, _share(entry, entry + (judge + residual) / marks)


def _share(part: float, whole: float) -> float | None:
    return None if whole == 0 else float(part / whole)


def marks_needed(reliability: float, wanted: float) -> float | None:
    """How many marks an entry needs for the wanted reliability of their mean (Spearman-Brown), from that of one."""
    if not 0 < reliability < 1 or not 0 < wanted < 1:
        return None
    return wanted * (1 - reliability) / (reliability * (1 - wanted))


# Panels that rank


def kendall_w(rankings: Sequence[Sequence[float]]) -> float | None:
    """Kendall's coefficient of concordance of m judges who each ranked the same n entries, corrected for ties.

    In: each judge's marks or ranks of the entries. None for one judge, one entry, or where all put all level.
    """
    table = np.array([mid_ranks(each) for each in rankings])
    if table.ndim != 2 or len(table) < 2:
        return None
    judges, entries = table.shape
    ties = sum(float(count**3 - count) for each in rankings for count in Counter(each).values())
    whole = judges**2 * (entries**3 - entries) - judges * ties
    spread = float(((table.sum(axis=0) - judges * (entries + 1) / 2) ** 2).sum())
    return None if whole == 0 else 12 * spread / whole


def mean_spearman(rankings: Sequence[Sequence[float]]) -> float | None:
    """The mean rank correlation over all pairs of judges; None where a judge puts all level."""
    pairs = [correlation(mid_ranks(a), mid_ranks(b)) for a, b in itertools.combinations(rankings, 2)]
    found = [pair for pair in pairs if pair is not None]
    return math.fsum(found) / len(found) if found and len(found) == len(pairs) else None


def mid_ranks(values: Sequence[float] | Array) -> Array:
    """Ranks from 1 for the smallest; equal values share the middle of their places."""
    ordered = np.sort(np.array(values, dtype=float))
    below, upto = (np.searchsorted(ordered, np.array(values, dtype=float), side=side) for side in ("left", "right"))
    return np.asarray((below + upto + 1) / 2)


def correlation(one: Sequence[float] | Array, other: Sequence[float] | Array) -> float | None:
    """Pearson's; None where either does not vary."""
    a, b = _varying(one), _varying(other)
    return None if a is None or b is None else float(np.clip(a @ b / np.sqrt((a @ a) * (b @ b)), -1, 1))


def _varying(values: Sequence[float] | Array) -> Array | None:
    """Deviations from the mean; None if they are but rounding."""
    found = np.array(values, dtype=float)
    if not len(found):
        return None
    apart = found - found.mean()
    return np.asarray(apart) if np.abs(apart).max() > ROUNDING * np.abs(found).max() else None


# What stands out in one judge's marks


def halo(criteria: Sequence[Sequence[float | None]]) -> float | None:
    """The mean correlation among a judge's criteria over the entries: above .9 one impression colours all.

    In: for each criterion the points of the same entries, None where there are none.
    """
    found = [pair for a, b in itertools.combinations(criteria, 2) if (pair := _of_both(a, b)) is not None]
    return math.fsum(found) / len(found) if found else None


def _of_both(one: Sequence[float | None], other: Sequence[float | None]) -> float | None:
    both = [(a, b) for a, b in zip(one, other, strict=True) if a is not None and b is not None]
    return correlation([a for a, _b in both], [b for _a, b in both])


def drift(severities: Sequence[float]) -> tuple[float, float, float] | None:
    """Mean severity in the first, middle and last third of a judge's reading, from its severities in reading order."""
    if len(severities) < LEAST_READ:
        return None
    first, middle, last = (float(part.mean()) for part in np.array_split(np.array(severities, dtype=float), 3))
    return first, middle, last
