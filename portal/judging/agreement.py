"""How far judges agree: Krippendorff's alpha, intraclass correlations, Kendall's W. Pure; numpy only.

Every function returns None where its figure is not defined or not identified.
"""

import enum
import itertools
from collections import Counter
from collections.abc import Callable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


class Level(enum.StrEnum):
    """Of measurement: what a difference between two marks means."""

    NOMINAL = "nominal"
    ORDINAL = "ordinal"
    INTERVAL = "interval"
    RATIO = "ratio"


def alpha(units: Sequence[Sequence[float]], level: Level = Level.INTERVAL) -> float | None:
    """Krippendorff's alpha = 1 - Do/De of the marks of each unit, whoever gave them.

    Source: Krippendorff, Computing Krippendorff's Alpha-Reliability (2011). Units with fewer than two marks say
    nothing and are left out. None where no unit is left or all marks are equal.
    """
    kept = [unit for unit in units if len(unit) > 1]
    counts = Counter(mark for unit in kept for mark in unit)
    if len(counts) < 2:
        return None
    values = sorted(counts)
    distance = DISTANCES[level](
        np.array(values, dtype=float), np.array([counts[value] for value in values], dtype=float)
    )
    at = {value: n for n, value in enumerate(values)}
    observed = sum(_within(unit, at, distance) for unit in kept)
    expected = _between(np.array([counts[value] for value in values], dtype=float), distance)
    total = sum(counts.values())
    return None if expected == 0 else float(1 - (total - 1) * observed / expected)


def _within(unit: Sequence[float], at: Mapping[float, int], distance: Array) -> float:
    here = np.zeros(len(at))
    for mark in unit:
        here[at[mark]] += 1
    return float(here @ distance @ here) / (len(unit) - 1)


def _between(counts: Array, distance: Array) -> float:
    return float(counts @ distance @ counts)


def _nominal(values: Array, _counts: Array) -> Array:
    return np.asarray(values[:, None] != values[None, :], dtype=float)


def _ordinal(_values: Array, counts: Array) -> Array:
    """(sum of n_g from g = c to k, less half of n_c and of n_k) squared."""
    upto = np.cumsum(counts) - counts / 2
    return np.asarray((upto[:, None] - upto[None, :]) ** 2)


def _interval(values: Array, _counts: Array) -> Array:
    return np.asarray((values[:, None] - values[None, :]) ** 2)


def _ratio(values: Array, _counts: Array) -> Array:
    """((c - k) / (c + k)) squared; two zeros do not differ."""
    apart, both = values[:, None] - values[None, :], values[:, None] + values[None, :]
    return np.square(np.divide(apart, both, out=np.zeros_like(apart), where=both != 0))


DISTANCES: dict[Level, Callable[[Array, Array], Array]] = {
    Level.NOMINAL: _nominal,
    Level.ORDINAL: _ordinal,
    Level.INTERVAL: _interval,
    Level.RATIO: _ratio,
}


# Intraclass correlations


class Squares:
    """Mean squares of a complete table, entries in rows and judges in columns (Shrout & Fleiss 1979)."""

    def __init__(self, table: Sequence[Sequence[float]]) -> None:
        marks = np.array(table, dtype=float)
        self.entries, self.judges = marks.shape
        if self.entries < 2 or self.judges < 2:
            raise ValueError("a table has at least two entries and two judges")
        grand = marks.mean()
        of_rows = self.judges * float(((marks.mean(axis=1) - grand) ** 2).sum())
        of_columns = self.entries * float(((marks.mean(axis=0) - grand) ** 2).sum())
        whole = float(((marks - grand) ** 2).sum())
        self.row = of_rows / (self.entries - 1)
        self.column = of_columns / (self.judges - 1)
        self.rest = max(0.0, whole - of_rows - of_columns) / ((self.entries - 1) * (self.judges - 1))
        self.within = max(0.0, whole - of_rows) / (self.entries * (self.judges - 1))


def icc_one_way(squares: Squares) -> float | None:
    """ICC(1,1): each entry has judges of its own."""
    return _share(squares.row - squares.within, squares.row + (squares.judges - 1) * squares.within)


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
    """How many marks an entry needs for the wanted reliability of their mean (Spearman-Brown)."""
    if not 0 < reliability < 1 or not 0 < wanted < 1:
        return None
    return wanted * (1 - reliability) / (reliability * (1 - wanted))


# Panels that rank


def kendall_w(rankings: Sequence[Sequence[float]]) -> float | None:
    """Kendall's coefficient of concordance of m judges who each ranked the same n entries, corrected for ties."""
    table = np.array([mid_ranks(each) for each in rankings])
    judges, entries = table.shape
    ties = sum(float(count**3 - count) for each in rankings for count in Counter(each).values())
    whole = judges**2 * (entries**3 - entries) - judges * ties
    spread = float(((table.sum(axis=0) - judges * (entries + 1) / 2) ** 2).sum())
    return None if whole == 0 else 12 * spread / whole


def mean_spearman(rankings: Sequence[Sequence[float]]) -> float | None:
    """The mean rank correlation over all pairs of judges."""
    pairs = [correlation(mid_ranks(a), mid_ranks(b)) for a, b in itertools.combinations(rankings, 2)]
    found = [pair for pair in pairs if pair is not None]
    return float(np.mean(found)) if found and len(found) == len(pairs) else None


def mid_ranks(values: Sequence[float]) -> Array:
    """Ranks from 1 for the smallest; equal values share the middle of their places."""
    ordered = np.array(values, dtype=float)
    below = (ordered[None, :] < ordered[:, None]).sum(axis=1)
    equal = (ordered[None, :] == ordered[:, None]).sum(axis=1)
    return np.asarray(below + (equal + 1) / 2)


def correlation(one: Sequence[float] | Array, other: Sequence[float] | Array) -> float | None:
    """Pearson's; None where either does not vary."""
    a, b = np.array(one, dtype=float), np.array(other, dtype=float)
    a, b = a - a.mean(), b - b.mean()
    whole = float(np.sqrt((a @ a) * (b @ b)))
    return None if whole == 0 else float(a @ b) / whole


# What stands out in one judge's marks


def halo(criteria: Sequence[Sequence[float]]) -> float | None:
    """The mean correlation among a judge's criteria over the entries: above .9 one impression colours all."""
    pairs = [correlation(a, b) for a, b in itertools.combinations(criteria, 2)]
    found = [pair for pair in pairs if pair is not None]
    return float(np.mean(found)) if found else None


def drift(deviations: Sequence[float]) -> tuple[float, float, float] | None:
    """Mean severity in the first, middle and last third of a judge's reading order, from its severities in order."""
    if len(deviations) < 6:
        return None
    first, middle, last = (float(part.mean()) for part in np.array_split(np.array(deviations, dtype=float), 3))
    return first, middle, last
