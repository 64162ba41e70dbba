"""When check-ins are due, who gives them, and who reads them when. Pure."""

import calendar
import datetime as dt
from collections.abc import Collection
from typing import NamedTuple
from zoneinfo import ZoneInfo

from portal.accounts.viewer import Viewer
from portal.applications import rules as applications
from portal.checkins.models import CheckIn, Side
from portal.checkins.words import State
from portal.i18n import N_, Lazy
from portal.placements.models import Placement, PlacementStatus

FIRST = dt.timedelta(days=6)
OPENS = dt.timedelta(days=7)
RUNNING = {PlacementStatus.ACTIVE, PlacementStatus.COMPLETED, PlacementStatus.ENDED_EARLY}
NOT_RUNNING = N_("Check-ins are given while a stay runs. Reload the page to see where it stands.")
TOO_EARLY = N_("This check-in cannot be filled in yet. Its page says from which day.")
GIVEN = N_("This check-in is filled in already and cannot be changed.")


class Due(NamedTuple):
    """One check-in of both sides."""

    number: int
    opens_on: dt.date
    due_on: dt.date


def schedule(starts_on: dt.date, ends_on: dt.date) -> list[Due]:
    """At the end of the first week, then each month until the last day; none falls after it."""
    found = [_due(0, starts_on, min(starts_on + FIRST, ends_on))]
    for number in range(1, 13):
        due_on = months_later(starts_on, number)
        if due_on > ends_on:
            break
        found.append(_due(number, starts_on, due_on))
    return found


def _due(number: int, starts_on: dt.date, due_on: dt.date) -> Due:
    return Due(number, max(starts_on, due_on - OPENS), due_on)


def months_later(day: dt.date, months: int) -> dt.date:
    """The same day of a later month, or that month's last where it has no such day."""
    years, month = divmod(day.month - 1 + months, 12)
    year = day.year + years
    return dt.date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def with_given(placement: Placement, given: Collection[int]) -> list[Due]:
    """Those of the schedule, and what was filled in before an early end took its day away."""
    usual = schedule(placement.starts_on, placement.ends_on)
    later = schedule(placement.starts_on, months_later(placement.starts_on, 12))[len(usual) :]
    return usual + [due for due in later if due.number in given]


def today_there(placement: Placement, at: dt.datetime) -> dt.date:
    """The day at the host, which decides for both sides."""
    return at.astimezone(ZoneInfo(placement.opening.government.zone)).date()


def side(viewer: Viewer, placement: Placement) -> Side | None:
    """For whom this person speaks. A host's office never speaks for its intern, even if it entered the application."""
    if viewer.person_id == placement.application.applicant_id:
        return Side.INTERN
    if viewer.coordinates(placement.opening.government_id):
        return Side.HOST
    return Side.INTERN if applications.entered(viewer, placement.application) else None


def why_not(placement: Placement, due: Due, given: Collection[Side], side: Side, today: dt.date) -> Lazy | None:
    """Why this side cannot fill it in at the moment; None if it can."""
    if placement.status not in RUNNING:
        return NOT_RUNNING
    if side in given:
        return GIVEN
    return TOO_EARLY if today < due.opens_on else None


def readable(viewer: Viewer, placement: Placement, given: Collection[CheckIn]) -> list[CheckIn]:
    """Of one check-in's answers those that the viewer may read now: their own, and both once both are in.

    The secretariat and auditors read all, the home government none.
    """
    if viewer.is_secretary or viewer.is_auditor:
        return list(given)
    own = side(viewer, placement)
    both = {each.side for each in given} == set(Side)
    return [each for each in given if own is not None and (both or each.side is own)]


def state(due: Due, given: Collection[Side], side: Side | None, today: dt.date) -> State:
    """How it stands for one side; without one, for both together."""
    if set(given) == set(Side):
        return State.BOTH
    if side in given:
        return State.GIVEN
    if today < due.opens_on:
        return State.NOT_YET
    return State.LATE if today > due.due_on else State.OPEN
