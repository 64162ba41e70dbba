"""What the secretariat may leave of an opening. Pure."""

from portal.i18n import N_

HELD = N_("%(held)s of these places are held. Leave at least that many, or close the opening: who holds one keeps it.")
NOT_FEWER = N_("The opening has %(capacity)s places. Enter a smaller number.")


def objection(capacity: int, wanted: int, *, held: int) -> str | None:
    """Why so many places cannot be what stays; None if they can."""
    if wanted >= capacity:
        return NOT_FEWER % {"capacity": capacity}
    return HELD % {"held": held} if wanted < held else None
