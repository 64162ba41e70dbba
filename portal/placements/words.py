"""What the states of a placement are called."""

from portal.i18n import N_, Lazy
from portal.placements.models import PlacementStatus

STATUSES: dict[PlacementStatus, Lazy] = {
    PlacementStatus.PROPOSED: N_("Proposed"),
    PlacementStatus.REFUSED: N_("Refused"),
    PlacementStatus.OFFERED: N_("Offered"),
    PlacementStatus.ACCEPTED: N_("Accepted"),
    PlacementStatus.DECLINED: N_("Declined"),
    PlacementStatus.LAPSED: N_("Lapsed"),
    PlacementStatus.CANCELLED: N_("Cancelled"),
    PlacementStatus.AGREED: N_("Agreed"),
    PlacementStatus.ACTIVE: N_("Active"),
    PlacementStatus.COMPLETED: N_("Completed"),
    PlacementStatus.ENDED_EARLY: N_("Ended early"),
    PlacementStatus.CERTIFIED: N_("Certified"),
}
COLOURS: dict[PlacementStatus, str] = {
    PlacementStatus.PROPOSED: "blue",
    PlacementStatus.REFUSED: "red",
    PlacementStatus.OFFERED: "yellow",
    PlacementStatus.ACCEPTED: "green",
    PlacementStatus.DECLINED: "red",
    PlacementStatus.LAPSED: "grey",
    PlacementStatus.CANCELLED: "grey",
    PlacementStatus.AGREED: "green",
    PlacementStatus.ACTIVE: "turquoise",
    PlacementStatus.COMPLETED: "green",
    PlacementStatus.ENDED_EARLY: "orange",
    PlacementStatus.CERTIFIED: "green",
}
