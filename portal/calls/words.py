"""What the states and moments of a call are called, and the zones its clock may follow."""

import enum

from portal.i18n import N_, Lazy

# The zones of the 76 governments; the secretariat's own first.
ZONES = (
    "Asia/Seoul",
    "Asia/Tokyo",
    "Asia/Shanghai",
    "Asia/Pyongyang",
    "Asia/Ulaanbaatar",
    "Asia/Hovd",
    "Asia/Barnaul",
    "Asia/Novokuznetsk",
    "Asia/Tomsk",
    "Asia/Krasnoyarsk",
    "Asia/Irkutsk",
    "Asia/Chita",
    "Asia/Yakutsk",
    "Asia/Vladivostok",
    "Asia/Sakhalin",
    "Asia/Magadan",
    "Asia/Kamchatka",
)


class Phase(enum.StrEnum):
    """Where a call stands at a moment: its state, and within `published` its dates."""

    DRAFT = "draft"
    UPCOMING = "upcoming"
    APPLICATIONS = "applications"
    NOMINATIONS = "nominations"
    OVER = "over"
    CLOSED = "closed"
    ARCHIVED = "archived"


PHASES: dict[Phase, Lazy] = {
    Phase.DRAFT: N_("Draft"),
    Phase.UPCOMING: N_("Opens later"),
    Phase.APPLICATIONS: N_("Open for applications"),
    Phase.NOMINATIONS: N_("Nominations under way"),
    Phase.OVER: N_("Nominations finished"),
    Phase.CLOSED: N_("Closed"),
    Phase.ARCHIVED: N_("Archived"),
}
COLOURS = {
    Phase.DRAFT: "yellow",
    Phase.UPCOMING: "blue",
    Phase.APPLICATIONS: "green",
    Phase.NOMINATIONS: "teal",
    Phase.OVER: "grey",
    Phase.CLOSED: "grey",
    Phase.ARCHIVED: "grey",
}
