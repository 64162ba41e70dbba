"""Reading for judges (blind: plain values of readable columns only), and for those who appoint them."""

import datetime as dt
import uuid
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import joinedload
from sqlmodel import Session, col, func, or_, select

from portal.accounts.models import Person, Role
from portal.accounts.rules import normal_email
from portal.accounts.viewer import Viewer
from portal.clock import now
from portal.contests.models import Category, Criterion, Edition, Theme
from portal.contests.rules import JUDGES_READ_ON
from portal.errors import NotFound
from portal.essays import queries as essays
from portal.essays.models import Essay, EssayStatus
from portal.i18n import N_
from portal.judging import rules
from portal.judging.models import Appointment, Judge, Mark
from portal.judging.words import Bar, Progress
from portal.registry.models import Government
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


@dataclass(frozen=True)
class Member:
    """A judge of an edition, with how much they were given and have done."""

    judge: Judge
    appointed: int
    locked: int


def members(session: Session, edition: Edition, after: uuid.UUID | None = None) -> tuple[list[Member], str]:
    """A page of an edition's judges by name, and the cursor of the next."""
    listed = _judges(edition).order_by(col(Person.name), col(Judge.id)).limit(PAGE + 1)
    start = session.exec(_judges(edition).where(Judge.id == after)).one_or_none() if after else None
    if start is not None:
        beside = (col(Person.name) == start.person.name) & (col(Judge.id) > start.id)
        listed = listed.where(or_(col(Person.name) > start.person.name, beside))
    found = list(session.exec(listed))
    counts = _counts(session, edition)
    page = [Member(judge, *counts.get(judge.id, (0, 0))) for judge in found[:PAGE]]
    return page, str(found[PAGE - 1].id) if len(found) > PAGE else ""


def _judges(edition: Edition) -> Any:
    wanted = joinedload(Judge.person), joinedload(Judge.government)
    return select(Judge).join(Judge.person).where(Judge.edition_id == edition.id).options(*wanted)


def _counts(session: Session, edition: Edition) -> dict[uuid.UUID, tuple[int, int]]:
    counted = sa.select(
        col(Appointment.judge_id), func.count(col(Appointment.id)), func.count(col(Appointment.locked_at))
    ).join(Judge, col(Appointment.judge_id) == Judge.id)
    rows = session.execute(counted.where(col(Judge.edition_id) == edition.id).group_by(col(Appointment.judge_id)))
    return {judge_id: (appointed, locked) for judge_id, appointed, locked in rows}


def readers(session: Session, essay: Essay, edition: Edition) -> list[Judge]:
    """Who of the edition reads the essay's language and is not appointed to it yet."""
    taken = {appointment.judge_id for appointment in appointments(session, essay)}
    judges: list[Judge] = session.exec(_judges(edition).order_by(col(Person.name), col(Judge.id))).all()
    return [judge for judge in judges if essay.language in judge.languages and judge.id not in taken]


def appointments(session: Session, essay: Essay) -> list[Appointment]:
    judge = joinedload(Appointment.judge).joinedload(Judge.person)
    found = select(Appointment).where(Appointment.essay_id == essay.id).options(judge)
    return list(session.exec(found.order_by(col(Appointment.appointed_at), col(Appointment.id))))


def get_judge(session: Session, edition: Edition, judge_id: uuid.UUID) -> Judge | None:
    found: Judge | None = session.exec(_judges(edition).where(Judge.id == judge_id)).one_or_none()
    return found


def judge_of(session: Session, edition: Edition, person: Person) -> Judge | None:
    return session.exec(select(Judge).where(Judge.edition_id == edition.id, Judge.person_id == person.id)).one_or_none()


def person_by_email(session: Session, email: str) -> Person | None:
    return session.exec(select(Person).where(Person.email == normal_email(email))).one_or_none()


def bar(session: Session, essay: Essay, judge: Judge) -> Bar | None:
    """What bars this judge from this essay. It looks at the author; only the bar leaves this function."""
    author, person = essays.author_of(session, essay), session.get_one(Person, judge.person_id)
    home = session.get(Government, judge.government_id) if judge.government_id else None
    return rules.bar(
        language=essay.language, reads=judge.languages,
        rule=session.get_one(Edition, essay.edition_id).conflict_rule, judge_home=home, author_home=author.government,
        knows_authors=screening.knows_authors(session, person, essay.edition_id),
        is_guardian=screening.is_guardian(session, person, author),
        is_appointed=judge.id in {each.judge_id for each in appointments(session, essay)},
    )  # fmt: skip


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
