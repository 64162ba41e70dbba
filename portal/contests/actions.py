"""Making editions, writing, sending and screening essays. `take_step` alone sets an essay's status."""

import datetime as dt
import secrets
import uuid
from typing import Any

from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, select

from portal.accounts import queries as people
from portal.accounts.models import Grant, Role
from portal.accounts.viewer import Viewer
from portal.clock import now, today
from portal.contests import queries, rules
from portal.contests.forms import AboutForm, EditionFields, TextForm
from portal.contests.models import (
    Authorship,
    Category,
    Criterion,
    Edition,
    EditionStatus,
    Essay,
    LengthLimit,
    Theme,
)
from portal.contests.rules import EditionStep, Step
from portal.errors import Conflict, NotAllowed
from portal.history.actions import record
from portal.i18n import N_
from portal.mail.actions import send

# Without 0 and O, 1 and I: codes are read aloud and copied by hand.
LETTERS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
ELSEWHERE = N_("This essay was changed in another window since you opened this page. Reload it and compare.")
FIXED = N_("Themes, age categories, languages and the rubric are fixed once an edition is published.")
NOT_NOW = N_("This essay is not in a state in which that can be done. Reload the page to see where it stands.")
JUDGES_HERE = N_("You judge this edition, so you cannot also know who wrote what.")


# Editions


def draft_edition(session: Session, given: EditionFields, *, by: Viewer) -> Edition:
    if not by.is_secretary:
        raise NotAllowed
    edition = Edition(
        slug=given.slug, titles={}, texts={}, opens_at=now(), due_at=now(), judging_due_at=now(),
        reference_on=given.reference_on, created_by=by.id,
    )  # fmt: skip
    edition.themes, edition.categories, edition.limits, edition.criteria = [], [], [], []
    _fill(session, edition, given)
    session.flush()
    record(session, "drafted", "edition", edition.id, by=by.id, slug=edition.slug)
    return edition


def change_edition(session: Session, edition: Edition, given: EditionFields, *, by: Viewer) -> None:
    """Everything while it is a draft; afterwards the words and the dates. Raises Conflict for the rest."""
    if not rules.may_edit(by, edition):
        raise Conflict if by.is_secretary else NotAllowed
    if edition.status is not EditionStatus.DRAFT and _shape_of(edition) != _shape(given):
        raise Conflict(FIXED)
    _fill(session, edition, given)
    _let_judges_read_until(session, edition)
    record(session, "changed", "edition", edition.id, by=by.id, slug=edition.slug)


def take_edition_step(session: Session, edition: Edition, step: EditionStep, *, by: Viewer) -> None:
    """The only place that sets an edition's status."""
    if not rules.may_take(by, step, edition):
        raise Conflict if by.is_secretary else NotAllowed
    edition.status = rules.EDITION_STEPS[edition.status, step]
    session.add(edition)
    record(session, step.value, "edition", edition.id, by=by.id, slug=edition.slug)


def _fill(session: Session, edition: Edition, given: EditionFields) -> None:
    edition.slug = given.slug if edition.status is EditionStatus.DRAFT else edition.slug
    edition.titles, edition.texts = given.in_languages("title"), given.in_languages("text")
    edition.zone, edition.reference_on = given.zone, given.reference_on
    edition.opens_at, edition.due_at, edition.judging_due_at = given.opens_at, given.due_at, given.judging_due_at
    session.add(edition)
    for rows, made in zip(_rows(edition), _wanted(edition.id, given), strict=True):
        _replace(session, rows, made) if edition.status is EditionStatus.DRAFT else _reword(rows, made)


def _rows(edition: Edition) -> tuple[list[Any], ...]:
    return edition.themes, edition.categories, edition.limits, edition.criteria


