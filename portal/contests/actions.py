"""Making editions. `take_edition_step` alone sets an edition's status."""

import datetime as dt
import uuid
from typing import Any

from sqlmodel import Session, col, select

from portal.accounts.models import Grant, Role
from portal.accounts.viewer import Viewer
from portal.clock import now, today
from portal.contests import rules
from portal.contests.forms import EditionFields
from portal.contests.models import Category, Criterion, Edition, EditionStatus, LengthLimit, Theme
from portal.contests.rules import EditionStep
from portal.errors import Conflict, NotAllowed
from portal.history.actions import record
from portal.i18n import N_

FIXED = N_("Themes, age categories, languages and the rubric are fixed once an edition is published.")


# Editions


def draft_edition(session: Session, given: EditionFields, *, by: Viewer) -> Edition:
    if not by.is_secretary:
        raise NotAllowed
    edition = Edition(
        slug=given.slug, titles={}, texts={}, opens_at=now(), due_at=now(), judging_due_at=now(),
        reference_on=given.reference_on, created_by=by.id,
    )  # fmt: skip
    edition.themes, edition.categories, edition.limits, edition.criteria = [], [], [], []
    edition.awards = []
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
