"""The order of a comparison group by an edition's rule, with the recommended one beside it. Pure.

Entries are essays' codes, judges their five signs. Every entry of `order` stands in its component; ranks over the whole
group there are only where marks connect all of it.
"""

import datetime as dt
import math
import statistics
import uuid
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache

from portal.contests.models import Names, OrderRule
from portal.judging import alternatives, bands, calibration, consensus
from portal.judging.alternatives import Rule
from portal.judging.calibration import Calibration, Entry, Given

Scores = dict[str, float]
Ranks = dict[str, int]
MOST_OPTIMA = 5_000  # Kemeny orders that are looked through
POINTS = frozenset({OrderRule.MODEL, OrderRule.RAW_MEAN, OrderRule.MEDIAN, OrderRule.TRIMMED_MEAN})


@dataclass(frozen=True)
class Marked:
    """What a judge submitted on an essay: the total of 0 to 100, and points in the order of the criteria."""

    essay_id: uuid.UUID
    essay: str
    judge: str
    total: float
    points: tuple[int | None, ...]
    opened_at: dt.datetime | None
    locked_at: dt.datetime


@dataclass(frozen=True)
class Pool:
    """Essays that are compared with each other, and all marks of theirs that count.

    `criteria` are the places of the criteria in `Marked.points`, the heaviest first; `essays` are codes with ids.
    """

    category_id: uuid.UUID
    category: Names
    language: str
    line: int
    essays: Mapping[str, uuid.UUID]
    marks: Sequence[Marked]
    criteria: Sequence[int]

    @cached_property
    def given(self) -> list[Given]:
        return [Given(mark.essay, mark.judge, mark.total) for mark in self.marks]

    @property
    def unmarked(self) -> list[str]:
        marked = {mark.essay for mark in self.marks}
        return sorted(code for code in self.essays if code not in marked)


class Refused(ValueError):
    """Why a rule gives no order: a key of `words.REFUSALS`, and the number that its sentence names."""

    def __init__(self, why: str, number: int = 0) -> None:
        super().__init__(why)
        self.why, self.number = why, number


@dataclass(frozen=True)
class Placed:
    """An essay in its group's order. `rank` is by the edition's rule, over the whole group: None where no one order
    connects the group, or the rule is refused. `place` is the rank within its `component`, from 1 on, by the rule, or,
    if that is refused, by the model. `recommended` is the model's rank over the group. `score` is by the rule (None if
    refused): points, but a place or a sum of points for rules that rank."""

    essay_id: uuid.UUID
    code: str
    rank: int | None
    score: float | None
    adjusted: float
    raw_mean: float
    standard_error: float | None
    p_top: float | None
    marks: int
    component: int
    place: int
    recommended: int | None
    ranks: tuple[int, int] | None


@dataclass(frozen=True)
class Group:
    """`band` are the codes that go to the jury together; `refused` says why the edition's rule gives no order;
    `optima` is how many Kemeny orders there are."""

    category_id: uuid.UUID
    category: Names
    language: str
    line: int
    calibration: Calibration
    order: list[Placed]
    band: frozenset[str]
    rule: OrderRule
    pool: Pool = field(repr=False)
    refused: Refused | None = None
    optima: int | None = None

    @property
    def components(self) -> list[list[Placed]]:
        """The parts that are compared, each in its order."""
        found: dict[int, list[Placed]] = defaultdict(list)
        for placed in self.order:
            found[placed.component].append(placed)
        return [found[number] for number in sorted(found)]

    @property
    def has_one_order(self) -> bool:
        return self.calibration.has_one_order


@dataclass(frozen=True)
class Said:
    """What a rule says: scores, of which the highest is first unless `is_lowest_best`."""

    scores: Scores
    is_lowest_best: bool = False
    optima: int | None = None

    @property
    def descending(self) -> Scores:
        return {code: -score for code, score in self.scores.items()} if self.is_lowest_best else self.scores


def settle(pool: Pool, rule: OrderRule, seed: int) -> Group:
    """The order of a pool that has marks."""
    found = _calibrated(tuple(pool.given), max(1, pool.line), seed)
    model = Said({entry.entry: entry.adjusted for entry in found.entries})
    refused, said = None, model
    try:
        said = model if rule is OrderRule.MODEL else said_by(rule, pool.given)
    except Refused as error:
        refused = error
    criteria = _criteria(pool)
    recommended, places = _places(found, model, criteria), _places(found, said, criteria)
    placed = [_placed(pool, entry, found, None if refused else said, places, recommended) for entry in found.entries]
    placed.sort(key=lambda one: (one.component, one.place, one.code))
    band = _band(pool.line, found, model if refused or rule not in POINTS else said, places)
    return Group(
        pool.category_id, pool.category, pool.language, pool.line, found, placed, band, rule, pool, refused, said.optima
    )


