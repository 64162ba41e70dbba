"""What the choices and states of a stay are called, and what reminders say."""

from portal.checkins.models import Side
from portal.i18n import N_, Lazy
from portal.stays.models import Duty, EndedBy, EndReason, Visa

VISAS: dict[Visa, Lazy] = {
    Visa.NOT_NEEDED: N_("No visa needed"),
    Visa.NOT_YET: N_("Not applied for yet"),
    Visa.APPLIED: N_("Applied for"),
    Visa.GRANTED: N_("Granted"),
    Visa.REFUSED: N_("Refused"),
}
VISA_COLOURS: dict[Visa | None, str] = {
    None: "blue", Visa.NOT_NEEDED: "green", Visa.NOT_YET: "yellow", Visa.APPLIED: "yellow",
    Visa.GRANTED: "green", Visa.REFUSED: "red",
}  # fmt: skip
ENDED_BY: dict[EndedBy, Lazy] = {
    EndedBy.INTERN: N_("The intern"),
    EndedBy.HOST: N_("The host"),
    EndedBy.HOME: N_("The home government"),
    EndedBy.SECRETARIAT: N_("The secretariat"),
    EndedBy.FORCE_MAJEURE: N_("Nobody: events beyond everybody's control"),
}
END_REASONS: dict[EndReason, Lazy] = {
    EndReason.HEALTH: N_("Illness or accident"),
    EndReason.FAMILY: N_("Family reasons"),
    EndReason.STUDIES: N_("Studies or a job"),
    EndReason.WORK: N_("The tasks or the conditions of work"),
    EndReason.CONDUCT: N_("The intern's conduct"),
    EndReason.SAFETY: N_("Safety in the country or region"),
    EndReason.LAW: N_("Visa or law"),
    EndReason.OTHER: N_("Something else"),
}
ITEMS: tuple[Lazy, ...] = (
    N_("Quality of the work"),
    N_("Reliability"),
    N_("Working with others"),
    N_("Language and understanding"),
    N_("Learning and initiative"),
)
MARKS: tuple[tuple[int, Lazy], ...] = (
    (1, N_("1, weak")),
    (2, N_("2, fair")),
    (3, N_("3, good")),
    (4, N_("4, very good")),
    (5, N_("5, excellent")),
)
# The subject and the sentence of a reminder; %(day)s is the day that its duty falls on.
REMINDERS: dict[tuple[Duty, Side], tuple[Lazy, Lazy]] = {
    (Duty.DEPARTURE, Side.INTERN): (
        N_("Things to do before your departure"),
        N_("Your stay begins on %(day)s. Say how it stands with your visa, add a proof of insurance and say when "
           "you arrive. The stay cannot start without the first two."),
    ),
    (Duty.START, Side.HOST): (
        N_("Has the intern arrived?"),
        N_("The stay begins on %(day)s. Confirm in the portal that it has started."),
    ),
    (Duty.CHECK_IN, Side.INTERN): (
        N_("Your check-in"),
        N_("A check-in of your stay is due on %(day)s: five questions and a text."),
    ),
    (Duty.CHECK_IN, Side.HOST): (
        N_("The host's check-in"),
        N_("A check-in of this stay is due on %(day)s: five questions and a text."),
    ),
    (Duty.EXTENSION, Side.INTERN): (
        N_("The host asks for a later last day"),
        N_("Since %(day)s the host's wish to extend your stay waits for your answer."),
    ),
    (Duty.EXTENSION, Side.HOST): (
        N_("The intern asks for a later last day"),
        N_("Since %(day)s the intern's wish to extend the stay waits for your answer."),
    ),
    (Duty.EVALUATION, Side.HOST): (
        N_("The supervisor's evaluation"),
        N_("The stay ends on %(day)s. Enter the supervisor's evaluation; the stay cannot be completed without it."),
    ),
    (Duty.COMPLETION, Side.HOST): (
        N_("Complete the stay"),
        N_("The last day of the stay was %(day)s. Complete the stay in the portal, so that the intern can get "
           "the certificate."),
    ),
}  # fmt: skip
# What the secretariat is told when reminders were of no use.
LATE: dict[tuple[Duty, Side], Lazy] = {
    (Duty.START, Side.HOST): N_("The host has not confirmed the start, which was due on %(day)s."),
    (Duty.CHECK_IN, Side.INTERN): N_("The intern's check-in, due on %(day)s, is missing."),
    (Duty.CHECK_IN, Side.HOST): N_("The host's check-in, due on %(day)s, is missing."),
    (Duty.COMPLETION, Side.HOST): N_("The stay ended on %(day)s, and the host has not completed it."),
}
# What the secretariat's list can be narrowed to; the messages are the secretaries' alone.
SHOWN: dict[str, Lazy] = {
    "": N_("All"),
    "late": N_("Need a look"),
    "messages": N_("Message waiting"),
    "agreed": N_("Agreed"),
    "active": N_("Active"),
    "completed": N_("Completed"),
    "ended_early": N_("Ended early"),
    "certified": N_("Certified"),
}


def choices(*, messages: bool) -> list[tuple[str, Lazy]]:
    return [(value, text) for value, text in SHOWN.items() if messages or value != "messages"]


def shown(asked: str, *, messages: bool) -> str:
    """What is shown when this was asked for; all, if there is no such choice."""
    return asked if asked in dict(choices(messages=messages)) else ""
