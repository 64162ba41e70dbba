"""Writing and sending essays. `take_step` alone sets an essay's status."""

import secrets
import uuid
from dataclasses import replace
from typing import Any

from sqlalchemy.exc import IntegrityError
from sqlmodel import Session

from portal.accounts import queries as people
from portal.accounts.models import Person, Role
from portal.accounts.viewer import Viewer
from portal.clock import now
from portal.consents.rules import Standing
from portal.contests import queries as contests
from portal.contests.models import Edition
from portal.contests.rules import category_for, is_open
from portal.errors import Conflict, NotAllowed
from portal.essays import queries, rules
from portal.essays.forms import AboutForm, TextForm
from portal.essays.models import Authorship, Essay, Source, Submission
from portal.essays.rules import Step
from portal.history.actions import record
from portal.i18n import N_
from portal.mail.actions import send
from portal.mail.rules import Recipient

# Without 0 and O, 1 and I: codes are read aloud and copied by hand.
LETTERS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
ELSEWHERE = N_("This essay was changed in another window since you opened this page. Reload it and compare.")
NOT_NOW = N_("This essay is not in a state in which that can be done. Reload the page to see where it stands.")

# Writing


def start_essay(session: Session, edition: Edition, *, by: Viewer) -> Authorship:
    """One essay a person and edition: whoever has begun already gets theirs."""
    existing = queries.own_in(session, by, edition)
    if existing is not None:
        return existing
    contests.hold(session, edition)  # nobody makes them a judge meanwhile
    if contests.has_ever_been(session, by.id, Role.JUDGE, edition.id):
        raise Conflict(N_("You judge this edition, so you cannot write an essay for it."))
    if not is_open(edition, now()):
        raise Conflict(N_("This contest is not open for essays now. Its page says from when to when it is."))
    try:
        with session.begin_nested():
            own = begin(session, edition, by.id, "started", by=by)
    except IntegrityError:  # another window was faster
        found = queries.own_in(session, by, edition)
        assert found is not None, "the other window's"
        own = found
    return own


def begin(
    session: Session, edition: Edition, author_id: uuid.UUID, deed: str, *, by: Viewer, **known: Any
) -> Authorship:
    """An empty draft of this author; `known` is what is known of them already."""
    essay = Essay(edition_id=edition.id)
    session.add(essay)
    session.flush()
    own = Authorship(essay_id=essay.id, edition_id=edition.id, person_id=author_id, **known)
    session.add(own)
    session.flush()
    record(session, deed, "authorship", own.id, by=by.id)
    return own


def random_code(length: int) -> str:
    """Random, so that it tells neither who nor when nor in which order."""
    return "".join(secrets.choice(LETTERS) for _ in range(length))


def write_about(session: Session, own: Authorship, given: AboutForm, *, by: Viewer) -> None:
    _writable(own.essay, given.version)
    if own.entered_by is not None and given.government_id != own.government_id:
        raise Conflict(rules.FIXED_HOME)
    own.native_name, own.roman_name = given.native_name, given.roman_name
    own.born_on, own.school, own.government_id = given.born_on, given.school, given.government_id
    own.nationality, own.is_original = given.nationality, given.is_original
    own.essay.category_id = _category_id(own)
    _changed(session, own, by=by)


def write_text(session: Session, own: Authorship, given: TextForm, *, by: Viewer) -> None:
    essay = own.essay
    _writable(essay, given.version)
    essay.theme_id, essay.language = given.theme_id, given.language
    essay.title, essay.text, essay.notes = given.title, given.text, given.notes
    essay.saved_at = now()
    _changed(session, own, by=by)


def _writable(essay: Essay, version: int) -> None:
    why_not = rules.why_not_written(essay, essay.edition, now())
    if why_not or version != essay.version:
        raise Conflict(why_not or ELSEWHERE)


def _changed(session: Session, own: Authorship, *, by: Viewer) -> None:
    own.essay.version += 1
    session.add(own)
    record(session, "wrote", "authorship", own.id, by=by.id, version=own.essay.version)


