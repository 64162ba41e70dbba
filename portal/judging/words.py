"""What a judge's progress and the reasons against an appointment are called."""

import enum

from portal.i18n import N_, Lazy
from portal.judging.models import Round


class Progress(enum.StrEnum):
    TO_READ = "to_read"
    BEGUN = "begun"
    SENT = "sent"


PROGRESS: dict[Progress, tuple[Lazy, str]] = {
    Progress.TO_READ: (N_("To read"), "blue"),
    Progress.BEGUN: (N_("Begun"), "orange"),
    Progress.SENT: (N_("Submitted"), "green"),
}


ROUNDS: dict[Round, Lazy] = {Round.FIRST: N_("First round"), Round.FINAL: N_("Final round")}


class Bar(enum.StrEnum):
    """Why a judge cannot be appointed to an essay."""

    APPOINTED = "appointed"
    LANGUAGE = "language"
    CONFLICT = "conflict"


# One sentence for every conflict: which one it is would tell something about the author.
BARS: dict[Bar, Lazy] = {
    Bar.APPOINTED: N_("This judge is already appointed to this essay. Choose another."),
    Bar.LANGUAGE: N_("This judge does not read the language of this essay. Choose another."),
    Bar.CONFLICT: N_("A conflict of interest bars this judge from this essay. Choose another."),
}
