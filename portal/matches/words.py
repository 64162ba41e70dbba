"""What runs, results and their reasons are called."""

from portal.applications.models import Outcome
from portal.i18n import N_, Lazy
from portal.matches.models import Kind, State, Vacant
from portal.matches.verdicts import Code
from portal.placements.matching import Side

KINDS: dict[Kind, Lazy] = {
    Kind.DRY: N_("Dry run"),
    Kind.FIRST: N_("The match"),
    Kind.CONTINUED: N_("Re-run after a place became free"),
}
STATES: dict[State, Lazy] = {
    State.QUEUED: N_("Waiting to start"),
    State.RUNNING: N_("Running"),
    State.DONE: N_("Done"),
    State.FAILED: N_("Failed"),
}
COLOURS: dict[State, str] = {State.QUEUED: "grey", State.RUNNING: "yellow", State.DONE: "green", State.FAILED: "red"}
SIDES: dict[Side, Lazy] = {
    Side.APPLICANTS: N_("Best for applicants"),
    Side.HOSTS: N_("Best for hosts"),
}
OUTCOMES: dict[Outcome, Lazy] = {
    Outcome.MATCHED: N_("Matched"),
    Outcome.RESERVE: N_("On the reserve list"),
    Outcome.UNMATCHED: N_("Without a place"),
}
GOT: dict[int, Lazy] = {
    1: N_("You got your first choice."),
    2: N_("You got your second choice."),
    3: N_("You got your third choice."),
    4: N_("You got your fourth choice."),
    5: N_("You got your fifth choice."),
}
MOVED: dict[int, Lazy] = {
    1: N_("You now have your first choice."),
    2: N_("You now have your second choice."),
    3: N_("You now have your third choice."),
    4: N_("You now have your fourth choice."),
    5: N_("You now have your fifth choice."),
}
# %(number)s is how many places the opening has.
VERDICTS: dict[Code, Lazy] = {
    Code.MATCHED: N_("You are matched to this opening."),
    Code.LATER: N_("It was not needed, because you got a place that you preferred."),
    Code.BETTER_RANKED: N_("Its places, %(number)s in all, went to candidates whom the host ranked above you."),
    Code.LOTTERY: N_(
        "Its places, %(number)s in all, were filled, and among candidates whom the host ranked equally with you "
        "the lottery decided."
    ),
    Code.TAKEN: N_("All of its places were already given, so none was free in this run."),
    Code.NOT_LISTED: N_("The host did not list you among those it can take."),
    Code.CLOSED: N_("This opening was closed, so nobody could be matched to it."),
    Code.OWN_GOVERNMENT: N_("It is offered by your own home government, and this call does not allow that."),
    Code.BLOCKED_PAIR: N_("The rules of this call allow no placement between your country and the host's country."),
    Code.REFUSED: N_("The host looked at your placement and refused it."),
    Code.DECLINED: N_("You declined its place, or did not answer the offer in time."),
    Code.LEFT: N_("You gave up the place that you had, so you no longer take part in this match."),
    Code.GUARDIAN: N_("You did not take part in this match, because your parent or guardian had not agreed by then."),
    Code.PLACED: N_("It was not part of this match for you, because a place outside the match is held for you."),
}
VACANT: dict[Vacant, Lazy] = {
    Vacant.NOBODY_CHOSE: N_("Nobody chose this opening."),
    Vacant.ALL_REMOVED: N_(
        "Everybody who chose this opening was left out by a rule of the call, or has left the match."
    ),
    Vacant.NOBODY_LISTED: N_("You listed none of the candidates who could have come."),
    Vacant.FEW_LISTED: N_("You listed fewer candidates than there were places."),
    Vacant.PREFERRED_OTHERS: N_("Every other candidate whom you listed got a place that they preferred."),
}


def verdict(code: str, number: int) -> str:
    """The sentence for one choice, in the language of the page."""
    return str(VERDICTS[Code(code)]) % {"number": number}
