"""The two-way model of judges' marks, fitted: leniencies, scores, variances and their errors. Pure; numpy only.

y_ij = a_i + b_j + e_ij, e ~ N(0, s2), b_j ~ N(0, s2_b), lam = s2 / s2_b. Source: Longford 1994 (J. Educ. Behav. Stat.
19(3)). `calibration` is what others call.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from portal.judging.connections import Spectrum, shrunk
from portal.judging.reml import reml

Array = NDArray[np.float64]
Places = NDArray[np.intp]
Ratio = float | Literal["reml"] | None
LEAST_FREEDOM = 10  # with fewer degrees of freedom, or fewer judges, the ratio cannot be estimated
LEAST_JUDGES = 3
PRIOR = 2.0  # the ratio that is taken then
MOST = 1e9  # the largest mark, so that no square leaves the numbers
NOTHING = 1e-24  # of the largest mark squared: a variance that is but rounding


class Given(NamedTuple):
    """One judge's mark of one entry, on any scale."""

    entry: str
    judge: str
    mark: float


@dataclass(frozen=True)
class Variance:
    """In squared points; `ratio` is lam, infinite where judges do not differ; `ratio_reml` is what REML would say, also
    where too few marks make it no better than the prior. None: not identified."""

    entry: float | None
    judge: float | None
    residual: float | None
    ratio: float
    is_prior: bool
    ratio_reml: float | None


@dataclass(frozen=True)
class Table:
    """Marks by entry, then by judge. `judged` is n x J, 1 where a judge marked an entry.

    Judges stand in the order of their marks, so that names change no bit of the result; `twin` is the first of those
    who gave the same marks to the same entries.
    """

    entries: Sequence[str]
    judges: Sequence[str]
    twin: Sequence[int]
    entry: Places
    judge: Places
    mark: Array
    judged: Array

    @classmethod
    def of(cls, given: Iterable[Given]) -> "Table":
        rows = _checked(given)
        sheets: dict[str, list[tuple[str, float]]] = {}
        for row in sorted(rows):
            sheets.setdefault(row.judge, []).append((row.entry, row.mark))
        entries, judges = sorted({row.entry for row in rows}), sorted(sheets, key=lambda name: (sheets[name], name))
        at_entry, at_judge = ({name: n for n, name in enumerate(names)} for names in (entries, judges))
        found = sorted((at_entry[row.entry], at_judge[row.judge], float(row.mark)) for row in rows)
        entry, judge = (np.array([row[n] for row in found], dtype=np.intp) for n in (0, 1))
        judged = np.zeros((len(entries), len(judges)))
        judged[entry, judge] = 1
        twin = [n for n, _name in enumerate(judges)]
        for n in range(1, len(judges)):
            twin[n] = twin[n - 1] if sheets[judges[n]] == sheets[judges[n - 1]] else n
        return cls(entries, judges, twin, entry, judge, np.array([row[2] for row in found]), judged)

    @cached_property
    def counts(self) -> Array:
        """Marks of each entry."""
        return np.asarray(self.judged.sum(axis=1))

    @cached_property
    def share(self) -> Array:
        """C: what each judge weighs in each entry's mean."""
        return np.asarray(self.judged / self.counts[:, None])

    @cached_property
    def raw(self) -> Array:
        return self.of_entries(self.mark) / self.counts

    @cached_property
    def nothing(self) -> float:
        """A variance below this is but rounding."""
        return NOTHING * float(np.abs(self.mark).max()) ** 2

    def of_entries(self, values: Array) -> Array:
        return np.asarray(np.bincount(self.entry, values, len(self.entries)), dtype=float)

    def of_judges(self, values: Array) -> Array:
        return np.asarray(np.bincount(self.judge, values, len(self.judges)), dtype=float)


def _checked(given: Iterable[Given]) -> list[Given]:
    rows = list(given)
    if not rows:
        raise ValueError("there are no marks")
    seen = set()
    for entry, judge, mark in rows:
        if not abs(mark) <= MOST:
            raise ValueError(f"judge {judge} gave entry {entry} what is no mark")
        if (entry, judge) in seen:
            raise ValueError(f"judge {judge} marked entry {entry} twice")
        seen.add((entry, judge))
    return rows


