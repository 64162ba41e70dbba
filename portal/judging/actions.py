"""Appointing judges; saving and locking marks."""

import uuid
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col

from portal.accounts import actions as accounts
from portal.accounts import queries as people
from portal.accounts.models import Person, Role
from portal.accounts.viewer import Viewer
from portal.clock import now, today
from portal.contests.actions import judges_read_until
from portal.contests.models import Edition
from portal.contests.queries import has_ever_been
from portal.errors import Conflict, NotAllowed
from portal.essays import actions as essays
from portal.essays.models import Essay
from portal.essays.rules import BEFORE_JUDGES, Step, may
from portal.history.actions import record
from portal.i18n import N_, Lazy
from portal.judging import hindrances, queries, reading, rules
from portal.judging.forms import MarksBase, PointsBase
from portal.judging.models import Appointment, Judge, JudgeStatus, Mark, Round
from portal.judging.reading import Line, Reading
from portal.judging.words import Bar
from portal.mail.actions import send
from portal.registry.models import Government
from portal.screening import queries as screening

LOCKED = N_("You have submitted your marks for this essay. They can no longer be changed.")
OVER = N_("The time for marks in this contest has passed. Ask the secretariat if yours are missing.")
NOT_ADMITTED = N_("Judges can be appointed only to an essay that is admitted.")
NOT_RUNNING = N_("Judges can be appointed only while the edition is published.")
ALREADY = N_("This person judges this edition already.")
NOT_LOCKED = N_("This judge has not submitted their marks for this essay.")
NOT_READ = N_("This essay no longer lies on the judges' desks.")
NO_LONGER = N_("This judge no longer reads this essay.")
SCREENED = N_("You know from screening who wrote what. Another secretary does this.")
TOO_LATE = N_("The time for marks in this round has passed.")


def add_judge(
    session: Session, edition: Edition, person: Person, *, languages: list[str], government_id: uuid.UUID | None,
    by: Viewer,
) -> Judge:  # fmt: skip
    """Makes a judge of somebody who has said yes elsewhere. On the portal people are asked (`panels`).

    Whoever calls it has locked the edition, so that the person begins no essay meanwhile.
    """
    if not rules.may_appoint(by, edition):
        raise NotAllowed
    accounts.hold(session, person)
    check_fit(session, edition, person)
    home = session.get(Government, government_id) if government_id else None
    judge = Judge(
        edition_id=edition.id, person_id=person.id, name=person.name, languages=languages, government_id=government_id,
        country=home.country if home else None, invited_by=by.id,
    )  # fmt: skip
    session.add(judge)
    give_role(session, edition, person, by=by.id)
    session.flush()
    record(session, "appointed judge", "edition", edition.id, by=by.id, judge=str(judge.id))
    send(session, "judging/appointed", edition.id, to=people.recipient(person), edition=edition)
    return judge


def give_role(session: Session, edition: Edition, person: Person, *, by: uuid.UUID | None) -> None:
    """Until some days after the last marks are due; not twice, as an invitation may have brought it already."""
    if has_ever_been(session, person.id, Role.JUDGE, edition.id):
        return
    ends = max(judges_read_until(edition), today())
    accounts.give(session, person, Role.JUDGE, by, begins_on=today(), ends_on=ends, edition_id=edition.id, tells=False)


def check_fit(session: Session, edition: Edition, person: Person) -> None:
    """Raises Conflict, which says why, if this person cannot become a judge of the edition."""
    if not rules.takes_judges(edition):
        raise Conflict(NOT_RUNNING)
    why_not = screening.why_apart(session, person, Role.JUDGE, edition.id)
    if why_not:
        raise Conflict(why_not)
    if queries.judge_of(session, edition, person) is not None:
        raise Conflict(ALREADY)


def appoint(session: Session, edition: Edition, essay: Essay, judge: Judge, *, by: Viewer) -> Bar | None:
    """Appoints a judge to an essay, in the round it is in, unless something bars them: then nothing changes but the
    history. How many essays they agreed to read is no bar."""
    if not rules.may_appoint(by, edition):
        raise NotAllowed
    round_ = rules.ROUNDS.get(essay.status)
    if round_ is None or not rules.takes_judges(edition):
        raise Conflict(NOT_ADMITTED)
    stands = hindrances.first(session, edition)
    if stands is not None:
        raise Conflict(stands)
    barred = queries.bar(session, essay, judge, round_)
    if barred is not None:
        # Who tries one judge after the other could learn where an author lives: it is written down.
        record(session, "barred", "essay", essay.id, by=by.id, judge=str(judge.id), bar=barred.value)
        return barred
    session.add(_appointment(essay, judge, by=by, round_=round_))
    session.flush()
    record(session, "appointed", "essay", essay.id, by=by.id, judge=str(judge.id))
    _begin_judging(session, essay, by=by)
    return None


def _appointment(essay: Essay, judge: Judge, *, by: Viewer, round_: Round = Round.FIRST) -> Appointment:
    return Appointment(
        essay_id=essay.id, judge_id=judge.id, round=round_, alias=essays.random_code(12).lower(), appointed_by=by.id
    )


