"""What the jury has before it: within each group of awards the order, what it proposes, and what was decided."""

import uuid
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from sqlmodel import Session

from portal.contests.models import Award, Edition, Names
from portal.judging.models import Round
from portal.juries import proposals, queries, rules
from portal.juries.models import Verdict, Withheld
from portal.juries.proposals import Given, Prize, Proposal
from portal.juries.words import Problem
from portal.standings import orders
from portal.standings import queries as standings
from portal.standings import rules as standing_rules
from portal.standings.orders import POINTS, Placed, Pool, Refused
from portal.standings.orders import Group as Order

Key = tuple[uuid.UUID, str]


@dataclass(frozen=True)
class Seat:
    """An essay before the jury; `rank` within the group, None where there is no one order or it has no marks."""

    essay_id: uuid.UUID
    code: str
    language: str
    rank: int | None
    placed: Placed | None
    verdict: Verdict | None


@dataclass(frozen=True)
class Row:
    """An award in a group: places in all, what is withheld of them, and to whom it was given."""

    award: Award
    withheld: Withheld | None
    given: tuple[Seat, ...]

    @property
    def places(self) -> int:
        return self.award.places - (self.withheld.number if self.withheld else 0)

    @property
    def is_shared(self) -> bool:
        """By an exact tie, so that more essays have it than there are places."""
        return len(self.given) > self.places and proposals.is_shared([seat.rank for seat in self.given], self.places)


@dataclass(frozen=True)
class Group:
    """Within which awards are given: an age category, and a language unless it is empty. `refused` says why the
    edition's rule gives no order."""

    edition_id: uuid.UUID
    category_id: uuid.UUID
    category: Names
    language: str
    seats: tuple[Seat, ...]
    rows: tuple[Row, ...]
    proposal: Proposal
    refused: Refused | None

    @property
    def key(self) -> Key:
        return self.category_id, self.language

    @property
    def has_order(self) -> bool:
        return self.proposal.has_order

    @cached_property
    def blocks(self) -> list[frozenset[str]]:
        return proposals.blocks(self.proposal.bands)

    @property
    def prizes(self) -> list[Prize]:
        return [Prize(row.award.id, row.places) for row in self.rows]

    def seat(self, code: str) -> Seat | None:
        return next((seat for seat in self.seats if seat.code == code), None)

    def block_of(self, code: str) -> frozenset[str]:
        return next((block for block in self.blocks if code in block), frozenset())

    def award(self, award_id: uuid.UUID | None) -> Award | None:
        return next((row.award for row in self.rows if row.award.id == award_id), None)

    @property
    def to_accept(self) -> list[Seat]:
        """What can be decided as the order has it: what has marks, is in no block, and is not decided or overtaken."""
        if not self.has_order:
            return []
        return [
            seat for seat in self.seats
            if seat.rank is not None and not self.block_of(seat.code)
            and (seat.verdict is None or self.is_overtaken(seat))
        ]  # fmt: skip

    def is_overtaken(self, seat: Seat) -> bool:
        """What was decided in keeping with an order that is another now."""
        found = seat.verdict
        return found is not None and not found.departs and self.proposal.departs(seat.code, found.award_id)

    def given(self, changed: Mapping[str, uuid.UUID | None] | None = None) -> list[Given]:
        """Who has an award; with `changed` as somebody is about to decide."""
        held = {seat.code: seat.verdict.award_id for seat in self.seats if seat.verdict} | dict(changed or {})
        return [
            Given(seat.code, award_id, seat.rank)
            for seat in self.seats
            if (award_id := held.get(seat.code)) is not None
        ]

    def exceeded(self, changed: Mapping[str, uuid.UUID | None] | None = None) -> list[Award]:
        over = proposals.exceeded(self.given(changed), self.prizes)
        return [row.award for row in self.rows if row.award.id in over]

    def open_places(self) -> list[tuple[Award, int]]:
        found = proposals.open_places(self.given(), self.prizes, len(self.seats))
        return [(row.award, found[row.award.id]) for row in self.rows if row.award.id in found]

    def undecided(self) -> list[Seat]:
        return [seat for seat in self.seats if seat.verdict is None]

    def problems(self) -> dict[Problem, list[Any]]:
        """What keeps the meeting open: the codes or the awards, by kind."""
        decided = [seat for seat in self.seats if seat.verdict is not None]
        found: dict[Problem, list[Any]] = {
            Problem.UNDECIDED: [seat.code for seat in self.undecided()],
            Problem.OVERTAKEN: [seat.code for seat in decided if self.is_overtaken(seat)],
            Problem.UNCONFIRMED: [seat.code for seat in decided if seat.verdict and rules.awaits_second(seat.verdict)],
            Problem.WITHHOLDING: [
                row.award.id for row in self.rows if row.withheld and row.withheld.confirmed_at is None
            ],
            Problem.EXCEEDED: [award.id for award in self.exceeded()],
            Problem.OPEN: [] if self.undecided() else [award.id for award, _number in self.open_places()],
        }
        return {kind: told for kind, told in found.items() if told}


