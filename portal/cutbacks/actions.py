"""Places are taken away from an opening that applicants count on, or it is closed, and all of them are told."""

from collections.abc import Iterable, Sequence

from sqlmodel import Session, col

from portal.accounts import queries as accounts
from portal.accounts.models import Person
from portal.accounts.viewer import Viewer
from portal.clock import now
from portal.cutbacks import queries, rules
from portal.errors import Conflict
from portal.mail.actions import send
from portal.openings import actions as openings
from portal.openings.models import Opening
from portal.openings.rules import Step, may_give_up
from portal.placements import actions as placements
from portal.placements import queries as placed
from portal.placements.models import Placement, Reason
from portal.placements.rules import BEFORE_THE_STAY


def ensure(opening: Opening, *, by: Viewer) -> None:
    """This person may cut it back, now."""
    openings.ensure(rules.step(by), opening, by=by)
    if not by.is_secretary and not may_give_up(by, opening, now()):
        raise Conflict(rules.TOO_EARLY)


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
    concerned = current(session, opening)
    openings.withdraw(session, opening, Step.WITHDRAW, reason=reason, by=by, **concerned._asdict())
    _tell(session, opening, "closed")


def release(session: Session, opening: Opening, *, reason: str, by: Viewer) -> None:
    """It is withdrawn as a whole: who holds a place and has not begun the stay goes back into the call's pool.

    The opening must be locked. All the rest is locked before anything is written: the history is locked last.
    """
    ensure(opening, by=by)
    held = placed.lock_in(session, opening, *BEFORE_THE_STAY)
    concerned = current(session, opening)
    openings.withdraw(session, opening, rules.step(by), reason=reason, by=by, **concerned._asdict())
    fallen = [placement for placement in held if placement.status in BEFORE_THE_STAY]
    for placement in fallen:
        placements.give_back(session, placement, by=by.id, code=Reason.HOST_WITHDREW)
    _tell_of_withdrawal(session, opening, fallen)


def current(session: Session, opening: Opening) -> queries.Concerned:
    """Without the places of offers whose time is over."""
    placements.lapse_expired(session, col(Placement.opening_id) == opening.id)
    return queries.concerned_by(session, opening)


def _tell(session: Session, opening: Opening, event: str) -> None:
    for person in queries.applicants_who_ranked(session, opening):
        _write(session, opening, f"cutbacks/{event}_applicant", person)
    _write_all(session, opening, f"cutbacks/{event}_host", accounts.coordinators(session, opening.government_id))


def _tell_of_withdrawal(session: Session, opening: Opening, fallen: Sequence[Placement]) -> None:
    """Who held a place is told that by itself; the others that they cannot get one there."""
    holders = {placement.application.applicant_id for placement in fallen}
    for placement in fallen:
        placements.tell_candidate(session, placement, "cutbacks/withdrawn_holder")
        placements.tell_home(session, placement, "cutbacks/withdrawn_home")
    for person in queries.applicants_who_ranked(session, opening):
        if person.id not in holders:
            _write(session, opening, "cutbacks/withdrawn_applicant", person)
    officials = [*accounts.coordinators(session, opening.government_id), *accounts.secretaries(session)]
    _write_all(session, opening, "cutbacks/withdrawn_official", {person.id: person for person in officials}.values())


def _write_all(session: Session, opening: Opening, template: str, people: Iterable[Person]) -> None:
    for person in people:
        if person.email:
            _write(session, opening, template, person)


def _write(session: Session, opening: Opening, template: str, person: Person) -> None:
    send(session, template, to=accounts.recipient(person), opening=opening, call=opening.call)
