"""How long a final report is, when it is written, submitted and due, and who takes which step. Pure."""

import datetime as dt
import enum
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from portal import lengths
from portal.accounts.viewer import Viewer
from portal.applications import rules as applications
from portal.applications.models import Application
from portal.final_reports.models import FinalReport, NameShown, ReportStatus
from portal.i18n import N_, Lazy
from portal.placements.models import Placement, PlacementStatus


class Unit(enum.StrEnum):
    """By which function of `lengths` a text is counted."""

    WORDS = "words"
    GRAPHEMES = "graphemes"  # without spaces


class Bounds(NamedTuple):
    unit: Unit
    least: int
    most: int


# 1,000 to 2,000 English words, and as much of the same content in each language: ratios measured on the
# translations of the Universal Declaration of Human Rights, per 1,000 English words.
LENGTHS: dict[str, Bounds] = {
    "en": Bounds(Unit.WORDS, 1000, 2000),
    "zh-Hans": Bounds(Unit.GRAPHEMES, 1560, 3120),
    "ja": Bounds(Unit.GRAPHEMES, 2350, 4700),
    "ko": Bounds(Unit.GRAPHEMES, 2030, 4060),
    "mn": Bounds(Unit.WORDS, 870, 1740),
    "ru": Bounds(Unit.WORDS, 910, 1820),
}
COUNTS = {Unit.WORDS: lengths.words, Unit.GRAPHEMES: lengths.graphemes}
TEXTS = ("did", "learned", "proposals")
CONTENT = ("title", *TEXTS, "language", "may_publish", "name_shown")
# What stands in a report that nobody has begun.
NOTHING = {
    **dict.fromkeys(("title", *TEXTS), ""), "language": "en", "may_publish": False, "name_shown": NameShown.UNNAMED,
}  # fmt: skip
DUE_AFTER = dt.timedelta(days=30)
LAST_WEEK = dt.timedelta(days=7)
STARTED = frozenset(
    {PlacementStatus.ACTIVE, PlacementStatus.COMPLETED, PlacementStatus.ENDED_EARLY, PlacementStatus.CERTIFIED}
)


class Step(enum.StrEnum):
    SAVE = "save"
    SUBMIT = "submit"
    CONSENT = "consent"  # to publication, given, changed or withdrawn
    RETURN = "return"
    ACCEPT = "accept"
    PUBLISH = "publish"
    TAKE_DOWN = "take-down"


STEPS: dict[tuple[ReportStatus, Step], ReportStatus] = {
    (ReportStatus.DRAFT, Step.SAVE): ReportStatus.DRAFT,
    (ReportStatus.DRAFT, Step.SUBMIT): ReportStatus.SUBMITTED,
    (ReportStatus.RETURNED, Step.SAVE): ReportStatus.RETURNED,
    (ReportStatus.RETURNED, Step.SUBMIT): ReportStatus.SUBMITTED,
    (ReportStatus.SUBMITTED, Step.CONSENT): ReportStatus.SUBMITTED,
    (ReportStatus.SUBMITTED, Step.RETURN): ReportStatus.RETURNED,
    (ReportStatus.SUBMITTED, Step.ACCEPT): ReportStatus.ACCEPTED,
    (ReportStatus.ACCEPTED, Step.CONSENT): ReportStatus.ACCEPTED,
    (ReportStatus.ACCEPTED, Step.PUBLISH): ReportStatus.ACCEPTED,
    (ReportStatus.ACCEPTED, Step.TAKE_DOWN): ReportStatus.ACCEPTED,
}
BY_INTERN = {Step.SAVE, Step.SUBMIT, Step.CONSENT}
NOT_STARTED = N_("A final report belongs to a stay that has begun. Come back once the stay is under way.")
WRONG_STATE: dict[Step, Lazy] = {
    Step.SAVE: N_("The report was sent already, so it can no longer be changed. You find it on its page."),
    Step.SUBMIT: N_("The report was sent already. Nothing was sent a second time; you find it on its page."),
    Step.CONSENT: N_("The report was not sent yet. Say in the report itself whether it may be published."),
    Step.RETURN: N_("Only a submitted report can be returned. Reload the page to see where it stands."),
    Step.ACCEPT: N_("Only a submitted report can be accepted. Reload the page to see where it stands."),
    Step.PUBLISH: N_("Only an accepted report can be published. Reload the page to see where it stands."),
    Step.TAKE_DOWN: N_("This report is not published, so there is nothing to take down."),
}
TOO_EARLY = N_("A report is sent in the last week of the stay or later. What you wrote is kept until then.")
NO_CONSENT = N_("The intern does not agree to publication, so this report cannot be published.")
IS_PUBLIC = N_("This report is published already.")
WORDS_WRONG = N_("Your report has %(count)s words. It needs %(least)s to %(most)s. What you wrote is kept as a draft.")
CHARACTERS_WRONG = N_(
    "Your report has %(count)s characters without spaces. It needs %(least)s to %(most)s. "
    "What you wrote is kept as a draft."
)
NO_TITLE = N_("Give your report a title.")
NO_TEXT = N_("Write this part too.")


