"""Reading check-ins. Whose stay may be seen at all, the placements say."""

import datetime as dt
import uuid
from collections.abc import Collection, Sequence
from typing import NamedTuple

from sqlalchemy.orm import joinedload
from sqlmodel import Session, and_, col, or_, select

from portal.accounts import queries as accounts
from portal.accounts.models import Person
from portal.accounts.viewer import Viewer
from portal.applications.models import Application, Kinship
from portal.checkins import rules
from portal.checkins.models import CheckIn, Side
from portal.checkins.rules import Due
from portal.checkins.words import State
from portal.clock import now
from portal.errors import NotFound
from portal.i18n import N_
from portal.openings.models import Opening
from portal.placements import queries as placements
from portal.placements.models import Placement, PlacementStatus
from portal.waiting import Waiting


class Standing(NamedTuple):
    """A check-in as one viewer may know it: who has filled it in, and what of it they may read."""

    due: Due
    given: frozenset[Side]
    readable: list[CheckIn]
    state: State


def given(session: Session, placement_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, list[CheckIn]]:
    """All that was filled in, by placement."""
    found: dict[uuid.UUID, list[CheckIn]] = {each: [] for each in placement_ids}
    query = select(CheckIn).where(col(CheckIn.placement_id).in_(placement_ids))
    for each in session.exec(query.order_by(col(CheckIn.number), col(CheckIn.side).desc())):
        found[each.placement_id].append(each)
    return found


def standings(session: Session, viewer: Viewer, placement: Placement, at: dt.datetime) -> list[Standing]:
    """Every check-in of a stay, in order."""
    rows = given(session, [placement.id])[placement.id]
    days = rules.with_given(placement, {each.number for each in rows})
    return [_standing(viewer, placement, due, rows, at) for due in days]


def get_standing(session: Session, viewer: Viewer, placement: Placement, number: int, at: dt.datetime) -> Standing:
    found = [each for each in standings(session, viewer, placement, at) if each.due.number == number]
    if not found:
        raise NotFound
    return found[0]


def _standing(viewer: Viewer, placement: Placement, due: Due, rows: Sequence[CheckIn], at: dt.datetime) -> Standing:
    own = [each for each in rows if each.number == due.number]
    sides = frozenset(each.side for each in own)
    state = rules.state(due, sides, rules.side(viewer, placement), rules.today_there(placement, at))
    return Standing(due, sides, rules.readable(viewer, placement, own), state)


def to_fill_in(session: Session, viewer: Viewer, at: dt.datetime) -> list[Placement]:
    """The running stays in which the viewer has a check-in to fill in, once for each of them."""
    entered = and_(col(Application.entered_by).is_not(None), col(Application.home_id).in_(viewer.governments))
    own = or_(
        col(Application.applicant_id) == viewer.person_id, entered,
        col(Opening.government_id).in_(viewer.governments),
    )  # fmt: skip
    query = placements.visible_to(viewer).where(Placement.status == PlacementStatus.ACTIVE, own)
    whole = joinedload(Placement.opening).joinedload(Opening.government), joinedload(Placement.application)
    running = session.exec(query.options(*whole)).all()
    rows = given(session, [each.id for each in running])
    return [each for each in running for _due in _open_ones(viewer, each, rows[each.id], at)]


def _open_ones(viewer: Viewer, placement: Placement, rows: Sequence[CheckIn], at: dt.datetime) -> list[Due]:
    own, today = rules.side(viewer, placement), rules.today_there(placement, at)
    filled = {each.number for each in rows if each.side is own}
    days = rules.schedule(placement.starts_on, placement.ends_on)
    return [due for due in days if own is not None and due.opens_on <= today and due.number not in filled]


def waiting_for(session: Session, viewer: Viewer) -> list[Waiting]:
    """One line; it leads to the stay if there is only one."""
    found = to_fill_in(session, viewer, now())
    several = len({each.id for each in found}) > 1
    href = "/stays?show=active" if several or not found else f"/placements/{found[0].id}/stay"
    return [Waiting(len(found), N_("Check-ins to fill in"), href)]


def hosts_of(session: Session, placement: Placement) -> list[Person]:
    """The host's coordinators; without those who declared to be kin of the intern."""
    return _without_kin(session, placement, accounts.coordinators(session, placement.opening.government_id))


def homes_of(session: Session, placement: Placement) -> list[Person]:
    home_id = placement.application.home_id
    return _without_kin(session, placement, accounts.coordinators(session, home_id) if home_id else [])


def _without_kin(session: Session, placement: Placement, people: list[Person]) -> list[Person]:
    declared = select(Kinship.person_id).where(Kinship.application_id == placement.application_id)
    kin = set(session.exec(declared))
    return [person for person in people if person.id not in kin and person.email]


def secretaries_of(session: Session, placement: Placement) -> list[Person]:
    return _without_kin(session, placement, accounts.secretaries(session))
