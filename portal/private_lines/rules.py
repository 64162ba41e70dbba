"""Who has the line, and until when. Pure."""

import datetime as dt

from portal.accounts.viewer import Viewer
from portal.i18n import N_
from portal.placements.models import Placement, PlacementStatus

AFTERWARDS = dt.timedelta(days=30)
OPEN_IN = {
    PlacementStatus.AGREED, PlacementStatus.ACTIVE, PlacementStatus.COMPLETED, PlacementStatus.ENDED_EARLY,
    PlacementStatus.CERTIFIED,
}  # fmt: skip
CLOSED = N_(
    "You can write here from the agreement on your placement until 30 days after its last day. Write to the "
    "secretariat by e-mail instead."
)


def is_intern(viewer: Viewer, placement: Placement) -> bool:
    """The intern alone. An office that entered the application from paper speaks for the intern elsewhere, never here:
    a line on which somebody else writes would not be private."""
    return viewer.person_id == placement.application.applicant_id


def reads(viewer: Viewer, placement: Placement) -> bool:
    return is_intern(viewer, placement) or answers(viewer, placement)


def answers(viewer: Viewer, placement: Placement) -> bool:
    """Secretaries; not one who coordinates the host or the home government as well.

    Who has no address, having applied on paper, could neither write here nor be told of an answer.
    """
    application = placement.application
    if not application.applicant.email:
        return False
    sides = {placement.opening.government_id, application.home_id}
    return viewer.is_secretary and not viewer.governments & sides and viewer.person_id != application.applicant_id


def is_open(placement: Placement, today: dt.date) -> bool:
    return placement.status in OPEN_IN and today <= placement.ends_on + AFTERWARDS
