"""From judges' marks to a fair order: entries fixed, judges shrunk, the variance ratio by REML. Pure; numpy only.

y_ij = a_i + b_j + e_ij, e ~ N(0, s2), b_j ~ N(0, s2_b), lam = s2 / s2_b. An entry's score is the mean of its marks
after taking off each judge's estimated leniency. Sources: Longford 1994 (J. Educ. Behav. Stat. 19(3)) for the model;
Weeks & Williams 1964 for what is estimable: two entries can be compared if a chain of judges connects them.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
LEAST_FREEDOM = 10  # with fewer degrees of freedom, or fewer judges, the ratio cannot be estimated
LEAST_JUDGES = 3
PRIOR = 2.0  # the ratio that is taken then
LOWEST, HIGHEST = -9.0, 12.0  # of ln lam: below, judges are not shrunk at all; above, they do not differ
DRAWS = 2_000
SAME = 1e-9
TAIL = 5  # per cent on either side of an interval of ranks


class Given(NamedTuple):
    """One judge's mark of one entry, on any scale."""

    entry: str
    judge: str
    mark: float


@dataclass(frozen=True)
class Entry:
    """`adjusted` is the score that counts; `standard_error` is that of the score against the mean of all scores.

    `rank` counts within the entry's component; `ranks` is its 90 per cent interval and `p_top` the chance of being
    among the best K, both None where the order is not one, or not identified.
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
    """`severity` is positive for a strict judge, in points; `infit` is the mean squared standardised residual."""

    judge: str
    marks: int
    mean: float
    spread: float | None
    severity: float | None
    standard_error: float | None
    infit: float | None


@dataclass(frozen=True)
class Variance:
    """In squared points; `ratio` is lam, infinite where judges do not differ. None: not identified."""

    entry: float | None
    judge: float | None
    residual: float | None
    ratio: float
    is_prior: bool


@dataclass(frozen=True)
class Calibration:
    """`worst_contrast` is the standard error of the worst compared pair of judges in units of the residual's standard
    deviation (at most 0.5 is wanted); infinite where the graph falls apart. `connectivity` is lambda_2 of the judges'
    Laplacian."""

    entries: tuple[Entry, ...]
    judges: tuple[Judge, ...]
    variance: Variance
    components: int
    connectivity: float
    worst_contrast: float

    @property
    def has_one_order(self) -> bool:
        """Scores of entries in different components rest on the belief alone that their panels are equally severe."""
        return self.components == 1


def calibrate(given: Iterable[Given], *, top: int = 1, seed: int = 0, ratio: float | None = None) -> Calibration:
    """The scores of one comparison group. `ratio` fixes lam instead of estimating it (0: judges not shrunk at all).

    Row order and judges' names change nothing. Raises ValueError if there is no mark, if a mark is no number or if a
    judge marked an entry twice.
    """
    table = _Table.of(given)
    fit = _Fit.of(table, ratio)
    component = components(table.judged)
    draws = _ranks_drawn(table, fit, seed) if component.max() == 0 else None
    return Calibration(
        _entries(table, fit, component, draws, top), _judges(table, fit), fit.variance, int(component.max()) + 1,
        *strength(table.judged),
    )  # fmt: skip


@dataclass(frozen=True)
class _Table:
    """Marks in a fixed order: by entry, then by judge. `judged` is n x J, 1 where a judge marked an entry."""

    entries: Sequence[str]
    judges: Sequence[str]
    entry: NDArray[np.intp]
    judge: NDArray[np.intp]
    mark: Array
    judged: Array

    @classmethod
    def of(cls, given: Iterable[Given]) -> "_Table":
        rows = sorted(given)
        if not rows:
            raise ValueError("there are no marks")
        entries, judges = sorted({row.entry for row in rows}), sorted({row.judge for row in rows})
        at_entry, at_judge = ({name: n for n, name in enumerate(names)} for names in (entries, judges))
        entry = np.array([at_entry[row.entry] for row in rows])
        judge = np.array([at_judge[row.judge] for row in rows])
        mark = np.array([row.mark for row in rows], dtype=float)
        judged = np.zeros((len(entries), len(judges)))
        np.add.at(judged, (entry, judge), 1)
        _refuse(judged, mark, entries, judges)
        return cls(entries, judges, entry, judge, mark, judged)

    @property
    def counts(self) -> Array:
        """Marks of each entry."""
        return np.asarray(self.judged.sum(axis=1))

    @property
    def share(self) -> Array:
        """C: what each judge weighs in each entry's mean."""
        return np.asarray(self.judged / self.counts[:, None])

    @property
    def raw(self) -> Array:
        return np.bincount(self.entry, self.mark, len(self.entries)) / self.counts

    @property
    def freedom(self) -> int:
        return len(self.mark) - len(self.entries)


