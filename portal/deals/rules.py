"""A deal's states, when it may be ordered or made, how many readings an essay should have. Pure."""

import datetime as dt
import enum
import secrets
from collections.abc import Sequence

from portal.accounts.viewer import Viewer
from portal.contests.models import Edition
from portal.contests.rules import oversees
from portal.deals.models import Deal, DealKind, DealStatus
from portal.essays.models import EssayStatus
from portal.i18n import N_, Lazy
from portal.judging import rules as judging
from portal.judging.models import Appointment, Judge, JudgeStatus, Round

LARGEST_SEED = 2**31 - 1  # what the database holds
DRAWN_UP_TO = 1_000_000
CONFLICTS = 3  # from the text, of one judge and round: more would test who wrote what


class Step(enum.StrEnum):
    FIND = "find"
    FAIL = "fail"
    DISCARD = "discard"
    DEAL = "deal"
    FINISH = "finish"


STEPS = {
    (DealStatus.WAITING, Step.FIND): DealStatus.READY,
    (DealStatus.WAITING, Step.FAIL): DealStatus.IMPOSSIBLE,
    (DealStatus.WAITING, Step.DEAL): DealStatus.DEALING,
    (DealStatus.READY, Step.DEAL): DealStatus.DEALING,
    (DealStatus.DEALING, Step.FINISH): DealStatus.DEALT,
    (DealStatus.WAITING, Step.DISCARD): DealStatus.DISCARDED,
    (DealStatus.READY, Step.DISCARD): DealStatus.DISCARDED,
    (DealStatus.IMPOSSIBLE, Step.DISCARD): DealStatus.DISCARDED,
}
OPEN = frozenset({DealStatus.WAITING, DealStatus.READY, DealStatus.DEALING})
TO_LOOK_AT = frozenset({DealStatus.READY, DealStatus.IMPOSSIBLE})
# Whose essays a round's judges read, and whose can be given to them.
READ = {Round.FIRST: EssayStatus.IN_JUDGING, Round.FINAL: EssayStatus.SHORTLISTED}
DEALT_TO = {each: frozenset(status for status, in_ in judging.ROUNDS.items() if in_ is each) for each in Round}

NOT_RUNNING = N_("Essays are dealt only while the edition is published.")
NO_FINAL = N_("This edition has no final round.")
OVER = N_("The time for marks of this round has passed. Move its date first if there is more to read.")
ONE_AT_A_TIME = N_(
    "There is a deal of this edition already that is not finished. Look at it, and deal or discard it first."
)
NOT_READY = N_("This deal cannot be made now. Look at where it stands.")
CHANGED = N_(
    "Essays or judges have changed since this deal was computed. Nothing was dealt; compute it anew and look at it."
)
STANDS = N_("This deal can no longer be discarded.")
SUBMITTED = N_("The marks for this essay are submitted. They stand, so it cannot be given to somebody else.")
ENDED = N_("This judge does not read this essay any more.")
MARKS_OVER = N_("The time for marks of this round has passed, so nobody else could read this essay.")
ENOUGH_CONFLICTS = N_(
    "You have declared three conflicts from the text in this round, which is as many as the portal takes by itself. "
    "Please write to the secretariat about this essay."
)
NO_JUDGE = N_("This person does not judge this edition now, so they cannot leave it.")


# Who may


def may_look(viewer: Viewer, edition: Edition) -> bool:
    """Deals show judges with their names: for the secretariat and the auditors, and nobody who judges the edition."""
    return oversees(viewer, edition)


# When


def is_time(edition: Edition, round_: Round, at: dt.datetime) -> bool:
    return round_ in judging.rounds(edition) and judging.is_time_to_mark(judging.due_at(edition, round_), at)


def why_no_deal(edition: Edition, round_: Round, at: dt.datetime) -> Lazy | None:
    if not judging.takes_judges(edition):
        return NOT_RUNNING
    if round_ not in judging.rounds(edition):
        return NO_FINAL
    return None if is_time(edition, round_, at) else OVER


def may_take(step: Step, deal: Deal) -> bool:
    return (deal.status, step) in STEPS


def is_under_way(deal: Deal) -> bool:
    """Something of it happens by itself soon: the page looks again."""
    return deal.status in {DealStatus.WAITING, DealStatus.DEALING}


def why_not_ended(appointment: Appointment, edition: Edition, at: dt.datetime) -> Lazy | None:
    """Why a reading can no longer be given to somebody else."""
    if appointment.ended_at is not None:
        return ENDED
    if appointment.locked_at is not None:
        return SUBMITTED
    return None if is_time(edition, appointment.round, at) else MARKS_OVER


def can_leave(judge: Judge) -> bool:
    return judge.status is JudgeStatus.ACCEPTED


# How many


def readings_of(edition: Edition, round_: Round) -> int:
    return edition.final_readings if round_ is Round.FINAL else edition.first_readings


def is_direct(round_: Round, kind: DealKind) -> bool:
    """In the final round everybody reads everything that nothing bars: there is nothing to choose."""
    return round_ is Round.FINAL and kind is not DealKind.EXTRA


def owed(readings: int, kinds: Sequence[DealKind | None]) -> int:
    """How many readings an essay was to have, by what its appointments came from, ended ones included.

    None: by hand. What a deal AGAIN gave replaces another reading.
    """
    base = readings if DealKind.ROUND in kinds else min(readings, kinds.count(None))
    return base + kinds.count(DealKind.EXTRA)


def needs(kind: DealKind, readings: int, kinds: Sequence[DealKind | None], kept: int, *, is_named: bool) -> int:
    """How many judges an essay is to have after the deal, those who keep it included."""
    if kind is DealKind.ROUND:
        return readings + kinds.count(DealKind.EXTRA)
    if not is_named:
        return kept
    return kept + 1 if kind is DealKind.EXTRA else max(kept, owed(readings, kinds))


def new_seed() -> int:
    return secrets.randbelow(DRAWN_UP_TO)
