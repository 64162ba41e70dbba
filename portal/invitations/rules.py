"""How long an invitation waits, and how many there may be. Pure."""

import datetime as dt

from portal.accounts import rules as accounts
from portal.accounts.models import Grant, Invitation
from portal.accounts.viewer import Viewer
from portal.i18n import N_, Lazy

GOOD_FOR = dt.timedelta(days=7)
# A secretary invites the coordinators of all governments in one afternoon; a stolen account invites no crowd.
OPEN_AT_ONCE = 100
AN_HOUR = 100
LONGEST_AHEAD = dt.timedelta(days=180)
PAST = N_("Choose tomorrow or a later day: your own role needs a last day before it.")
FAR = N_("Choose a day within the next six months.")
GAP = N_("Your own role ends earlier, so days would be left without a coordinator. Choose the day after its last one.")
ENDED = N_("Your role has ended, so there is nothing to hand over. Ask the secretariat.")


def is_open(invitation: Invitation, at: dt.datetime) -> bool:
    return is_waiting(invitation) and at < invitation.expires_at


def is_waiting(invitation: Invitation) -> bool:
    """Neither accepted nor revoked; sent again, it is open even if it was too old."""
    return invitation.accepted_at is None and invitation.revoked_at is None


def may_invite(viewer: Viewer) -> bool:
    return viewer.is_secretary


def may_take_back(viewer: Viewer, invitation: Invitation) -> bool:
    """Secretaries any, coordinators the one they sent to a successor."""
    own = invitation.relieves_id is not None and invitation.invited_by == viewer.person_id
    return may_invite(viewer) or (viewer.is_signed_in and own)


def why_no_handover(grant: Grant, begins_on: dt.date, on: dt.date) -> Lazy | None:
    """Why the role cannot be handed over from that day on; None if it can."""
    if not accounts.in_force(grant, on):
        return ENDED
    if begins_on <= on:
        return PAST
    if begins_on > on + LONGEST_AHEAD:
        return FAR
    return GAP if grant.ends_on is not None and begins_on > grant.ends_on + dt.timedelta(days=1) else None