def _refuse(judged: Array, mark: Array, entries: Sequence[str], judges: Sequence[str]) -> None:
    if not np.isfinite(mark).all():
        raise ValueError("a mark is no number")
    twice = np.argwhere(judged > 1)
    if len(twice):
        raise ValueError(f"judge {judges[twice[0][1]]} marked entry {entries[twice[0][0]]} twice")


def laplacian(judged: Array) -> Array:
    """L = diag(m) - N' diag(1/n) N of an n x J table: how well judges can be compared through entries they share."""
    counts = judged.sum(axis=1)
    return np.asarray(np.diag(judged.sum(axis=0)) - judged.T @ (judged / counts[:, None]))


@dataclass(frozen=True)
class _Fit:
    """Leniency of each judge, score of each entry, and S = (L + lam I)^-1 with its symmetric root."""

    leniency: Array
    scores: Array
    spread: Array
    root: Array
    variance: Variance

    @classmethod
    def of(cls, table: _Table, ratio: float | None) -> "_Fit":
        values, vectors = np.linalg.eigh(laplacian(table.judged))
        values = np.where(values > SAME * max(1.0, values[-1]), values, 0.0)
        deviation = table.mark - table.raw[table.entry]
        total = float(deviation @ deviation)
        turned = vectors.T @ np.bincount(table.judge, deviation, len(table.judges))
        ratio, is_prior = (ratio, False) if ratio is not None else _ratio(values, turned, total, table)
        shrunk = _shrunk(values, ratio)
        leniency = vectors @ (shrunk * turned)
        residual = _residual(values, turned, total, ratio, table.freedom)
        scores = table.raw - table.share @ leniency
        spread, root = ((vectors * power) @ vectors.T for power in (shrunk, np.sqrt(shrunk)))
        variance = Variance(None, _of_judges(residual, ratio), residual, ratio, is_prior)
        fit = cls(leniency, scores, spread, root, variance)
        return fit if residual is None else fit._with_entries(table, residual)

    def _with_entries(self, table: _Table, residual: float) -> "_Fit":
        errors = centred_errors(table.judged, self.spread, residual)
        true = max(0.0, float(self.scores.var(ddof=1) - (errors**2).mean())) if len(errors) > 1 else None
        known = self.variance
        variance = Variance(true, known.judge, residual, known.ratio, known.is_prior)
        return _Fit(self.leniency, self.scores, self.spread, self.root, variance)


def _shrunk(values: Array, ratio: float) -> Array:
    """1 / (d + lam); what cannot be compared, and what is shrunk to nothing, gives 0."""
    reached = values + ratio
    return np.divide(1.0, reached, out=np.zeros_like(values), where=(reached > 0) & np.isfinite(reached))


def _residual(values: Array, turned: Array, total: float, ratio: float, freedom: int) -> float | None:
    if freedom < 1:
        return None
    return max(0.0, total - float(turned**2 @ _shrunk(values, ratio))) / freedom


def _of_judges(residual: float | None, ratio: float) -> float | None:
    if residual is None or ratio == 0:
        return None
    return residual / ratio


def _ratio(values: Array, turned: Array, total: float, table: _Table) -> tuple[float, bool]:
    """lam by REML, and whether it is only the prior."""
    too_little = table.freedom < LEAST_FREEDOM or len(values) < LEAST_JUDGES
    if too_little or total <= SAME or not values.any():
        return PRIOR, True
    return reml(values, turned, total, table.freedom), False