def _wanted(edition_id: uuid.UUID, given: EditionFields) -> tuple[list[Any], ...]:
    themes = [
        Theme(edition_id=edition_id, position=n, names=names)
        for n, names in enumerate(given.lines_in_languages("themes"), 1)
    ]
    categories = [
        Category(edition_id=edition_id, age_from=a, age_to=b, names=names) for a, b, names in given.categories
    ]
    limits = [
        LengthLimit(edition_id=edition_id, language=code, most=most) for code, most in sorted(given.limits.items())
    ]
    criteria = [
        Criterion(edition_id=edition_id, position=n, **criterion) for n, criterion in enumerate(given.criteria, 1)
    ]
    return themes, categories, limits, criteria


def _replace(session: Session, rows: list[Any], made: list[Any]) -> None:
    rows.clear()
    session.flush()  # the old ones must be gone before others take their places
    rows.extend(made)


def _reword(rows: list[Any], made: list[Any]) -> None:
    """Essays and marks point to these rows: they stay, and only their words and limits change."""
    for row, new in zip(rows, made, strict=True):
        for name in {"names", "anchors", "most"} & set(type(row).model_fields):
            setattr(row, name, getattr(new, name))


def _shape_of(edition: Edition) -> object:
    ages = [(category.age_from, category.age_to) for category in edition.categories]
    limits = {limit.language for limit in edition.limits}
    return len(edition.themes), ages, limits, [criterion.weight for criterion in edition.criteria]


def _shape(given: EditionFields) -> object:
    ages = [(first, last) for first, last, _names in given.categories]
    themes = given.lines_in_languages("themes")
    return len(themes), ages, set(given.limits), [criterion["weight"] for criterion in given.criteria]


def judges_read_until(edition: Edition) -> dt.date:
    return (edition.judging_due_at + rules.JUDGES_READ_ON).date()


def _let_judges_read_until(session: Session, edition: Edition) -> None:
    """A judge's role ends some days after the marks are due, also when that date moves."""
    running = select(Grant).where(Grant.edition_id == edition.id, Grant.role == Role.JUDGE)
    for grant in session.exec(running.where(col(Grant.ends_on) >= today())):
        grant.ends_on = max(judges_read_until(edition), grant.begins_on)


# Writing


def start_essay(session: Session, edition: Edition, *, by: Viewer) -> Authorship:
    """One essay a person and edition: whoever has begun already gets theirs."""
    existing = queries.own_in(session, by, edition)
    if existing is not None:
        return existing
    if by.judges(edition.id):
        raise Conflict(N_("You judge this edition, so you cannot write an essay for it."))
    if not rules.is_open(edition, now()):
        raise Conflict(N_("This contest is not open for essays now. Its page says from when to when it is."))
    try:
        with session.begin_nested():
            own = _new_essay(session, edition, by=by)
    except IntegrityError:  # another window was faster
        own = session.exec(queries.written_by(by).where(Authorship.edition_id == edition.id)).one()
    return own


def _new_essay(session: Session, edition: Edition, *, by: Viewer) -> Authorship:
    essay = Essay(edition_id=edition.id, code=random_code(8))
    session.add(essay)
    session.flush()
    own = Authorship(essay_id=essay.id, edition_id=edition.id, person_id=by.id)
    session.add(own)
    session.flush()
    record(session, "started", "authorship", own.id, by=by.id)
    return own


def random_code(length: int) -> str:
    """Random, so that it tells neither who nor when nor in which order."""
    return "".join(secrets.choice(LETTERS) for _ in range(length))


def write_about(session: Session, own: Authorship, given: AboutForm, *, by: Viewer) -> None:
    _writable(own.essay, given.version)
    own.native_name, own.roman_name = given.native_name, given.roman_name
    own.born_on, own.school, own.government_id = given.born_on, given.school, given.government_id
    own.consents = [consent.value for consent in given.consents]
    own.consented_at = now() if own.consents else None
    own.essay.category_id = _category_id(own)
    _changed(session, own, by=by)


