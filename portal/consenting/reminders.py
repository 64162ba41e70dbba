"""Reminding guardians who have not answered, and the young people who wait for them."""

import datetime as dt
import uuid
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

import sqlalchemy as sa
from sqlalchemy.orm import joinedload
from sqlmodel import Session, col, select

from portal.accounts import queries as accounts
from portal.applications import rules as application_rules
from portal.applications.models import Application, Status
from portal.applications.offices import offices
from portal.calls.subjects import until as until_of_call
from portal.consenting import queries
from portal.consents import letters, rules
from portal.consents import queries as consents
from portal.consents.models import ConsentGuardian, Programme, Purpose
from portal.consents.rules import Ward
from portal.contests.subjects import until as until_of_edition
from portal.essays import rules as essay_rules
from portal.essays.models import Authorship, Essay, EssayStatus
from portal.essays.reminders import addressees
from portal.i18n import N_
from portal.mail.rules import Recipient
from portal.reminding.models import Reminded
from portal.reminding.rules import DAY, Among, Reader, Rule, Step, Subject, asked, register, within

FORGOTTEN_AFTER = 60 * DAY  # after the end of a link
EXPIRED = "expired_consents"


# Guardians, and whoever hears that theirs did not answer


def _subjects(
    session: Session, found: Sequence[ConsentGuardian], at: dt.datetime, when: Callable[[ConsentGuardian], dt.datetime],
    until: Callable[[ConsentGuardian], dt.datetime],
) -> Iterator[Subject]:  # fmt: skip
    """Of these questions those that are still asked: of a minor who takes part."""
    about = queries.entries(session, [each.case for each in found])
    for guardian in found:
        entry = about.get(guardian.case_id)
        if entry is not None and not entry.is_over and rules.is_minor(entry.ward, at):
            told = entry.about
            yield Subject(
                guardian.id, when(guardian), (guardian, entry), told.zone, told.title, until(guardian),
                edition_id=told.edition_id,
            )  # fmt: skip


def _waiting(session: Session, at: dt.datetime, last: dt.datetime) -> Iterable[Subject]:
    found = consents.unanswered(session, col(ConsentGuardian.expires_at) > at, col(ConsentGuardian.sent_at) <= last)
    return _subjects(session, found, at, lambda each: each.sent_at, lambda each: each.expires_at)


def _expired(session: Session, at: dt.datetime, last: dt.datetime) -> Iterable[Subject]:
    """Links that ended without an answer, and of which nobody was told."""
    told = sa.exists().where(
        col(Reminded.rule) == EXPIRED, col(Reminded.subject_id) == col(ConsentGuardian.id),
        col(Reminded.at) >= col(ConsentGuardian.expires_at),
    )  # fmt: skip
    ended = col(ConsentGuardian.expires_at) > at - FORGOTTEN_AFTER, col(ConsentGuardian.expires_at) <= last
    found = consents.unanswered(session, *ended, ~told)
    return _subjects(session, found, at, lambda each: each.expires_at, lambda each: each.expires_at + FORGOTTEN_AFTER)


def _guardians(_session: Session, steps: Sequence[Step], among: Among) -> Iterator[Reader]:
    for step in asked(steps, among):
        guardian, entry = step.subject.thing
        yield Reader(step, Recipient(guardian.email, guardian.language, guardian.name, zone=entry.about.zone))


def _write(session: Session, _rule: Rule, reader: Reader, origin: str) -> None:
    """With a new link, which ends when the earlier one would have: what we keep of a link cannot be sent again."""
    guardian, entry = reader.step.subject.thing
    locked = session.get_one(ConsentGuardian, guardian.id, with_for_update=True)
    link = letters.fresh_link(locked, origin=origin)
    session.add(locked)
    letters.write(session, locked, entry.about, "reminder", link=link)


def _young(_session: Session, steps: Sequence[Step], among: Among) -> Iterator[Reader]:
    for step in asked(steps, among):
        guardian, entry = step.subject.thing
        if guardian.case.person.email:
            yield Reader(step, accounts.recipient(guardian.case.person), path=entry.path)


