"""Giving places. `take_step` alone changes a status; `give` alone gives a seat.

Locks are always taken in one order, so that nobody waits in a ring: opening, application, placement.
"""

import datetime as dt
import uuid
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col

from portal.accounts.models import Person
from portal.accounts.queries import recipient
from portal.accounts.viewer import Viewer
from portal.applications import actions as applications
from portal.applications import queries as application_queries
from portal.applications.models import Application
from portal.applications.rules import Step as ApplicationStep
from portal.clock import now
from portal.errors import Conflict, NotAllowed
from portal.history.actions import record
from portal.i18n import N_
from portal.jobs.queue import enqueue
from portal.mail.actions import send
from portal.mail.rules import Recipient
from portal.nominations import actions as nominations
from portal.openings import queries as openings
from portal.openings.models import Opening
from portal.placements import queries, rules
from portal.placements.models import Origin, Placement
from portal.placements.rules import Step

FULL = N_("All places of this opening are taken. A place becomes free when somebody is refused, declines or withdraws.")
HELD = N_("This candidate is being considered for another place at the moment. Propose somebody else, or try later.")
PROPOSED = N_(
    "A host has proposed a place for this person, so the nomination stands. Ask the host to take it back first."
)
DEEDS: dict[Step, tuple[str, ...]] = {
    Step.APPROVE: ("placement approved", "placement offered"),
    Step.REFUSE: ("placement refused",),
    Step.CANCEL: ("placement cancelled",),
    Step.ACCEPT: ("placement accepted",),
    Step.DECLINE: ("placement declined",),
    Step.LAPSE: ("placement lapsed",),
    Step.RELEASE: ("placement given back",),
    Step.AGREE: ("placement agreed",),
    Step.START: ("placement started",),
    Step.COMPLETE: ("placement completed",),
    Step.END_EARLY: ("placement ended early",),
    Step.CERTIFY: ("placement certified",),
    Step.REVOKE: ("certificate revoked",),
}
CONTINUE = "continue_match"  # the job that passes on a place which became free


def propose(
    session: Session, viewer: Viewer, opening_id: uuid.UUID, application_id: uuid.UUID, *, reason: str
) -> Placement:
    """By the secretariat, outside a match; whoever else proposes for this opening waits for this transaction."""
    queries.get_hosted(session, viewer, opening_id)
    opening = openings.locked(session, opening_id)
    application = application_queries.lock_visible(session, viewer, application_id)
    if not rules.may_propose(viewer, application):
        raise NotAllowed
    objection = rules.why_no_proposal(opening, application)
    if objection is not None:
        raise Conflict(objection)
    in_the_way = col(Placement.opening_id) == opening.id, col(Placement.application_id) == application.id
    lapse_expired(session, sa.or_(*in_the_way))
    if queries.holds_a_place(session, application):
        raise Conflict(HELD)
    return give(session, opening, application, by=viewer.id, origin=Origin.MANUAL, reason=reason)


def give(
    session: Session,
    opening: Opening,
    application: Application,
    *,
    by: uuid.UUID,
    origin: Origin,
    reason: str = "",
    seat: int | None = None,
) -> Placement:
    """The lowest free seat of a locked opening, to a locked application that holds none.

    Who gives many places at once knows which `seat` is free.
    """
    seat = seat or rules.free_seat(queries.seats_taken(session, opening), opening.capacity)
    if seat is None:
        raise Conflict(FULL)
    placement = Placement(
        opening_id=opening.id, application_id=application.id, seat=seat, proposed_by=by, origin=origin,
        origin_reason=reason, starts_on=opening.starts_on, ends_on=opening.ends_on,
    )  # fmt: skip
    session.add(placement)
    session.flush()
    details = {"opening": str(opening.id), "application": str(application.id), "seat": seat, "origin": origin.value}
    record(session, "placement proposed", "placement", placement.id, by=by, **details)
    return placement


def ensure(step: Step, placement: Placement, *, by: Viewer) -> dt.datetime:
    """This person may take this step, now."""
    if not rules.may(by, step, placement):
        raise NotAllowed
    at = now()
    reason = rules.why_not(step, placement, at)
    if reason is not None:
        raise Conflict(reason)
    return at