@dataclass(frozen=True)
class Fit:
    """Leniency of each judge, score of each entry, and S = (L + lam I)^-1."""

    table: Table
    spectrum: Spectrum
    leniency: Array
    scores: Array
    spread: Array
    variance: Variance

    @classmethod
    def of(cls, table: Table, ratio: Ratio) -> "Fit":
        spectrum = Spectrum.of(table.judged)
        deviation = table.mark - table.raw[table.entry]
        turned = np.where(spectrum.values > 0, spectrum.vectors.T @ table.of_judges(deviation), 0.0)
        estimate = _estimate(table, spectrum, turned, float(deviation @ deviation))
        lam, is_prior = _chosen(ratio, estimate, table)
        powers = shrunk(spectrum.values, lam)
        leniency = spectrum.vectors @ (powers * turned)
        scores, spread = table.raw - table.share @ leniency, spectrum.with_powers(powers)
        residual = _residual(table, spectrum, scores, leniency, lam)
        judge = None if residual is None or lam == 0 else residual / lam
        variance = Variance(None, judge, residual, lam, is_prior, estimate)
        fit = cls(table, spectrum, leniency, scores, spread, variance)
        return replace(fit, variance=replace(variance, entry=fit.true))

    @property
    def root(self) -> Array:
        """The symmetric root of S."""
        return self.spectrum.with_powers(np.sqrt(shrunk(self.spectrum.values, self.variance.ratio)))

    @cached_property
    def errors(self) -> Array | None:
        """Standard errors of the scores, each against the mean of its component."""
        if self.variance.residual is None:
            return None
        found = np.empty(len(self.scores))
        for part in self.parts:
            found[part] = centred_errors(self.table.judged[part], self.spread, self.variance.residual)
        return found

    @cached_property
    def parts(self) -> list[Places]:
        return [np.flatnonzero(self.spectrum.component == number) for number in range(self.spectrum.parts)]

    @cached_property
    def observed(self) -> float | None:
        """The variance of the scores within components."""
        freedom = len(self.scores) - self.spectrum.parts
        if freedom < 1:
            return None
        found = sum(float(((self.scores[part] - self.scores[part].mean()) ** 2).sum()) for part in self.parts) / freedom
        return found if found > self.table.nothing else 0.0

    @property
    def true(self) -> float | None:
        """s2_a = max(0, var(a) - mean of the squared standard errors)."""
        errors, observed = self.errors, self.observed
        if errors is None or observed is None:
            return None
        return max(0.0, observed - float((errors**2).mean()))

    @property
    def separation(self) -> float | None:
        errors, observed = self.errors, self.observed
        return None if errors is None or not observed else 1 - float((errors**2).mean()) / observed


def _estimate(table: Table, spectrum: Spectrum, turned: Array, total: float) -> float | None:
    """lam by REML; None where marks do not tell judges' variance from the rest, as when each judge has one entry."""
    if _freedom(table, spectrum, 0.0) < 1 or total <= table.nothing or not spectrum.values.any():
        return None
    return reml(spectrum.values, turned, total, _freedom(table, spectrum, PRIOR))


def _freedom(table: Table, spectrum: Spectrum, ratio: float) -> int:
    """M - n; judges who are not shrunk take J - c more."""
    free = len(table.mark) - len(table.entries)
    return free if ratio > 0 else free - len(table.judges) + spectrum.parts


def _chosen(ratio: Ratio, estimate: float | None, table: Table) -> tuple[float, bool]:
    """lam, and whether it is only the prior."""
    if isinstance(ratio, int | float):
        return float(ratio), False
    enough = len(table.mark) - len(table.entries) >= LEAST_FREEDOM and len(table.judges) >= LEAST_JUDGES
    if estimate is None or not (enough or ratio == "reml"):
        return PRIOR, True
    return estimate, False


def _residual(table: Table, spectrum: Spectrum, scores: Array, leniency: Array, ratio: float) -> float | None:
    """s2: what is minimised, over its degrees of freedom. None where judges and the rest cannot be told apart."""
    freedom = _freedom(table, spectrum, ratio)
    if freedom < 1 or _freedom(table, spectrum, 0.0) < 1:
        return None
    left = table.mark - scores[table.entry] - leniency[table.judge]
    penalty = ratio * float(leniency @ leniency) if np.isfinite(ratio) else 0.0
    found = (float(left @ left) + penalty) / freedom
    return found if found > table.nothing else 0.0


def centred_errors(judged: Array, spread: Array, residual: float) -> Array:
    """Standard errors of the scores against their mean: the diagonal of H Var(a) H, H = I - 11'/n, without making it.

    Var(a) = s2 [diag(1/n_i) + C S C'].
    """
    counts = judged.sum(axis=1)
    share = judged / counts[:, None]
    passed = share @ spread
    own = 1 / counts + (passed * share).sum(axis=1)
    mean_share = share.mean(axis=0)
    with_mean = 1 / counts / len(counts) + passed @ mean_share
    of_mean = (1 / counts).sum() / len(counts) ** 2 + mean_share @ spread @ mean_share
    return np.asarray(np.sqrt(np.maximum(0.0, residual * (own - 2 * with_mean + of_mean))))


def difference_error(judged: Array, spread: Array, residual: float, one: int, other: int) -> float:
    """Of the scores of two entries, by their rows: s2 [1/n_i + 1/n_k + (c_i - c_k)' S (c_i - c_k)], its root."""
    counts = judged[[one, other]].sum(axis=1)
    apart = judged[one] / counts[0] - judged[other] / counts[1]
    return float(np.sqrt(residual * ((1 / counts).sum() + apart @ spread @ apart)))
