"""The ratio of two variances by restricted maximum likelihood, from one eigendecomposition. Pure; numpy only."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
LOWEST, HIGHEST = -9.0, 12.0  # of ln lam: below, judges are not shrunk at all; above, they do not differ
STEPS = 85
NEAR = 1e-4  # of ln lam: golden section goes on to a tenth of it, bisection from there
HALVINGS = 40
SAME = 1e-9


def reml(values: Array, turned: Array, total: float, freedom: int) -> float:
    """The lam that minimises nu ln s2(lam) + sum ln(d_k + lam) - J ln lam over ln lam in [-9, 12].

    In: the eigenvalues d of the Laplacian, z = U'r, q and nu. Infinite at the upper end (no judge effect), 0 at the
    lower (judges not shrunk).
    """

    def criterion(log: float) -> float:
        reached = values + np.exp(log)
        left = max(total - float(turned**2 @ (1 / reached)), SAME * total)
        return float(freedom * np.log(left / freedom) + np.log(reached).sum() - len(values) * log)

    def slope(log: float) -> float:
        ratio, reached = np.exp(log), values + np.exp(log)
        left = max(total - float(turned**2 @ (1 / reached)), SAME * total)
        return float(ratio * (freedom * (turned**2 @ reached**-2) / left + (1 / reached).sum()) - len(values))

    grid = np.linspace(LOWEST, HIGHEST, STEPS)
    best = int(np.argmin([criterion(log) for log in grid]))
    if best in (0, len(grid) - 1):
        return 0.0 if best == 0 else float("inf")
    near = _golden(criterion, float(grid[best - 1]), float(grid[best + 1]))
    return float(np.exp(_bisected(slope, near - NEAR, near + NEAR, near)))


def _golden(function: Callable[[float], float], low: float, high: float) -> float:
    """Golden-section search for the minimum between two points."""
    share = (5**0.5 - 1) / 2
    left, right = high - share * (high - low), low + share * (high - low)
    while high - low > NEAR / 10:
        if function(left) < function(right):
            high, right = right, left
            left = high - share * (high - low)
        else:
            low, left = left, right
            right = low + share * (high - low)
    return (low + high) / 2


def _bisected(slope: Callable[[float], float], low: float, high: float, near: float) -> float:
    """The minimum to the last digits, where values are too flat to tell them: so that equal scores stay equal."""
    if not slope(low) < 0 < slope(high):
        return near
    for _halving in range(HALVINGS):
        middle = (low + high) / 2
        low, high = (middle, high) if slope(middle) < 0 else (low, middle)
    return (low + high) / 2
