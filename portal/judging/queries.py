"""Reading for judges (blind: plain values of readable columns only), and for those who appoint them."""

import datetime as dt
import uuid
from collections import defaultdict
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import joinedload
from sqlmodel import Session, col, func, select

from portal.accounts.models import Person, Role
from portal.accounts.viewer import Viewer
from portal.clock import now
from portal.contests.models import Category, Criterion, Edition, Theme
from portal.contests.rules import JUDGES_READ_ON
from portal.errors import NotFound
from portal.essays import queries as essays
from portal.essays.models import Essay, EssayStatus
from portal.i18n import N_
from portal.judging import rules
from portal.judging.models import Appointment, DeclaredConflict, Judge, JudgeStatus, Mark, Round
from portal.judging.words import Bar, Progress
from portal.screening import queries as screening
from portal.screening.models import FairCopy
from portal.waiting import Waiting

PAGE = 50
Names = dict[str, str]


# For a judge. These run on a blind connection: a column it must not read is refused, not left out.


@dataclass(frozen=True)
class Reading:
    """An essay as its judge knows it."""

    appointment_id: uuid.UUID
    alias: str
    language: str
    title: str
    text: str
    notes: str
    category: Names
    theme: Names
    edition_id: uuid.UUID
    edition: Names
    zone: str
    judging_due_at: dt.datetime
    is_locked: bool
    comment: str
    marks: int

    @property
    def progress(self) -> Progress:
        return rules.progress(is_locked=self.is_locked, marks=self.marks)

    @property
    def may_mark(self) -> bool:
        return not self.is_locked and rules.is_time_to_mark(self.judging_due_at, now())


@dataclass(frozen=True)
class Line:
    """A line of the rubric with the judge's own points, if given yet."""

    criterion_id: uuid.UUID
    position: int
    names: Names
    anchors: dict[str, Names]
    weight: int
    points: int | None


def visible_to(viewer: Viewer) -> Any:
    """What this judge reads: while the role lasts and the edition's marks are due or just were."""
    marks = select(func.count(col(Mark.id))).where(Mark.appointment_id == Appointment.id).scalar_subquery()
    return (
        sa.select(
            col(Appointment.id), col(Appointment.alias), col(Essay.language),
            col(FairCopy.title), col(FairCopy.text), col(FairCopy.notes),
            col(Category.names), col(Theme.names), col(Edition.id), col(Edition.titles), col(Edition.zone),
            col(Edition.judging_due_at), col(Appointment.locked_at).is_not(None), col(Appointment.comment), marks,
        )
        .join(Judge, col(Appointment.judge_id) == Judge.id)
        .join(Essay, col(Appointment.essay_id) == Essay.id)
        .join(FairCopy, col(FairCopy.essay_id) == Essay.id)
        .join(Edition, col(Essay.edition_id) == Edition.id)
        .outerjoin(Category, col(Essay.category_id) == Category.id)
        .outerjoin(Theme, col(Essay.theme_id) == Theme.id)
        .where(
            col(Judge.person_id) == viewer.id,
            col(Judge.edition_id).in_(viewer.editions(Role.JUDGE)),
            col(Essay.status).in_(rules.READ),
            col(Appointment.ended_at).is_(None),
            col(Edition.judging_due_at) > now() - JUDGES_READ_ON,
        )
    )  # fmt: skip


def desk(session: Session, viewer: Viewer, after: str = "") -> tuple[list[Reading], str]:
    """A page of a judge's essays and the next cursor. Aliases are random, so their order is a shuffle."""
    listed = visible_to(viewer).where(col(Appointment.alias) > after).order_by(col(Appointment.alias)).limit(PAGE + 1)
    found = [_reading(row) for row in session.execute(listed)]
    return found[:PAGE], found[PAGE - 1].alias if len(found) > PAGE else ""


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
    values[6], values[7] = values[6] or {}, values[7] or {}
    return Reading(*values)


