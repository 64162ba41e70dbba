"""Who judges what, for those who appoint judges; the order that the marks make. What judges read is in `reading`."""

import uuid
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import joinedload
from sqlmodel import Session, col, func, select

from portal.accounts.models import Person
from portal.accounts.viewer import Viewer
from portal.contests.models import Edition
from portal.errors import NotFound
from portal.essays import queries as essays
from portal.essays.models import Essay, EssayStatus
from portal.i18n import N_
from portal.judging import reading, rules
from portal.judging.models import Appointment, DeclaredConflict, Judge, JudgeStatus, Round
from portal.judging.words import Bar
from portal.screening import queries as screening
from portal.waiting import Waiting

PAGE = 50


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


# What waits


def waiting_for(session: Session, viewer: Viewer) -> list[Waiting]:
    return [each for each in (*reading.to_mark(session, viewer), *_to_appoint(session, viewer)) if each.count]


def _to_appoint(session: Session, viewer: Viewer) -> list[Waiting]:
    if not viewer.is_secretary:
        return []
    admitted = sa.select(col(Edition.slug), func.count()).join(Essay, col(Essay.edition_id) == Edition.id)
    admitted = admitted.where(col(Essay.status) == EssayStatus.ADMITTED, col(Edition.id).not_in(viewer.judged))
    rows = session.execute(admitted.group_by(col(Edition.slug))).all()
    text = N_("Essays that need judges")
    return [Waiting(count, text, f"/contests/{slug}/essays?status=admitted") for slug, count in rows]
