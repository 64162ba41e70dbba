"""Two pictures as plain numbers, drawn by `templates/standings/_pictures.html`. Pure. Lengths are units of the drawing.

Shapes say what colours say: a mark is a stroke, a score a dot, an interval a bar, the line of the award is dashed.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from portal.judging.calibration import Judge
from portal.standings.orders import Group, Placed
from portal.standings.readers import Reader

WIDTH, LEFT, RIGHT = 680.0, 104.0, 16.0
ROW, TOP = 24.0, 34.0
CERTAIN = 1.96
BESIDE = 15  # essays on either side of the line
STEPS = (1, 2, 5, 10, 20, 25)  # between lines of the scale
LINES = 8  # of the scale, at most


@dataclass(frozen=True)
class Scale:
    """From `low` to `high` points, with lines at `ticks`."""

    low: float
    high: float
    ticks: tuple[int, ...]

    @classmethod
    def of(cls, values: Sequence[float]) -> "Scale":
        """Whole steps around the values, within 0 to 100 as far as these are."""
        least, most = min(values), max(values)
        step = next((each for each in STEPS if (most - least) / each <= LINES - 2), STEPS[-1])
        low, high = math.floor(least / step) * step, math.ceil(most / step) * step
        high = high if high > low else low + step
        return cls(low, high, tuple(range(low, high + 1, step)))

    def at(self, value: float) -> float:
        share = (value - self.low) / (self.high - self.low)
        return round(LEFT + min(1.0, max(0.0, share)) * (WIDTH - LEFT - RIGHT), 1)


@dataclass(frozen=True)
class Bar:
    """From where to where an interval reaches, and where its middle lies."""

    begin: float
    middle: float
    end: float

    @classmethod
    def around(cls, scale: Scale, middle: float, error: float | None) -> "Bar":
        half = CERTAIN * (error or 0.0)
        return cls(scale.at(middle - half), scale.at(middle), scale.at(middle + half))


@dataclass(frozen=True)
class Strip:
    """A judge's marks; `level` is the mark that this judge is expected to give an essay of the middle."""

    reader: Reader
    top: float
    marks: tuple[float, ...]
    level: Bar | None


@dataclass(frozen=True)
class Strips:
    scale: Scale
    rows: tuple[Strip, ...]
    middle: float  # where a judge who is neither strict nor lenient would lie

    @property
    def height(self) -> float:
        return TOP + ROW * len(self.rows) + 8


def strips(group: Group, readers: Sequence[Reader]) -> Strips:
    scores = [placed.adjusted for placed in group.order]
    level = math.fsum(scores) / len(scores)
    marks: dict[str, set[float]] = {}
    for mark in group.pool.marks:
        marks.setdefault(mark.judge, set()).add(round(mark.total, 1))
    ends = [end for reader in readers for end in _ends(level, reader.judge)]
    scale = Scale.of([*(each for found in marks.values() for each in found), *ends])
    rows = tuple(
        Strip(
            reader, TOP + ROW * number, tuple(scale.at(each) for each in sorted(marks[reader.judge.judge])),
            _level(scale, level, reader.judge),
        )
        for number, reader in enumerate(readers)
    )  # fmt: skip
    return Strips(scale, rows, scale.at(level))


def _level(scale: Scale, level: float, judge: Judge) -> Bar | None:
    return None if judge.severity is None else Bar.around(scale, level - judge.severity, judge.standard_error)


def _ends(level: float, judge: Judge) -> tuple[float, ...]:
    if judge.severity is None:
        return (level,)
    half = CERTAIN * (judge.standard_error or 0.0)
    return (level - judge.severity - half, level - judge.severity + half)


@dataclass(frozen=True)
class Dot:
    placed: Placed
    top: float
    score: Bar
    is_in_band: bool


@dataclass(frozen=True)
class Dots:
    """`line` is where the dashed line runs between two rows; `left_above` and `left_below` are not drawn."""

    scale: Scale
    rows: tuple[Dot, ...]
    line: float | None
    left_above: int
    left_below: int

    @property
    def height(self) -> float:
        return TOP + ROW * len(self.rows) + 8


def dots(group: Group, order: Sequence[Placed]) -> Dots:
    """One component's essays around the line, or the first ones where there is no line."""
    line = min(group.line, len(order)) if group.has_one_order else 0
    begin, end = max(0, line - BESIDE), min(len(order), max(line, BESIDE) + BESIDE)
    shown = order[begin:end]
    half = [CERTAIN * (one.standard_error or 0.0) for one in shown]
    scale = Scale.of([one.adjusted + sign * by for one, by in zip(shown, half, strict=True) for sign in (-1, 1)])
    rows = tuple(
        Dot(one, TOP + ROW * n, Bar.around(scale, one.adjusted, one.standard_error), one.code in group.band)
        for n, one in enumerate(shown)
    )
    drawn = TOP + ROW * (line - begin) if 0 < line < len(order) else None
    return Dots(scale, rows, drawn, begin, len(order) - end)
