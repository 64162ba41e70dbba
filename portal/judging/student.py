"""Student's t and Welch's comparison of two means. Pure; standard library only."""

import math
import statistics
from collections.abc import Callable, Sequence
from dataclasses import dataclass

CERTAINTY = 0.95
TINY, EXACT = 1e-300, 1e-15


@dataclass(frozen=True)
class Effect:
    """By how much marks of one's own are higher than others, in points, with its 95 per cent interval.

    None where it is not identified; without an interval where nothing varies.
    """

    n_own: int
    n_other: int
    effect: float | None = None
    standard_error: float | None = None
    freedom: float | None = None
    interval: tuple[float, float] | None = None


def around(n_own: int, n_other: int, effect: float, error: float, freedom: float | None) -> Effect:
    """An effect with its interval by Student's t; without one where the error is 0 or has no degrees of freedom."""
    if not error or not freedom:
        return Effect(n_own, n_other, effect, error)
    half = quantile((1 + CERTAINTY) / 2, freedom) * error
    return Effect(n_own, n_other, effect, error, freedom, (effect - half, effect + half))


def welch(own: Sequence[float], other: Sequence[float]) -> Effect:
    """The difference of two means whose spreads may differ, with Satterthwaite's degrees of freedom.

    Source: B. L. Welch, Biometrika 34 (1947), 28-35. None where either side has fewer than two values.
    """
    if min(len(own), len(other)) < 2:
        return Effect(len(own), len(other))
    parts = [statistics.variance(values) / len(values) for values in (own, other)]
    whole = math.fsum(parts)
    below = math.fsum(part**2 / (len(values) - 1) for part, values in zip(parts, (own, other), strict=True))
    effect = statistics.fmean(own) - statistics.fmean(other)
    return around(len(own), len(other), effect, math.sqrt(whole), whole**2 / below if below else None)


def quantile(share: float, freedom: float) -> float:
    """The value that Student's t stays below with this chance, 0 < share < 1, for any positive degrees of freedom."""
    if not 0 < share < 1 or not freedom > 0:
        raise ValueError("a quantile has a share between 0 and 1 and positive degrees of freedom")
    if share < 0.5:
        return -quantile(1 - share, freedom)
    high = 1.0
    while below(high, freedom) < share:
        high *= 2
    return _crossing(lambda value: below(value, freedom) - share, 0.0, high)


def below(value: float, freedom: float) -> float:
    """The chance that Student's t is below a value that is not negative: 1 - I_x(v/2, 1/2) / 2, x = v / (v + t^2).

    For a small t, where x is too near to 1 to be told from it, by the other side, I_(1-x)(1/2, v/2).
    """
    square = value**2
    if square < freedom:
        return 0.5 + incomplete_beta(square / (freedom + square), 0.5, freedom / 2) / 2
    return 1 - incomplete_beta(freedom / (freedom + square), freedom / 2, 0.5) / 2


def _crossing(function: Callable[[float], float], low: float, high: float) -> float:
    """Where a rising function passes 0, by halving until nothing lies between."""
    while True:
        middle = (low + high) / 2
        if not low < middle < high:
            return middle
        low, high = (middle, high) if function(middle) < 0 else (low, middle)


def incomplete_beta(x: float, a: float, b: float) -> float:
    """I_x(a, b), regularised, by its continued fraction (DLMF 8.17.22), on the side where that converges fast."""
    if x <= 0 or x >= 1:
        return float(x >= 1)
    if x > (a + 1) / (a + b + 2):
        return 1 - incomplete_beta(1 - x, b, a)
    log = math.lgamma(a + b) - math.lgamma(a) - math.lgamma(b) + a * math.log(x) + b * math.log1p(-x)
    return math.exp(log) / (a * _fraction(x, a, b))


def _fraction(x: float, a: float, b: float) -> float:
    """1 + d1/(1 + d2/(1 + ...)) by Lentz's method; d as in DLMF 8.17.23."""
    value = numerator = 1.0
    denominator = 0.0
    for step in range(1, 10_000):
        part = _part(step, x, a, b)
        numerator = 1 + part / numerator or TINY
        denominator = 1 / (1 + part * denominator or TINY)
        value *= numerator * denominator
        if abs(numerator * denominator - 1) < EXACT:
            break
    return value


def _part(step: int, x: float, a: float, b: float) -> float:
    m = step // 2
    if step % 2:
        return -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
    return m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
