"""An essay's states, when it may be written, what may tell its author, what it needs before it is sent. Pure."""

import datetime as dt
import enum
import hashlib
import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from portal.accounts.viewer import Viewer
from portal.consents.rules import Ward
from portal.contests.models import Edition, EditionStatus
from portal.contests.rules import category_for, is_open, limit_of, measured
from portal.essays.models import Authorship, Essay, EssayStatus
from portal.i18n import N_, Lazy

CORRECTION = dt.timedelta(days=7)


class Step(enum.StrEnum):
    SUBMIT = "submit"
    WITHDRAW = "withdraw"
    ADMIT = "admit"
    RETURN = "return"
    DISQUALIFY = "disqualify"
    JUDGE = "judge"
    STOP = "stop"  # the consent to taking part was refused or withdrawn


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
    (EssayStatus.DRAFT, Step.STOP): EssayStatus.WITHDRAWN,
    (EssayStatus.SUBMITTED, Step.STOP): EssayStatus.WITHDRAWN,
    (EssayStatus.RETURNED, Step.STOP): EssayStatus.WITHDRAWN,
    (EssayStatus.ADMITTED, Step.STOP): EssayStatus.WITHDRAWN,
    (EssayStatus.IN_JUDGING, Step.STOP): EssayStatus.WITHDRAWN,
}
AUTHORS_STEPS = frozenset({Step.SUBMIT, Step.WITHDRAW})
SCREENERS_STEPS = frozenset({Step.ADMIT, Step.RETURN, Step.DISQUALIFY})


# Who may


def is_theirs(viewer: Viewer, step: Step, essay: Essay, *, is_author: bool) -> bool:
    """Whether such a step on this essay is this person's at all, at whatever moment. Stopping is nobody's button: it
    follows from a decision that somebody, often without an account, took elsewhere."""
    if step is Step.STOP:
        return not viewer.is_signed_in
    if step in AUTHORS_STEPS:
        return is_author
    if step in SCREENERS_STEPS:
        return viewer.screens(essay.edition_id) and not viewer.judges(essay.edition_id) and not is_author
    return viewer.is_secretary


def may(viewer: Viewer, step: Step, essay: Essay, *, is_author: bool = False) -> bool:
    once = step is not Step.RETURN or essay.returned_at is None
    return once and is_theirs(viewer, step, essay, is_author=is_author) and (essay.status, step) in STEPS


# When


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
    has_government: bool, nationality: str, is_original: bool,
) -> list[Check]:  # fmt: skip
    """Everything that keeps this essay from being sent, each with its sentence."""
    found = _about(edition, born_on, names, school, has_government, nationality, is_original)
    return [Check("about", problem) for problem in found] + [
        Check("text", problem) for problem in _text(essay, edition)
    ]


def _about(
    edition: Edition, born_on: dt.date | None, names: tuple[str, str], school: str, has_government: bool,
    nationality: str, is_original: bool,
) -> list[Lazy]:  # fmt: skip
    found = []
    if not all(names) or not school or not has_government or born_on is None or not nationality:
        found.append(N_("Tell us who you are: names, date of birth, nationality, home government and school."))
    if born_on is not None and category_for(edition.categories, born_on, edition.reference_on) is None:
        found.append(N_("Your age on the reference date is outside the age categories of this contest."))
    if not is_original:
        found.append(N_("Confirm that the essay is your own."))
    return found


def _text(essay: Essay, edition: Edition) -> list[Lazy]:
    limit = limit_of(edition, essay.language)
    if limit is None or essay.theme_id is None or not essay.title:
        return [N_("Choose a theme and a language, and write a title and a text.")]
    problem = measured(essay.text, limit).problem
    return [problem] if problem else []


def digest(title: str, text: str, notes: str = "") -> str:
    """SHA-256 (hex) of what was sent: title, text and notes with an empty line between, in UTF-8."""
    return hashlib.sha256("\n\n".join(filter(None, (title, text, notes))).encode()).hexdigest()


# Consent


def ward_of(own: Authorship) -> Ward:
    """Read with its government, its essay and that one's edition."""
    home = own.government
    return Ward(
        born_on=own.born_on, residence=home.country.value if home else "", nationality=own.nationality,
        zone=home.zone if home else own.essay.edition.zone, ages=own.essay.edition.consent_ages,
    )  # fmt: skip