def take_step(session: Session, placement: Placement, step: Step, *, by: uuid.UUID | None, **details: Any) -> None:
    """A place that becomes free with it goes on: the job looks who is next."""
    placement.status = rules.after(placement.status, step)
    for deed in DEEDS[step]:
        record(session, deed, "placement", placement.id, by=by, **details)
    if step in rules.FREEING:
        enqueue(session, CONTINUE, str(placement.opening.call_id))


def _on_behalf(placement: Placement, by: Viewer) -> dict[str, bool]:
    return {} if by.person_id == placement.application.applicant_id else {"on_behalf": True}


def approve(session: Session, placement: Placement, *, by: Viewer) -> None:
    """The host's word; with it the place is offered, until an instant."""
    placement.approved_at, placement.approved_by = ensure(Step.APPROVE, placement, by=by), by.id
    placement.expires_at = placement.approved_at + dt.timedelta(days=placement.opening.call.answer_days)
    take_step(session, placement, Step.APPROVE, by=by.id)
    _tell_candidate(session, placement, "placements/offered")


def refuse(session: Session, placement: Placement, *, by: Viewer, reason: str) -> None:
    placement.approved_at, placement.approved_by = ensure(Step.REFUSE, placement, by=by), by.id
    placement.reason = reason
    take_step(session, placement, Step.REFUSE, by=by.id)


def cancel(session: Session, placement: Placement, *, by: Viewer) -> None:
    ensure(Step.CANCEL, placement, by=by)
    take_step(session, placement, Step.CANCEL, by=by.id)


def accept(session: Session, placement: Placement, *, by: Viewer) -> None:
    placement.answered_at = ensure(Step.ACCEPT, placement, by=by)
    take_step(session, placement, Step.ACCEPT, by=by.id, **_on_behalf(placement, by))
    applications.mark_placed(placement.application, placement.answered_at)
    _tell_host(session, placement, "placements/accepted")


def decline(session: Session, placement: Placement, *, by: Viewer, reason: str) -> None:
    placement.answered_at, placement.reason = ensure(Step.DECLINE, placement, by=by), reason or None
    take_step(session, placement, Step.DECLINE, by=by.id, **_on_behalf(placement, by))
    _tell_host(session, placement, "placements/declined")


def lapse_expired(session: Session, *conditions: sa.ColumnElement[bool]) -> int:
    """Frees the places of offers whose time is over; how many. Nobody's deed: the instant decided it."""
    expired = queries.lock_expired(session, now(), *conditions)
    for placement in expired:
        take_step(session, placement, Step.LAPSE, by=None)
        _tell_candidate(session, placement, "placements/lapsed")
    session.flush()
    return len(expired)


def withdraw(session: Session, application: Application, *, by: Viewer) -> None:
    """The application, and with it whatever place it holds."""
    applications.ensure(ApplicationStep.WITHDRAW, application, by=by)
    for placement in queries.lock_held(session, application):
        take_step(session, placement, Step.RELEASE, by=by.id)
    applications.mark_placed(application, None)
    applications.withdraw(session, application, by=by)


def take_back(session: Session, application: Application, *, by: Viewer) -> None:
    """A home government's decision; a nomination that a host has proposed a place on stands."""
    nominations.ensure(session, ApplicationStep.TAKE_BACK, application, by=by)
    lapse_expired(session, col(Placement.application_id) == application.id)
    if queries.lock_held(session, application):
        raise Conflict(PROPOSED)
    nominations.take_back(session, application, by=by)


def _tell_candidate(session: Session, placement: Placement, template: str) -> None:
    _tell(session, placement, template, applications.addressee(session, placement.application))


def _tell_host(session: Session, placement: Placement, template: str) -> None:
    _tell(session, placement, template, recipient(session.get_one(Person, placement.approved_by)))


def _tell(session: Session, placement: Placement, template: str, to: Recipient) -> None:
    opening = placement.opening
    facts = {"placement": placement, "opening": opening, "call": opening.call, "application": placement.application}
    send(session, template, to=to, **facts)
