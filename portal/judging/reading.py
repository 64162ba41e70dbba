"""What a judge reads. All of it runs on a blind connection: a column it must not read is refused, not left out."""

import datetime as dt
import uuid
from collections import defaultdict
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, func, select

from portal.accounts.models import Role
from portal.accounts.viewer import Viewer
from portal.clock import now
from portal.contests.models import Category, Criterion, Edition, Names, Theme
from portal.contests.rules import JUDGES_READ_ON
from portal.errors import NotFound
from portal.essays.models import Essay
from portal.essays.rules import BEFORE_JUDGES
from portal.i18n import N_
from portal.judging import rules
from portal.judging.models import Appointment, Judge, JudgeStatus, Mark, Round
from portal.judging.words import Progress
from portal.screening.models import FairCopy
from portal.waiting import Waiting

PAGE = 50
DUE_AT = sa.case(
    (col(Appointment.round) == Round.FINAL, func.coalesce(col(Edition.final_due_at), col(Edition.judging_due_at))),
    else_=col(Edition.judging_due_at),
)


@dataclass(frozen=True)
class Reading:
    """An essay as its judge knows it."""

    appointment_id: uuid.UUID
    alias: str
    round: Round
    language: str
    title: str
    text: str
    notes: str
    category: Names
    theme: Names
    edition_id: uuid.UUID
    slug: str
    edition: Names
    zone: str
    due_at: dt.datetime
    shows_marks: bool
    is_locked: bool
    comment: str
    private_note: str
    marks: int

    @property
    def progress(self) -> Progress:
        return rules.progress(is_locked=self.is_locked, marks=self.marks)

    @property
    def may_mark(self) -> bool:
        return not self.is_locked and rules.is_time_to_mark(self.due_at, now())


@dataclass(frozen=True)
class Line:
    """A line of the rubric with the judge's own points, if given yet."""

    criterion_id: uuid.UUID
    position: int
    names: Names
    anchors: dict[str, Names]
    weight: int
    points: int | None


@dataclass(frozen=True)
class Pile:
    """What one judge has to read in one round of one edition. `next_alias` is empty when nothing is left to mark."""

    edition_id: uuid.UUID
    round: Round
    slug: str
    edition: Names
    zone: str
    due_at: dt.datetime
    essays: int
    locked: int
    next_alias: str

    @property
    def time_left(self) -> dt.timedelta | None:
        left = self.due_at - now()
        return left if left > dt.timedelta() else None


def visible_to(viewer: Viewer) -> Any:
    """What this judge reads: while they are one, and the round's marks are due or just were."""
    marks = select(func.count(col(Mark.id))).where(Mark.appointment_id == Appointment.id).scalar_subquery()
    return (
        sa.select(
            col(Appointment.id), col(Appointment.alias), col(Appointment.round), col(Essay.language),
            col(FairCopy.title), col(FairCopy.text), col(FairCopy.notes), col(Category.names), col(Theme.names),
            col(Edition.id), col(Edition.slug), col(Edition.titles), col(Edition.zone), DUE_AT,
            col(Edition.shows_marks), col(Appointment.locked_at).is_not(None), col(Appointment.comment),
            col(Appointment.private_note), marks,
        )
        .select_from(Appointment)
        .join(Judge, col(Appointment.judge_id) == Judge.id)
        .join(Essay, col(Appointment.essay_id) == Essay.id)
        .join(FairCopy, col(FairCopy.essay_id) == Essay.id)
        .join(Edition, col(Essay.edition_id) == Edition.id)
        .outerjoin(Category, col(Essay.category_id) == Category.id)
        .outerjoin(Theme, col(Essay.theme_id) == Theme.id)
        .where(
            col(Judge.person_id) == viewer.id,
            col(Judge.edition_id).in_(viewer.editions(Role.JUDGE)),
            col(Judge.status) == JudgeStatus.ACCEPTED,
            col(Judge.excluded_at).is_(None),
            col(Essay.status).in_(BEFORE_JUDGES),
            col(Appointment.ended_at).is_(None),
            now() - JUDGES_READ_ON < DUE_AT,
        )
    )  # fmt: skip


# The desk


def piles(session: Session, viewer: Viewer) -> list[Pile]:
    """By edition and round, those with something left to mark first, then by their dates."""
    read = visible_to(viewer).with_only_columns(
        col(Edition.id).label("edition_id"), col(Appointment.round).label("round"),
        col(Appointment.alias).label("alias"), col(Appointment.locked_at).label("locked_at"), DUE_AT.label("due_at"),
    ).subquery()  # fmt: skip
    is_open = read.c.locked_at.is_(None) & (read.c.due_at > now())
    counted = sa.select(
        read.c.edition_id, read.c.round, read.c.due_at, func.count(), func.count(read.c.locked_at),
        func.min(sa.case((is_open, read.c.alias))),
    ).group_by(read.c.edition_id, read.c.round, read.c.due_at)  # fmt: skip
    rows = session.execute(counted).all()
    editions = _editions(session, {row[0] for row in rows})
    found = [
        Pile(edition_id, round_, *editions[edition_id], due_at, essays, locked, alias or "")
        for edition_id, round_, due_at, essays, locked, alias in rows
    ]
    return sorted(
        found, key=lambda each: (not each.next_alias, each.time_left is None, each.due_at, each.slug, each.round)
    )