def rubric(session: Session, reading: Reading) -> list[Line]:
    """The criteria of the essay's edition with this judge's own points."""
    own = (col(Mark.criterion_id) == Criterion.id) & (col(Mark.appointment_id) == reading.appointment_id)
    lines = sa.select(
        col(Criterion.id), col(Criterion.position), col(Criterion.names), col(Criterion.anchors),
        col(Criterion.weight), col(Mark.points),
    ).outerjoin(Mark, own).where(col(Criterion.edition_id) == reading.edition_id)  # fmt: skip
    return [Line(*row) for row in session.execute(lines.order_by(col(Criterion.position)))]


def marks_of(session: Session, appointment_id: uuid.UUID) -> dict[uuid.UUID, Mark]:
    found = session.exec(select(Mark).where(Mark.appointment_id == appointment_id))
    return {mark.criterion_id: mark for mark in found}


# For those who appoint


def readers(session: Session, essay: Essay, edition: Edition) -> list[Judge]:
    """Who of the edition can be appointed to the essay, as far as all may know: by round, language and status."""
    round_ = rules.ROUNDS.get(essay.status, Round.FIRST)
    had_it = {each.judge_id for each in appointments(session, essay) if each.round is round_}
    found: list[Judge] = session.exec(judges_of(edition).where(Judge.status == JudgeStatus.ACCEPTED)).all()
    fit = [
        judge for judge in found
        if rules.is_here(judge) and rules.is_in_round(judge, round_) and essay.language in judge.languages
    ]  # fmt: skip
    return sorted((judge for judge in fit if judge.id not in had_it), key=lambda judge: (judge.called, judge.code))


def judges_of(edition: Edition) -> Any:
    """The judges of an edition, also those who have not answered yet, with their accounts and governments."""
    wanted = joinedload(Judge.person), joinedload(Judge.government)
    return select(Judge).where(Judge.edition_id == edition.id).options(*wanted)


def load(session: Session, judge: Judge, round_: Round) -> int:
    """How many essays they have in a round, read or still to read."""
    counted = select(func.count(col(Appointment.id))).where(Appointment.judge_id == judge.id)
    return session.exec(counted.where(Appointment.round == round_, col(Appointment.ended_at).is_(None))).one()


def appointments(session: Session, essay: Essay) -> list[Appointment]:
    judge = joinedload(Appointment.judge).joinedload(Judge.person)
    found = select(Appointment).where(Appointment.essay_id == essay.id).options(judge)
    return list(session.exec(found.order_by(col(Appointment.appointed_at), col(Appointment.id))))


def get_judge(session: Session, edition: Edition, judge_id: uuid.UUID) -> Judge | None:
    found: Judge | None = session.exec(judges_of(edition).where(Judge.id == judge_id)).one_or_none()
    return found


def judge_of(session: Session, edition: Edition, person: Person) -> Judge | None:
    return session.exec(select(Judge).where(Judge.edition_id == edition.id, Judge.person_id == person.id)).one_or_none()


def bar(session: Session, essay: Essay, judge: Judge, round_: Round = Round.FIRST) -> Bar | None:
    """What bars this judge from this essay. It looks at the author; only the bar leaves this function."""
    if judge.person_id is None:
        return Bar.NOT_HERE
    author, person = essays.author_of(session, essay), session.get_one(Person, judge.person_id)
    conflicts, rule = conflicts_of(session, judge), session.get_one(Edition, essay.edition_id).conflict_rule
    given = [each for each in appointments(session, essay) if (each.judge_id, each.round) == (judge.id, round_)]
    return rules.bar(
        language=essay.language, reads=judge.languages, shuns=rules.shuns(judge, conflicts, rule),
        homes=rules.homes(author.government, rule), declared=essay.id in {each.essay_id for each in conflicts},
        knows_authors=screening.knows_authors(session, person, essay.edition_id),
        is_guardian=screening.is_guardian(session, person, author),
        is_appointed=any(each.ended_at is None for each in given), had_it=bool(given),
        is_here=rules.is_here(judge), is_in_round=rules.is_in_round(judge, round_),
    )  # fmt: skip


