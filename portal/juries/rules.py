"""Who sits with the jury, when it meets, what may be done with its meeting. Pure."""

import datetime as dt
import hashlib
from typing import NamedTuple

from portal.accounts.viewer import Viewer
from portal.contests.models import AwardScope, Edition, EditionStatus
from portal.contests.rules import oversees
from portal.essays.models import EssayStatus
from portal.judging import rules as judging
from portal.judging.models import Round
from portal.juries.models import Meeting, Verdict, Withheld
from portal.juries.words import State
from portal.standings import rules as standings

TO_COME = frozenset({EssayStatus.SUBMITTED, EssayStatus.RETURNED, EssayStatus.ADMITTED})  # no judge reads them yet


class Readings(NamedTuple):
    """Of a round: submitted, dealt but missing, and essays that no judge reads (yet)."""

    submitted: int
    missing: int
    unread: int


def may_look(viewer: Viewer, edition: Edition) -> bool:
    """Whoever judges the edition does not even learn of it."""
    return oversees(viewer, edition)


def may_decide(viewer: Viewer, edition: Edition) -> bool:
    return judging.may_appoint(viewer, edition) and edition.status is not EditionStatus.DRAFT


def deciding_round(edition: Edition) -> Round:
    return standings.last_round(edition)


def is_across_languages(edition: Edition) -> bool:
    """Whether awards are given within an age category, whatever the language."""
    return edition.award_scope is AwardScope.CATEGORY


def is_over(due_at: dt.datetime, readings: Readings, at: dt.datetime) -> bool:
    """Marks are due, or every reading that was dealt of every essay is submitted."""
    done = readings.submitted > 0 and readings.missing == 0 and readings.unread == 0
    return at >= due_at or done


def state(meeting: Meeting | None) -> State:
    if meeting is None:
        return State.TO_COME
    if meeting.confirmed_at is not None:
        return State.CONFIRMED
    return State.OPEN if meeting.closed_at is None else State.CLOSED


def is_second(viewer: Viewer, first: object) -> bool:
    """Four eyes: whoever decided does not confirm it too."""
    return viewer.id != first


def awaits_second(verdict: Verdict) -> bool:
    return verdict.departs and verdict.confirmed_at is None


def digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def mark(verdict: Verdict | None) -> str:
    """What somebody saw when they decide anew, or confirm: another mark, and it was changed since."""
    return "" if verdict is None else f"{verdict.outcome}.{verdict.award_id or ''}.{verdict.decided_at.isoformat()}"


def mark_withheld(found: Withheld) -> str:
    return f"{found.number}.{found.decided_at.isoformat()}"