def _begin_judging(session: Session, essay: Essay, *, by: Viewer) -> None:
    reading = [each for each in queries.appointments(session, essay) if each.ended_at is None]
    if len(reading) >= rules.ENOUGH_JUDGES and may(by, Step.JUDGE, essay):
        essays.take_step(session, essay, Step.JUDGE, by=by)


# What judges sent


def reopen(
    session: Session, edition: Edition, essay: Essay, appointment: Appointment, reason: str, *, by: Viewer, origin: str
) -> None:
    """Lets a judge change the marks that they sent. What they had given stays until they do.

    The reason stays in the history: a sentence by somebody who may know the author is no mail to a judge.
    """
    _settable(edition, by)
    why_not = _why_not_reopened(session, edition, essay, appointment)
    if why_not:
        raise Conflict(why_not)
    appointment.locked_at = None
    session.add(appointment)
    record(session, "reopened marks", "appointment", appointment.id, by=by.id, reason=reason)
    _tell_reopened(session, edition, appointment, origin)


def _settable(edition: Edition, by: Viewer) -> None:
    if not rules.may_appoint(by, edition):
        raise NotAllowed
    if not rules.may_reopen(by, edition):
        raise Conflict(SCREENED)


def _why_not_reopened(session: Session, edition: Edition, essay: Essay, appointment: Appointment) -> Lazy | None:
    judge = appointment.judge
    if appointment.locked_at is None:
        return NOT_LOCKED
    if essay.status not in BEFORE_JUDGES:
        return NOT_READ
    if appointment.ended_at or judge.status is not JudgeStatus.ACCEPTED or judge.excluded_at:
        return NO_LONGER
    if not rules.is_time_to_mark(rules.due_at(edition, appointment.round), now()):
        return TOO_LATE
    return hindrances.first(session, edition)


def _tell_reopened(session: Session, edition: Edition, appointment: Appointment, origin: str) -> None:
    """Whoever sent marks had accepted, so there is a person."""
    judge = session.get_one(Person, appointment.judge.person_id)
    due_at = rules.due_at(edition, appointment.round)
    send(
        session, "judging/reopened", edition.id, to=people.recipient(judge), edition=edition,
        alias=appointment.alias, due_at=due_at, link=f"{origin}/judging/{appointment.alias}",
    )  # fmt: skip


def hide_comment(session: Session, edition: Edition, appointment: Appointment, *, by: Viewer, hidden: bool) -> None:
    """Keeps a comment from the author, or lets it reach them again."""
    _settable(edition, by)
    if appointment.locked_at is None:
        raise Conflict(NOT_LOCKED)
    if hidden == (appointment.comment_hidden_by is not None):
        return
    appointment.comment_hidden_by = by.id if hidden else None
    session.add(appointment)
    record(session, "hid comment" if hidden else "showed comment", "appointment", appointment.id, by=by.id)


# On a judge's connection, which sees neither author nor history


def save_marks(
    session: Session, marked: Reading, rubric: list[Line], given: MarksBase, *, comment: str | None = None,
    private_note: str | None = None,
) -> None:  # fmt: skip
    """Keeps what was given; what was left out stays as it was. The first time is when the essay was opened: a page
    that is only looked at changes nothing."""
    _markable(marked)
    kept = reading.marks_of(session, marked.appointment_id)
    keep_points(session, rubric, given, kept, partial(Mark, appointment_id=marked.appointment_id))
    texts = {"comment": comment, "private_note": private_note}
    opened_at = sa.func.coalesce(col(Appointment.opened_at), now())
    _update(session, marked, opened_at=opened_at, **{name: text for name, text in texts.items() if text is not None})


def keep_points(
    session: Session, rubric: list[Line], given: PointsBase, kept: Mapping[uuid.UUID, Any], new: Callable[..., Any]
) -> None:
    """Changes or adds a mark for every criterion that points were given on; `kept` are those there are."""
    for line in rubric:
        points = given.points(line.position)
        if points is not None:
            mark = kept.get(line.criterion_id) or new(criterion_id=line.criterion_id, points=points)
            mark.points = points
            session.add(mark)
    session.flush()


def lock_marks(session: Session, marked: Reading, *, by: Viewer) -> None:
    """Submits the marks; from here on they stand."""
    _markable(marked)
    if any(line.points is None for line in reading.rubric(session, marked)):
        raise Conflict(N_("Give points on every criterion before you submit your marks."))
    _update(session, marked, locked_at=now())
    record(session, "locked marks", "appointment", marked.appointment_id, by=by.id)


def _markable(marked: Reading) -> None:
    if not marked.may_mark:
        raise Conflict(LOCKED if marked.is_locked else OVER)


def _update(session: Session, marked: Reading, **values: object) -> None:
    changed = sa.update(Appointment).where(col(Appointment.id) == marked.appointment_id).values(**values)
    session.execute(changed.execution_options(synchronize_session=False))
