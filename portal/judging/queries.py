"""Who judges what, for those who appoint judges; the order that the marks make. What judges read is in `reading`."""

import uuid
from collections import defaultdict
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import joinedload
from sqlmodel import Session, col, func, or_, select

from portal.accounts.models import Person, Role
from portal.accounts.rules import normal_email
from portal.accounts.viewer import Viewer
from portal.contests.models import Category, Criterion, Edition, Names
from portal.errors import NotFound
from portal.essays import queries as essays
from portal.essays.models import Essay, EssayStatus
from portal.i18n import N_
from portal.judging import reading, rules
from portal.judging.models import Appointment, Judge, Mark, Round
from portal.judging.words import Bar
from portal.registry.models import Government
from portal.screening import queries as screening
from portal.waiting import Waiting

PAGE = 50


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


def lock_appointment(session: Session, essay: Essay, judge_code: str, round_: Round) -> Appointment:
    """The appointment of the judge of this code, with the judge, until the request ends."""
    found = select(Appointment).join(Appointment.judge).where(
        Appointment.essay_id == essay.id, Appointment.round == round_, Judge.code == judge_code
    ).options(joinedload(Appointment.judge).joinedload(Judge.person))  # fmt: skip
    appointment = session.exec(found.with_for_update(of=Appointment)).one_or_none()
    if appointment is None:
        raise NotFound
    return appointment


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
    return [each for each in (*reading.to_mark(session, viewer), *_to_appoint(session, viewer)) if each.count]


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
