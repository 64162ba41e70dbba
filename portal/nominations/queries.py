"""Reading for home coordinators: what they may decide on, their order of merit, and what they keep about it."""

import datetime as dt
import uuid
from collections.abc import Collection, Sequence
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import joinedload
from sqlmodel import Session, and_, col, exists, select
from sqlmodel.sql.expression import SelectOfScalar

from portal.accounts import queries as accounts
from portal.accounts.models import Grant, Person, Role
from portal.accounts.viewer import Viewer
from portal.applications import queries as applications
from portal.applications import rules as application_rules
from portal.applications.models import Application, Kinship, Status
from portal.applications.rules import Step
from portal.calls.models import Call, CallStatus
from portal.clock import today
from portal.errors import NotFound
from portal.nominations import rules
from portal.nominations.models import Checked, Note
from portal.registry.models import Government

CALLS = 50
DECISIONS = (Step.RETURN, Step.NOMINATE, Step.REFUSE, Step.TAKE_BACK)


def visible_to(viewer: Viewer) -> SelectOfScalar[Application]:
    """The submitted applications of the viewer's governments, of all for staff; never one's own."""
    others = applications.seen_whole_by(viewer).where(
        col(Application.submitted_at).is_not(None), Application.applicant_id != viewer.person_id
    )
    if viewer.is_secretary or viewer.is_auditor:
        return others
    return others.where(col(Application.home_id).in_(viewer.governments))


def get_visible(session: Session, viewer: Viewer, application_id: uuid.UUID) -> Application:
    if session.exec(visible_to(viewer).where(Application.id == application_id)).one_or_none() is None:
        raise NotFound
    return applications.get_visible(session, viewer, application_id)


def lock_visible(session: Session, viewer: Viewer, application_id: uuid.UUID) -> Application:
    """For a decision: held with its government's places. Always in this order, so that nobody waits in a ring."""
    found = session.exec(applications.visible_to(viewer).where(Application.id == application_id)).one_or_none()
    if found is None:
        raise NotFound
    if found.home_id is not None:
        hold(session, found.call_id, found.home_id)
    return applications.lock_visible(session, viewer, application_id)


def hold(session: Session, call_id: uuid.UUID, home_id: uuid.UUID) -> None:
    """Until this transaction ends nobody else gives this government's places, nor others that share its cap."""
    home, call = session.get_one(Government, home_id), session.get_one(Call, call_id)
    if home.country in call.country_caps:
        session.exec(select(Call.id).where(Call.id == call_id).with_for_update(key_share=True)).one()
    session.exec(select(Government.id).where(Government.id == home_id).with_for_update(key_share=True)).one()


def calls(session: Session, viewer: Viewer) -> Sequence[Call]:
    """The calls with something to read for this viewer, the latest first."""
    of_call = exists(visible_to(viewer).where(Application.call_id == Call.id).correlate(Call))
    return session.exec(select(Call).where(of_call).order_by(col(Call.opens_at).desc()).limit(CALLS)).all()


def government(session: Session, viewer: Viewer, code: str) -> Government:
    """Of whose order the viewer may know."""
    found = session.exec(select(Government).where(Government.code == code)).one_or_none()
    if found is None or not (viewer.coordinates(found.id) or viewer.is_secretary or viewer.is_auditor):
        raise NotFound
    return found


# The order of merit


def in_order(
    session: Session, call_id: uuid.UUID, home_id: uuid.UUID, *, but: uuid.UUID | None = None
) -> list[Application]:
    """The nominated of a government, its first first, held: who withdraws meanwhile waits, or is not among them."""
    nominated = select(Application).where(
        Application.call_id == call_id, Application.home_id == home_id, col(Application.merit).is_not(None)
    )
    if but is not None:
        nominated = nominated.where(Application.id != but)
    held = nominated.order_by(col(Application.merit)).with_for_update(of=Application)
    return list(session.exec(held.execution_options(populate_existing=True)))


