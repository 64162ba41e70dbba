"""What a home government does with an application: return it once, nominate it in its order of merit, refuse it,
and take a decision back; and what it notes beside. Whoever acts in its place does the same, marked so."""

import datetime as dt
import uuid
from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col

from portal.accounts import queries as accounts
from portal.accounts.models import Person
from portal.accounts.viewer import Viewer
from portal.applications import actions as applications
from portal.applications import queries as application_queries
from portal.applications import rules as application_rules
from portal.applications.models import Application, Kinship, RefusalCode, Status
from portal.applications.rules import Step
from portal.calls.models import Call
from portal.clock import now
from portal.errors import Conflict, NotAllowed
from portal.history.actions import record
from portal.i18n import N_
from portal.mail.actions import send
from portal.nominations import queries, rules
from portal.nominations.models import Checked, Note
from portal.nominations.words import Item
from portal.ordering import ELSEWHERE, Order
from portal.registry.models import Government

BEYOND_QUOTA = N_("Your government has given all its places in this call. Take a nomination back, or refuse this one.")
BEYOND_CAP = N_(
    "The governments of this country have given all the places that they share in this call. A place becomes free "
    "when one of them takes a nomination back, or when somebody withdraws."
)
NOT_DECLARED = N_("This declaration was lifted already. Reload the page to see where things stand.")


def ensure(session: Session, step: Step, application: Application, *, by: Viewer) -> dt.datetime:
    """This person may take this step now, for the government or in its place."""
    at = applications.ensure(step, application, by=by)
    if application_rules.is_in_place(by, application):
        has_decider = bool(queries.deciders(session, application))
        reason = rules.why_not_in_place(application.call, at, has_decider=has_decider)
        if reason is not None:
            raise Conflict(reason)
    if step is Step.NOMINATE and application_queries.is_held_back(session, application):
        raise Conflict(rules.HELD_BACK)
    return at


def _take_step(session: Session, application: Application, step: Step, *, by: Viewer, **details: Any) -> dt.datetime:
    ensure(session, step, application, by=by)
    application.decided_in_place = application_rules.is_in_place(by, application)
    marked = {"in_place": True, **details} if application.decided_in_place else details
    return applications.take_step(session, application, step, by=by, **marked)


def return_once(
    session: Session, application: Application, *, by: Viewer, reason: str, due_at: dt.datetime | None = None
) -> None:
    """Until `due_at`, or as long as is usual, the applicant can correct it and submit it again."""
    application.returned_at = _take_step(session, application, Step.RETURN, by=by)
    application.reason, application.reason_code = reason, None
    application.correction_due_at = due_at or rules.usual_correction(application.call, application.returned_at)
    applications.tell(session, application, "nominations/returned", due=application.correction_due_at)


def nominate(session: Session, application: Application, *, by: Viewer) -> None:
    """On the last place of the order; `queries.lock_visible` has locked the government's places."""
    ensure(session, Step.NOMINATE, application, by=by)
    _refuse_without_place(session, application)
    order = queries.in_order(session, application.call_id, _home(application))
    last = max((each.merit or 0 for each in order), default=0) + 1
    with session.no_autoflush:
        application.decided_at = _take_step(session, application, Step.NOMINATE, by=by, merit=last)
        application.merit, application.decided_by = last, by.id
    applications.tell(session, application, "nominations/nominated")


def _refuse_without_place(session: Session, application: Application) -> None:
    call, home = application.call, session.get_one(Government, application.home_id)
    if len(queries.in_order(session, call.id, home.id)) >= call.nomination_quota:
        raise Conflict(BEYOND_QUOTA)
    if queries.places_left(session, call, home) == 0:
        raise Conflict(BEYOND_CAP)


def refuse(session: Session, application: Application, *, by: Viewer, reason: str, code: RefusalCode) -> None:
    with session.no_autoflush:
        application.decided_at = _take_step(session, application, Step.REFUSE, by=by, code=code.value)
        application.decided_by, application.reason, application.reason_code = by.id, reason, code
    applications.tell(session, application, "nominations/refused")


