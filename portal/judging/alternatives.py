"""Rules that an edition may demand instead of the model: means, medians, ranks; Kemeny and Borda for panels that rank.

Pure: standard library and numpy. What each rule does when marks are few: docs/decisions/other-rules-of-order.md.
"""

import enum
import math
import statistics
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice, pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from portal.judging.calibration import SAME, Given, calibrate, competition_ranks

Integers = NDArray[np.int64]
Rankings = Mapping[str, Mapping[str, float]]  # of each judge: the rank of each entry, 1 for the best
LARGEST = 16  # entries that can be put into an exact Kemeny order: 65,536 subsets
SHOWN = 24  # orders that are written out where several are optimal


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
    rows = list(given)
    if rule is Rule.MODEL:
        calibration = calibrate(rows)
        if not calibration.has_one_order:
            raise NotOneOrder(calibration.components)
    return _placed(scores(rule, rows), is_lowest_best=rule is Rule.MEAN_RANK)


def resting_on_few(rule: Rule, given: Iterable[Given]) -> dict[str, int]:
    """Entries with fewer marks than the rule should have, and how many they have: for a warning beside the order."""
    return _with_fewer(list(given), ADVISED_MARKS.get(rule, 1))


def rankings(given: Iterable[Given]) -> dict[str, dict[str, float]]:
    """Of each judge: the rank of each entry that the judge marked, 1 for the highest mark; equal marks share the middle
    of their places."""
    by_judge: dict[str, dict[str, float]] = defaultdict(dict)
    for row in _checked(given):
        by_judge[row.judge][row.entry] = -row.mark
    return {judge: _mid_ranks(marks) for judge, marks in by_judge.items()}


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


def _mid_ranks(values: Mapping[str, float]) -> dict[str, float]:
    """1 for the lowest; equal to 1e-9 is equal, and shares the middle of its places."""
    found = np.array(list(values.values()))
    ordered = np.sort(found)
    below = np.searchsorted(ordered, found - SAME)
    upto = np.searchsorted(ordered, found + SAME, side="right")
    return {name: float(rank) for name, rank in zip(values, (below + upto + 1) / 2, strict=True)}


def _placed(found: Mapping[str, float], *, is_lowest_best: bool = False) -> list[Placed]:
    names = sorted(found)
    values = np.array([found[name] for name in names])
    ranks = competition_ranks(-values if is_lowest_best else values)
    placed = [Placed(name, found[name], rank) for name, rank in zip(names, ranks, strict=True)]
    return sorted(placed, key=lambda one: (one.rank, one.entry))


# Final panels that rank


@dataclass(frozen=True)
class Kemeny:
    """The orders that contradict the judges least: the first SHOWN of them by name, and how many there are in all.

    `disagreements` counts, over all pairs of entries, the judges who put them the other way round.
    """

    orders: tuple[tuple[str, ...], ...]
    optima: int
    disagreements: int


def kemeny(panel: Rankings, *, shown: int = SHOWN) -> Kemeny:
    """Kemeny's orders of entries that all judges ranked; a judge who ties two says nothing about that pair.

    Exact, by dynamic programming over subsets: O(2^n n) steps and 2^n n whole numbers for n entries, at most 16.
    Raises ValueError for more, for no judges, for different entries or for a rank that is no number.
    Source: J. G. Kemeny, Daedalus 88 (1959), 577-591; M. Held & R. M. Karp, J. SIAM 10 (1962), 196-210, for the steps.
    """
    entries = _ranked(panel)
    if len(entries) > LARGEST:
        raise ValueError(f"an exact Kemeny order is found for at most {LARGEST} entries, not {len(entries)}")
    costs = _costs_of_leading(_against(panel, entries))
    least, optima = _least(costs)
    orders = islice(_optimal(costs, least, len(least) - 1), shown)
    named = tuple(tuple(entries[item] for item in found) for found in orders)
    return Kemeny(named, int(optima[-1]), int(least[-1]))


def borda(panel: Rankings) -> list[Placed]:
    """Borda's order: from each judge an entry gets a point for every entry ranked below it, half for every one tied.

    Raises ValueError for no judges, for different entries or for a rank that is no number.
    """
    entries = _ranked(panel)
    middles = [_mid_ranks(ranks) for ranks in panel.values()]
    return _placed({entry: math.fsum(len(entries) - ranks[entry] for ranks in middles) for entry in entries})


def _ranked(panel: Rankings) -> list[str]:
    """The entries, in the order of their names."""
    entries = sorted(next(iter(panel.values()), ()))
    if not entries:
        raise ValueError("there are no rankings")
    for judge, ranks in panel.items():
        if sorted(ranks) != entries:
            raise ValueError(f"judge {judge} did not rank the same entries as the others")
        if not all(math.isfinite(rank) for rank in ranks.values()):
            raise ValueError(f"judge {judge} gave a rank that is no number")
    return entries


def _against(panel: Rankings, entries: Sequence[str]) -> Integers:
    """n x n: how many judges put the entry of the column before that of the row."""
    ranks = np.array([[found[entry] for entry in entries] for found in panel.values()])
    return np.asarray((ranks[:, None, :] < ranks[:, :, None] - SAME).sum(axis=0), dtype=np.int64)


def _costs_of_leading(against: Integers) -> Integers:
    """n x 2^n: the disagreements if an entry is put before all of a set, a bit for each entry of the set."""
    costs = np.zeros((len(against), 1), dtype=np.int64)
    for item in range(len(against)):
        costs = np.concatenate([costs, costs + against[:, item : item + 1]], axis=1)
    return costs


def _least(costs: Integers) -> tuple[Integers, Integers]:
    """For each set: the fewest disagreements within it, and the number of its orders that have so few.

    Sets are taken by size, since the best order of a set is a first entry and a best order of the rest. 16! fits.
    """
    items = len(costs)
    sets = np.arange(1 << items)
    sizes = sum((sets >> item) & 1 for item in range(items))
    least, optima = np.zeros(len(sets), dtype=np.int64), np.zeros(len(sets), dtype=np.int64)
    optima[0] = 1
    for size in range(1, items + 1):
        here = sets[sizes == size]
        ways = np.array([_led_by(item, here, costs, least) for item in range(items)])
        least[here] = ways.min(axis=0)
        rests = np.array([optima[here & ~(1 << item)] for item in range(items)])
        optima[here] = np.where(ways == least[here], rests, 0).sum(axis=0)
    return least, optima


def _led_by(item: int, sets: Integers, costs: Integers, least: Integers) -> Integers:
    """The fewest disagreements within each set if this entry comes first; more than any where it is not in the set."""
    rest = sets & ~(1 << item)
    return np.where(rest == sets, np.iinfo(np.int64).max, least[rest] + costs[item, rest])


def _optimal(costs: Integers, least: Integers, left: int) -> Iterator[tuple[int, ...]]:
    """All optimal orders of a set, the lowest entry first; each step is part of one, so that none is given up."""
    if left == 0:
        yield ()
    for item in range(len(costs)):
        rest = left & ~(1 << item)
        if rest != left and least[rest] + costs[item, rest] == least[left]:
            yield from ((item, *more) for more in _optimal(costs, least, rest))
