"""Whether judges favour their own, what happens without a judge, and judges who spread their marks unequally. Pure.

"Own" is whatever the caller says of an entry and a judge: the same government, country, language.
"""

import statistics
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from portal.judging.calibration import SAME, Calibration, Entry, Given, Judge
from portal.judging.student import Effect, around, welch

Array = NDArray[np.float64]
Own = Callable[[str, str], bool] | Collection[tuple[str, str]]
ENOUGH = 15  # marks from which a judge's spread says something
TWICE = 2.0


@dataclass(frozen=True)
class Audit:
    """Over all judges, and of each judge, by name."""

    overall: Effect
    judges: Mapping[str, Effect]


def own(given: Iterable[Given], is_own: Own) -> Audit:
    """How much higher judges mark their own than other entries, each mark measured by the others of the same entry.

    A mark's deviation is taken from the mean of the other judges' marks of the entry, those left out whose own it is
    as well: they would hide a favour, or cast it as severity on somebody else. A mark beside no such other says nothing
    and is not counted. Then Welch's t of the deviations on own against other entries. Without the model: severity of
    judges is in the overall figure in so far as severe judges have fewer of their own; `modelled` takes it off.
    """
    deviations = _deviations(sorted(given), _asking(is_own))
    names = sorted({judge for judge, _is_own, _deviation in deviations})
    return Audit(
        _compared(deviations), {name: _compared([one for one in deviations if one[0] == name]) for name in names}
    )


def _asking(is_own: Own) -> Callable[[str, str], bool]:
    return is_own if callable(is_own) else lambda entry, judge: (entry, judge) in is_own


Deviation = tuple[str, bool, float]


def _deviations(rows: Iterable[Given], is_own: Callable[[str, str], bool]) -> list[Deviation]:
    by_entry: dict[str, list[tuple[Given, bool]]] = defaultdict(list)
    for row in rows:
        by_entry[row.entry].append((row, is_own(row.entry, row.judge)))
    return [found for marked in by_entry.values() for found in _from_others(marked)]


def _from_others(marked: Sequence[tuple[Given, bool]]) -> Iterable[Deviation]:
    for row, of_own in marked:
        others = [other.mark for other, favours in marked if other.judge != row.judge and not favours]
        if others:
            yield row.judge, of_own, row.mark - statistics.fmean(others)


def _compared(deviations: Sequence[Deviation]) -> Effect:
    return welch(
        *([deviation for _judge, of_own, deviation in deviations if of_own is wanted] for wanted in (True, False))
    )


def modelled(given: Iterable[Given], is_own: Own, *, ratio: float) -> Effect:
    """The effect d of y_ij = a_i + b_j + d [own] + e_ij: entries fixed, judges shrunk at `ratio` (that of the
    calibration; 0: judges fixed, infinite: judges do not differ).

    Only entries with two marks or more say anything, and only their marks are counted. None where fewer than two marks
    are on either side, or where d cannot be told from entries and judges. The interval is by Student's t on the degrees
    of freedom that entries, d and, at ratio 0, judges leave; that `ratio` itself is estimated is not in it.
    """
    rows = _marked_twice(given)
    asks = _asking(is_own)
    same = np.array([float(asks(row.entry, row.judge)) for row in rows])
    n_own, n_other = int(same.sum()), len(same) - int(same.sum())
    if min(n_own, n_other) < 2:
        return Effect(n_own, n_other)
    return _fitted(_Design.of(rows, same), n_own, n_other, ratio)


def _marked_twice(given: Iterable[Given]) -> list[Given]:
    counts: dict[str, int] = defaultdict(int)
    rows = sorted(given)
    for row in rows:
        counts[row.entry] += 1
    return [row for row in rows if counts[row.entry] > 1]


