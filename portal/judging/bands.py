"""Ties and the line of an award: who shares a rank, and who goes to the jury together. Pure."""

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from decimal import ROUND_HALF_EVEN, ROUND_HALF_UP, Decimal
from itertools import product

from portal.judging.calibration import SAME

NEAR = 1.0  # |z| below which neighbours at a line are not told apart
GRAIN, PRINTED = Decimal("1e-9"), Decimal("0.01")
Errors = Callable[[str, str], float | None]


def chain(scores: Mapping[str, float], criteria: Sequence[Mapping[str, float]] = ()) -> dict[str, int]:
    """Ranks by the unrounded score, from 1 for the highest; equal to 1e-9 is a tie.

    A tie goes to the higher mean on the heaviest criterion, then on the next, as `criteria` come; what is left shares
    its rank: 1, 2, 2, 4. A criterion that one of the tied was not marked on says nothing about that tie.
    """
    ranks: dict[str, int] = {}
    for tied in groups(scores):
        for equal in _split(tied, criteria):
            ranks |= dict.fromkeys(equal, len(ranks) + 1)
    return ranks


def groups(scores: Mapping[str, float]) -> list[list[str]]:
    """The entries from the highest score on, those together that are within 1e-9 of the highest among them, by name."""
    found: list[list[str]] = []
    for name in sorted(scores, key=lambda name: (-scores[name], name)):
        if found and scores[found[-1][0]] - scores[name] <= SAME:
            found[-1].append(name)
        else:
            found.append([name])
    return [sorted(tied) for tied in found]


def _split(tied: list[str], criteria: Sequence[Mapping[str, float]]) -> list[list[str]]:
    if len(tied) == 1 or not criteria:
        return [tied]
    first, rest = criteria[0], criteria[1:]
    if not all(name in first for name in tied):
        return _split(tied, rest)
    return [equal for group in groups({name: first[name] for name in tied}) for equal in _split(group, rest)]


def band(scores: Mapping[str, float], line: int, error_between: Errors) -> list[str]:
    """The entries that go to the jury together at the line between place `line` and the next; none where it is clear.

    `error_between` gives the standard error of the difference of two scores, None where it is not identified.
    Entries of equal score stay together. There is a band if the two neighbours of the line are equal, or are near:
    |difference| / error < 1. It is extended upwards as long as the next entry is near the first one below the line, and
    downwards as long as the next is near the last one above it: each is asked about the place that it might lose or
    win. Where several are equal at the line, or next to it, one pair that is near suffices, so that no name decides.
    From the best on, equal ones by name. Raises ValueError for a line below 1.
    """
    if line < 1:
        raise ValueError("a line is at least 1")
    tied = groups(scores)
    last, next_ = _at(tied, line), _at(tied, line + 1)
    if last is None or next_ is None:
        return []

    def is_near(ones: Iterable[str], others: Iterable[str]) -> bool:
        return any(_is_near(scores[a] - scores[b], error_between(a, b)) for a, b in product(ones, others))

    if last != next_ and not is_near(tied[last], tied[next_]):
        return []
    first, end = last, next_
    while first > 0 and is_near(tied[first - 1], tied[next_]):
        first -= 1
    while end + 1 < len(tied) and is_near(tied[end + 1], tied[last]):
        end += 1
    return [name for group in tied[first : end + 1] for name in group]


def _at(tied: Sequence[Sequence[str]], place: int) -> int | None:
    """Which group holds a place."""
    reached = 0
    for number, group in enumerate(tied):
        reached += len(group)
        if reached >= place:
            return number
    return None


def _is_near(difference: float, error: float | None) -> bool:
    return error is not None and abs(difference) < NEAR * error


def published(score: float) -> str:
    """Two decimals, half up, as a person rounds who reads the number: 2.675 becomes 2.68.

    What differs by less than 1e-9 is equal, so that 72.12499999999999, which is 72.125 but for the noise of a sum, is
    printed as that is. Raises ValueError for what is no number.
    """
    if not math.isfinite(score):
        raise ValueError("a score is no number")
    whole = Decimal(repr(float(score))).quantize(GRAIN, ROUND_HALF_EVEN)
    return str(whole.quantize(PRINTED, ROUND_HALF_UP) + 0)