def ordered(session: Session, viewer: Viewer, call_id: uuid.UUID, home_id: uuid.UUID) -> Sequence[Application]:
    """Those of them whom the viewer sees."""
    of_home = visible_to(viewer).where(Application.call_id == call_id, Application.home_id == home_id)
    nominated = of_home.where(col(Application.merit).is_not(None))
    return session.exec(nominated.order_by(col(Application.merit), col(Application.id))).all()


def candidates(session: Session, viewer: Viewer, call_id: uuid.UUID, home_id: uuid.UUID) -> Sequence[Application]:
    """Whom the viewer could add to the order, by the time of submission."""
    of_home = visible_to(viewer).where(Application.call_id == call_id, Application.home_id == home_id)
    waiting = of_home.where(Application.status == Status.SUBMITTED)
    waiting = waiting.options(joinedload(Application.home), joinedload(Application.call))
    return session.exec(
        waiting.order_by(col(Application.submitted_at), col(Application.id)).limit(applications.PAGE)
    ).all()


def places_left(session: Session, call: Call, home: Government) -> int:
    nominated = select(sa.func.count()).select_from(Application)
    nominated = nominated.where(Application.call_id == call.id, col(Application.merit).is_not(None))
    given = session.exec(nominated.where(Application.home_id == home.id)).one()
    in_country = 0
    if home.country in call.country_caps:
        of_country = nominated.join(Government, col(Government.id) == col(Application.home_id))
        in_country = session.exec(of_country.where(Government.country == home.country)).one()
    return rules.places_left(call, given=given, country=home.country, given_in_country=in_country)


# Who decides


def deciders(session: Session, application: Application) -> list[Person]:
    """The coordinators in force who may decide on it: not the applicant, and nobody who is kin."""
    assert application.home_id is not None, "it was submitted"
    kin = set(session.exec(select(Kinship.person_id).where(Kinship.application_id == application.id)))
    barred = kin | {application.applicant_id}
    return [person for person in accounts.coordinators(session, application.home_id) if person.id not in barred]


def has_coordinator(session: Session, government_id: uuid.UUID) -> bool:
    in_office = Grant.role == Role.COORDINATOR, Grant.government_id == government_id, accounts.in_force(today())
    return session.exec(select(Grant.id).where(*in_office).limit(1)).first() is not None


def possible(session: Session, viewer: Viewer, application: Application, at: dt.datetime) -> set[Step]:
    """The decisions whose buttons the page shows."""
    found = {step for step in DECISIONS if application_rules.can(viewer, step, application, at)}
    if Step.NOMINATE in found and applications.is_held_back(session, application):
        found.remove(Step.NOMINATE)
    if not found or not application_rules.is_in_place(viewer, application):
        return found
    has_decider = bool(deciders(session, application))
    return set() if rules.why_not_in_place(application.call, at, has_decider=has_decider) else found


# What is kept beside


def notes(session: Session, application_id: uuid.UUID) -> Sequence[Note]:
    wanted = select(Note).where(Note.application_id == application_id).options(joinedload(Note.author))
    return session.exec(wanted.order_by(col(Note.written_at), col(Note.id))).all()


class Tick(NamedTuple):
    at: dt.datetime
    by: str


def ticks(session: Session, application_id: uuid.UUID) -> dict[str, Tick]:
    """Who ticked which item of the checklist, and when."""
    wanted = select(Checked, Person.name).join(Person, col(Person.id) == col(Checked.checked_by))
    found = session.exec(wanted.where(Checked.application_id == application_id))
    return {checked.item: Tick(checked.checked_at, name) for checked, name in found}


class Kin(NamedTuple):
    person_id: uuid.UUID
    name: str
    declared_at: dt.datetime


def kin(session: Session, application_id: uuid.UUID) -> list[Kin]:
    """Who declared to be kin of the applicant: for the secretariat."""
    wanted = select(Kinship, Person.name).join(Person, col(Person.id) == col(Kinship.person_id))
    found = session.exec(wanted.where(Kinship.application_id == application_id).order_by(col(Kinship.declared_at)))
    return [Kin(kinship.person_id, name, kinship.declared_at) for kinship, name in found]


# The dashboard


