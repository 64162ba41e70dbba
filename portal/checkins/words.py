"""What each side is asked, and what the states of a check-in are called."""

import enum

from portal.checkins.models import Side
from portal.i18n import N_, Lazy

QUESTIONS: dict[Side, tuple[Lazy, ...]] = {
    Side.INTERN: (
        N_("I know what I am to do, and the tasks are those that were agreed."),
        N_("Somebody helps me when I need it."),
        N_("I am learning something."),
        N_("I feel safe and respected at work."),
        N_("My housing, my money and my health are in order."),
    ),
    Side.HOST: (
        N_("The intern is here and on time."),
        N_("The intern understands the tasks and does them with care."),
        N_("The intern works well with others."),
        N_("We can make ourselves understood to each other."),
        N_("We have the time and the means to look after the intern."),
    ),
}


class State(enum.StrEnum):
    NOT_YET = "not_yet"
    OPEN = "open"
    LATE = "late"
    GIVEN = "given"
    BOTH = "both"


STATES: dict[State, Lazy] = {
    State.NOT_YET: N_("Cannot start yet"),
    State.OPEN: N_("To do"),
    State.LATE: N_("Late"),
    State.GIVEN: N_("Filled in"),
    State.BOTH: N_("Both are in"),
}
COLOURS: dict[State, str] = {
    State.NOT_YET: "grey",
    State.OPEN: "blue",
    State.LATE: "red",
    State.GIVEN: "turquoise",
    State.BOTH: "green",
}
SIDES: dict[Side, Lazy] = {Side.INTERN: N_("Intern"), Side.HOST: N_("Host")}
MARKS: tuple[tuple[int, Lazy], ...] = (
    (1, N_("1, not at all")),
    (2, N_("2, hardly")),
    (3, N_("3, partly")),
    (4, N_("4, mostly")),
    (5, N_("5, fully")),
)


def title(number: int) -> str:
    """What the check-in with this number is called."""
    return str(FIRST) if number == 0 else MONTH % {"number": number}


FIRST = N_("First week")
MONTH = N_("Month %(number)s")
