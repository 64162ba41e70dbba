"""The contest's rules: who may what when, how long an essay may be, which age category. Pure."""

import datetime as dt
import enum
import uuid
from collections.abc import Iterable
from dataclasses import dataclass

from portal import lengths
from portal.accounts.viewer import Viewer
from portal.contests.models import Category, Edition, EditionStatus, LengthLimit
from portal.i18n import N_, Lazy

JUDGES_READ_ON = dt.timedelta(days=14)


class EditionStep(enum.StrEnum):
    PUBLISH = "publish"
    CLOSE = "close"


EDITION_STEPS = {
    (EditionStatus.DRAFT, EditionStep.PUBLISH): EditionStatus.PUBLISHED,
    (EditionStatus.PUBLISHED, EditionStep.CLOSE): EditionStatus.CLOSED,
}


# Who may


def may_see_drafts(viewer: Viewer) -> bool:
    return viewer.is_secretary or viewer.is_auditor


def may_take(viewer: Viewer, step: EditionStep, edition: Edition) -> bool:
    return viewer.is_secretary and (edition.status, step) in EDITION_STEPS


def may_edit(viewer: Viewer, edition: Edition) -> bool:
    return viewer.is_secretary and edition.status is not EditionStatus.CLOSED


def may_see_essays(viewer: Viewer, edition: Edition) -> bool:
    """Essays by code. A judge of the edition sees only the desk, also when they hold another role."""
    staff = viewer.is_secretary or viewer.is_auditor or viewer.screens(edition.id)
    return staff and not viewer.judges(edition.id)


def may_see_author(viewer: Viewer, edition: Edition) -> bool:
    return viewer.screens(edition.id) and not viewer.judges(edition.id)


def may_screen(viewer: Viewer, edition: Edition) -> bool:
    """Whether they may take the screening task on: a secretary who does not judge the edition."""
    return viewer.is_secretary and not viewer.screens(edition.id) and not viewer.judges(edition.id)


# When


def is_open(edition: Edition, at: dt.datetime) -> bool:
    return edition.status is EditionStatus.PUBLISHED and edition.opens_at <= at <= edition.due_at


# Age


def age_on(born_on: dt.date, day: dt.date) -> int:
    """Full years; somebody born on 29 February is a year older on 1 March."""
    return day.year - born_on.year - ((day.month, day.day) < (born_on.month, born_on.day))


def category_for(categories: Iterable[Category], born_on: dt.date, reference_on: dt.date) -> Category | None:
    age = age_on(born_on, reference_on)
    return next((category for category in categories if category.age_from <= age <= category.age_to), None)


# Length

COUNTED_IN_CHARACTERS = frozenset({"zh-Hans", "ja", "ko"})


@dataclass(frozen=True)
class Length:
    """How long a text is, and how long it may be; in characters without spaces, or in words."""

    count: int
    least: int
    most: int
    in_characters: bool

    @property
    def problem(self) -> Lazy | None:
        if self.count > self.most:
            return N_("Your text is longer than the limit. Shorten it.")
        return N_("Your text is shorter than half the limit. Write more.") if self.count < self.least else None


def length(text: str, language: str) -> int:
    """Characters without spaces for Chinese, Japanese and Korean; words for the others.

    The title is not counted. A word is anything between spaces that holds a letter or a digit.
    """
    if language in COUNTED_IN_CHARACTERS:
        return lengths.graphemes(text)
    return lengths.words(text)


def measured(text: str, limit: LengthLimit) -> Length:
    characters = limit.language in COUNTED_IN_CHARACTERS
    return Length(length(text, limit.language), least_of(limit.most), limit.most, characters)


def least_of(most: int) -> int:
    return (most + 1) // 2


def offers_theme(edition: Edition, theme_id: uuid.UUID | None) -> bool:
    return theme_id is None or any(theme.id == theme_id for theme in edition.themes)


def offers_language(edition: Edition, language: str) -> bool:
    return not language or limit_of(edition, language) is not None


def limit_of(edition: Edition, language: str) -> LengthLimit | None:
    return next((limit for limit in edition.limits if limit.language == language), None)
