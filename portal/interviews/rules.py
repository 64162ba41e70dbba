"""When interview times can be offered, taken, changed and given back, and who does it. Pure."""

import datetime as dt
import enum
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from portal.accounts.viewer import Viewer
from portal.applications import rules as applications
from portal.applications.models import Application, Status
from portal.calls import rules as calls
from portal.calls.models import Call
from portal.calls.words import Phase
from portal.i18n import N_, Lazy
from portal.interviews.models import Slot
from portal.openings.models import Opening, OpeningStatus

CHANGEABLE = dt.timedelta(hours=24)
NOT_NOW = N_("Interviews of this call take place until rankings are due. Look at its dates, or ask the secretariat.")
NOT_PUBLISHED = N_("This opening is not published, so nobody can be interviewed for it. Publish it first.")
NOT_NOMINATED = N_("Interview times are for nominated candidates. You can choose one once you are nominated.")
PAST = N_("An interview lies in the future. Choose a later time.")
TOO_LATE = N_("An interview ends before rankings are due. Choose an earlier time, or fewer of them.")
OVERLAPS = N_("You offer another time for this opening then. Choose a time that is still free.")
TAKEN = N_("Somebody else has just taken this time. The times that are still free are below; choose another one.")
GONE = N_("This time has passed. Choose another one.")
OTHER_THEN = N_("You have another interview at that time. Choose a time that does not overlap with it.")
FIXED = N_("Your interview begins in less than 24 hours, so it can no longer be changed here. Write to the host.")
NOT_TAKEN = N_("This time is not yours, so there is nothing to give back. Reload the page to see where it stands.")
IS_TAKEN = N_("A candidate has taken this time meanwhile. Cancel the interview with a reason instead.")
IS_FREE = N_("Nobody has taken this time, so there is no interview to cancel. Remove the time instead.")
ENDED = N_("This interview does not take place any more. Reload the page to see the times that you offer.")
OVER = N_("This interview has begun already, so it can no longer be cancelled.")


class Step(enum.StrEnum):
    OFFER = "offer"
    REMOVE = "remove"
    CANCEL = "cancel"
    PICK = "pick"
    GIVE_BACK = "give-back"


BY_HOST = {Step.OFFER, Step.REMOVE, Step.CANCEL}


class Span(NamedTuple):
    """From an instant to another."""

    starts_at: dt.datetime
    ends_at: dt.datetime

    def overlaps(self, other: "Span") -> bool:
        return self.starts_at < other.ends_at and other.starts_at < self.ends_at


def span(slot: Slot) -> Span:
    return Span(slot.starts_at, slot.ends_at)


def is_host(viewer: Viewer, opening: Opening) -> bool:
    return viewer.coordinates(opening.government_id)


def is_candidate(viewer: Viewer, application: Application) -> bool:
    """The applicant, or the office that entered the application from paper."""
    return applications.acts_for(viewer, application)


def may_read(viewer: Viewer, application: Application) -> bool:
    return is_candidate(viewer, application) or viewer.is_secretary or viewer.is_auditor


def is_time_for(call: Call, at: dt.datetime) -> bool:
    """From the first possible nomination until rankings are due."""
    return calls.accepts_nominations(call, at) or calls.phase(call, at) is Phase.RANKINGS


def why_no_offer(opening: Opening, at: dt.datetime) -> Lazy | None:
    """Why no interview times can be offered at this moment; None if they can."""
    if opening.status is not OpeningStatus.PUBLISHED:
        return NOT_PUBLISHED
    return None if is_time_for(opening.call, at) else NOT_NOW


def row(first: dt.datetime, *, minutes: int, count: int, pause: int) -> list[dt.datetime]:
    """When each of several in a row begins."""
    return [first + number * dt.timedelta(minutes=minutes + pause) for number in range(count)]


def objection(wanted: Sequence[Span], standing: Iterable[Span], *, due_at: dt.datetime, at: dt.datetime) -> Lazy | None:
    """What is wrong with times that a host wants to offer."""
    if any(each.starts_at <= at for each in wanted):
        return PAST
    if any(each.ends_at > due_at for each in wanted):
        return TOO_LATE
    return OVERLAPS if any(each.overlaps(other) for other in standing for each in wanted) else None


def why_no_choice(application: Application, at: dt.datetime) -> Lazy | None:
    """Why this candidate can choose no time at all; None if they can."""
    if application.status is not Status.NOMINATED:
        return NOT_NOMINATED
    return None if is_time_for(application.call, at) else NOT_NOW


def why_not_picked(slot: Slot, own: Sequence[Slot], application: Application, at: dt.datetime) -> Lazy | None:
    """Why this candidate cannot have this time; `own` are the interviews they have, in whatever opening."""
    if slot.application_id is not None:
        return None if slot.application_id == application.id else TAKEN
    if slot.starts_at <= at:
        return GONE
    here = [each for each in own if each.opening_id == slot.opening_id]
    if any(not is_changeable(each, at) for each in here):
        return FIXED
    others = [each for each in own if each.opening_id != slot.opening_id]
    return OTHER_THEN if any(span(each).overlaps(span(slot)) for each in others) else None


def why_not_given_back(slot: Slot, application: Application, at: dt.datetime) -> Lazy | None:
    if slot.application_id != application.id:
        return NOT_TAKEN
    return None if is_changeable(slot, at) else FIXED


def why_not_removed(slot: Slot) -> Lazy | None:
    if slot.ended_at is not None:
        return ENDED
    return IS_TAKEN if slot.application_id is not None else None


def why_not_cancelled(slot: Slot, at: dt.datetime) -> Lazy | None:
    if slot.ended_at is not None:
        return ENDED
    if slot.application_id is None:
        return IS_FREE
    return None if slot.starts_at > at else OVER


def is_changeable(slot: Slot, at: dt.datetime) -> bool:
    """By the candidate."""
    return at <= slot.starts_at - CHANGEABLE
