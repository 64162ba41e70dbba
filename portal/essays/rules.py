"""An essay's states, when it may be written, what it needs before it is sent. Pure."""

import datetime as dt
import enum
import hashlib
import uuid
from dataclasses import dataclass

from portal.accounts.viewer import Viewer
from portal.consents.models import Purpose
from portal.consents.rules import Standing, Ward
from portal.contests.models import AiRule, Edition, EditionStatus
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
    SHORTLIST = "shortlist"
    AWARD = "award"
    COMMEND = "commend"
    NOT_AWARD = "not_award"
    STOP = "stop"  # the consent to taking part was refused or withdrawn


STEPS = {
    (EssayStatus.DRAFT, Step.SUBMIT): EssayStatus.SUBMITTED,
    (EssayStatus.RETURNED, Step.SUBMIT): EssayStatus.SUBMITTED,
    (EssayStatus.SUBMITTED, Step.ADMIT): EssayStatus.ADMITTED,
    (EssayStatus.SUBMITTED, Step.RETURN): EssayStatus.RETURNED,
    (EssayStatus.SUBMITTED, Step.DISQUALIFY): EssayStatus.DISQUALIFIED,
    (EssayStatus.RETURNED, Step.DISQUALIFY): EssayStatus.DISQUALIFIED,
    (EssayStatus.ADMITTED, Step.DISQUALIFY): EssayStatus.DISQUALIFIED,
    (EssayStatus.IN_JUDGING, Step.DISQUALIFY): EssayStatus.DISQUALIFIED,
    (EssayStatus.ADMITTED, Step.JUDGE): EssayStatus.IN_JUDGING,
    (EssayStatus.SHORTLISTED, Step.DISQUALIFY): EssayStatus.DISQUALIFIED,
    (EssayStatus.IN_JUDGING, Step.SHORTLIST): EssayStatus.SHORTLISTED,
    (EssayStatus.IN_JUDGING, Step.AWARD): EssayStatus.AWARDED,
    (EssayStatus.IN_JUDGING, Step.COMMEND): EssayStatus.COMMENDED,
    (EssayStatus.IN_JUDGING, Step.NOT_AWARD): EssayStatus.NOT_AWARDED,
    (EssayStatus.SHORTLISTED, Step.AWARD): EssayStatus.AWARDED,
    (EssayStatus.SHORTLISTED, Step.COMMEND): EssayStatus.COMMENDED,
    (EssayStatus.SHORTLISTED, Step.NOT_AWARD): EssayStatus.NOT_AWARDED,
    (EssayStatus.DRAFT, Step.WITHDRAW): EssayStatus.WITHDRAWN,
    (EssayStatus.SUBMITTED, Step.WITHDRAW): EssayStatus.WITHDRAWN,
    (EssayStatus.RETURNED, Step.WITHDRAW): EssayStatus.WITHDRAWN,
    (EssayStatus.ADMITTED, Step.WITHDRAW): EssayStatus.WITHDRAWN,
    (EssayStatus.DRAFT, Step.STOP): EssayStatus.WITHDRAWN,
    (EssayStatus.SUBMITTED, Step.STOP): EssayStatus.WITHDRAWN,
    (EssayStatus.RETURNED, Step.STOP): EssayStatus.WITHDRAWN,
    (EssayStatus.ADMITTED, Step.STOP): EssayStatus.WITHDRAWN,
    (EssayStatus.IN_JUDGING, Step.STOP): EssayStatus.WITHDRAWN,
    (EssayStatus.SHORTLISTED, Step.STOP): EssayStatus.WITHDRAWN,
}
# Judges read them, or have: their marks count, and they have a result once the results are public. What was withdrawn
# or disqualified falls out of every order.
JUDGED = frozenset({
    EssayStatus.IN_JUDGING, EssayStatus.SHORTLISTED, EssayStatus.AWARDED, EssayStatus.COMMENDED,
    EssayStatus.NOT_AWARDED,
})  # fmt: skip
BEFORE_JUDGES = frozenset({EssayStatus.IN_JUDGING, EssayStatus.SHORTLISTED})  # they lie on desks
AUTHORS_STEPS = frozenset({Step.SUBMIT, Step.WITHDRAW})
SCREENERS_STEPS = frozenset({Step.ADMIT, Step.RETURN, Step.DISQUALIFY})
# Nobody's button: stopping follows from a decision that somebody, often without an account, took elsewhere; results
# come at the instant of their publication.
ITS_OWN_STEPS = frozenset({Step.STOP, Step.AWARD, Step.COMMEND, Step.NOT_AWARD})


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
    if step in ITS_OWN_STEPS:
        return not viewer.is_signed_in
    if step in AUTHORS_STEPS:
        return is_author
    if step in SCREENERS_STEPS:
        return viewer.screens(essay.edition_id) and not viewer.judges(essay.edition_id) and not is_author
    return viewer.is_secretary


def may(viewer: Viewer, step: Step, essay: Essay, *, is_author: bool = False) -> bool:
    once = step is not Step.RETURN or essay.returned_at is None
    return once and is_theirs(viewer, step, essay, is_author=is_author) and (essay.status, step) in STEPS


# For whom a guardian decides


def ward_of(own: Authorship) -> Ward:
    """What decides whether a guardian is asked for this author; loaded with the government and the edition."""
    home, edition = own.government, own.essay.edition
    return Ward(
        own.born_on, residence=home.country.value if home else "", nationality=own.nationality,
        zone=home.zone if home else edition.zone, ages=edition.consent_ages,
    )  # fmt: skip


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


