"""How long an invitation waits, and how many there may be. Pure."""

import datetime as dt

from portal.accounts.models import Invitation
from portal.accounts.viewer import Viewer

GOOD_FOR = dt.timedelta(days=7)
# A secretary invites the coordinators of all governments in one afternoon; a stolen account invites no crowd.
OPEN_AT_ONCE = 100
AN_HOUR = 100


def is_open(invitation: Invitation, at: dt.datetime) -> bool:
    return is_waiting(invitation) and at < invitation.expires_at


def is_waiting(invitation: Invitation) -> bool:
    """Neither accepted nor revoked; sent again, it is open even if it was too old."""
    return invitation.accepted_at is None and invitation.revoked_at is None


def may_invite(viewer: Viewer) -> bool:
    return viewer.is_secretary
