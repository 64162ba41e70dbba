"""Rules that an edition may demand instead of the model: means, medians, mean ranks. `consensus` has Kemeny and Borda.

Pure: standard library and numpy. What each rule does when marks are few: docs/decisions/other-rules-of-order.md.
"""

import enum
import math
import statistics
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from portal.judging.calibration import SAME, Given, calibrate, competition_ranks


class Rule(enum.StrEnum):
    """By what an edition orders its essays."""

    MODEL = "model"
    RAW_MEAN = "raw_mean"
    MEDIAN = "median"
    TRIMMED_MEAN = "trimmed_mean"
    MEAN_RANK = "mean_rank"


# With fewer marks a trimmed mean is refused; a median is given, but the page should say that it rests on few.
LEAST_MARKS = {Rule.TRIMMED_MEAN: 5}
ADVISED_MARKS = {Rule.MEDIAN: 5, Rule.TRIMMED_MEAN: 5}


class Placed(NamedTuple):
    """An entry with what the rule gives it; a rank is shared as in 1, 2, 2, 4."""

    entry: str
    score: float
    rank: int


class TooFewMarks(ValueError):
    """The rule cannot be applied: `short` says how many marks these entries have, `least` how many each needs."""

    def __init__(self, rule: Rule, short: Mapping[str, int], least: int) -> None:
        super().__init__(f"{rule.value} needs {least} marks of each entry; {len(short)} have fewer")
        self.rule, self.short, self.least = rule, dict(short), least


class NotOneOrder(ValueError):
    """The marks fall into groups which no judge connects: the model does not compare entries of different groups."""

    def __init__(self, components: int) -> None:
        super().__init__(f"the marks fall into {components} groups that cannot be compared")
        self.components = components


def scores(rule: Rule, given: Iterable[Given]) -> dict[str, float]:
    """What the rule gives each entry, unrounded: in points, but for the mean rank, of which the lowest is the best.

    The order of rows and the names of judges change nothing. Raises ValueError if there is no mark, if a mark is no
    number or if a judge marked an entry twice; TooFewMarks where the rule needs more.
    """
    rows = _checked(given)
    if rule is Rule.MODEL:
        return {entry.entry: entry.adjusted for entry in calibrate(rows).entries}
    least = len({row.judge for row in rows}) if rule is Rule.MEAN_RANK else LEAST_MARKS.get(rule, 1)
    short = _with_fewer(rows, least)
    if short:
        raise TooFewMarks(rule, short, least)
    return _mean_ranks(rows) if rule is Rule.MEAN_RANK else _by_entry(rows, MEANS[rule])


def order(rule: Rule, given: Iterable[Given]) -> list[Placed]:
    """The entries from the best on, entries of one rank by name. Raises as `scores`, and NotOneOrder for the model."""
    rows = _checked(given)
    if rule is Rule.MODEL:
        calibration = calibrate(rows)
        if not calibration.has_one_order:
            raise NotOneOrder(calibration.components)
    return placed(scores(rule, rows), is_lowest_best=rule is Rule.MEAN_RANK)


def resting_on_few(rule: Rule, given: Iterable[Given]) -> dict[str, int]:
    """Entries with fewer marks than the rule should have, and how many they have: for a warning beside the order."""
    return _with_fewer(list(given), ADVISED_MARKS.get(rule, 1))


def rankings(given: Iterable[Given]) -> dict[str, dict[str, float]]:
    """Of each judge: the rank of each entry that the judge marked, 1 for the highest mark; equal marks share the middle
    of their places."""
    by_judge: dict[str, dict[str, float]] = defaultdict(dict)
    for row in _checked(given):
        by_judge[row.judge][row.entry] = -row.mark
    return {judge: mid_ranks(marks) for judge, marks in by_judge.items()}


def _checked(given: Iterable[Given]) -> list[Given]:
    rows = sorted(given)
    if not rows:
        raise ValueError("there are no marks")
    if not all(math.isfinite(row.mark) for row in rows):
        raise ValueError("a mark is no number")
    for one, other in pairwise(rows):
        if one[:2] == other[:2]:
            raise ValueError(f"judge {one.judge} marked entry {one.entry} twice")
    return rows


def _with_fewer(rows: Sequence[Given], least: int) -> dict[str, int]:
    counts = Counter(row.entry for row in rows)
    return {entry: count for entry, count in sorted(counts.items()) if count < least}


def _by_entry(rows: Iterable[Given], figure: Callable[[Sequence[float]], float]) -> dict[str, float]:
    marks: dict[str, list[float]] = defaultdict(list)
    for row in rows:
        marks[row.entry].append(row.mark)
    return {entry: figure(found) for entry, found in marks.items()}


def _trimmed(marks: Sequence[float]) -> float:
    """One highest and one lowest mark dropped, the rest averaged; fmean does not depend on the order of marks."""
    return statistics.fmean(sorted(marks)[1:-1])


MEANS: dict[Rule, Callable[[Sequence[float]], float]] = {
    Rule.RAW_MEAN: statistics.fmean,
    Rule.MEDIAN: statistics.median,
    Rule.TRIMMED_MEAN: _trimmed,
}


def _mean_ranks(rows: Sequence[Given]) -> dict[str, float]:
    panel = list(rankings(rows).values())
    return {entry: statistics.fmean(ranks[entry] for ranks in panel) for entry in sorted(panel[0])}


def mid_ranks(values: Mapping[str, float]) -> dict[str, float]:
    """1 for the lowest; equal to 1e-9 is equal, and shares the middle of its places."""
    found = np.array(list(values.values()))
    ordered = np.sort(found)
    below = np.searchsorted(ordered, found - SAME)
    upto = np.searchsorted(ordered, found + SAME, side="right")
    return {name: float(rank) for name, rank in zip(values, (below + upto + 1) / 2, strict=True)}


def placed(found: Mapping[str, float], *, is_lowest_best: bool = False) -> list[Placed]:
    """By rank, entries of one rank by name."""
    names = sorted(found)
    values = np.array([found[name] for name in names])
    ranks = competition_ranks(-values if is_lowest_best else values)
    rows = [Placed(name, found[name], rank) for name, rank in zip(names, ranks, strict=True)]
    return sorted(rows, key=lambda one: (one.rank, one.entry))