# Before submission


@dataclass(frozen=True)
class Check:
    """One thing that must be right before an essay can be sent."""

    task: str  # the page that mends it: "about", "consents", "text" or "statements"
    problem: Lazy


def missing(own: Authorship, essay: Essay, edition: Edition, standing: Standing) -> list[Check]:
    """Everything that keeps this essay from being sent, each with its sentence."""
    found = {
        "about": _about(own, edition),
        "consents": _consents(own, standing),
        "text": _text(essay, edition),
        "statements": _statements(own, edition.ai_rule),
    }
    return [Check(task, problem) for task, problems in found.items() for problem in problems]


def _about(own: Authorship, edition: Edition) -> list[Lazy]:
    given = {
        N_("Write your name in your own script."): own.native_name,
        N_("Write your name in Latin letters."): own.roman_name,
        N_("Enter your date of birth."): own.born_on,
        N_("Choose your home government."): own.government_id,
        N_("Choose your nationality."): own.nationality,
        N_("Enter your school."): own.school,
    }
    found = [sentence for sentence, value in given.items() if not value]
    return [*found, OUTSIDE] if is_outside(own.born_on, edition) else found


OUTSIDE = N_("Your age on the reference date is outside the age categories of this contest.")


def is_outside(born_on: dt.date | None, edition: Edition) -> bool:
    return born_on is not None and category_for(edition.categories, born_on, edition.reference_on) is None


def _consents(own: Authorship, standing: Standing) -> list[Lazy]:
    """What an author still has to do about consents. A guardian's answer may come after the essay was sent.

    From paper, the scan of the signed consent says it all (`lacks_on_paper`).
    """
    if own.entered_by is not None:
        return []
    if not (own.born_on and own.government_id and own.nationality):
        return [N_("Give your consents, once the page about you is complete.")]
    if standing.is_decided(Purpose.TAKE_PART) and not standing.allows(Purpose.TAKE_PART):
        return [_refused(standing)]
    if standing.needs_guardian:
        return [] if standing.guardian else [N_("Name a parent or guardian, so that we can ask for their consent.")]
    if all(standing.is_decided(purpose) for purpose in Purpose):
        return []
    return [N_("Say yes or no to each of the consents.")]


def _refused(standing: Standing) -> Lazy:
    if standing.current[Purpose.TAKE_PART].guardian_id is not None:
        return N_("Your parent or guardian did not agree that you take part, so the essay cannot be sent.")
    return N_("You did not agree to take part. Without that consent the essay cannot be sent.")


def _text(essay: Essay, edition: Edition) -> list[Lazy]:
    limit = limit_of(edition, essay.language)
    given = {
        N_("Choose a theme."): essay.theme_id,
        N_("Choose the language of your essay."): limit,
        N_("Write a title."): essay.title,
        N_("Write your text."): essay.text,
    }
    found = [sentence for sentence, value in given.items() if not value]
    problem = measured(essay.text, limit).problem if limit and essay.text else None
    return [*found, problem] if problem else found


def _statements(own: Authorship, ai_rule: AiRule) -> list[Lazy]:
    problem = _about_ai(own, ai_rule)
    found = [] if own.is_original else [N_("Confirm that the essay is your own and was not published before.")]
    return [*found, problem] if problem else found


def _about_ai(own: Authorship, ai_rule: AiRule) -> Lazy | None:
    if ai_rule is AiRule.DISCLOSED and own.used_ai is None:
        return N_("Say whether you used a programme that writes.")
    if ai_rule is AiRule.DISCLOSED and own.used_ai and not own.ai_use:
        return HOW
    if ai_rule is AiRule.BARRED and own.used_ai is not False:
        return N_("Confirm that you used no programme that writes.")
    return None


HOW = N_("Say which programme you used, and what for.")


# Two windows


def is_overtaken(essay: Essay, *, version: int, began: str = "", sitting: uuid.UUID | None = None) -> bool:
    """Whether somebody else wrote on since a window began with this version.

    `began` is the mark of the text that the window began with: if that still stands, only other pages were saved.
    A window whose answer was lost knows an earlier version, but it was itself who wrote last.
    """
    wrote_last = sitting is not None and (sitting, essay.version) == (essay.sitting, essay.sitting_version)
    return version != essay.version and began != mark_of(essay) and not wrote_last


def mark_of(essay: Essay) -> str:
    """A short name for what stands in the editor."""
    return mark(essay.theme_id, essay.language, essay.title, essay.text, essay.notes)


def mark_of_author(own: Authorship) -> str:
    """The same for what the author tells and states."""
    about = own.native_name, own.roman_name, own.born_on, own.government_id, own.nationality, own.school
    return _mark(*about, own.is_original, own.used_ai, own.ai_use)


def mark(theme_id: uuid.UUID | None, language: str, title: str, text: str, notes: str) -> str:
    return _mark(theme_id or "", language, title, text, notes)


def _mark(*parts: object) -> str:
    return hashlib.sha256("\0".join(map(str, parts)).encode()).hexdigest()[:32]


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


def digest(title: str, text: str, notes: str = "") -> str:
    """SHA-256 (hex) of what was sent: title, text and notes with an empty line between, in UTF-8."""
    return hashlib.sha256("\n\n".join(filter(None, (title, text, notes))).encode()).hexdigest()
