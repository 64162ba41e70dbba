"""Training judges on anchor essays: what may be changed when, and how marks compare. Pure.

Training marks are for the judges' own calibration and for those who look after them; no order ever reads them.
"""

from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from statistics import median
from typing import NamedTuple

from portal.accounts.viewer import Viewer
from portal.contests.models import Edition
from portal.contests.rules import may_see_essays
from portal.judging import rules as judging
from portal.judging.words import Progress

ANCHORS = 20  # of an edition; a judge marks those in the languages they read


class Spread(NamedTuple):
    """What others gave on one criterion."""

    lowest: int
    median: float
    highest: int
    number: int


class Pair(NamedTuple):
    """The points that a judge gave on a criterion and those it should earn."""

    own: int
    reference: int


def may_see(viewer: Viewer, edition: Edition) -> bool:
    return may_see_essays(viewer, edition)


def may_write(viewer: Viewer, edition: Edition) -> bool:
    return judging.may_appoint(viewer, edition)


def spread(points: Iterable[int]) -> Spread | None:
    """None of nothing."""
    given = sorted(points)
    return Spread(given[0], median(given), given[-1], len(given)) if given else None


def deviation(pairs: Sequence[Pair]) -> Fraction | None:
    """How far from the reference the points are on average, up or down."""
    return Fraction(sum(abs(own - reference) for own, reference in pairs), len(pairs)) if pairs else None


def severity(pairs: Sequence[Pair]) -> Fraction | None:
    """By how many points less than the reference a judge gives on average: positive for a strict one."""
    return Fraction(sum(reference - own for own, reference in pairs), len(pairs)) if pairs else None


def pairs(own: Mapping[int, int], reference: Mapping[str, int]) -> list[Pair]:
    """By the criterion's position; a criterion without a reference is left out."""
    return [Pair(points, reference[str(at)]) for at, points in sorted(own.items()) if str(at) in reference]


def progress(*, is_locked: bool, marks: int) -> Progress:
    return judging.progress(is_locked=is_locked, marks=marks)