class Standing(NamedTuple):
    """Where a government stands in a call that takes nominations; `home` is None for all governments together."""

    call: Call
    home: Government | None
    new: int
    corrected: int
    out: int
    nominated: int
    left: int | None

    @property
    def undecided(self) -> int:
        return self.new + self.corrected + self.out


def open_calls(session: Session, at: dt.datetime) -> Sequence[Call]:
    """The calls that take nominations, the most urgent first."""
    takes = and_(col(Call.status) == CallStatus.PUBLISHED, col(Call.opens_at) <= at, col(Call.nominations_due_at) >= at)
    return session.exec(select(Call).where(takes).order_by(col(Call.nominations_due_at), col(Call.id))).all()


def dashboard(session: Session, viewer: Viewer, at: dt.datetime) -> list[Standing]:
    """What waits for the viewer: a row a call, and for coordinators a row a call and government."""
    found = open_calls(session, at)
    homes = _homes(session, viewer)
    counts = _counts(session, viewer, [call.id for call in found])
    if not homes:
        return [_standing(call, None, counts) for call in found]
    taken = _taken(session, [call.id for call in found])
    return [_standing(call, home, counts, taken) for call in found for home in homes]


def _homes(session: Session, viewer: Viewer) -> Sequence[Government]:
    own = select(Government).where(col(Government.id).in_(viewer.governments))
    return session.exec(own.order_by(col(Government.position))).all()


Counts = dict[tuple[uuid.UUID, uuid.UUID | None, Status, bool], int]


def _counts(session: Session, viewer: Viewer, call_ids: Collection[uuid.UUID]) -> Counts:
    """By call, government, state, and whether it had been returned before."""
    seen = visible_to(viewer).where(col(Application.call_id).in_(call_ids)).subquery()
    by = (seen.c.call_id, seen.c.home_id, seen.c.status, seen.c.returned_at.is_not(None))
    rows = session.execute(sa.select(*by, sa.func.count()).group_by(*by))
    return {(call, home, Status(status), bool(returned)): number for call, home, status, returned, number in rows}


def _taken(session: Session, call_ids: Collection[uuid.UUID]) -> list[tuple[uuid.UUID, Government, int]]:
    """How many each government has nominated, also those whom the viewer does not see."""
    nominated = col(Application.merit).is_not(None), col(Application.call_id).in_(call_ids)
    numbers = (
        select(Application.call_id, Application.home_id, sa.func.count().label("number"))
        .where(*nominated)
        .group_by(col(Application.call_id), col(Application.home_id))
        .subquery()
    )
    rows = session.execute(
        select(numbers.c.call_id, Government, numbers.c.number).join(numbers, numbers.c.home_id == Government.id)
    )
    return [(call_id, home, number) for call_id, home, number in rows]


def _standing(
    call: Call, home: Government | None, counts: Counts, taken: Sequence[tuple[uuid.UUID, Government, int]] = ()
) -> Standing:
    def number(status: Status, *returned: bool) -> int:
        return sum(
            found
            for (call_id, home_id, state, was_returned), found in counts.items()
            if call_id == call.id and (home is None or home_id == home.id) and state is status
            and was_returned in returned
        )  # fmt: skip

    left = None
    if home is not None:
        given = sum(count for call_id, each, count in taken if (call_id, each.id) == (call.id, home.id))
        country = sum(count for call_id, each, count in taken if (call_id, each.country) == (call.id, home.country))
        left = rules.places_left(call, given=given, country=home.country, given_in_country=country)
    return Standing(
        call, home, number(Status.SUBMITTED, False), number(Status.SUBMITTED, True), number(Status.RETURNED, True),
        number(Status.NOMINATED, True, False), left,
    )  # fmt: skip


def number_barred(session: Session, viewer: Viewer) -> int:
    """Of how many applicants to their governments the viewer declared to be kin."""
    declared = select(sa.func.count()).select_from(Kinship).join(Application)
    own = declared.where(Kinship.person_id == viewer.person_id, col(Application.home_id).in_(viewer.governments))
    return session.exec(own).one()
