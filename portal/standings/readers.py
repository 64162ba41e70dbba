"""How each judge of a group marks: severity, agreement with the others, pace, drift, halo. Pure."""

import datetime as dt
import statistics
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from portal.judging import agreement, bias
from portal.judging.calibration import Judge
from portal.standings.orders import Group, Marked

INFIT = (0.5, 1.5)  # outside it a judge is watched
HALO = 0.9  # above it one impression colours all criteria
ENOUGH = 10  # marks of a judge; with fewer such figures say nothing


@dataclass(frozen=True)
class Reader:
    """A judge in a group. `minutes` is the median from opening an essay to submitting its marks; `drift` the mean
    severity in the first, middle and last third of what was submitted. None: not identified, or too few marks."""

    judge: Judge
    minutes: float | None
    drift: tuple[float, float, float] | None
    halo: float | None
    spreads_apart: bool

    @property
    def is_noisy(self) -> bool:
        return self._is_known(self.judge.infit) and (self.judge.infit or 0.0) > INFIT[1]

    @property
    def is_muted(self) -> bool:
        return self._is_known(self.judge.infit) and (self.judge.infit or 0.0) < INFIT[0]

    @property
    def has_halo(self) -> bool:
        return self._is_known(self.halo) and (self.halo or 0.0) > HALO

    def _is_known(self, figure: float | None) -> bool:
        return figure is not None and self.judge.marks >= ENOUGH


def readers(group: Group) -> list[Reader]:
    """From the strictest on; those whose severity is not identified last."""
    marks: dict[str, list[Marked]] = defaultdict(list)
    for mark in sorted(group.pool.marks, key=lambda mark: (mark.locked_at, mark.essay)):
        marks[mark.judge].append(mark)
    apart = {judge.judge for judge in bias.unequal(group.calibration.judges)}
    found = [_reader(group, judge, marks[judge.judge], judge.judge in apart) for judge in group.calibration.judges]
    return sorted(found, key=_strictest_first)


def _strictest_first(reader: Reader) -> tuple[bool, float, str]:
    severity = reader.judge.severity
    return severity is None, -(severity or 0.0), reader.judge.judge


def _reader(group: Group, judge: Judge, marks: Sequence[Marked], spreads_apart: bool) -> Reader:
    columns = list(zip(*(mark.points for mark in marks), strict=True))
    return Reader(judge, _minutes(marks), _drift(group, judge, marks), agreement.halo(columns), spreads_apart)


def _minutes(marks: Sequence[Marked]) -> float | None:
    taken = [mark.locked_at - mark.opened_at for mark in marks if mark.opened_at and mark.opened_at <= mark.locked_at]
    return statistics.median(each / dt.timedelta(minutes=1) for each in taken) if taken else None


def _drift(group: Group, judge: Judge, marks: Sequence[Marked]) -> tuple[float, float, float] | None:
    if judge.severity is None:
        return None
    severities = group.calibration.severities(judge.judge)
    return agreement.drift([severities[mark.essay] for mark in marks])