@lru_cache(maxsize=16)
def _calibrated(given: tuple[Given, ...], top: int, seed: int) -> Calibration:
    """Kept by the marks themselves, so that it can never be of others: of 2,000 essays it takes a second."""
    return calibration.calibrate(given, top=top, seed=seed)


def _placed(
    pool: Pool, entry: Entry, found: Calibration, said: Said | None, places: Ranks, recommended: Ranks
) -> Placed:
    code, is_one = entry.entry, found.has_one_order
    return Placed(
        pool.essays[code], code, places[code] if is_one and said else None, said.scores[code] if said else None,
        entry.adjusted, entry.raw_mean, entry.standard_error, entry.p_top if pool.line else None, entry.marks,
        entry.component, places[code], recommended[code] if is_one else None, entry.ranks,
    )  # fmt: skip


# What a rule says


def said_by(rule: OrderRule, given: Sequence[Given]) -> Said:
    """Raises Refused where the rule gives no order of these marks."""
    if rule in (OrderRule.KEMENY, OrderRule.BORDA):
        return _said_by_rankings(rule, given)
    try:
        return Said(alternatives.scores(Rule(rule.value), given), is_lowest_best=rule is OrderRule.MEAN_RANK)
    except alternatives.TooFewMarks as error:
        why = "incomplete" if rule is OrderRule.MEAN_RANK else "few"
        raise Refused(why, len(error.short)) from error


def _said_by_rankings(rule: OrderRule, given: Sequence[Given]) -> Said:
    """What the totals of judges who all read all say as rankings."""
    panel, entries = alternatives.rankings(given), {row.entry for row in given}
    short = sum(len(ranks) < len(entries) for ranks in panel.values())
    if short:
        raise Refused("incomplete_judges", short)
    if rule is OrderRule.BORDA:
        return Said({each.entry: each.score for each in consensus.borda(panel)})
    if len(entries) > consensus.LARGEST:
        raise Refused("large", consensus.LARGEST)
    found = consensus.kemeny(panel, shown=MOST_OPTIMA)
    if found.optima > MOST_OPTIMA:
        raise Refused("many", found.optima)
    return Said(_places_in_all(found.orders), is_lowest_best=True, optima=found.optima)


def _places_in_all(orders: Sequence[Sequence[str]]) -> Scores:
    """One more than the entries that stand before an entry in every optimal order: who changes places shares one."""
    before: dict[str, set[str]] = {}
    for order in orders:
        for place, code in enumerate(order):
            earlier = set(order[:place])
            before[code] = before[code] & earlier if code in before else earlier
    return {code: 1.0 + len(earlier) for code, earlier in before.items()}


# Places, ties, the line


def _criteria(pool: Pool) -> Callable[[], list[Scores]]:
    """The mean points of each entry on each criterion, the heaviest first; reckoned only where there is a tie."""
    return lambda: [_means(pool, place) for place in pool.criteria]


def _means(pool: Pool, place: int) -> Scores:
    points: dict[str, list[int]] = defaultdict(list)
    for mark in pool.marks:
        if (given := mark.points[place]) is not None:
            points[mark.essay].append(given)
    return {code: statistics.fmean(found) for code, found in points.items()}


def _places(found: Calibration, said: Said, criteria: Callable[[], list[Scores]]) -> Ranks:
    """Within each component; equal scores by the chain of criteria."""
    parts: dict[int, Scores] = defaultdict(dict)
    scores = said.descending
    for entry in found.entries:
        parts[entry.component][entry.entry] = scores[entry.entry]
    is_tied = any(len(tied) > 1 for part in parts.values() for tied in bands.groups(part))
    chain = criteria() if is_tied else []
    return {code: rank for part in parts.values() for code, rank in bands.chain(part, chain).items()}


def _band(line: int, found: Calibration, said: Said, places: Ranks) -> frozenset[str]:
    """By scores in points with the errors of the model; and whoever shares a rank across the line."""
    if line < 1 or not found.has_one_order:
        return frozenset()
    near = bands.band(said.scores, line, _errors(found))
    return frozenset(near) | _across(line, places)


def _errors(found: Calibration) -> bands.Errors:
    return lambda one, other: found.error_between(one, other)


def _across(line: int, places: Ranks) -> frozenset[str]:
    """Who shares the rank of the line with the place after it."""
    last = sorted(places.values())[line - 1] if len(places) > line else math.inf
    sharing = frozenset(code for code, place in places.items() if place == last)
    return sharing if last - 1 + len(sharing) > line else frozenset()
