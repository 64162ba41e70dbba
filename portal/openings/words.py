"""What the states and choices of an opening are called."""

from portal.i18n import N_, Lazy
from portal.openings.models import HostKind, OpeningStatus
from portal.registry.words import LANGUAGE_NAMES

STATUSES: dict[OpeningStatus, Lazy] = {
    OpeningStatus.DRAFT: N_("Draft"),
    OpeningStatus.PUBLISHED: N_("Published"),
    OpeningStatus.CLOSED: N_("Closed"),
}
COLOURS = {OpeningStatus.DRAFT: "yellow", OpeningStatus.PUBLISHED: "green", OpeningStatus.CLOSED: "grey"}
HOST_KINDS: dict[HostKind, Lazy] = {
    HostKind.OFFICE: N_("Government office"),
    HostKind.COMPANY: N_("Company"),
    HostKind.INSTITUTE: N_("Institute"),
    HostKind.SECRETARIAT: N_("NEAR secretariat"),
}
LANGUAGES = LANGUAGE_NAMES
# The Common European Framework of Reference for Languages.
LEVELS: dict[str, Lazy] = {
    "A1": N_("A1, beginner"),
    "A2": N_("A2, elementary"),
    "B1": N_("B1, intermediate"),
    "B2": N_("B2, upper intermediate"),
    "C1": N_("C1, advanced"),
    "C2": N_("C2, proficient"),
}