def reml(values: Array, turned: Array, total: float, freedom: int) -> float:
    """The lam that minimises nu ln s2(lam) + sum ln(d_k + lam) - J ln lam over ln lam in [-9, 12].

    Infinite at the upper end (no judge effect), 0 at the lower (judges not shrunk).
    """

    def criterion(log: float) -> float:
        ratio = float(np.exp(log))
        left = max(total - float(turned**2 @ (1 / (values + ratio))), SAME * total) / freedom
        return float(freedom * np.log(left) + np.log(values + ratio).sum() - len(values) * log)

    grid = np.linspace(LOWEST, HIGHEST, 85)
    best = int(np.argmin([criterion(log) for log in grid]))
    if best in (0, len(grid) - 1):
        return 0.0 if best == 0 else float("inf")
    return float(np.exp(_golden(criterion, grid[best - 1], grid[best + 1])))


def _golden(function: Callable[[float], float], low: float, high: float) -> float:
    """Golden-section search for the minimum between two points."""
    share = (np.sqrt(5) - 1) / 2
    left, right = high - share * (high - low), low + share * (high - low)
    while high - low > 1e-10:
        if function(left) < function(right):
            high, right = right, left
            left = high - share * (high - low)
        else:
            low, left = left, right
            right = low + share * (high - low)
    return (low + high) / 2


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
    return np.sqrt(np.maximum(0.0, residual * (own - 2 * with_mean + of_mean)))


def error_of_difference(judged: Array, spread: Array, residual: float, one: int, other: int) -> float:
    """Of the scores of two entries, by their rows."""
    counts = judged.sum(axis=1)
    apart = judged[one] / counts[one] - judged[other] / counts[other]
    return float(np.sqrt(residual * (1 / counts[one] + 1 / counts[other] + apart @ spread @ apart)))


# The graph of entries and judges


def components(judged: Array) -> NDArray[np.intp]:
    """For each entry the number of its component, in the order of the first entry of each."""
    found = np.full(len(judged), -1)
    for entry in range(len(judged)):
        if found[entry] < 0:
            found[_reached(judged, entry)] = found.max() + 1
    return found


def _reached(judged: Array, entry: int) -> NDArray[np.bool_]:
    entries = np.zeros(len(judged), dtype=bool)
    entries[entry] = True
    while True:
        judges = judged[entries].any(axis=0)
        more = judged[:, judges].any(axis=1)
        if (more == entries).all():
            return entries
        entries = more


def strength(judged: Array) -> tuple[float, float]:
    """lambda_2 of the judges' Laplacian, and the worst standard error of a contrast of two judges in units of s."""
    found = laplacian(judged)
    if len(found) < 2:
        return 0.0, 0.0
    values = np.linalg.eigvalsh(found)
    if values[1] <= SAME * max(1.0, values[-1]):
        return 0.0, float("inf")
    inverse = np.linalg.pinv(found, hermitian=True)
    own = np.diag(inverse)
    return float(values[1]), float(np.sqrt((own[:, None] + own[None, :] - 2 * inverse).max()))


# The order and its chances


def competition_ranks(scores: Array) -> list[int]:
    """1, 2, 2, 4: the highest first; equal to 1e-9 is equal."""
    descending = np.sort(-scores)
    return [1 + int(np.searchsorted(descending, -score - SAME)) for score in scores]


def _ranks_drawn(table: _Table, fit: _Fit, seed: int) -> NDArray[np.intp] | None:
    """Ranks (from 0) of the entries in draws of their true quality, DRAWS x n; None where it is not identified."""
    known = fit.variance
    if known.residual is None or not known.entry:
        return None
    drawn = _qualities(table, fit, known.residual, known.entry, np.random.default_rng(seed))
    order = np.argsort(-drawn, axis=1, kind="stable")
    ranks = np.empty_like(order)
    np.put_along_axis(ranks, order, np.arange(order.shape[1])[None, :], axis=1)
    return ranks


def _qualities(table: _Table, fit: _Fit, residual: float, true: float, random: np.random.Generator) -> Array:
    """Draws from the posterior of theta = m + s2_a (V + s2_a I)^-1 (a - m), V = H Var(a) H, by conditional simulation:
    a prior draw is corrected by what the model makes of it, so that no n x n matrix is needed."""
    n, counts, share = len(table.entries), table.counts, table.share
    prior = random.standard_normal((DRAWS, n)) * np.sqrt(true)
    noise = random.standard_normal((DRAWS, n)) / np.sqrt(counts)
    noise += random.standard_normal((DRAWS, len(table.judges))) @ fit.root @ share.T
    noise = np.sqrt(residual) * (noise - noise.mean(axis=1, keepdims=True))
    weigh = _Weighing(residual / counts + true, share, fit.spread * residual, true)
    return np.asarray(fit.scores.mean() + weigh(fit.scores - fit.scores.mean())[None, :] + prior - weigh(prior + noise))


