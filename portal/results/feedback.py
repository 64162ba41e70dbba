"""What an author learns of the marks: every column is one judge's, and nothing tells whose. Pure.

Columns stand in the order of their totals, comments in an order that depends on their words alone. So two portals
that differ only in who the judges are, or in when they read, say the same.
"""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

from portal.contests.models import Names
from portal.i18n import SOURCE
from portal.judging.models import Round
from portal.judging.rules import mean, rubric_total

Points = tuple[int | None, ...]


@dataclass(frozen=True)
class Criterion:
    names: Names
    weight: int

    def name(self, language: str) -> str:
        return self.names.get(language) or self.names[SOURCE]


@dataclass(frozen=True)
class Given:
    """What one judge gave: points in the order of the rubric, and words for the author, empty if they are hidden."""

    round: Round
    points: Points
    comment: str = ""


@dataclass(frozen=True)
class Row:
    criterion: Criterion
    points: list[int | None]  # a column each
    mean: str


@dataclass(frozen=True)
class Marks:
    """One round's marks of one essay. Totals run from 0 to 100."""

    round: Round
    rows: list[Row]
    totals: list[str]
    total: str
    comments: list[str]


def marks(round_: Round, criteria: Sequence[Criterion], given: Iterable[Given], salt: str) -> Marks | None:
    """None if nobody's marks count. `salt` belongs to the essay, and to no judge."""
    columns = sorted((each for each in given if each.round is round_), key=lambda each: _place(criteria, each))
    if not columns:
        return None
    totals = [_total(criteria, each.points) for each in columns]
    rows = [_row(criterion, [each.points[n] for each in columns]) for n, criterion in enumerate(criteria)]
    said = [each.comment.strip() for each in columns if each.comment.strip()]
    return Marks(round_, rows, [shown(each) for each in totals], shown(mean(totals)), shuffled(said, salt))


def _place(criteria: Sequence[Criterion], given: Given) -> tuple[Fraction, tuple[int, ...]]:
    """The highest total first; of equal ones the highest points on the first criterion that differs."""
    return -_total(criteria, given.points), tuple(-(points or 0) for points in given.points)


def _total(criteria: Sequence[Criterion], points: Points) -> Fraction:
    pairs = zip(criteria, points, strict=True)
    given = [(criterion.weight, mark) for criterion, mark in pairs if mark is not None]
    return rubric_total(given) if given else Fraction(0)


def _row(criterion: Criterion, points: list[int | None]) -> Row:
    given = [Fraction(each) for each in points if each is not None]
    return Row(criterion, points, shown(mean(given)) if given else "")


def shuffled(comments: Iterable[str], salt: str) -> list[str]:
    return sorted(comments, key=lambda said: (hashlib.sha256(f"{salt}\n{said}".encode()).hexdigest(), said))


def shown(value: Fraction | float) -> str:
    """Two decimals, half up."""
    exact = Fraction(value)
    decimal = Decimal(exact.numerator) / Decimal(exact.denominator)
    return str(decimal.quantize(Decimal("0.01"), ROUND_HALF_UP))