def take_back(session: Session, application: Application, *, by: Viewer) -> None:
    """A nomination or a refusal: the application waits for a decision again, and the order closes up."""
    ensure(session, Step.TAKE_BACK, application, by=by)
    others = queries.in_order(session, application.call_id, _home(application), but=application.id)
    with session.no_autoflush:
        before = application.status
        _take_step(session, application, Step.TAKE_BACK, by=by, decision=before.value)
        application.merit = application.decided_at = application.decided_by = None
        application.reason = application.reason_code = None
    application.decided_in_place = False
    session.flush()
    _number(session, others)
    applications.tell(session, application, "nominations/taken_back", was_nominated=before is Status.NOMINATED)


def rearrange(session: Session, call: Call, home: Government, sent: Order, *, by: Viewer) -> None:
    """Puts the nominated whom the viewer sees into the order sent; those unseen keep their places."""
    ensure_order(session, call, home, by=by)
    queries.hold(session, call.id, home.id)
    order = queries.in_order(session, call.id, home.id)
    seen = [each.id for each in queries.ordered(session, by, call.id, home.id)]
    wanted = rules.rearranged(order, sent.wanted)
    if wanted is None or not sent.fits(seen):
        raise Conflict(ELSEWHERE)
    if wanted != order:
        _number(session, wanted)
        ids = [str(each.id) for each in wanted]
        record(session, "order of merit changed", "call", call.id, by=by.id, government=home.code, order=ids)


def ensure_order(session: Session, call: Call, home: Government, *, by: Viewer) -> None:
    if not rules.may_order(by, home.id):
        raise NotAllowed
    has_decider = queries.has_coordinator(session, home.id)
    reason = rules.why_no_order(by, call, home.id, now(), has_decider=has_decider)
    if reason is not None:
        raise Conflict(reason)


def _number(session: Session, order: Sequence[Application]) -> None:
    """1, 2, 3 in this order. In two rounds, since no two may hold one place even for a moment."""
    if [each.merit for each in order] == list(range(1, len(order) + 1)):
        return
    for sign in (-1, 1):
        for place, application in enumerate(order, 1):
            application.merit = sign * place
        session.flush()


def _home(application: Application) -> uuid.UUID:
    assert application.home_id is not None, "it was submitted"
    return application.home_id


# What is kept beside


def add_note(session: Session, application: Application, text: str, *, by: Viewer) -> None:
    note = Note(application_id=application.id, author_id=by.id, text=text)
    session.add(note)
    record(session, "note added", "application", application.id, by=by.id, note=str(note.id))


def tick(session: Session, application: Application, items: set[Item], *, by: Viewer) -> None:
    """The checklist as it now is. An item that was ticked before keeps who ticked it."""
    before = {Item(name) for name in queries.ticks(session, application.id)}
    cleared = [item.value for item in before - items]
    session.execute(
        sa.delete(Checked).where(col(Checked.application_id) == application.id, col(Checked.item).in_(cleared))
    )
    session.add_all(Checked(application_id=application.id, item=item, checked_by=by.id) for item in items - before)
    if before != items:
        added = sorted(item.value for item in items - before)
        record(
            session, "checklist changed", "application", application.id, by=by.id, ticked=added, cleared=sorted(cleared)
        )


# Kinship


def declare_kinship(session: Session, application: Application, *, by: Viewer) -> None:
    """From now on this coordinator sees nothing of it. If nobody else decides on it, the secretariat is told."""
    session.add(Kinship(application_id=application.id, person_id=by.id))
    record(session, "kinship declared", "application", application.id, by=by.id)
    session.flush()
    if not queries.deciders(session, application):
        for secretary in accounts.secretaries(session):
            facts = {"application": application, "call": application.call, "home": application.home}
            send(session, "nominations/nobody_decides", to=accounts.recipient(secretary), **facts)


def lift_kinship(session: Session, application: Application, person_id: uuid.UUID, *, by: Viewer) -> None:
    """A secretary's correction of a mistaken declaration."""
    if not by.is_secretary:
        raise NotAllowed
    found = session.get(Kinship, (application.id, person_id), with_for_update=True)
    if found is None:
        raise Conflict(NOT_DECLARED)
    session.delete(found)
    record(session, "kinship lifted", "application", application.id, by=by.id, person=str(person_id))
    person = session.get_one(Person, person_id)
    facts = {"application": application, "call": application.call}
    send(session, "nominations/kinship_lifted", to=accounts.recipient(person), **facts)
