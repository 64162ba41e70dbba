"""An essay's states, when it may be written, what may tell its author, what it needs before it is sent. Pure."""

import datetime as dt
import enum
import hashlib
import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from portal.accounts.viewer import Viewer
from portal.consents.models import Purpose
from portal.consents.rules import Standing, Ward
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


def acts_for(viewer: Viewer, own: Authorship) -> bool:
    """The author; of an essay that was entered from paper the office that entered it, whoever sits there now."""
    return viewer.person_id == own.person_id or entered(viewer, own)


def entered(viewer: Viewer, own: Authorship) -> bool:
    """From paper, by a government that this viewer coordinates; never for somebody who judges the edition."""
    if own.entered_by is None or own.government_id is None or viewer.judges(own.edition_id):
        return False
    return viewer.coordinates(own.government_id)


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


# What came on paper


FIXED_HOME = N_("The office of this home government enters the essay, so the government stays as it is.")
NO_SCAN = N_("Upload the scan of the essay on paper.")
NOT_COMPARED = N_("Compare the typed text with the scan, line by line, and confirm that they agree.")
NO_PAPER_CONSENT = N_("Enter the answers of the signed consent, with its scan.")
REFUSED_ON_PAPER = N_("The signed consent says no to taking part, so the essay cannot be sent.")


def lacks_on_paper(own: Authorship, standing: Standing) -> list[Check]:
    """What an essay from paper needs beside what every essay does."""
    if own.entered_by is None:
        return []
    wanted = {
        Check("paper", NO_SCAN): own.scan_id is None,
        Check("compare", NOT_COMPARED): not is_compared(own),
        Check("signed", NO_PAPER_CONSENT): not standing.is_decided(Purpose.TAKE_PART),
        Check("signed", REFUSED_ON_PAPER): standing.is_decided(Purpose.TAKE_PART) and not standing.may_take_part,
    }
    return [check for check, is_lacking in wanted.items() if is_lacking]


def is_compared(own: Authorship) -> bool:
    """With the text as it now is: whatever was written later has to be compared again."""
    return own.compared_at is not None and own.compared_at >= own.essay.saved_at


def ward_of(own: Authorship) -> Ward:
    """What decides whether a guardian is asked: the author's age where they live, by the ages of the edition."""
    home, edition = own.government, own.essay.edition
    return Ward(
        born_on=own.born_on, residence=home.country.value if home else "", nationality=own.nationality,
        zone=home.zone if home else edition.zone, ages=edition.consent_ages,
    )  # fmt: skip


def digest(title: str, text: str, notes: str = "") -> str:
    """SHA-256 (hex) of what was sent: title, text and notes with an empty line between, in UTF-8."""
    return hashlib.sha256("\n\n".join(filter(None, (title, text, notes))).encode()).hexdigest()
