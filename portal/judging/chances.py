"""What an order is worth: ranks, and what they might as well have been. Pure; numpy only.

theta = m + s2_a (V + s2_a I)^-1 (a - m) with posterior covariance s2_a I - s2_a^2 (V + s2_a I)^-1, V = H Var(a) H,
H = I - 11'/n, Var(a) = s2 [diag(1/n_i) + C S C'].
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Ranks = NDArray[np.int32]
DRAWS = 2_000
BLOCK = 200  # draws at a time: what fits into the cache
SAME = 1e-9
TAIL = 0.05  # on either side of an interval of ranks
LEAST_NOISE = 1e-16  # of s2_a: without any, equal scores would not share their chances


class Estimate(NamedTuple):
    """Scores a, marks n_i, C (n x J), S and its symmetric root (J x J), s2 and s2_a."""

    scores: Array
    counts: Array
    share: Array
    spread: Array
    root: Array
    residual: float
    true: float


def competition_ranks(scores: Array) -> list[int]:
    """1, 2, 2, 4: the highest first; equal to 1e-9 is equal."""
    descending = np.sort(-scores)
    return [1 + int(better) for better in np.searchsorted(descending, -scores - SAME)]


def ranks_drawn(known: Estimate, seed: int) -> Ranks:
    """Ranks (from 1) of n entries in draws of their true quality, DRAWS x n."""
    random = np.random.default_rng(seed)
    quality = Quality(known) if known.true > 0 else None
    ranks = np.empty((DRAWS, len(known.scores)), dtype=np.int32)
    for begin in range(0, DRAWS, BLOCK):
        drawn = quality.drawn(random, BLOCK) if quality else random.standard_normal((BLOCK, len(known.scores)))
        order = np.argsort(-drawn, axis=1)
        places = np.arange(1, order.shape[1] + 1, dtype=np.int32)
        np.put_along_axis(ranks[begin : begin + BLOCK], order, places[None, :], axis=1)
    return ranks


def chances(ranks: Ranks, top: int) -> Array:
    """Of each entry, to be among the best `top`."""
    return np.asarray((ranks <= top).mean(axis=0))


def intervals(ranks: Ranks) -> list[tuple[int, int]]:
    """Of each entry, the 5th and the 95th of a hundred ranks."""
    low, high = (round(share * (len(ranks) - 1)) for share in (TAIL, 1 - TAIL))
    ordered = np.partition(ranks, (low, high), axis=0)
    return [(int(best), int(worst)) for best, worst in zip(ordered[low], ordered[high], strict=True)]


class Quality:
    """Draws of theta, but for a constant, which moves no rank: a = theta + C u + noise with u ~ N(0, s2 S) has the
    posterior above on every contrast if the mean of theta may be anything. Given u the entries are independent, so that
    J x J is the largest system solved."""

    def __init__(self, known: Estimate) -> None:
        noise = max(known.residual, LEAST_NOISE * known.true)
        weights = 1 / (noise / known.counts + known.true)
        passed = np.sqrt(noise) * (known.share @ known.root).T  # from w ~ N(0, I) to C u
        sums, whole = passed @ weights, weights.sum()
        precision = np.eye(len(sums)) + (passed * weights) @ passed.T - np.outer(sums, sums) / whole
        self.scale = np.linalg.inv(np.linalg.cholesky(precision))
        level = float(weights @ known.scores / whole)
        self.expected = self.scale.T @ (self.scale @ (passed @ (weights * (known.scores - level))))
        # The mean of theta, given w, is this level less so much of each w, and as uncertain as this.
        self.level, self.pulled, self.unsure = level, sums / whole, whole**-0.5
        kept, lost = known.true * weights, noise / known.counts * weights
        self.spread = np.sqrt(known.true * lost)
        self.map = np.vstack([-passed * kept, lost, kept * known.scores])

    def drawn(self, random: np.random.Generator, draws: int) -> Array:
        judges = self.expected + random.standard_normal((draws, len(self.expected))) @ self.scale
        mean = self.level - judges @ self.pulled + self.unsure * random.standard_normal(draws)
        drawn = random.standard_normal((draws, len(self.spread)))
        drawn *= self.spread
        drawn += np.column_stack([judges, mean, np.ones(draws)]) @ self.map
        return drawn