def may(viewer: Viewer, step: Step, placement: Placement) -> bool:
    """The intern, or the office that entered the application from paper, writes; the secretariat decides on it."""
    own = applications.acts_for(viewer, placement.application)
    return own if step in BY_INTERN else viewer.is_secretary and not own


def why_not(step: Step, placement: Placement, report: FinalReport | None, at: dt.datetime) -> Lazy | None:
    """Why this step cannot be taken at this moment; None if it can."""
    if placement.status not in STARTED:
        return NOT_STARTED
    if (report.status if report else ReportStatus.DRAFT, step) not in STEPS:
        return WRONG_STATE[step]
    if step is Step.SUBMIT:
        return None if takes_submission(placement, at) else TOO_EARLY
    return _why_not_public(step, report) if report else None


def _why_not_public(step: Step, report: FinalReport) -> Lazy | None:
    if step is Step.PUBLISH:
        return IS_PUBLIC if is_public(report) else None if report.may_publish else NO_CONSENT
    return WRONG_STATE[step] if step is Step.TAKE_DOWN and not is_public(report) else None


def possible(viewer: Viewer, placement: Placement, report: FinalReport | None, at: dt.datetime) -> set[Step]:
    return {s for s in Step if may(viewer, s, placement) and why_not(s, placement, report, at) is None}


def after(status: ReportStatus, step: Step) -> ReportStatus:
    return STEPS[status, step]


def is_readable(viewer: Viewer, placement: Placement, report: FinalReport | None) -> bool:
    """Its writer reads it always, everybody else concerned while it is submitted or accepted."""
    if report is None:
        return False
    sent = report.status in {ReportStatus.SUBMITTED, ReportStatus.ACCEPTED}
    return sent or applications.acts_for(viewer, placement.application)


def is_public(report: FinalReport) -> bool:
    return report.may_publish and report.published_at is not None and report.taken_down_at is None


# Time


def due_on(placement: Placement) -> dt.date:
    """It moves with the last day of the stay."""
    return placement.ends_on + DUE_AFTER


def today_there(placement: Placement, at: dt.datetime) -> dt.date:
    """The day where the stay takes place."""
    return at.astimezone(ZoneInfo(placement.opening.government.zone)).date()


def takes_submission(placement: Placement, at: dt.datetime) -> bool:
    is_over = placement.status is not PlacementStatus.ACTIVE
    return is_over or today_there(placement, at) >= placement.ends_on - LAST_WEEK


def is_late(placement: Placement, report: FinalReport | None, at: dt.datetime) -> bool:
    """Submitted after the day it was due on, or not submitted yet and that day is over."""
    first = report.submitted_at if report and report.submitted_at else at
    return today_there(placement, first) > due_on(placement)


# Length and content


@dataclass(frozen=True)
class Measured:
    count: int
    bounds: Bounds

    @property
    def fits(self) -> bool:
        return self.bounds.least <= self.count <= self.bounds.most


def measured(report: FinalReport) -> Measured:
    """The three parts together; the title is not counted."""
    bounds = LENGTHS[report.language]
    return Measured(sum(COUNTS[bounds.unit](getattr(report, name)) for name in TEXTS), bounds)


def lacking(report: FinalReport) -> dict[str, str]:
    """What keeps a draft from being submitted, by field."""
    found = {name: str(NO_TEXT) for name in TEXTS if not getattr(report, name)}
    if not report.title:
        found = {"title": str(NO_TITLE), **found}
    length = measured(report)
    if not length.fits:
        found[""] = _wrong_length(length)
    return found


def _wrong_length(length: Measured) -> str:
    sentence = WORDS_WRONG if length.bounds.unit is Unit.WORDS else CHARACTERS_WRONG
    return sentence % {"count": length.count, "least": length.bounds.least, "most": length.bounds.most}


def content(report: FinalReport | None) -> dict[str, Any]:
    """What stands in it, as its form sends it."""
    return {name: getattr(report, name) for name in CONTENT} if report else dict(NOTHING)


def version(content: Mapping[str, Any]) -> str:
    """Names a content: a form that was opened on another one is stale."""
    return applications.version(content)


def author(report: FinalReport, application: Application) -> str:
    """As the intern wants to be named; empty for not at all."""
    if report.name_shown is NameShown.UNNAMED:
        return ""
    if report.name_shown is NameShown.GIVEN:
        return _both(application.given_name, application.roman_given_name)
    return _both(application.native_name, application.roman_name)


def _both(native: str, roman: str) -> str:
    """In the own script, and readable to others."""
    return f"{native} ({roman})" if native and roman and native != roman else native or roman
