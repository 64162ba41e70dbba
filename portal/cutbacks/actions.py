"""The secretariat takes places away from an opening that applicants count on, or closes it, and tells them all."""

from sqlmodel import Session, col

from portal.accounts import queries as accounts
from portal.accounts.models import Person
from portal.accounts.viewer import Viewer
from portal.cutbacks import queries, rules
from portal.errors import Conflict
from portal.mail.actions import send
from portal.openings import actions as openings
from portal.openings.models import Opening
from portal.openings.rules import Step
from portal.placements.actions import lapse_expired
from portal.placements.models import Placement


def leave_places(session: Session, opening: Opening, capacity: int, *, reason: str, by: Viewer) -> None:
    """`capacity` places stay, never fewer than are held. The opening must be locked."""
    openings.ensure(Step.WITHDRAW, opening, by=by)
    concerned = current(session, opening)
    objection = rules.objection(opening.capacity, capacity, held=concerned.held)
    if objection is not None:
        raise Conflict(objection)
    openings.take_places(session, opening, capacity, reason=reason, by=by, **concerned._asdict())
    _tell(session, opening, "fewer_places")


def close(session: Session, opening: Opening, *, reason: str, by: Viewer) -> None:
    """Nobody can choose it any more; who holds a place keeps it. The opening must be locked."""
    openings.ensure(Step.WITHDRAW, opening, by=by)
    openings.withdraw(session, opening, reason=reason, by=by, **current(session, opening)._asdict())
    _tell(session, opening, "closed")


def current(session: Session, opening: Opening) -> queries.Concerned:
    """Without the places of offers whose time is over."""
    lapse_expired(session, col(Placement.opening_id) == opening.id)
    return queries.concerned_by(session, opening)


def _tell(session: Session, opening: Opening, event: str) -> None:
    for person in queries.applicants_who_ranked(session, opening):
        _write(session, opening, f"cutbacks/{event}_applicant", person)
    for person in accounts.coordinators(session, opening.government_id):
        if person.email:
            _write(session, opening, f"cutbacks/{event}_host", person)


def _write(session: Session, opening: Opening, template: str, person: Person) -> None:
    send(session, template, to=accounts.recipient(person), opening=opening, call=opening.call)
