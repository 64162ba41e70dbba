"""The figures of a group in words and numbers, for pages."""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from portal.i18n import N_, Lazy, number
from portal.judging import reliability
from portal.judging.bands import published
from portal.judging.reliability import Basis
from portal.standings import pictures, words
from portal.standings.orders import Group, Placed
from portal.standings.pictures import Dots

PAGE = 50
WORST = 0.5  # of a mark's standard deviation: above it judges are hardly compared
NOT_DEFINED, NOT_IDENTIFIED = N_("not defined"), N_("not identified")
BASES: dict[Basis, Lazy] = {
    Basis.MEAN_SQUARES: N_("It is reckoned from the mean squares of a table in which every judge marked every essay."),
    Basis.COMPONENTS: N_("It is reckoned from the variance components, since not every judge marked every essay."),
}


@dataclass(frozen=True)
class Figure:
    """`is_bad` is said in words too."""

    name: Lazy
    value: str
    meaning: str
    is_bad: bool = False


@dataclass(frozen=True)
class Part:
    """A page of one component's order; `following` is the number of the row that the next page begins with."""

    number: int
    order: list[Placed]
    rows: list[Placed]
    start: int
    following: int | None
    dots: Dots


@dataclass(frozen=True)
class Sheet:
    """All that the page shows of a group; `number` is its place on the page, from 1 on."""

    number: int
    group: Group
    start: int = 1

    @cached_property
    def parts(self) -> list[Part]:
        return [_part(self.group, n, order, self.start) for n, order in enumerate(self.group.components, 1)]

    @cached_property
    def figures(self) -> list[Figure]:
        return [*_reliability(self.group), *_variances(self.group)]

    @property
    def marks(self) -> int:
        return len(self.group.pool.marks)


def _part(group: Group, number: int, order: list[Placed], start: int) -> Part:
    following = start + PAGE if len(order) >= start + PAGE else None
    rows = order[start - 1 : start - 1 + PAGE]
    return Part(number, order, rows, start, following, pictures.dots(group, order))


def shown(value: float | None, missing: Lazy = NOT_IDENTIFIED) -> str:
    """Two decimals, half up, or why there is none."""
    return str(missing) if value is None or not math.isfinite(value) else number(float(published(value)), 2)


def percent(chance: float | None) -> str:
    return str(NOT_IDENTIFIED) if chance is None else f"{number(100 * chance)} %"


def _reliability(group: Group) -> Iterator[Figure]:
    found = reliability.figures(group.pool.given, group.calibration)
    consistency, agreement = shown(found.icc.consistency, NOT_DEFINED), shown(found.icc.agreement, NOT_DEFINED)
    yield Figure(words.ALPHA, shown(found.alpha, NOT_DEFINED), str(words.MEANINGS[words.ALPHA]))
    yield Figure(words.CONSISTENCY, consistency, _joined(words.MEANINGS[words.CONSISTENCY], BASES[found.basis]))
    yield Figure(words.AGREEMENT, agreement, str(words.MEANINGS[words.AGREEMENT]))
    yield Figure(words.SEPARATION, shown(found.separation), str(words.MEANINGS[words.SEPARATION]))
    worst = group.calibration.worst_contrast
    is_bad = len(group.calibration.judges) > 1 and not worst <= WORST
    told = _joined(words.MEANINGS[words.CONTRAST], *([words.BADLY_COMPARED] if is_bad else []))
    yield Figure(words.CONTRAST, shown(worst), told, is_bad)


def _variances(group: Group) -> Iterator[Figure]:
    known = group.calibration.variance
    for name, value in (
        (words.OF_ESSAYS, known.entry),
        (words.OF_JUDGES, known.judge),
        (words.OF_MARKS, known.residual),
    ):
        yield Figure(name, shown(value), str(words.MEANINGS[name]))
    is_finite = math.isfinite(known.ratio)
    whence = words.PRIOR if known.is_prior else words.ESTIMATED
    strength = number(float(published(known.ratio)), 2) if is_finite else str(words.WITHOUT_END)
    told = _joined(words.MEANINGS[words.LAMBDA], whence if is_finite else words.NO_DIFFERENCE)
    yield Figure(words.LAMBDA, strength, told)


def _joined(*sentences: Lazy) -> str:
    return " ".join(str(sentence) for sentence in sentences)
