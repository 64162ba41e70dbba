"""What a jury's decisions, its state and what is still open are called."""

import enum

from portal.i18n import N_, Lazy
from portal.juries.models import Outcome


class State(enum.StrEnum):
    """Where the jury of an edition stands."""

    TO_COME = "to_come"
    OPEN = "open"
    CLOSED = "closed"
    CONFIRMED = "confirmed"


class Problem(enum.StrEnum):
    """What keeps a meeting from being closed."""

    UNDECIDED = "undecided"
    OVERTAKEN = "overtaken"
    UNCONFIRMED = "unconfirmed"
    WITHHOLDING = "withholding"
    EXCEEDED = "exceeded"
    OPEN = "open"


STATES: dict[State, tuple[Lazy, str]] = {
    State.TO_COME: (N_("Not opened yet"), "grey"),
    State.OPEN: (N_("Meeting"), "blue"),
    State.CLOSED: (N_("Closed, to be confirmed"), "orange"),
    State.CONFIRMED: (N_("Confirmed"), "green"),
}
OUTCOMES: dict[Outcome, tuple[Lazy, str]] = {
    Outcome.AWARDED: (N_("Award"), "green"),
    Outcome.COMMENDED: (N_("Commended"), "turquoise"),
    Outcome.NOT_AWARDED: (N_("Not awarded"), "grey"),
}
PROBLEMS: dict[Problem, Lazy] = {
    Problem.UNDECIDED: N_("Not decided yet: %(told)s."),
    Problem.OVERTAKEN: N_("The order has changed since these were decided. Decide them again: %(told)s."),
    Problem.UNCONFIRMED: N_("A second person has to confirm what departs from the order: %(told)s."),
    Problem.WITHHOLDING: N_("A second person has to confirm that this is withheld: %(told)s."),
    Problem.EXCEEDED: N_("More essays than there are places: %(told)s."),
    Problem.OPEN: N_("A place is left that is neither given nor withheld: %(told)s."),
}
