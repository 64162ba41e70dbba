"""What the secretariat or a host may leave of an opening. Pure."""

import enum

from portal.accounts.viewer import Viewer
from portal.i18n import N_
from portal.openings.rules import Step

HELD = N_("%(held)s of these places are held. Leave at least that many, or close the opening: who holds one keeps it.")
NOT_FEWER = N_("The opening has %(capacity)s places. Enter a smaller number.")
TOO_EARLY = N_(
    "Until the lists of both sides are locked only the secretariat can withdraw an opening. Write to it, and say why."
)


class What(enum.StrEnum):
    FEWER = "fewer"
    CLOSE = "close"  # who holds a place keeps it
    RELEASE = "release"  # places are given back, except where a stay has begun


def choices(viewer: Viewer) -> tuple[What, ...]:
    """A host can only withdraw it as a whole."""
    return tuple(What) if viewer.is_secretary else (What.RELEASE,)


def step(viewer: Viewer) -> Step:
    return Step.WITHDRAW if viewer.is_secretary else Step.GIVE_UP


def objection(capacity: int, wanted: int, *, held: int) -> str | None:
    """Why so many places cannot be what stays; None if they can."""
    if wanted >= capacity:
        return NOT_FEWER % {"capacity": capacity}
    return HELD % {"held": held} if wanted < held else None
