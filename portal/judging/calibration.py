"""From judges' marks to a fair order: entries fixed, judges shrunk, the variance ratio by REML. Pure; numpy only.

An entry's score is the mean of its marks after taking off each judge's estimated leniency; `fitting` has the model.
docs/calibration.md explains each figure, docs/decisions/calibration.md why this model and not another.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from portal.judging import agreement, chances
from portal.judging.chances import competition_ranks
from portal.judging.connections import components, laplacian, strength
from portal.judging.fitting import Fit, Given, Ratio, Table, Variance, centred_errors, difference_error

__all__ = [
    "Calibration", "Entry", "Given", "Judge", "Ratio", "Variance", "calibrate", "centred_errors", "competition_ranks",
    "components", "difference_error", "laplacian", "strength",
]  # fmt: skip

Array = NDArray[np.float64]
LEAST_MARKS = 3  # for a correlation
SAME = 1e-9


@dataclass(frozen=True)
class Entry:
    """`adjusted` is the score that counts; `standard_error` is that of the score against the mean of all scores.

    `component`, from 0, says with whom the entry can be compared; `rank` and `standard_error` hold within it. `ranks`
    is the 90 per cent interval of the rank and `p_top` the chance of being among the best K, both None where there is
    no one order or where they are not identified.
    """

    entry: str
    marks: int
    raw_mean: float
    adjusted: float
    standard_error: float | None
    rank: int
    component: int
    p_top: float | None
    ranks: tuple[int, int] | None


@dataclass(frozen=True)
class Judge:
    """`severity` is positive for a strict judge, in points; `infit` is the mean squared standardised residual;
    `correlation` is that of the marks with the other judges' adjusted means. None: not identified."""

    judge: str
    marks: int
    mean: float
    spread: float | None
    severity: float | None
    standard_error: float | None
    infit: float | None
    correlation: float | None


@dataclass(frozen=True)
class Calibration:
    """Entries and judges by name.

    `worst_contrast` is the standard error of the worst compared pair of judges in units of the residual's standard
    deviation (at most 0.5 is wanted); infinite where the graph falls apart. `connectivity` is lambda_2 of the judges'
    Laplacian. `separation` is the share of the scores' variance that is no error.
    """

    entries: tuple[Entry, ...]
    judges: tuple[Judge, ...]
    variance: Variance
    components: int
    connectivity: float
    worst_contrast: float
    separation: float | None
    _fit: Fit = field(repr=False, compare=False)

    @property
    def has_one_order(self) -> bool:
        """Scores of entries in different components rest on the belief alone that their panels are equally severe."""
        return self.components == 1

    def error_between(self, one: str, other: str) -> float | None:
        """The standard error of the difference of two entries' scores, for tie bands; None if not identified.

        Raises ValueError for an entry that is not there.
        """
        table, residual = self._fit.table, self.variance.residual
        first, second = table.entries.index(one), table.entries.index(other)
        component = self._fit.spectrum.component
        if residual is None or component[first] != component[second]:
            return None
        return 0.0 if first == second else difference_error(table.judged, self._fit.spread, residual, first, second)

    def severities(self, judge: str) -> dict[str, float]:
        """By how much the judge's mark of each entry lies below the entry's score: what `agreement.drift` reads."""
        table = self._fit.table
        own = table.judge == table.judges.index(judge)
        below = self._fit.scores[table.entry[own]] - table.mark[own]
        return {table.entries[n]: float(each) for n, each in zip(table.entry[own], below, strict=True)}


def calibrate(given: Iterable[Given], *, top: int = 1, seed: int = 0, ratio: Ratio = None) -> Calibration:
    """The scores of one comparison group.

    `ratio` fixes lam (0: judges not shrunk at all, infinity: raw means), or "reml" takes the estimate even from few
    marks; by default it is estimated where that can be relied on, and else PRIOR. The order of rows and the names of
    judges change nothing. Raises ValueError if there is no mark, if a mark is no number, or if a judge marked an entry
    twice.
    """
    if top < 1:
        raise ValueError("an order has at least one at its top")
    if isinstance(ratio, int | float) and not ratio >= 0:
        raise ValueError("a ratio of variances is zero or more")
    fit = Fit.of(Table.of(given), ratio)
    entries = _entries(fit, _ranks_drawn(fit, seed), top)
    parts, (connectivity, worst) = fit.spectrum.parts, fit.spectrum.strength
    return Calibration(entries, _judges(fit), fit.variance, parts, connectivity, worst, fit.separation, fit)


