"""The contest's rules: who may what when, how long an essay is, which age category. Pure."""

import datetime as dt
import enum
import hashlib
import re
import unicodedata
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from portal import lengths
from portal.accounts.viewer import Viewer
from portal.contests.models import Category, Consent, Edition, EditionStatus, Essay, EssayStatus, LengthLimit
from portal.contests.words import NEEDED
from portal.i18n import N_, Lazy

CORRECTION = dt.timedelta(days=7)
JUDGES_READ_ON = dt.timedelta(days=14)


class EditionStep(enum.StrEnum):
    PUBLISH = "publish"
    CLOSE = "close"


EDITION_STEPS = {
    (EditionStatus.DRAFT, EditionStep.PUBLISH): EditionStatus.PUBLISHED,
    (EditionStatus.PUBLISHED, EditionStep.CLOSE): EditionStatus.CLOSED,
}


class Step(enum.StrEnum):
    SUBMIT = "submit"
    WITHDRAW = "withdraw"
    ADMIT = "admit"
    RETURN = "return"
    DISQUALIFY = "disqualify"
    JUDGE = "judge"


STEPS = {
    (EssayStatus.DRAFT, Step.SUBMIT): EssayStatus.SUBMITTED,
    (EssayStatus.RETURNED, Step.SUBMIT): EssayStatus.SUBMITTED,
    (EssayStatus.SUBMITTED, Step.ADMIT): EssayStatus.ADMITTED,
    (EssayStatus.SUBMITTED, Step.RETURN): EssayStatus.RETURNED,
    (EssayStatus.SUBMITTED, Step.DISQUALIFY): EssayStatus.DISQUALIFIED,
    (EssayStatus.RETURNED, Step.DISQUALIFY): EssayStatus.DISQUALIFIED,
    (EssayStatus.ADMITTED, Step.DISQUALIFY): EssayStatus.DISQUALIFIED,
    (EssayStatus.ADMITTED, Step.JUDGE): EssayStatus.IN_JUDGING,
    (EssayStatus.DRAFT, Step.WITHDRAW): EssayStatus.WITHDRAWN,
    (EssayStatus.SUBMITTED, Step.WITHDRAW): EssayStatus.WITHDRAWN,
    (EssayStatus.RETURNED, Step.WITHDRAW): EssayStatus.WITHDRAWN,
    (EssayStatus.ADMITTED, Step.WITHDRAW): EssayStatus.WITHDRAWN,
}
AUTHORS_STEPS = frozenset({Step.SUBMIT, Step.WITHDRAW})
SCREENERS_STEPS = frozenset({Step.ADMIT, Step.RETURN, Step.DISQUALIFY})


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


def is_theirs(viewer: Viewer, step: Step, essay: Essay, *, is_author: bool) -> bool:
    """Whether such a step on this essay is this person's at all, at whatever moment."""
    if step in AUTHORS_STEPS:
        return is_author
    if step in SCREENERS_STEPS:
        return viewer.screens(essay.edition_id) and not viewer.judges(essay.edition_id) and not is_author
    return viewer.is_secretary


def may(viewer: Viewer, step: Step, essay: Essay, *, is_author: bool = False) -> bool:
    once = step is not Step.RETURN or essay.returned_at is None
    return once and is_theirs(viewer, step, essay, is_author=is_author) and (essay.status, step) in STEPS


# When


def is_open(edition: Edition, at: dt.datetime) -> bool:
    return edition.status is EditionStatus.PUBLISHED and edition.opens_at <= at <= edition.due_at


def corrected_by(essay: Essay, edition: Edition) -> dt.datetime:
    """Until when a returned essay may be corrected and sent again."""
    if essay.returned_at is None:
        return edition.due_at
    return max(edition.due_at, essay.returned_at + CORRECTION)


def may_be_written(essay: Essay, edition: Edition, at: dt.datetime) -> bool:
    if essay.status is EssayStatus.RETURNED:
        return edition.status is EditionStatus.PUBLISHED and at <= corrected_by(essay, edition)
    return essay.status is EssayStatus.DRAFT and is_open(edition, at)


