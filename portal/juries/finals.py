"""The groups of the first round with the line of the final one: who is in, and between whom somebody chooses."""

import hashlib
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlmodel import Session

from portal.contests.models import Edition
from portal.i18n import LANGUAGES, N_, Lazy, between, language
from portal.judging.models import Round
from portal.juries import lines, rounds
from portal.juries.lines import Cut
from portal.standings import orders
from portal.standings import queries as standings
from portal.standings import rules as standing_rules
from portal.standings.orders import Group as Order
from portal.standings.orders import Placed, Pool

WRONG_NUMBER = N_("Choose so many that at least %(least)s and at most %(most)s essays of a group go on: %(group)s.")
NO_REASON = N_("Say in at least ten characters why you choose otherwise than the order has it.")
NOT_OPEN = N_("These are not essays between which you can choose. Reload the page and choose again.")


@dataclass(frozen=True)
class Line:
    """A group of the first round; `on` are the codes of its finalists once they are taken, `following` those that can
    be taken up because a finalist fell out."""

    pool: Pool
    order: Order | None
    cut: Cut
    on: frozenset[str]
    following: frozenset[str]

    @property
    def placed(self) -> list[Placed]:
        return self.order.order if self.order else []

    @property
    def has_order(self) -> bool:
        return all(each.rank is not None for each in self.placed)

    def chosen(self, codes: Collection[str]) -> frozenset[str]:
        return self.cut.open & frozenset(codes)


def groups(session: Session, edition: Edition) -> list[Line]:
    """By age and language, also groups of which no essay has marks."""
    on = frozenset(str(essay.code) for essay in rounds.finalists(session, edition))
    rule = standing_rules.rule(edition, Round.FIRST)
    return [
        _line(edition, pool, orders.settle(pool, rule, edition.seed) if pool.marks else None, on)
        for pool in standings.pools(session, edition, Round.FIRST)
    ]


def _line(edition: Edition, pool: Pool, order: Order | None, on: frozenset[str]) -> Line:
    ranks = {each.code: each.rank for each in order.order} if order else {}
    cut = lines.cut(ranks, edition.finalists or 0, order.band if order else ())
    own = on & frozenset(pool.essays)
    return Line(pool, order, cut, own, lines.may_follow(ranks, own, edition.finalists or 0, len(own)))


def mark(found: Sequence[Line]) -> str:
    """What somebody saw who takes the finalists: another mark, and the order has changed since."""
    told = [
        (str(each.pool.category_id), each.pool.language, sorted(each.cut.taken), sorted(each.cut.open))
        for each in found
    ]
    return hashlib.sha256(repr(told).encode()).hexdigest()[:32]


def why_not(found: Sequence[Line], chosen: Collection[str], reason: str) -> tuple[str, Lazy | str] | None:
    """What is wrong with a choice, and in which field; None if nothing is."""
    if not set(chosen) <= {code for line in found for code in line.cut.open}:
        return "chosen", NOT_OPEN
    for line in found:
        if not line.cut.admits(line.chosen(chosen)):
            told = {"least": line.cut.least, "most": line.cut.most, "group": _name(line)}
            return "chosen", WRONG_NUMBER % told
    if len(reason) < 10 and any(line.cut.departs(line.chosen(chosen)) for line in found):
        return "reason", NO_REASON
    return None


def _name(line: Line) -> str:
    category = line.pool.category.get(language()) or line.pool.category["en"]
    return category + between(", ") + LANGUAGES.get(line.pool.language, line.pool.language)