def _ranks_drawn(fit: Fit, seed: int) -> chances.Ranks | None:
    """None where there is no one order, or the variances are not identified."""
    known, table = fit.variance, fit.table
    if fit.spectrum.parts > 1 or known.residual is None or known.entry is None:
        return None
    return chances.ranks_drawn(
        chances.Estimate(fit.scores, table.counts, table.share, fit.spread, fit.root, known.residual, known.entry), seed
    )


def _entries(fit: Fit, ranks: chances.Ranks | None, top: int) -> tuple[Entry, ...]:
    names, counts, raw, errors = fit.table.entries, fit.table.counts, fit.table.raw, fit.errors
    own = np.empty(len(names), dtype=int)
    for part in fit.parts:
        own[part] = competition_ranks(fit.scores[part])
    chance = None if ranks is None else chances.chances(ranks, top)
    bounds = None if ranks is None else chances.intervals(ranks)
    return tuple(
        Entry(
            name, int(counts[n]), float(raw[n]), float(fit.scores[n]), _at(errors, n), int(own[n]),
            int(fit.spectrum.component[n]), _at(chance, n), None if bounds is None else bounds[n],
        )
        for n, name in enumerate(names)
    )  # fmt: skip


def _judges(fit: Fit) -> tuple[Judge, ...]:
    table = fit.table
    counts = table.judged.sum(axis=0)
    means = table.of_judges(table.mark) / counts
    squares = table.of_judges((table.mark - means[table.judge]) ** 2)
    spreads = [float(np.sqrt(squares[n] / (count - 1))) if count > 1 else None for n, count in enumerate(counts)]
    severities, infits, correlations = _severities(fit), _infits(fit), _correlations(fit)
    twins = {name: table.twin[n] for n, name in enumerate(table.judges)}
    return tuple(
        Judge(name, int(counts[n]), float(means[n]), spreads[n], *severities[n], infits[n], correlations[n])
        for name, n in sorted(twins.items())
    )


def _severities(fit: Fit) -> list[tuple[float | None, float | None]]:
    """With standard errors; not identified for a judge who shares no entry with another."""
    residual = fit.variance.residual
    if residual is None:
        return [(None, None)] * len(fit.table.judges)
    is_compared = fit.table.judged[fit.table.counts > 1].sum(axis=0) > 0
    errors = np.sqrt(residual * np.diag(fit.spread))
    found = zip(-fit.leniency + 0.0, errors, is_compared, strict=True)
    return [(float(severity), float(error)) if known else (None, None) for severity, error, known in found]


def _infits(fit: Fit) -> list[float | None]:
    """Of each judge: squared residuals over what the model expects of them, the leverage of each mark taken off."""
    table, residual = fit.table, fit.variance.residual
    if not residual:
        return [None] * len(table.judges)
    left = table.mark - fit.scores[table.entry] - fit.leniency[table.judge]
    expected = table.of_judges(1 - _leverage(fit))
    found = table.of_judges(left**2) / residual
    return [float(f / e) if e > SAME else None for f, e in zip(found, expected, strict=True)]


def _leverage(fit: Fit) -> Array:
    """The diagonal of the matrix that maps marks to fitted marks."""
    table, spread, share = fit.table, fit.spread, fit.table.share
    own = np.einsum("ij,ij->i", share @ spread, share)[table.entry]
    across = (share @ spread)[table.entry, table.judge]
    return np.asarray(1 / table.counts[table.entry] + own - 2 * across + np.diag(spread)[table.judge])


def _correlations(fit: Fit) -> list[float | None]:
    """Of each judge's marks with the mean of the others' marks of the same entries, their leniencies taken off."""
    table = fit.table
    shared = table.counts[table.entry] > 1
    counts, own = table.counts[table.entry[shared]], table.mark[shared]
    taken = own - fit.leniency[table.judge[shared]]
    others = (counts * fit.scores[table.entry[shared]] - taken) / (counts - 1)
    return [_correlation(own[at], others[at]) for at in (table.judge[shared] == n for n in range(len(table.judges)))]


def _correlation(one: Array, other: Array) -> float | None:
    return agreement.correlation(one, other) if len(one) >= LEAST_MARKS else None


def _at(values: Array | None, place: int) -> float | None:
    return None if values is None else float(values[place])
