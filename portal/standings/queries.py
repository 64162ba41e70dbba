"""Reading the marks that count, the orders they make, and the orders that were kept."""

import uuid
from collections import defaultdict
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col, func, select

from portal.contests.models import Award, Category, Criterion, Edition
from portal.essays.models import Essay, EssayStatus
from portal.judging.models import Appointment, Judge, Mark, Round
from portal.judging.rules import rubric_total
from portal.standings import orders, rules
from portal.standings.orders import Group, Marked, Placed, Pool

__all__ = ["Group", "Placed", "groups", "pools"]

Key = tuple[uuid.UUID, str]


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
    listed = listed.where(col(Essay.edition_id) == edition.id, col(Essay.status).in_(rules.COUNTED))
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
        .where(
            col(Essay.edition_id) == edition.id,
            col(Essay.status).in_(rules.COUNTED),
            col(Appointment.round) == round_,
            col(Appointment.locked_at).is_not(None),
            col(Appointment.ended_at).is_(None),
            col(Judge.excluded_at).is_(None),
        )
        .group_by(col(Appointment.id), *of_it)
        .order_by(col(Essay.code), col(Judge.code))
    )


@lru_cache(maxsize=4096)
def _total(weights: tuple[int, ...], points: tuple[int | None, ...]) -> float:
    """Many judges give the same points."""
    given = ((weight, mark) for weight, mark in zip(weights, points, strict=True) if mark is not None)
    return float(rubric_total(given))
