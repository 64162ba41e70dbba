"""Kemeny's and Borda's orders of a panel whose judges all rank the same entries. Pure: standard library and numpy."""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

import numpy as np
from numpy.typing import NDArray

from portal.judging.alternatives import Placed, mid_ranks, placed
from portal.judging.calibration import SAME

Integers = NDArray[np.int64]
Rankings = Mapping[str, Mapping[str, float]]  # of each judge: the rank of each entry, 1 for the best
LARGEST = 16  # entries that can be put into an exact Kemeny order: 65,536 subsets
SHOWN = 24  # orders that are written out where several are optimal


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
    middles = [mid_ranks(ranks) for ranks in panel.values()]
    return placed({entry: math.fsum(len(entries) - ranks[entry] for ranks in middles) for entry in entries})


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