LATE = N_("The time for essays of this contest has passed. Nothing was sent; copy your text if you want to keep it.")
SENT_ALREADY = N_("This essay has been sent and can no longer be changed. Go to its page to see where it stands.")


def why_not_written(essay: Essay, edition: Edition, at: dt.datetime) -> Lazy | None:
    """Why nothing can be changed now, or None if it can."""
    if may_be_written(essay, edition, at):
        return None
    return LATE if essay.status in {EssayStatus.DRAFT, EssayStatus.RETURNED} else SENT_ALREADY


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


# What in the text may tell who wrote it

EMAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
PHONE = re.compile(r"\+?\d[\d\s().-]{7,}\d")


def identity_in(text: str, *, own: Sequence[str]) -> list[str]:
    """Passages of the text that could tell who wrote it: `own` words (names, school, address), addresses, numbers."""
    folded = _folded(text)
    named = [word for word in own if _stands_in(_folded(word), folded)]
    patterns = [found.group().strip() for pattern in (EMAIL, PHONE) for found in pattern.finditer(text)]
    return list(dict.fromkeys(named + patterns))


def own_words(*, names: Iterable[str], school: str, email: str) -> list[str]:
    """What to look for: the whole names, their parts that are long enough to mean somebody, school and address."""
    parts = [part for name in names for part in (name, *name.split())]
    return [word for word in dict.fromkeys([*parts, school, email]) if _is_telling(word)]


def _is_telling(word: str) -> bool:
    """Two characters of a Chinese name tell somebody; two letters of an alphabet do not."""
    return len(word) >= (2 if any("\u2e80" <= c <= "\ud7af" for c in word) else 4)


def _stands_in(word: str, text: str) -> bool:
    """As a word of its own; scripts that write without spaces may hold it anywhere."""
    if not word.isascii() and any("\u2e80" <= c <= "\ud7af" for c in word):
        return word in text
    return re.search(rf"(?<!\w){re.escape(word)}(?!\w)", text) is not None


def _folded(text: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


# Before submission


@dataclass(frozen=True)
class Check:
    """One thing that must be right before an essay can be sent; `problem` is None when it is."""

    task: str  # the page that mends it: "about" or "text"
    problem: Lazy


def missing(
    essay: Essay, edition: Edition, *, born_on: dt.date | None, names: tuple[str, str], school: str,
    has_government: bool, consents: Iterable[str],
) -> list[Check]:  # fmt: skip
    """Everything that keeps this essay from being sent, each with its sentence."""
    found = _about(edition, born_on, names, school, has_government, consents)
    return [Check("about", problem) for problem in found] + [
        Check("text", problem) for problem in _text(essay, edition)
    ]


def _about(
    edition: Edition, born_on: dt.date | None, names: tuple[str, str], school: str, has_government: bool,
    consents: Iterable[str],
) -> list[Lazy]:  # fmt: skip
    found = []
    if not all(names) or not school or not has_government or born_on is None:
        found.append(N_("Tell us who you are: names, date of birth, home government and school."))
    if born_on is not None and category_for(edition.categories, born_on, edition.reference_on) is None:
        found.append(N_("Your age on the reference date is outside the age categories of this contest."))
    if not {Consent(given) for given in consents} >= NEEDED:
        found.append(N_("Agree to the use of your details and confirm that the essay is your own."))
    return found


def _text(essay: Essay, edition: Edition) -> list[Lazy]:
    limit = limit_of(edition, essay.language)
    if limit is None or essay.theme_id is None or not essay.title:
        return [N_("Choose a theme and a language, and write a title and a text.")]
    problem = measured(essay.text, limit).problem
    return [problem] if problem else []


def offers_theme(edition: Edition, theme_id: uuid.UUID | None) -> bool:
    return theme_id is None or any(theme.id == theme_id for theme in edition.themes)


def offers_language(edition: Edition, language: str) -> bool:
    return not language or limit_of(edition, language) is not None


def limit_of(edition: Edition, language: str) -> LengthLimit | None:
    return next((limit for limit in edition.limits if limit.language == language), None)


def digest(title: str, text: str) -> str:
    """SHA-256 (hex) of what was sent: the title, an empty line, the text, in UTF-8."""
    return hashlib.sha256(f"{title}\n\n{text}".encode()).hexdigest()
