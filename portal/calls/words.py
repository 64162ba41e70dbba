"""What the states, moments and documents of a call are called, and the zones its clock may follow."""

import enum

from portal.calls.models import Purpose, RequestedDocument
from portal.i18n import N_, SOURCE, Lazy, language

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
PURPOSES: dict[Purpose, Lazy] = {
    Purpose.CV: N_("CV"),
    Purpose.TRANSCRIPT: N_("Transcript of grades"),
    Purpose.ENROLMENT: N_("Proof of studies"),
    Purpose.LANGUAGE: N_("Language certificate"),
    Purpose.RESIDENCE: N_("Proof of residence or nationality"),
    Purpose.LETTER: N_("Recommendation letter"),
    Purpose.OTHER: N_("Another document"),
}


def document(requested: RequestedDocument) -> str:
    """What the reader knows this document by: the title it was given, or what it is for."""
    given = requested.titles.get(language()) or requested.titles.get(SOURCE)
    return given or str(PURPOSES[requested.purpose])
