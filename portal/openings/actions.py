"""Writing openings."""

import uuid
from collections.abc import Collection
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col

from portal.accounts.viewer import Viewer
from portal.calls.models import Call
from portal.calls.rules import accepts_openings
from portal.clock import now
from portal.errors import Conflict, NotAllowed
from portal.history import actions as history
from portal.history.rules import changes
from portal.i18n import N_
from portal.openings.models import Opening
from portal.openings.rules import EDITABLE, STEPS, Step, is_theirs

WORDS = frozenset({"organisation", "title", "tasks", "place", "benefits"})
DONE = {Step.PUBLISH: "published", Step.CLOSE: "closed"}


def draft_opening(session: Session, call: Call, government_id: uuid.UUID, *, by: Viewer, **facts: Any) -> Opening:
    """A new opening of a government that `by` coordinates; `facts` are its columns."""
    if not by.coordinates(government_id):
        raise NotAllowed
    ensure_accepting(call)
    opening = Opening(call_id=call.id, government_id=government_id, created_by=by.id, **facts)
    session.add(opening)
    history.record(session, "created", "opening", opening.id, by=by.id, capacity=opening.capacity)
    return opening


def edit_opening(session: Session, opening: Opening, *, by: Viewer, **facts: Any) -> None:
    """Everything but the capacity, which `change_capacity` keeps."""
    ensure_editable(opening, by=by)
    changed = changes(opening, facts, words=WORDS)
    if not changed:
        return
    opening.sqlmodel_update(facts)
    session.add(opening)
    history.record(session, "edited", "opening", opening.id, by=by.id, **changed)


def change_capacity(session: Session, opening: Opening, capacity: int, *, taken: int, by: Viewer) -> None:
    """`taken` is the least it may become; the opening must be locked by who asks."""
    ensure_editable(opening, by=by)
    if capacity < taken:
        raise Conflict(N_("These places may be taken already, so their number can only be raised."))
    if capacity == opening.capacity:
        return
    changed = changes(opening, {"capacity": capacity})
    opening.capacity = capacity
    session.add(opening)
    history.record(session, "capacity changed", "opening", opening.id, by=by.id, **changed)


def mark_ranked(session: Session, ids: Collection[uuid.UUID]) -> None:
    """From now on somebody counts on these openings."""
    fresh = sa.update(Opening).where(col(Opening.id).in_(ids), col(Opening.first_ranked_at).is_(None))
    session.execute(fresh.values(first_ranked_at=now()))


def take_step(session: Session, opening: Opening, step: Step, *, by: Viewer) -> None:
    """The only place that sets an opening's status."""
    if not is_theirs(by, opening):
        raise NotAllowed
    if (opening.status, step) not in STEPS:
        raise Conflict(N_("This opening is not in a state for that step. Go back and look at where it stands now."))
    if step is Step.PUBLISH:
        ensure_accepting(opening.call)
    opening.status = STEPS[opening.status, step]
    session.add(opening)
    history.record(session, DONE[step], "opening", opening.id, by=by.id, capacity=opening.capacity)


def ensure_accepting(call: Call) -> None:
    if not accepts_openings(call, now()):
        raise Conflict(
            N_("The time for openings in this call is over or it is not published, so it takes no openings now.")
        )


def ensure_editable(opening: Opening, *, by: Viewer) -> None:
    if not is_theirs(by, opening):
        raise NotAllowed
    if opening.status not in EDITABLE:
        raise Conflict(N_("This opening is closed, so it can no longer be changed. Make a new one instead."))
