"""Which entries another judge should read, because their place in the award is open. Pure.

Rounds go: calibrate, plan, deal, read, calibrate with all marks. K, `most` and the budget are fixed before opening; no
mark is ever dropped. Thresholds: the chance of being among the best K, and the third reader's rule of two marks.
"""

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from portal.judging.calibration import SAME, Calibration, Entry, Given

UNLIKELY, LIKELY = 0.1, 0.9  # a chance strictly between them is open


def open_entries(calibration: Calibration, given: Iterable[Given], *, most: int) -> list[str]:
    """Entries with fewer than `most` marks that are open, those whose chance is nearest to a half first, then by name.

    Open is a chance of the best K between .1 and .9, or exactly two marks that differ by more than 2 s sqrt 2, s being
    the standard deviation of a mark after judges and entries. Where the chances are not identified only the second
    counts, and such entries come last; where s is not identified, or is 0, only the first; where neither is, none is.
    `given` are the marks that were calibrated.
    """
    marks, limit = _marks(given), _limit(calibration.variance.residual)
    found = [
        entry
        for entry in calibration.entries
        if entry.marks < most and (_is_undecided(entry.p_top) or _is_disputed(marks[entry.entry], limit))
    ]
    return [entry.entry for entry in sorted(found, key=_distance)]


def plan(calibration: Calibration, given: Iterable[Given], *, most: int, budget: int) -> list[str]:
    """Whom to give one more judge in this round: the most open entries, as many as the budget has readings left."""
    return open_entries(calibration, given, most=most)[: max(0, budget)]


def _marks(given: Iterable[Given]) -> Mapping[str, Sequence[float]]:
    marks: dict[str, list[float]] = defaultdict(list)
    for row in given:
        marks[row.entry].append(row.mark)
    return marks


def _limit(residual: float | None) -> float:
    """By how much two marks may differ; without end where the residual says nothing."""
    return 2 * math.sqrt(2 * residual) if residual else math.inf


def _is_undecided(chance: float | None) -> bool:
    return chance is not None and UNLIKELY < chance < LIKELY


def _is_disputed(marks: Sequence[float], limit: float) -> bool:
    return len(marks) == 2 and abs(marks[0] - marks[1]) > limit + SAME


def _distance(entry: Entry) -> tuple[float, str]:
    return (1.0 if entry.p_top is None else abs(entry.p_top - 0.5), entry.entry)