def conflicts_of(session: Session, judge: Judge) -> list[DeclaredConflict]:
    found = select(DeclaredConflict).where(DeclaredConflict.judge_id == judge.id)
    return list(session.exec(found.order_by(col(DeclaredConflict.declared_at), col(DeclaredConflict.id))))


# The ranking


@dataclass(frozen=True)
class Ranked:
    rank: int
    code: str
    score: Fraction
    marks: int


@dataclass(frozen=True)
class Group:
    """Essays that are compared with each other: one age category, one language."""

    category: Names
    language: str
    essays: list[Ranked]


def ranking(session: Session, edition: Edition) -> list[Group]:
    """Raw means of the rubric totals of locked marks, by age category and language."""
    totals = _totals(session, edition)
    essays = sa.select(col(Essay.id), col(Essay.code), col(Essay.language), col(Category.age_from), col(Category.names))
    judged = essays.join(Category).where(col(Essay.edition_id) == edition.id, col(Essay.status).in_(rules.JUDGED))
    rows = session.execute(judged).all()
    groups: dict[tuple[int, str], list[Any]] = defaultdict(list)
    for row in rows:
        if row.id in totals:
            groups[row.age_from, row.language].append(row)
    return [_group(found, totals) for _key, found in sorted(groups.items())]


def _totals(session: Session, edition: Edition) -> dict[uuid.UUID, list[Fraction]]:
    """By essay, the total of each judge whose marks are locked."""
    marks = sa.select(col(Appointment.essay_id), col(Appointment.id), col(Criterion.weight), col(Mark.points))
    marks = marks.join(Mark, col(Mark.appointment_id) == Appointment.id)
    marks = marks.join(Criterion, col(Mark.criterion_id) == Criterion.id)
    by_judge: dict[tuple[uuid.UUID, uuid.UUID], list[tuple[int, int]]] = defaultdict(list)
    locked = marks.where(col(Criterion.edition_id) == edition.id, col(Appointment.locked_at).is_not(None))
    for essay_id, appointment_id, weight, points in session.execute(locked):
        by_judge[essay_id, appointment_id].append((weight, points))
    by_essay: dict[uuid.UUID, list[Fraction]] = defaultdict(list)
    for (essay_id, _appointment_id), pairs in by_judge.items():
        by_essay[essay_id].append(rules.rubric_total(pairs))
    return by_essay


def _group(rows: list[Any], totals: dict[uuid.UUID, list[Fraction]]) -> Group:
    scores = [rules.mean(totals[row.id]) for row in rows]
    ranks = rules.competition_ranks(scores)
    ranked = [
        Ranked(rank, row.code, score, len(totals[row.id])) for rank, row, score in zip(ranks, rows, scores, strict=True)
    ]
    return Group(rows[0].names, rows[0].language, sorted(ranked, key=lambda each: (each.rank, each.code)))


# What waits


def waiting_for(session: Session, viewer: Viewer) -> list[Waiting]:
    return [each for each in (*_to_mark(session, viewer), *_to_appoint(session, viewer)) if each.count]


def _to_mark(session: Session, viewer: Viewer) -> list[Waiting]:
    if not viewer.editions(Role.JUDGE):
        return []
    open_ = visible_to(viewer).where(col(Appointment.locked_at).is_(None), col(Edition.judging_due_at) > now())
    count = session.execute(sa.select(func.count()).select_from(open_.subquery())).scalar_one()
    return [Waiting(count, N_("Essays to mark"), "/judging")]


def _to_appoint(session: Session, viewer: Viewer) -> list[Waiting]:
    if not viewer.is_secretary:
        return []
    admitted = sa.select(col(Edition.slug), func.count()).join(Essay, col(Essay.edition_id) == Edition.id)
    admitted = admitted.where(
        col(Essay.status) == EssayStatus.ADMITTED, col(Edition.id).not_in(viewer.editions(Role.JUDGE))
    )
    rows = session.execute(admitted.group_by(col(Edition.slug))).all()
    text = N_("Essays that need judges")
    return [Waiting(count, text, f"/contests/{slug}/essays?status=admitted") for slug, count in rows]