def _category_id(own: Authorship) -> uuid.UUID | None:
    edition = own.essay.edition
    found = own.born_on and category_for(edition.categories, own.born_on, edition.reference_on)
    return found.id if found else None


def missing(session: Session, own: Authorship) -> list[rules.Check]:
    """What still keeps this essay from being sent."""
    return checks(own, queries.consents_of(session, own))


def checks(own: Authorship, standing: Standing) -> list[rules.Check]:
    found = rules.missing(
        own.essay, own.essay.edition, born_on=own.born_on, names=(own.native_name, own.roman_name), school=own.school,
        has_government=own.government_id is not None, nationality=own.nationality, is_original=own.is_original,
    )  # fmt: skip
    return found + rules.lacks_on_paper(own, standing)


def submit_essay(session: Session, own: Authorship, *, version: int, by: Viewer) -> None:
    essay = own.essay
    _writable(essay, version)
    lacking = missing(session, own)
    if lacking:
        raise Conflict(lacking[0].problem)
    essay.category_id = _category_id(own)
    essay.source = Source.PAPER if own.entered_by else essay.source
    essay.submitted_at = now()
    essay.submitted_digest = rules.digest(essay.title, essay.text, essay.notes)
    own.number = own.number or f"E-{random_code(8)}"
    session.add(_submission(session, essay))
    take_step(session, essay, Step.SUBMIT, by=by, author=own)
    tell(session, own, "essays/received", essay)


def _submission(session: Session, essay: Essay) -> Submission:
    assert essay.submitted_at is not None and essay.submitted_digest is not None, "it is being sent"
    return Submission(
        essay_id=essay.id, number=len(queries.submissions(session, essay)) + 1, submitted_at=essay.submitted_at,
        digest=essay.submitted_digest, title=essay.title, text=essay.text, notes=essay.notes,
    )  # fmt: skip


def withdraw_essay(session: Session, own: Authorship, *, by: Viewer) -> None:
    take_step(session, own.essay, Step.WITHDRAW, by=by, author=own)
    tell(session, own, "essays/withdrawn", own.essay)


def take_step(session: Session, essay: Essay, step: Step, *, by: Viewer, author: Authorship | None = None) -> None:
    """The only place that sets an essay's status.

    What an author does is recorded on the authorship: the history of an essay must not name its author.
    """
    is_author = author is not None and rules.acts_for(by, author)
    if not rules.is_theirs(by, step, essay, is_author=is_author):
        raise NotAllowed
    if not rules.may(by, step, essay, is_author=is_author):
        raise Conflict(NOT_NOW)
    essay.status = rules.STEPS[essay.status, step]
    essay.version += 1
    session.add(essay)
    if author is not None and step in rules.AUTHORS_STEPS:
        behalf = {} if by.person_id == author.person_id else {"on_behalf": True}
        record(session, step.value, "authorship", author.id, by=by.id, status=essay.status.value, **behalf)
    else:
        record(session, step.value, "essay", essay.id, by=by.id, status=essay.status.value)


def tell(session: Session, own: Authorship, template: str, essay: Essay, **values: object) -> None:
    edition = session.get_one(Edition, essay.edition_id)
    send(session, template, to=addressee(session, own), essay=essay, edition=edition, number=own.number, **values)


def addressee(session: Session, own: Authorship) -> Recipient:
    """The author; for one without an address a coordinator, who is told to whom to pass it on."""
    author = contests.person(session, own.person_id)
    if author.email:
        return people.recipient(author)
    return replace(people.recipient(_helper(session, own)), passes_on_to=author.name)


def _helper(session: Session, own: Authorship) -> Person:
    """Who entered the essay from paper, or a colleague once they have left; never a judge of the edition."""
    assert own.entered_by is not None, "only on paper one writes without an address"
    office = people.coordinators(session, own.government_id) if own.government_id else []
    apart = [each for each in office if not contests.has_ever_been(session, each.id, Role.JUDGE, own.edition_id)]
    entered_by = session.get_one(Person, own.entered_by)
    return entered_by if entered_by in apart or not apart else apart[0]
