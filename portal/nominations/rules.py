"""Who may act for a home government and when, how an order is changed, and when silence is told of. Pure."""

import datetime as dt
import uuid
from collections.abc import Mapping, Sequence

from portal.accounts.viewer import Viewer
from portal.applications import rules as applications
from portal.applications.models import Application
from portal.calls.models import Call
from portal.i18n import N_, Lazy

IN_PLACE_FROM = dt.timedelta(days=2)
CORRECTION = dt.timedelta(days=7)
SOONEST = dt.timedelta(hours=24)
WARNINGS = (-14, -7, -2)  # days; before nominations are due
SETTLED = N_(
    "A coordinator of this government is in office and decides. You can act in its place from two days before "
    "nominations are due."
)
HELD_BACK = N_(
    "The applicant is not of age, and their parent or guardian has not agreed yet. You can nominate them once the "
    "consent has come."
)
LOCKED = N_("Nominations were due, so the order of merit is locked. Ask the secretariat if something is wrong with it.")
TOO_SOON = N_("Give the applicant at least 24 hours. Choose a later time.")
TOO_LATE = N_("Corrections to this call are due earlier than that. Choose an earlier time.")


def may_order(viewer: Viewer, government_id: uuid.UUID) -> bool:
    return viewer.coordinates(government_id) or viewer.is_secretary


def why_no_order(viewer: Viewer, call: Call, government_id: uuid.UUID, at: dt.datetime, *, has_decider: bool) -> (
    Lazy | None
):  # fmt: skip
    """Why this viewer cannot change a government's order of merit now; None if they can."""
    in_place = not viewer.coordinates(government_id)
    if not applications.takes_decisions(call, at, in_place=in_place):
        return LOCKED
    return why_not_in_place(call, at, has_decider=has_decider) if in_place else None


def why_not_in_place(call: Call, at: dt.datetime, *, has_decider: bool) -> Lazy | None:
    """The secretariat acts for a government that has nobody, at any time; for one that has, in the last days."""
    return SETTLED if has_decider and at < call.nominations_due_at - IN_PLACE_FROM else None


def usual_correction(call: Call, at: dt.datetime) -> dt.datetime:
    return min(at + CORRECTION, call.corrections_due_at)


def wrong_correction(call: Call, due_at: dt.datetime, at: dt.datetime) -> Lazy | None:
    """What is wrong with a time for the correction: at least a day ahead, if corrections are still taken then."""
    if due_at > call.corrections_due_at:
        return TOO_LATE
    # Typed to the minute: the last minute of the call is allowed although seconds were cut off.
    soonest = min(at + SOONEST, call.corrections_due_at).replace(second=0, microsecond=0)
    return TOO_SOON if due_at < soonest else None


def places_left(call: Call, *, given: int, country: str, given_in_country: int) -> int:
    """How many more a government may nominate: within its quota, and within the cap of its country if there is one."""
    left = call.nomination_quota - given
    cap = call.country_caps.get(country)
    return max(0, left if cap is None else min(left, cap - given_in_country))


def rearranged(order: Sequence[Application], wanted: Sequence[uuid.UUID]) -> list[Application] | None:
    """`order` with those in `wanted` in that order, on the places which they have between them.

    The others, whom the viewer cannot see, stay where they are. None if `wanted` is not of this order.
    """
    by_id: Mapping[uuid.UUID, Application] = {each.id: each for each in order}
    if len(set(wanted)) != len(wanted) or not set(wanted) <= by_id.keys():
        return None
    following = iter(wanted)
    return [by_id[next(following)] if each.id in wanted else each for each in order]