def _tell(session: Session, _rule: Rule, reader: Reader, origin: str) -> None:
    guardian, entry = reader.step.subject.thing
    letters.tell(session, guardian.case.person, "expired", entry.about, page_link=origin + reader.path)


# Before a deadline


Place = tuple[uuid.UUID, uuid.UUID]  # a call or an edition, and a person


def _held_back(session: Session, wards: Mapping[Place, Ward], programme: Programme) -> set[Place]:
    """Of these those whose guardian decides and has not agreed; a no is a decision."""
    standings = consents.standings_of_rounds(session, wards, programme)
    return {
        place for place, standing in standings.items()
        if standing.needs_guardian and not standing.is_decided(Purpose.TAKE_PART)
    }  # fmt: skip


def _applicants(session: Session, steps: Sequence[Step], among: Among) -> Iterator[Reader]:
    """Minors who have applied and whose guardian has not agreed."""
    by_call = {step.subject.id: step for step in steps}
    wanted = select(Application).where(
        Application.status == Status.SUBMITTED, col(Application.call_id).in_(by_call), within(Application.id, among)
    )
    whole = joinedload(Application.applicant), joinedload(Application.home), joinedload(Application.call)
    found = session.exec(wanted.options(*whole).order_by(col(Application.id))).all()
    wards = {(each.call_id, each.applicant_id): application_rules.ward_of(each) for each in found}
    held_back = _held_back(session, wards, Programme.INTERNSHIP)
    waiting = [each for each in found if (each.call_id, each.applicant_id) in held_back]
    known = offices(session, waiting)
    for each in waiting:
        step = by_call[each.call_id]
        values, path = {"title": step.subject.title}, queries.path(Programme.INTERNSHIP, each.call_id)
        yield Reader(step, known.addressee(each), values, path, about=each.id, since=each.submitted_at)


def _authors(session: Session, steps: Sequence[Step], among: Among) -> Iterator[Reader]:
    """Minors who have sent an essay and whose guardian has not agreed."""
    by_edition = {step.subject.id: step for step in steps}
    wanted = select(Authorship).join(Essay, col(Essay.id) == col(Authorship.essay_id)).where(
        Essay.status == EssayStatus.SUBMITTED, col(Authorship.edition_id).in_(by_edition),
        within(Authorship.essay_id, among),
    )  # fmt: skip
    whole = (
        joinedload(Authorship.person), joinedload(Authorship.government),
        joinedload(Authorship.essay).joinedload(Essay.edition),
    )  # fmt: skip
    found = session.exec(wanted.options(*whole).order_by(col(Authorship.id))).all()
    wards = {(own.edition_id, own.person_id): essay_rules.ward_of(own) for own in found}
    held_back = _held_back(session, wards, Programme.CONTEST)
    waiting = [own for own in found if (own.edition_id, own.person_id) in held_back]
    to = addressees(session, waiting)
    for own in waiting:
        step, since = by_edition[own.edition_id], own.essay.submitted_at
        values, path = {"title": step.subject.title}, queries.path(Programme.CONTEST, own.edition_id)
        yield Reader(step, to[own.essay_id], values, path, about=own.essay_id, since=since)


register(
    Rule(
        "guardians",
        N_("Guardians who were asked for their consent"),
        rules.REMINDED_AFTER,
        "consents/guardian",
        _waiting,
        _guardians,
        _write,
    )
)
register(
    Rule(
        EXPIRED,
        N_("Young people whose guardian did not answer in time"),
        (0,),
        "consents/expired",
        _expired,
        _young,
        _tell,
    )
)
register(
    Rule(
        "applicants_consents",
        N_("Applicants whose guardian has not agreed yet"),
        (-7, -2),
        "consents/waits",
        until_of_call("nominations_due_at", since="opens_at"),
        _applicants,
    )
)
register(
    Rule(
        "authors_consents",
        N_("Authors whose guardian has not agreed yet"),
        (-7, -2),
        "consents/waits",
        until_of_edition("due_at"),
        _authors,
    )
)