class _Weighing:
    """v -> s2_a (V + s2_a I)^-1 v for rows v, by Woodbury's identity: J x J is the largest system solved."""

    def __init__(self, diagonal: Array, share: Array, spread: Array, true: float) -> None:
        self.diagonal, self.share, self.true = diagonal, share, true
        scaled = share / diagonal[:, None]
        inner = np.eye(len(spread)) + spread @ share.T @ scaled
        self.middle = np.linalg.solve(inner, spread) @ scaled.T
        self.ones = self._solved(np.ones(len(diagonal)))

    def __call__(self, rows: Array) -> Array:
        mean = rows.mean(axis=-1, keepdims=True)
        solved = self._solved(rows - mean)
        solved = solved - (solved.sum(axis=-1, keepdims=True) / self.ones.sum()) * self.ones
        return self.true * solved + mean

    def _solved(self, rows: Array) -> Array:
        return np.asarray(rows / self.diagonal - (rows @ self.middle.T) @ self.share.T / self.diagonal)


def _entries(
    table: _Table, fit: _Fit, component: NDArray[np.intp], ranks: NDArray[np.intp] | None, top: int
) -> tuple[Entry, ...]:
    residual, counts, raw = fit.variance.residual, table.counts, table.raw
    errors = None if residual is None else centred_errors(table.judged, fit.spread, residual)
    own = np.empty(len(counts), dtype=int)
    for number in range(component.max() + 1):
        own[component == number] = competition_ranks(fit.scores[component == number])
    chance = None if ranks is None else (ranks < top).mean(axis=0)
    bounds = None if ranks is None else np.percentile(ranks, (TAIL, 100 - TAIL), axis=0, method="nearest") + 1
    return tuple(
        Entry(
            name, int(counts[n]), float(raw[n]), float(fit.scores[n]), None if errors is None else float(errors[n]),
            int(own[n]), int(component[n]), None if chance is None else float(chance[n]),
            None if bounds is None else (int(bounds[0, n]), int(bounds[1, n])),
        )
        for n, name in enumerate(table.entries)
    )  # fmt: skip


def _judges(table: _Table, fit: _Fit) -> tuple[Judge, ...]:
    counts = table.judged.sum(axis=0)
    means = np.bincount(table.judge, table.mark, len(counts)) / counts
    squares = np.bincount(table.judge, (table.mark - means[table.judge]) ** 2, len(counts))
    residual, infits = fit.variance.residual, _infits(table, fit)
    is_known = residual is not None and bool(laplacian(table.judged).any())
    return tuple(
        Judge(
            name, int(counts[n]), float(means[n]), float(np.sqrt(squares[n] / (counts[n] - 1))) if counts[n] > 1 else None,
            float(-fit.leniency[n]) + 0.0 if is_known else None,
            float(np.sqrt((residual or 0.0) * fit.spread[n, n])) if is_known else None,
            infits[n] if is_known else None,
        )
        for n, name in enumerate(table.judges)
    )  # fmt: skip


def _infits(table: _Table, fit: _Fit) -> list[float | None]:
    """Of each judge: squared residuals over what the model expects of them, the leverage of each mark taken off."""
    residual = fit.variance.residual
    if not residual:
        return [None] * len(table.judges)
    left = table.mark - fit.scores[table.entry] - fit.leniency[table.judge]
    expected = np.bincount(table.judge, 1 - _leverage(table, fit), len(table.judges)) * residual
    found = np.bincount(table.judge, left**2, len(table.judges))
    return [float(f / e) if e > SAME else None for f, e in zip(found, expected, strict=True)]


def _leverage(table: _Table, fit: _Fit) -> Array:
    """The diagonal of the matrix that maps marks to fitted marks."""
    spread, share = fit.spread, table.share
    own = np.einsum("ij,ij->i", share @ spread, share)[table.entry]
    across = (share @ spread)[table.entry, table.judge]
    return 1 / table.counts[table.entry] + own - 2 * across + np.diag(spread)[table.judge]