def write_text(session: Session, own: Authorship, given: TextForm, *, by: Viewer) -> None:
    essay = own.essay
    _writable(essay, given.version)
    essay.theme_id, essay.language = given.theme_id, given.language
    essay.title, essay.text = given.title, given.text
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
    found = own.born_on and rules.category_for(edition.categories, own.born_on, edition.reference_on)
    return found.id if found else None


def missing(own: Authorship) -> list[rules.Check]:
    """What still keeps this essay from being sent."""
    return rules.missing(
        own.essay, own.essay.edition, born_on=own.born_on, names=(own.native_name, own.roman_name), school=own.school,
        has_government=own.government_id is not None, consents=own.consents,
    )  # fmt: skip


def submit_essay(session: Session, own: Authorship, *, version: int, by: Viewer) -> None:
    essay = own.essay
    _writable(essay, version)
    lacking = missing(own)
    if lacking:
        raise Conflict(lacking[0].problem)
    essay.category_id = _category_id(own)
    essay.submitted_at = now()
    essay.submitted_digest = rules.digest(essay.title, essay.text)
    own.number = own.number or f"E-{random_code(8)}"
    take_step(session, essay, Step.SUBMIT, by=by, author=own)
    _tell(session, own, "contests/essay_received", essay)


def withdraw_essay(session: Session, own: Authorship, *, by: Viewer) -> None:
    take_step(session, own.essay, Step.WITHDRAW, by=by, author=own)
    _tell(session, own, "contests/essay_withdrawn", own.essay)


# Screening


def take_on_screening(session: Session, edition: Edition, *, by: Viewer) -> None:
    """A secretary chooses to know who wrote what, and so not to judge. It cannot be undone for this edition."""
    if not by.is_secretary:
        raise NotAllowed
    if queries.has_ever_been(session, by.id, Role.JUDGE, edition.id):
        raise Conflict(JUDGES_HERE)
    if by.screens(edition.id):
        return
    session.add(Grant(person_id=by.id, role=Role.SCREENER, edition_id=edition.id, begins_on=today(), granted_by=by.id))
    record(session, "took screening on", "edition", edition.id, by=by.id, slug=edition.slug)


def screen_essay(session: Session, essay: Essay, step: Step, *, by: Viewer, reason: str | None = None) -> None:
    """Admits, returns once or disqualifies; the author is told."""
    own = queries.author_of(session, essay)
    take_step(session, essay, step, by=by, author=own)
    essay.screened_at, essay.screened_by, essay.reason = now(), by.id, reason
    if step is Step.RETURN:
        essay.returned_at = now()
    _tell(session, own, TOLD[step], essay)


TOLD = {
    Step.ADMIT: "contests/essay_admitted",
    Step.RETURN: "contests/essay_returned",
    Step.DISQUALIFY: "contests/essay_disqualified",
}


def take_step(session: Session, essay: Essay, step: Step, *, by: Viewer, author: Authorship | None = None) -> None:
    """The only place that sets an essay's status.

    What an author does is recorded on the authorship: the history of an essay must not name its author.
    """
    is_author = author is not None and author.person_id == by.id
    if not rules.is_theirs(by, step, essay, is_author=is_author):
        raise NotAllowed
    if not rules.may(by, step, essay, is_author=is_author):
        raise Conflict(NOT_NOW)
    essay.status = rules.STEPS[essay.status, step]
    essay.version += 1
    session.add(essay)
    if author is not None and step in rules.AUTHORS_STEPS:
        record(session, step.value, "authorship", author.id, by=by.id, status=essay.status.value)
    else:
        record(session, step.value, "essay", essay.id, by=by.id, status=essay.status.value)


def _tell(session: Session, own: Authorship, template: str, essay: Essay, **values: object) -> None:
    person = queries.person(session, own.person_id)
    edition = session.get_one(Edition, essay.edition_id)
    send(session, template, to=people.recipient(person), essay=essay, edition=edition, number=own.number, **values)
