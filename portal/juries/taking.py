"""Taking the finalists from the first round's order. Callers hold the edition locked."""

from collections.abc import Collection, Sequence

from sqlmodel import Session

from portal.accounts.viewer import Viewer
from portal.clock import now
from portal.contests.models import Edition
from portal.errors import Conflict
from portal.essays import actions as essays
from portal.essays.rules import Step
from portal.history.actions import record
from portal.i18n import N_, Lazy
from portal.judging.models import Round
from portal.judging.rules import due_at
from portal.juries import finals, queries, rounds, rules
from portal.juries.actions import ensure
from portal.juries.finals import Line
from portal.standings import actions as standings
from portal.standings.models import Occasion

NO_FINAL = N_("This edition has no final round. The jury works on the order of the first one.")
NOT_OVER = N_("The first round is not over: marks are not due yet, and readings are still missing.")
TAKEN = N_("The finalists of this edition have been taken already. Nothing was changed.")
NOT_TAKEN = N_("The finalists have not been taken yet.")
NOBODY = N_("No essay has marks that count, so that nobody can go on to a final round.")
ANOTHER_ORDER = N_("The order has changed since you opened this page. Look at it again.")
HAS_MET = N_("The jury's meeting is open. Nobody can be taken up any more.")
NOT_NEXT = N_("This essay is not the next in the order, or no finalist of its group fell out.")


def why_not_taken(session: Session, edition: Edition) -> Lazy | None:
    """Why it is the wrong moment, or None."""
    if edition.finalists is None:
        return NO_FINAL
    if rounds.are_taken(session, edition):
        return TAKEN
    readings = rounds.readings(session, edition, Round.FIRST)
    return None if rules.is_over(due_at(edition, Round.FIRST), readings, now()) else NOT_OVER


def take_finalists(
    session: Session, edition: Edition, found: Sequence[Line], chosen: Collection[str], *, seen: str, reason: str,
    by: Viewer,
) -> int:  # fmt: skip
    """Keeps the order, and has the best so many of each group go on; how many do. Authors are not told."""
    ensure(by, edition)
    why_not = why_not_taken(session, edition)
    if why_not:
        raise Conflict(why_not)
    if seen != finals.mark(found):
        raise Conflict(ANOTHER_ORDER)
    wrong = finals.why_not(found, chosen, reason)
    if wrong:
        raise Conflict(wrong[1])
    taken = sorted(code for line in found for code in line.cut.sure | line.chosen(chosen))
    if not taken:
        raise Conflict(NOBODY)
    standings.keep(session, edition, Round.FIRST, Occasion.ROUND_END, by=by, reason=reason)
    for essay in queries.lock_essays(session, edition, taken).values():
        essays.take_step(session, essay, Step.SHORTLIST, by=by)
    told = {"finalists": taken, "chosen": sorted(chosen), "reason": reason}
    record(session, "took finalists", "edition", edition.id, by=by.id, **told)
    return len(taken)


def take_up(session: Session, edition: Edition, found: Sequence[Line], code: str, *, reason: str, by: Viewer) -> None:
    """The next in the order, in the place of a finalist that fell out."""
    ensure(by, edition)
    if not rounds.are_taken(session, edition):
        raise Conflict(NOT_TAKEN)
    if queries.has_met(session, edition.id):
        raise Conflict(HAS_MET)
    if not any(code in line.following for line in found):
        raise Conflict(NOT_NEXT)
    essay = queries.lock_essays(session, edition, [code])[code]
    essays.take_step(session, essay, Step.SHORTLIST, by=by)
    record(session, "took up", "essay", essay.id, by=by.id, code=code, reason=reason)
