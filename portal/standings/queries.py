"""Reading the marks that count, and the orders they make. Those that were kept are read in `keeping`."""

import uuid
from collections import defaultdict
from collections.abc import Sequence
from functools import lru_cache
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, func, or_, select

from portal.accounts.viewer import Viewer
from portal.contests import queries as contests
from portal.contests.models import Award, Category, Criterion, Edition
from portal.contests.rules import may_see_essays
from portal.deals.models import Deal, DealKind
from portal.deals.rules import OPEN
from portal.errors import NotFound
from portal.essays.models import Authorship, Essay, EssayStatus
from portal.essays.rules import JUDGED
from portal.judging.models import Appointment, Judge, Mark, Round
from portal.judging.rules import rubric_total
from portal.registry.models import Government
from portal.registry.words import SCRIPTS
from portal.standings import orders, rules
from portal.standings.orders import Group, Marked, Placed, Pool

__all__ = ["Group", "Placed", "groups", "pools"]


def get_visible(session: Session, viewer: Viewer, slug: str, *, lock: bool = False) -> Edition:
    """The edition, for those who see its essays by code; never for its judges."""
    return contests.get_for(session, viewer, slug, may_see_essays, lock=lock)


# The order


def groups(session: Session, edition: Edition, round_: Round) -> list[Group]:
    """The order of every comparison group that has marks, by age and language; five queries, however many essays."""
    found = pools(session, edition, round_)
    return [orders.settle(pool, rules.rule(edition, round_), edition.seed) for pool in found if pool.marks]


def pools(session: Session, edition: Edition, round_: Round) -> list[Pool]:
    """The comparison groups with all marks that count, also those that have none yet."""
    criteria = _of(session, edition, Criterion)
    marks, essays = _marks(session, edition, round_, criteria), _essays(session, edition, round_)
    line = rules.line(edition, round_, _of(session, edition, Award))
    return [
        Pool(
            category.id, category.names, language, line, {row.code: row.id for row in rows},
            [mark for row in rows for mark in marks.get(row.id, ())], _heaviest_first(criteria),
        )
        for category in _categories(session, edition)
        for language, rows in _by_language(edition, round_, essays.get(category.id, []), marks)
    ]  # fmt: skip


def _categories(session: Session, edition: Edition) -> Sequence[Category]:
    found = select(Category).where(Category.edition_id == edition.id)
    return session.exec(found.order_by(col(Category.age_from))).all()


def _of(session: Session, edition: Edition, table: Any) -> Sequence[Any]:
    return session.exec(select(table).where(table.edition_id == edition.id).order_by(table.position)).all()


def _heaviest_first(criteria: Sequence[Criterion]) -> list[int]:
    return sorted(range(len(criteria)), key=lambda place: (-criteria[place].weight, place))


def _essays(session: Session, edition: Edition, round_: Round) -> dict[uuid.UUID | None, list[Any]]:
    """By category, in the order of their codes."""
    listed = sa.select(col(Essay.id), col(Essay.code), col(Essay.category_id), col(Essay.language), col(Essay.status))
    listed = listed.where(col(Essay.edition_id) == edition.id, col(Essay.status).in_(JUDGED))
    found: dict[uuid.UUID | None, list[Any]] = defaultdict(list)
    for row in session.execute(listed.order_by(col(Essay.code))):
        found[row.category_id].append(row)
    return found


def _by_language(
    edition: Edition, round_: Round, rows: Sequence[Any], marks: dict[uuid.UUID, list[Marked]]
) -> list[tuple[str, list[Any]]]:
    """Those of the round: of the final one the finalists, and who has its marks whatever became of them."""
    found: dict[str, list[Any]] = defaultdict(list)
    across = rules.is_across_languages(edition, round_)
    for row in rows:
        if round_ is Round.FIRST or row.status is EssayStatus.SHORTLISTED or row.id in marks:
            found["" if across else row.language].append(row)
    return sorted(found.items())


def _marks(
    session: Session, edition: Edition, round_: Round, criteria: Sequence[Criterion]
) -> dict[uuid.UUID, list[Marked]]:
    """By essay: what was submitted, is not ended, and of no judge whose marks were taken out. A row an appointment."""
    weights = tuple(criterion.weight for criterion in criteria)
    found: dict[uuid.UUID, list[Marked]] = defaultdict(list)
    for essay_id, code, judge, opened_at, locked_at, *points in session.execute(_counted(edition, round_, criteria)):
        given = tuple(points)
        found[essay_id].append(Marked(essay_id, code, judge, _total(weights, given), given, opened_at, locked_at))
    return found


def _counted(edition: Edition, round_: Round, criteria: Sequence[Criterion]) -> Any:
    of_it = (col(Essay.id), col(Essay.code), col(Judge.code), col(Appointment.opened_at), col(Appointment.locked_at))
    on_each = [func.max(sa.case((col(Mark.criterion_id) == each.id, col(Mark.points)))) for each in criteria]
    return (
        sa.select(*of_it, *on_each)
        .select_from(Essay)
        .join(Appointment, col(Appointment.essay_id) == Essay.id)
        .join(Judge, col(Appointment.judge_id) == Judge.id)
        .join(Mark, col(Mark.appointment_id) == Appointment.id)
        .where(*_counting(edition, round_))
        .group_by(col(Appointment.id), *of_it)
        .order_by(col(Essay.code), col(Judge.code))
    )


