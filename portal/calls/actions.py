"""Writing calls."""

from typing import Any

from sqlmodel import Session

from portal.accounts.viewer import Viewer
from portal.calls.models import Call, CallStatus
from portal.calls.rules import EDITABLE, STEPS, Step, unready
from portal.clock import now
from portal.errors import Conflict, NotAllowed
from portal.history import actions as history
from portal.history.rules import changes
from portal.i18n import N_

WORDS = frozenset({"titles", "texts"})
DONE = {Step.PUBLISH: "published", Step.CLOSE: "closed", Step.ARCHIVE: "archived"}


def draft_call(session: Session, slug: str, *, by: Viewer, **facts: Any) -> Call:
    """A new call that only the secretariat sees; `facts` are its columns."""
    if not by.is_secretary:
        raise NotAllowed
    call = Call(slug=slug, created_by=by.id, **facts)
    session.add(call)
    history.record(session, "created", "call", call.id, by=by.id, slug=slug)
    return call


def edit_call(session: Session, call: Call, slug: str, *, by: Viewer, **facts: Any) -> None:
    """Records what changed, with dates and numbers before and after; a published address stays."""
    ensure_editable(call, by=by)
    if call.status is CallStatus.DRAFT:
        facts["slug"] = slug
    changed = changes(call, facts, words=WORDS)
    if not changed:
        return
    call.sqlmodel_update(facts)
    session.add(call)
    history.record(session, "edited", "call", call.id, by=by.id, **changed)


def ensure_editable(call: Call, *, by: Viewer) -> None:
    if not by.is_secretary:
        raise NotAllowed
    if call.status not in EDITABLE:
        raise Conflict(N_("This call is closed, so it can no longer be changed. Make a new call instead."))


def take_step(session: Session, call: Call, step: Step, *, by: Viewer) -> None:
    """The only place that sets a call's status."""
    if not by.is_secretary:
        raise NotAllowed
    if (call.status, step) not in STEPS:
        raise Conflict(N_("This call is not in a state for that step. Go back and look at where it stands now."))
    wanting = unready(call, now()) if step is Step.PUBLISH else []
    if wanting:
        raise Conflict(wanting[0])
    call.status = STEPS[call.status, step]
    session.add(call)
    history.record(session, DONE[step], "call", call.id, by=by.id, slug=call.slug)
