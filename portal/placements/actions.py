"""Giving places. `take_step` alone changes a status; `give` alone gives a seat.

Locks are always taken in one order, so that nobody waits in a ring: opening, application, placement. A lapse changes
nothing of the application, so it locks the placement alone.
"""

import datetime as dt
import uuid
from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col

from portal.accounts.models import Person
from portal.accounts.queries import recipient
from portal.accounts.viewer import Viewer
from portal.applications import actions as applications
from portal.applications import queries as application_queries
from portal.applications import rules as application_rules
from portal.applications.models import Application
from portal.applications.rules import Step as ApplicationStep
from portal.clock import now
from portal.errors import Conflict, NotAllowed
from portal.history.actions import record
from portal.i18n import N_
from portal.jobs.queue import enqueue
from portal.mail.actions import send
from portal.nominations import actions as nominations
from portal.nominations import queries as nominators
from portal.openings import queries as openings
from portal.openings.models import Opening
from portal.placements import hosted, queries, rules
from portal.placements.models import Origin, Placement, Reason
from portal.placements.rules import Step

FULL = N_("All places of this opening are taken. A place becomes free when somebody is refused, declines or withdraws.")
HELD = N_("This candidate is being considered for another place at the moment. Propose somebody else, or try later.")
PROPOSED = N_(
    "A place is held for this person, so the nomination stands. Ask the secretariat if it is to be given back."
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
    hosted.get_hosted(session, viewer, opening_id)
    opening = openings.locked(session, opening_id)
    application = application_queries.lock_visible(session, viewer, application_id)
    _ensure_proposable(viewer, opening, application)
    in_the_way = col(Placement.opening_id) == opening.id, col(Placement.application_id) == application.id
    lapse_expired(session, sa.or_(*in_the_way))
    if queries.held(session, application):
        raise Conflict(HELD)
    placement = give(session, opening, application, by=viewer.id, origin=Origin.MANUAL, reason=reason)
    placement.opening, placement.application = opening, application
    tell_host(session, placement, "placements/proposed")
    return placement


def proposable(session: Session, viewer: Viewer, opening: Opening, application_id: uuid.UUID) -> Application:
    """A candidate whom this viewer could propose for it, seats aside."""
    application = application_queries.get_visible(session, viewer, application_id)
    _ensure_proposable(viewer, opening, application)
    return application


def _ensure_proposable(viewer: Viewer, opening: Opening, application: Application) -> None:
    if not rules.may_propose(viewer, application):
        raise NotAllowed
    objection = rules.why_no_proposal(opening, application)
    if objection is not None:
        raise Conflict(objection)


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
    tell_candidate(session, placement, "placements/offered")


def refuse(session: Session, placement: Placement, *, by: Viewer, code: Reason, reason: str = "") -> None:
    placement.approved_at, placement.approved_by = ensure(Step.REFUSE, placement, by=by), by.id
    _give_reason(placement, code, reason)
    take_step(session, placement, Step.REFUSE, by=by.id, code=code.value)


def cancel(session: Session, placement: Placement, *, by: Viewer) -> None:
    ensure(Step.CANCEL, placement, by=by)
    take_step(session, placement, Step.CANCEL, by=by.id)
    tell_host(session, placement, "placements/cancelled")


def accept(session: Session, placement: Placement, *, by: Viewer) -> None:
    placement.answered_at = ensure(Step.ACCEPT, placement, by=by)
    take_step(session, placement, Step.ACCEPT, by=by.id, **_on_behalf(placement, by))
    applications.mark_placed(placement.application, placement.answered_at)
    tell_host(session, placement, "placements/accepted")


def decline(session: Session, placement: Placement, *, by: Viewer, code: Reason, reason: str = "") -> None:
    placement.answered_at = ensure(Step.DECLINE, placement, by=by)
    _give_reason(placement, code, reason)
    take_step(session, placement, Step.DECLINE, by=by.id, code=code.value, **_on_behalf(placement, by))
    for tell in (tell_host, tell_home):
        tell(session, placement, "placements/declined")


def release(session: Session, placement: Placement, *, by: Viewer, code: Reason, reason: str = "") -> None:
    """An accepted place is given back before the stay; whoever it concerns is told."""
    ensure(Step.RELEASE, placement, by=by)
    give_back(session, placement, by=by.id, code=code, reason=reason)
    for tell in (tell_candidate, tell_host, tell_home):
        tell(session, placement, "placements/released")


def give_back(
    session: Session, placement: Placement, *, by: uuid.UUID | None, code: Reason | None = None, reason: str = ""
) -> None:
    """Before the stay, by whomever: the application is locked as well, and is placed no more."""
    _give_reason(placement, code, reason)
    take_step(session, placement, Step.RELEASE, by=by, **({"code": code.value} if code else {}))
    applications.mark_placed(placement.application, None)


def _give_reason(placement: Placement, code: Reason | None, reason: str) -> None:
    placement.reason_code, placement.reason = code, reason or None


def lapse_expired(session: Session, *conditions: sa.ColumnElement[bool]) -> int:
    """Frees the places of offers whose time is over; how many. Nobody's deed: the instant decided it."""
    expired = queries.lock_expired(session, now(), *conditions)
    for placement in expired:
        take_step(session, placement, Step.LAPSE, by=None)
        tell_candidate(session, placement, "placements/lapsed")
        for tell in (tell_host, tell_home):
            tell(session, placement, "placements/lapsed_office")
    session.flush()
    return len(expired)


def withdraw(session: Session, application: Application, *, by: Viewer) -> None:
    """The application, and with it whatever place it holds."""
    ensure_withdrawable(session, application, by=by)
    lapse_expired(session, col(Placement.application_id) == application.id)
    for placement in queries.lock_held(session, application):
        give_back(session, placement, by=by.id)
        tell_host(session, placement, "placements/released")
    applications.withdraw(session, application, by=by)


def stop(session: Session, application: Application) -> bool:
    """As `withdraw`, because the consent to taking part was refused or withdrawn. False once a stay has begun, or where
    nothing goes on: what is left to do then is the secretariat's."""
    if (application.status, ApplicationStep.STOP) not in application_rules.STEPS or _stays(session, application):
        return False
    lapse_expired(session, col(Placement.application_id) == application.id)
    for placement in queries.lock_held(session, application):
        give_back(session, placement, by=None)
        tell_host(session, placement, "placements/released")
    applications.stop(session, application)
    return True


def _stays(session: Session, application: Application) -> bool:
    return any(placement.status not in rules.BEFORE_THE_STAY for placement in queries.held(session, application))


def ensure_withdrawable(session: Session, application: Application, *, by: Viewer) -> None:
    applications.ensure(ApplicationStep.WITHDRAW, application, by=by)
    if _stays(session, application):
        raise Conflict(rules.STARTED)


def take_back(session: Session, application: Application, *, by: Viewer) -> None:
    """A home government's decision; a nomination that a place is held on stands."""
    nominations.ensure(session, ApplicationStep.TAKE_BACK, application, by=by)
    lapse_expired(session, col(Placement.application_id) == application.id)
    if queries.lock_held(session, application):
        raise Conflict(PROPOSED)
    nominations.take_back(session, application, by=by)


# Who is told


def tell_candidate(session: Session, placement: Placement, template: str) -> None:
    to = applications.addressee(session, placement.application)
    send(session, template, to=to, **facts(placement))


def tell_host(session: Session, placement: Placement, template: str) -> None:
    """Everybody in the office that may act on it, not only who was there when it began."""
    _tell(session, placement, template, queries.hosts_of(session, placement))


def tell_home(session: Session, placement: Placement, template: str) -> None:
    _tell(session, placement, template, nominators.deciders(session, placement.application))


def _tell(session: Session, placement: Placement, template: str, people: Iterable[Person]) -> None:
    for person in people:
        if person.email:
            send(session, template, to=recipient(person), **facts(placement))


def facts(placement: Placement) -> dict[str, Any]:
    """What messages tell of."""
    opening = placement.opening
    return {"placement": placement, "opening": opening, "call": opening.call, "application": placement.application}
