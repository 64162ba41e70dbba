"""What becomes of an interview, as people read it."""

from portal.i18n import N_, Lazy
from portal.interviews.models import Ending

FREE = N_("Free")
TAKEN = N_("Taken")
ENDINGS: dict[Ending, Lazy] = {
    Ending.CANCELLED: N_("Cancelled"),
    Ending.LEFT: N_("The candidate is not nominated any more"),
}