def _counting(edition: Edition, round_: Round) -> tuple[Any, ...]:
    """Which marks count: submitted, not ended, of no judge whose marks are out, on an essay that is still judged."""
    return (
        col(Essay.edition_id) == edition.id,
        col(Essay.status).in_(JUDGED),
        col(Appointment.round) == round_,
        col(Appointment.locked_at).is_not(None),
        col(Appointment.ended_at).is_(None),
        col(Judge.excluded_at).is_(None),
    )


@lru_cache(maxsize=4096)
def _total(weights: tuple[int, ...], points: tuple[int | None, ...]) -> float:
    """Many judges give the same points."""
    given = ((weight, mark) for weight, mark in zip(weights, points, strict=True) if mark is not None)
    return float(rubric_total(given))


# Judges


def get_judge(session: Session, edition: Edition, code: str, *, lock: bool = False) -> Judge:
    """By the five signs; no name is read."""
    found = select(Judge).where(Judge.edition_id == edition.id, Judge.code == code)
    judge = session.exec(found.with_for_update() if lock else found).one_or_none()
    if judge is None:
        raise NotFound
    return judge


def has_marks_of(session: Session, edition: Edition, round_: Round, judge: Judge) -> bool:
    """Whether any of the judge's marks count in this round's order."""
    found = sa.select(col(Appointment.id)).join(Essay, col(Appointment.essay_id) == Essay.id)
    counting = found.join(Judge, col(Appointment.judge_id) == Judge.id).where(*_counting(edition, round_))
    return session.execute(counting.where(col(Judge.id) == judge.id).limit(1)).first() is not None


def excluded(session: Session, edition: Edition) -> list[Judge]:
    found = select(Judge).where(Judge.edition_id == edition.id, col(Judge.excluded_at).is_not(None))
    return list(session.exec(found.order_by(col(Judge.code))))


class Own(NamedTuple):
    """Essays with judges whose own they are."""

    country: frozenset[tuple[str, str]]
    language: frozenset[tuple[str, str]]


def own(session: Session, edition: Edition, round_: Round) -> Own:
    """By the country that author and judge live in, and by the language of the judge's country.

    The only thing here that looks at authors: the database compares, and no country of an author leaves it. Callers
    show effects over many essays (`favour`), never a pair.
    """
    home, judges_home = aliased(Government), aliased(Government)
    country = func.coalesce(col(Judge.country), judges_home.country)
    rows = (
        sa.select(col(Essay.code), col(Judge.code), func.coalesce(home.country == country, False), _speaks(country))
        .select_from(Essay)
        .join(Appointment, col(Appointment.essay_id) == Essay.id)
        .join(Judge, col(Appointment.judge_id) == Judge.id)
        .join(Authorship, col(Authorship.essay_id) == Essay.id)
        .outerjoin(home, col(Authorship.government_id) == home.id)
        .outerjoin(judges_home, col(Judge.government_id) == judges_home.id)
        .where(*_counting(edition, round_))
    )
    found = session.execute(rows).all()
    return Own(
        frozenset((essay, judge) for essay, judge, is_country, _is_language in found if is_country),
        frozenset((essay, judge) for essay, judge, _is_country, is_language in found if is_language),
    )


def _speaks(country: Any) -> Any:
    """Whether the essay is in the language of this country."""
    spoken = [sa.and_(country == code.value, col(Essay.language) == language) for code, language in SCRIPTS.items()]
    return func.coalesce(or_(*spoken), False)


# Extra readings


class Readings(NamedTuple):
    """What the edition's extra readings have come to: `used` of the budget, `awaited` of them without marks yet;
    `given` are an essay's readings in all, by its code, and `unread` its readings without marks."""

    used: int
    awaited: int
    given: dict[str, int]
    unread: dict[str, int]
    is_deal_under_way: bool


def readings(session: Session, edition: Edition) -> Readings:
    """Of the first round."""
    of_extra = sa.select(col(Deal.id)).where(col(Deal.edition_id) == edition.id, col(Deal.kind) == DealKind.EXTRA)
    is_extra, is_open = col(Appointment.deal_id).in_(of_extra), col(Appointment.ended_at).is_(None)
    is_unread = sa.and_(is_open, col(Appointment.locked_at).is_(None))
    rows = session.execute(
        sa.select(
            col(Essay.code), *(_number(each) for each in (is_extra, sa.and_(is_extra, is_unread), is_open, is_unread))
        )
        .join(Appointment, col(Appointment.essay_id) == Essay.id)
        .where(col(Essay.edition_id) == edition.id, col(Appointment.round) == Round.FIRST, col(Essay.code).is_not(None))
        .group_by(col(Essay.code))
    ).all()
    under_way = select(Deal.id).where(Deal.edition_id == edition.id, col(Deal.status).in_(OPEN)).limit(1)
    return Readings(
        sum(row[1] for row in rows), sum(row[2] for row in rows), {row[0]: row[3] for row in rows},
        {row[0]: row[4] for row in rows}, session.exec(under_way).first() is not None,
    )  # fmt: skip


def _number(condition: Any) -> Any:
    return func.count(sa.case((condition, 1)))