def groups(session: Session, edition: Edition, round_: Round) -> list[Group]:
    """Every group of awards, by age and language; the edition comes with its awards."""
    decided = {each.essay_id: each for each in queries.verdicts(session, edition.id)}
    held = {(each.category_id, each.language, each.award_id): each for each in queries.withheld(session, edition.id)}
    pools: dict[Key, list[Pool]] = defaultdict(list)
    for pool in standings.pools(session, edition, round_):
        language = "" if rules.is_across_languages(edition) else pool.language
        pools[pool.category_id, language].append(pool)
    rule = standing_rules.rule(edition, round_)
    settled = {
        key: [(pool, orders.settle(pool, rule, edition.seed) if pool.marks else None) for pool in found]
        for key, found in pools.items()
    }
    return [_group(edition, key, found, decided, held) for key, found in settled.items()]


def _group(
    edition: Edition, key: Key, parts: Sequence[tuple[Pool, Order | None]], decided: Mapping[uuid.UUID, Verdict],
    held: Mapping[tuple[uuid.UUID, str, uuid.UUID], Withheld],
) -> Group:  # fmt: skip
    seats = _seats(parts, decided)
    own = list(_rows(edition, key, seats, held))
    order = parts[0][1] if len(parts) == 1 else None
    return Group(
        edition.id, key[0], parts[0][0].category, key[1], tuple(seats), tuple(own), _proposal(seats, own, order),
        next((order.refused for _pool, order in parts if order and order.refused), None),
    )  # fmt: skip


def _seats(parts: Sequence[tuple[Pool, Order | None]], decided: Mapping[uuid.UUID, Verdict]) -> list[Seat]:
    """By rank; essays in several languages that were not read by the same judges one language after the other."""
    return [
        Seat(essay_id, code, pool.language, placed.rank if placed and len(parts) == 1 else None, placed,
             decided.get(essay_id))
        for pool, order in parts
        for essay_id, code, placed in _listed(pool, order)
    ]  # fmt: skip


def _listed(pool: Pool, order: Order | None) -> Iterable[tuple[uuid.UUID, str, Placed | None]]:
    placed = order.order if order else []
    yield from ((each.essay_id, each.code, each) for each in placed)
    yield from ((pool.essays[code], code, None) for code in pool.unmarked)


def _rows(
    edition: Edition, key: Key, seats: Sequence[Seat], held: Mapping[tuple[uuid.UUID, str, uuid.UUID], Withheld]
) -> Iterable[Row]:
    for award in sorted(edition.awards, key=lambda award: award.position):
        given = tuple(seat for seat in seats if seat.verdict and seat.verdict.award_id == award.id)
        yield Row(award, held.get((*key, award.id)), given)


def _proposal(seats: Sequence[Seat], rows: Sequence[Row], order: Order | None) -> Proposal:
    """Scores are those of the order's rule if they are points, with the errors of the model; else the model's."""
    prizes = [Prize(row.award.id, row.places) for row in rows]
    ranks = {seat.code: seat.rank for seat in seats}
    if order is None or order.refused or not order.has_one_order:
        return Proposal(False, dict.fromkeys(ranks), ())
    by_rule = order.rule in POINTS
    scores = {each.code: each.score if by_rule and each.score is not None else each.adjusted for each in order.order}
    return proposals.propose(ranks, scores, prizes, order.calibration.error_between)