@dataclass(frozen=True)
class _Design:
    """Marks, [own] and judges (a column each), all as deviations from their mean over an entry; judges' columns turned
    to the eigenvectors of their Laplacian, of which `values` are the eigenvalues."""

    marks: Array
    same: Array
    judges: Array
    values: Array
    freedom: int

    @classmethod
    def of(cls, rows: Sequence[Given], same: Array) -> "_Design":
        entries, entry = np.unique([row.entry for row in rows], return_inverse=True)
        names, judge = np.unique([row.judge for row in rows], return_inverse=True)
        table = np.column_stack([[row.mark for row in rows], same, judge[:, None] == np.arange(len(names))]).astype(
            float
        )
        sums = np.zeros((len(entries), table.shape[1]))
        np.add.at(sums, entry, table)
        table -= (sums / np.bincount(entry)[:, None])[entry]
        judges = table[:, 2:]
        values, vectors = np.linalg.eigh(judges.T @ judges)
        values = np.where(values > SAME * max(1.0, values[-1]), values, 0.0)
        return cls(table[:, 0], table[:, 1], judges @ vectors, values, len(rows) - len(entries))


def _fitted(design: _Design, n_own: int, n_other: int, ratio: float) -> Effect:
    reached = design.values + ratio
    used = (design.values > 0) & np.isfinite(reached)
    weights = np.divide(1.0, reached, out=np.zeros_like(reached), where=used)

    def product(one: Array, other: Array) -> float:
        """one' P other, P = I - Z (Z'Z + lam I)^-1 Z'."""
        return float(one @ other - (design.judges.T @ one * weights) @ (design.judges.T @ other))

    known = product(design.same, design.same)
    freedom = design.freedom - 1 - (int(used.sum()) if ratio == 0 else 0)
    if known <= SAME:
        return Effect(n_own, n_other)
    effect = product(design.same, design.marks) / known
    if freedom < 1:
        return Effect(n_own, n_other, effect)
    left = max(0.0, product(design.marks, design.marks) - effect**2 * known)
    return around(n_own, n_other, effect, float(np.sqrt(left / freedom / known)), freedom)


# The removal of a judge


def without(given: Iterable[Given], judge: str) -> list[Given]:
    """The marks of the others."""
    return [row for row in given if row.judge != judge]


@dataclass(frozen=True)
class Moved:
    """An entry in both orders; `after` is None for one that has no mark left, and is thus not in the second.

    Ranks are those of the calibrations: within a component where there are several, and then nobody is said to be
    among the best: `was_top` and `is_top` are None.
    """

    entry: str
    before: Entry | None
    after: Entry | None
    was_top: bool | None
    is_top: bool | None

    @property
    def rank_before(self) -> int | None:
        return None if self.before is None else self.before.rank

    @property
    def rank_after(self) -> int | None:
        return None if self.after is None else self.after.rank

    @property
    def crosses(self) -> bool:
        """The line of the award, in either direction."""
        return None not in (self.was_top, self.is_top) and self.was_top is not self.is_top


def compare(before: Calibration, after: Calibration, top: int) -> list[Moved]:
    """Both orders side by side, in the order before; entries that are only in the second come last, by their rank."""
    was, now = ({entry.entry: entry for entry in each.entries} for each in (before, after))
    moved = [
        Moved(
            name, was.get(name), now.get(name), _is_top(was.get(name), before, top), _is_top(now.get(name), after, top)
        )
        for name in {**was, **now}
    ]
    return sorted(moved, key=lambda one: (*_last_without(one.rank_before), *_last_without(one.rank_after), one.entry))


def _last_without(rank: int | None) -> tuple[bool, int]:
    return rank is None, rank or 0


def _is_top(entry: Entry | None, calibration: Calibration, top: int) -> bool | None:
    if not calibration.has_one_order:
        return None
    return entry is not None and entry.rank <= top


# Unequal spread


def unequal(judges: Iterable[Judge]) -> list[Judge]:
    """The fewest judges without whom no spread is more than twice another, from the narrowest on; marks are not
    rescaled for it.

    Only judges with 15 marks or more are looked at. Where several choices leave out as few, all that any of them leaves
    out are named: of two judges that differ, both.
    """
    looked = sorted(
        (judge.spread, judge.judge, judge) for judge in judges if judge.spread is not None and judge.marks >= ENOUGH
    )
    found = [judge for _spread, _name, judge in looked]
    spreads = np.array([spread for spread, _name, _judge in looked])
    ends = np.searchsorted(spreads, TWICE * spreads + SAME, side="right")
    lengths = ends - np.arange(len(spreads))
    kept = set(range(len(found)))
    for start in np.flatnonzero(lengths == lengths.max(initial=0)):
        kept &= set(range(start, ends[start]))
    return [judge for n, judge in enumerate(found) if n not in kept]
