"""What the outcomes of a contest are called, and why something cannot be done."""

from portal.i18n import N_, Lazy
from portal.judging import words as judging
from portal.juries.models import Outcome

OUTCOMES: dict[Outcome, tuple[Lazy, str]] = {
    Outcome.AWARDED: (N_("Awarded"), "green"),
    Outcome.COMMENDED: (N_("Commended"), "turquoise"),
    Outcome.NOT_AWARDED: (N_("Not awarded"), "grey"),
}
ROUNDS = judging.ROUNDS

UNDECIDED = N_("The jury's decisions are not confirmed yet. Results can be published once they are.")
ORDERED = N_("A publication of these decisions is ordered. Take it back first.")
IN_THE_PAST = N_("This time has passed. Choose a later one, or publish at once.")
SAY_WHEN = N_("Enter the time of the publication, or choose to publish at once.")
PUBLIC = N_("The results are public already.")
NO_ORDER = N_("No publication waits for a confirmation. Reload the page to see where it stands.")
CONFIRMED = N_("This publication is confirmed already.")
SAME_PERSON = N_("You ordered this publication, so a colleague confirms it.")
MOVED = N_("The publication was changed since you opened this page. Look at it again before you confirm it.")
TOO_LATE = N_("The time of this publication passed before it was confirmed. Order it anew for a later time.")
CHANGED = N_("What the jury decided, or an award to a member, was changed since this was ordered. Order it anew.")
NOT_OUT = N_("The results of this contest are not out yet.")
NO_RESULT = N_("This essay was not judged to the end, so it has no result.")
NO_CONSENT = N_("The author has not agreed that the essay is translated, or has withdrawn that consent.")
NO_SUCH_TRANSLATION = N_("There is no translation into this language.")
FIXED = N_("The publication is confirmed. Take it back before you change the awards to members.")
NOBODY_TOOK_PART = N_("Choose governments from which essays were admitted.")
WHY_DEPART = N_("Your choice departs from the order of the numbers. Say why.")