def _editions(session: Session, ids: set[uuid.UUID]) -> dict[uuid.UUID, tuple[str, Names, str]]:
    wanted = sa.select(col(Edition.id), col(Edition.slug), col(Edition.titles), col(Edition.zone))
    rows = session.execute(wanted.where(col(Edition.id).in_(ids)))
    return {edition_id: (slug, titles, zone) for edition_id, slug, titles, zone in rows}


def desk(session: Session, viewer: Viewer, after: str = "", pile: Pile | None = None) -> tuple[list[Reading], str]:
    """A page of essays and the next cursor. Aliases are random, so their order is a shuffle of the judge's own."""
    listed = _of(viewer, pile) if pile else visible_to(viewer)
    listed = listed.where(col(Appointment.alias) > after).order_by(col(Appointment.alias)).limit(PAGE + 1)
    found = [_reading(row) for row in session.execute(listed)]
    return found[:PAGE], found[PAGE - 1].alias if len(found) > PAGE else ""


def _of(viewer: Viewer, pile: Pile | Reading) -> Any:
    return visible_to(viewer).where(col(Edition.id) == pile.edition_id, col(Appointment.round) == pile.round)


def to_mark(session: Session, viewer: Viewer) -> list[Waiting]:
    if not viewer.editions(Role.JUDGE):
        return []
    open_ = visible_to(viewer).with_only_columns(col(Appointment.id), DUE_AT.label("due_at"))
    found = open_.where(col(Appointment.locked_at).is_(None), now() < DUE_AT).subquery()
    count, due_at = session.execute(sa.select(func.count(), func.min(found.c.due_at))).one()
    return [Waiting(count, N_("Essays to mark"), "/judging", due_at)]


# One essay


def get_reading(session: Session, viewer: Viewer, alias: str) -> Reading:
    return _one(session, visible_to(viewer).where(col(Appointment.alias) == alias))


def lock_reading(session: Session, viewer: Viewer, alias: str) -> Reading:
    found = visible_to(viewer).where(col(Appointment.alias) == alias)
    return _one(session, found.with_for_update(of=Appointment))


def _one(session: Session, found: Any) -> Reading:
    row = session.execute(found).one_or_none()
    if row is None:
        raise NotFound
    return _reading(row)


def _reading(row: sa.Row[Any]) -> Reading:
    values = list(row)
    values[7], values[8] = values[7] or {}, values[8] or {}
    return Reading(*values)


def neighbours(session: Session, viewer: Viewer, reading: Reading) -> tuple[str, str]:
    """The aliases before and after it in its pile; empty at the ends."""
    alias, beside = col(Appointment.alias), _of(viewer, reading).with_only_columns(col(Appointment.alias))
    before = session.execute(beside.where(alias < reading.alias).order_by(alias.desc()).limit(1)).scalar()
    following = session.execute(beside.where(alias > reading.alias).order_by(alias).limit(1)).scalar()
    return before or "", following or ""


def rubric(session: Session, reading: Reading) -> list[Line]:
    """The criteria of the essay's edition with this judge's own points."""
    return lines(session, reading.edition_id, Mark, col(Mark.appointment_id) == reading.appointment_id)


def lines(session: Session, edition_id: uuid.UUID, marks: Any, own: Any) -> list[Line]:
    """The edition's criteria with the points of those rows of `marks`, a table with one for each, that are `own`."""
    found = sa.select(
        col(Criterion.id), col(Criterion.position), col(Criterion.names), col(Criterion.anchors),
        col(Criterion.weight), marks.points,
    ).outerjoin(marks, (marks.criterion_id == Criterion.id) & own)  # fmt: skip
    found = found.where(col(Criterion.edition_id) == edition_id).order_by(col(Criterion.position))
    return [Line(*row) for row in session.execute(found)]


def marks_of(session: Session, appointment_id: uuid.UUID) -> dict[uuid.UUID, Mark]:
    found = session.exec(select(Mark).where(Mark.appointment_id == appointment_id))
    return {mark.criterion_id: mark for mark in found}


def others_points(session: Session, reading: Reading) -> dict[uuid.UUID, list[int]]:
    """By criterion, what the other judges of its round gave, highest first, so that no judge can be followed.

    Empty in the query itself unless the edition shows marks and this judge's own are in, which they no longer are
    once a secretary has reopened them.
    """
    if not reading.shows_marks:
        return {}
    own, other, judge = _aliases()
    given = (
        sa.select(col(Mark.criterion_id), col(Mark.points))
        .select_from(own)
        .join(other, (other.essay_id == own.essay_id) & (other.round == own.round) & (other.id != own.id))
        .join(judge, judge.id == other.judge_id)
        .join(Edition, col(Edition.id) == judge.edition_id)
        .join(Mark, col(Mark.appointment_id) == other.id)
        .where(
            own.id == reading.appointment_id,
            own.locked_at.is_not(None),
            col(Edition.shows_marks),
            other.locked_at.is_not(None),
            other.ended_at.is_(None),
            judge.excluded_at.is_(None),
        )
    )
    found: dict[uuid.UUID, list[int]] = defaultdict(list)
    for criterion_id, points in session.execute(given.order_by(col(Mark.points).desc())):
        found[criterion_id].append(points)
    return dict(found)


def _aliases() -> tuple[Any, Any, Any]:
    return aliased(Appointment), aliased(Appointment), aliased(Judge)
