"""What may be done with a run, by whom and when, and how long the reserve list lives. Pure."""

import datetime as dt
import enum
import secrets

from portal.accounts.viewer import Viewer
from portal.applications.models import Outcome
from portal.calls.models import Call, CallStatus
from portal.i18n import N_, Lazy
from portal.matches.models import Kind, Run, State
from portal.matches.verdicts import Code, Verdict

LARGEST_SEED = 2**53  # what every program reads exactly from JSON
DRAWN_UP_TO = 10**9


class Step(enum.StrEnum):
    START = "start"
    FINISH = "finish"
    FAIL = "fail"


# A job that was interrupted starts again.
STEPS: dict[tuple[State, Step], State] = {
    (State.QUEUED, Step.START): State.RUNNING,
    (State.RUNNING, Step.START): State.RUNNING,
    (State.FAILED, Step.START): State.RUNNING,
    (State.RUNNING, Step.FINISH): State.DONE,
    (State.RUNNING, Step.FAIL): State.FAILED,
}
RUNNING = frozenset({CallStatus.PUBLISHED, CallStatus.CLOSED})
NOT_THIS_CALL = N_("A match needs a published call. Publish the call first.")
TOO_EARLY = N_("The hosts' lists are still open. Ask for publication once rankings are due.")
NOT_DONE = N_("This run is not done, so its results cannot be published. Wait for it, or make a new run.")
PUBLISHED = N_("The results of this call are published already. A place that becomes free is passed on by itself.")
ASKED = N_("Publication of a run of this call was asked for already. Confirm it, or have it taken back first.")
NOT_ASKED = N_("Nobody asked to publish this run. Reload the page to see where it stands.")
CONFIRMED = N_("Publication is confirmed and under way, so it cannot be taken back.")
CHANGED = N_("The lists have changed since this run. Make a new run, and ask for its publication.")
OWN_CALL = N_("You applied in this call yourself, so its results are for others to publish. Ask a colleague.")
SAME_PERSON = N_("You asked for this publication yourself. A second member of the secretariat has to confirm it.")


def may(viewer: Viewer) -> bool:
    return viewer.is_secretary


def may_confirm(viewer: Viewer, run: Run) -> bool:
    """Four eyes."""
    return viewer.is_secretary and run.publication_asked_by != viewer.person_id


def after(state: State, step: Step) -> State:
    return STEPS[state, step]


def why_no_run(call: Call, *, is_published: bool) -> Lazy | None:
    if is_published:
        return PUBLISHED
    return None if call.status in RUNNING else NOT_THIS_CALL


def lists_are_open(call: Call, at: dt.datetime) -> bool:
    return at <= call.rankings_due_at


def why_no_publication(run: Run, call: Call, at: dt.datetime, *, first: Run | None, asked: Run | None) -> Lazy | None:
    """Why publication of this run cannot be asked for now. `first` is published, `asked` waits for it."""
    if first is not None:
        return PUBLISHED
    if asked is not None:
        return ASKED
    if run.state is not State.DONE or run.kind is not Kind.DRY:
        return NOT_DONE
    return why_not_published(call, at)


def why_not_published(call: Call, at: dt.datetime) -> Lazy | None:
    if call.status not in RUNNING:
        return NOT_THIS_CALL
    return TOO_EARLY if lists_are_open(call, at) else None


def why_not_taken_back(run: Run) -> Lazy | None:
    if run.publication_asked_at is None:
        return NOT_ASKED
    return CONFIRMED if run.confirmed_at is not None else None


def why_not_confirmed(run: Run, call: Call, at: dt.datetime) -> Lazy | None:
    if run.published_at is not None:
        return PUBLISHED
    if run.publication_asked_at is None:
        return NOT_ASKED
    if run.confirmed_at is not None:
        return CONFIRMED
    return why_not_published(call, at)


def is_under_way(run: Run) -> bool:
    """Something of it happens by itself soon: the page looks again."""
    works = run.state in {State.QUEUED, State.RUNNING}
    return works or (run.confirmed_at is not None and run.published_at is None)


def new_seed() -> int:
    return secrets.randbelow(DRAWN_UP_TO)


def reserve_ends_at(call: Call, published_at: dt.datetime) -> dt.datetime:
    return published_at + dt.timedelta(days=call.reserve_days)


def reserve_lives(call: Call, published_at: dt.datetime, at: dt.datetime) -> bool:
    return at < reserve_ends_at(call, published_at)


WAITABLE = frozenset({Code.BETTER_RANKED, Code.LOTTERY, Code.TAKEN})


def outcome(verdicts: list[Verdict], got: str | None) -> Outcome:
    """Matched; without a place, but acceptable where they want to go; or neither."""
    if got is not None:
        return Outcome.MATCHED
    waits = any(verdict.code in WAITABLE for verdict in verdicts)
    return Outcome.RESERVE if waits else Outcome.UNMATCHED


def lottery_digits(number: int) -> str:
    """The first of the 64 hexadecimal digits: enough to tell who goes first."""
    return f"{number:064x}"[:16]
