"""Who sees which numbers how exactly, how they add up, and in which class of the map a region is. Pure."""

import uuid
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import NamedTuple

from portal.accounts.viewer import Viewer
from portal.contests import rules as contests
from portal.contests.models import Edition
from portal.registry.models import Country, Government
from portal.statistics.words import OF_CALLS, OF_EDITIONS, OPEN, PUBLIC, Measure

FEW = 2  # so many people of a region, or fewer, are not told apart in public
# The shades of one to five classes, of the five there are: two classes lie far apart.
SHADES = {1: (4,), 2: (2, 5), 3: (1, 3, 5), 4: (1, 2, 4, 5), 5: (1, 2, 3, 4, 5)}
CLASSES = 5
# What can be chosen to be counted: all calls or editions, or one by its slug.
ALL_CALLS, ALL_EDITIONS = "calls", "editions"
ONE_CALL, ONE_EDITION = f"{ALL_CALLS}.", f"{ALL_EDITIONS}."


# Who sees what


def sees_all(viewer: Viewer) -> bool:
    return viewer.is_secretary or viewer.is_auditor


def may_see(viewer: Viewer, edition: Edition, *, is_public: bool) -> bool:
    """Until its results are public, who judges an edition learns nothing of it here: where few essays come from a
    region, their number already tells who wrote them."""
    return is_public or contests.oversees(viewer, edition)


def measures(viewer: Viewer, wanted: str) -> list[Measure]:
    """The columns of the table, for what was chosen to be counted."""
    without = OF_CALLS if wanted.startswith(ALL_EDITIONS) else OF_EDITIONS if wanted.startswith(ALL_CALLS) else ()
    return [each for each in Measure if each not in without and (sees_all(viewer) or each in PUBLIC)]


def named(measures: Iterable[Measure], wanted: str) -> Measure | None:
    """The one that is called so, if it is one of these."""
    return next((each for each in measures if each.value == wanted), None)


# Numbers


@dataclass(frozen=True, order=True)
class Figure:
    """A number of which it may only be known that it is neither less nor more than this."""

    least: int = 0
    most: int = 0

    def __add__(self, other: "Figure") -> "Figure":
        return Figure(self.least + other.least, self.most + other.most)

    @property
    def is_exact(self) -> bool:
        return self.least == self.most


NONE = Figure()


def coarse(number: int) -> Figure:
    """A number of people as everybody may see it."""
    return Figure(1, FEW) if 0 < number <= FEW else Figure(number, number)


class Cell(NamedTuple):
    """What is counted together: a call or an edition, a region, a measure."""

    programme_id: uuid.UUID
    government_id: uuid.UUID
    measure: Measure


@dataclass(frozen=True)
class Line:
    """The numbers of a region; without one, of several together."""

    home: Government | None
    figures: Mapping[Measure, Figure] = field(default_factory=dict)

    def figure(self, measure: Measure) -> Figure:
        return self.figures.get(measure, NONE)

    @property
    def is_empty(self) -> bool:
        return not any(figure.most for figure in self.figures.values())


def lines(homes: Iterable[Government], counted: Mapping[Cell, int], exactly: Collection[uuid.UUID]) -> list[Line]:
    """One a region, in the order given. What is not counted `exactly` is made coarse cell by cell, and only then
    added up: so no sum, and no difference of two sums, tells what a cell keeps to itself."""
    by_home: dict[uuid.UUID, dict[Measure, Figure]] = {}
    for cell, number in counted.items():
        figures = by_home.setdefault(cell.government_id, {})
        figures[cell.measure] = figures.get(cell.measure, NONE) + _figure(cell, number, exactly)
    return [Line(home, by_home.get(home.id, {})) for home in homes]


def _figure(cell: Cell, number: int, exactly: Collection[uuid.UUID]) -> Figure:
    is_exact = cell.programme_id in exactly or cell.measure in OPEN
    return Figure(number, number) if is_exact else coarse(number)


def total(lines: Iterable[Line]) -> Line:
    lines = list(lines)
    return Line(None, {each: sum((line.figure(each) for line in lines), NONE) for each in Measure})


def by_country(lines: Sequence[Line]) -> dict[Country, Line]:
    countries = dict.fromkeys(line.home.country for line in lines if line.home)
    return {code: total(line for line in lines if line.home and line.home.country is code) for code in countries}


def in_order(lines: Sequence[Line], measure: Measure | None) -> list[Line]:
    """The largest first; the given order breaks ties, and is kept without a measure."""
    return sorted(lines, key=lambda line: line.figure(measure), reverse=True) if measure else list(lines)


# The map


class Class(NamedTuple):
    """Regions of one shade, and the numbers that they lie between, both included."""

    shade: int
    least: int
    most: int


def classes(figures: Iterable[Figure]) -> list[Class]:
    """At most five, with about as many regions in each (quantiles); equal numbers are never parted. 0 has no class."""
    found = sorted(figure for figure in figures if figure.most)
    ends = sorted({found[(len(found) * n - 1) // CLASSES].least for n in range(1, CLASSES + 1)} if found else ())
    shades = SHADES.get(len(ends), ())
    return [_class(shade, *bounds, found) for shade, bounds in zip(shades, pairwise([0, *ends]), strict=True)]


def _class(shade: int, above: int, end: int, found: Iterable[Figure]) -> Class:
    inside = [figure for figure in found if above < figure.least <= end]
    return Class(shade, inside[0].least, max(figure.most for figure in inside))


def shade(figure: Figure, found: Sequence[Class]) -> int:
    """0 for none."""
    return max((each.shade for each in found if figure.most and figure.least >= each.least), default=0)
