"""What a run of the match starts from, read and locked in a few queries whatever its size."""

import datetime as dt
import uuid
from collections.abc import Collection, Mapping, Sequence
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import joinedload
from sqlmodel import Session, col, select

from portal.accounts import queries as accounts
from portal.accounts.models import Grant, Person, Role
from portal.applications.models import Application, Choice, Outcome, Status
from portal.applications.rules import is_held_back
from portal.calls.models import Call
from portal.clock import now, today
from portal.consents import queries as consents
from portal.consents.models import Programme
from portal.consents.rules import Ward, is_minor
from portal.matches.inputs import Applicant, Facts, Pair, Place, Region, Why
from portal.openings import queries as openings
from portal.openings.models import Opening, OpeningStatus
from portal.placements.models import HOLDING, Origin, Placement, PlacementStatus, Reason
from portal.rankings import queries as rankings
from portal.registry.models import Government


class Scene(NamedTuple):
    """The facts, and what their numbers and addresses stand for. `held` is whose placement it is now."""

    facts: Facts
    applications: Mapping[str, uuid.UUID]
    openings: Mapping[str, uuid.UUID]
    held: Mapping[str, uuid.UUID]


class Tried(NamedTuple):
    """A placement of somebody who is nominated."""

    id: uuid.UUID
    application_id: uuid.UUID
    slug: str
    status: PlacementStatus
    origin: Origin
    reason_code: Reason | None


def read(session: Session, call: Call, *, is_continued: bool) -> Scene:
    """In five queries, whatever the size, and three for minors; columns only, so that nothing is from before a lock."""
    numbers, homes, wards = _nominated(session, call)
    wishes = _wishes(session, call)
    ids, places = _places(session, call, numbers)
    tried = _tried(session, call, now())
    applicants = {numbers[key]: Applicant(home, tuple(wishes.get(key, ()))) for key, home in homes.items()}
    holding = {numbers[each.application_id]: each for each in tried if each.status in HOLDING}
    kept = {
        number: each.slug for number, each in holding.items()
        if is_continued and _is_movable(each) and places[each.slug].is_open and each.slug in applicants[number].wishes
    }  # fmt: skip
    facts = Facts(
        call=call.slug, applicants=applicants, places=places, own_government_is_host=call.own_government_is_host,
        blocked_pairs=call.blocked_pairs, kept=kept,
        fixed={number: each.slug for number, each in holding.items() if number not in kept},
        left={numbers[each.application_id] for each in tried if _has_left(each)} - holding.keys(),
        held_back={numbers[key] for key in _held_back(session, call, wards)} - holding.keys(),
        over=_over(tried, numbers),
    )  # fmt: skip
    applications = {number: key for key, number in numbers.items()}
    return Scene(facts, applications, ids, {number: each.id for number, each in holding.items()})


Wards = dict[uuid.UUID, tuple[uuid.UUID, Ward]]  # by application: the person, and what decides about a guardian


def _nominated(session: Session, call: Call) -> tuple[dict[uuid.UUID, str], dict[uuid.UUID, Region], Wards]:
    found = session.execute(
        sa.select(
            col(Application.id), col(Application.number), col(Government.code), col(Government.country),
            col(Application.applicant_id), col(Application.born_on), col(Application.nationality), col(Government.zone),
        )
        .join(Government, col(Government.id) == col(Application.home_id))
        .where(col(Application.call_id) == call.id, col(Application.status) == Status.NOMINATED)
        .order_by(col(Application.number))
    ).all()  # fmt: skip
    numbers, homes, wards = {}, {}, {}
    for key, number, code, country, person_id, born_on, nationality, zone in found:
        numbers[key], homes[key] = number, Region(code, country.value)
        wards[key] = person_id, Ward(born_on, country.value, nationality, zone, call.consent_ages)
    return numbers, homes, wards


def _held_back(session: Session, call: Call, wards: Wards) -> set[uuid.UUID]:
    """The minors among them whose guardian has not agreed, or agrees no longer."""
    at = now()
    young = {person_id: ward for person_id, ward in wards.values() if is_minor(ward, at)}
    standings = consents.standings(session, young, Programme.INTERNSHIP, call.id)
    held = {person_id for person_id, standing in standings.items() if is_held_back(standing)}
    return {key for key, (person_id, _ward) in wards.items() if person_id in held}


def _wishes(session: Session, call: Call) -> dict[uuid.UUID, list[str]]:
    found = session.execute(
        sa.select(col(Choice.application_id), col(Opening.slug))
        .join(Opening, col(Opening.id) == col(Choice.opening_id))
        .where(col(Opening.call_id) == call.id)
        .order_by(col(Choice.application_id), col(Choice.rank))
    )
    wishes: dict[uuid.UUID, list[str]] = {}
    for application_id, slug in found:
        wishes.setdefault(application_id, []).append(slug)
    return wishes


def _places(
    session: Session, call: Call, numbers: Mapping[uuid.UUID, str]
) -> tuple[dict[str, uuid.UUID], dict[str, Place]]:
    found = session.execute(
        sa.select(
            col(Opening.id), col(Opening.slug), col(Opening.capacity), col(Opening.status),
            col(Government.code), col(Government.country),
        )
        .join(Government, col(Government.id) == col(Opening.government_id))
        .where(col(Opening.call_id) == call.id, col(Opening.status) != OpeningStatus.DRAFT)
        .order_by(col(Opening.slug))
    ).all()  # fmt: skip
    lists = rankings.lists(session, call)
    places = {
        slug: Place(
            Region(code, country.value), capacity, status is OpeningStatus.PUBLISHED,
            [[numbers[each] for each in tier if each in numbers] for tier in lists.get(key, [])],
        )
        for key, slug, capacity, status, code, country in found
    }  # fmt: skip
    return {slug: key for key, slug, *_rest in found}, places


def _tried(session: Session, call: Call, at: dt.datetime) -> list[Tried]:
    """The instant decides: an offer whose time is over has lapsed, whether or not that was noted."""
    found = session.execute(
        sa.select(
            col(Placement.id), col(Placement.application_id), col(Opening.slug), col(Placement.status),
            col(Placement.origin), col(Placement.reason_code), col(Placement.expires_at),
        )
        .join(Opening, col(Opening.id) == col(Placement.opening_id))
        .join(Application, col(Application.id) == col(Placement.application_id))
        .where(col(Opening.call_id) == call.id, col(Application.status) == Status.NOMINATED)
        .order_by(col(Placement.proposed_at), col(Placement.id))
    )  # fmt: skip
    return [
        Tried(key, application_id, slug, _status_at(status, expires_at, at), origin, reason)
        for key, application_id, slug, status, origin, reason, expires_at in found
    ]


def _status_at(status: PlacementStatus, expires_at: dt.datetime | None, at: dt.datetime) -> PlacementStatus:
    is_over = status is PlacementStatus.OFFERED and expires_at is not None and at >= expires_at
    return PlacementStatus.LAPSED if is_over else status


def _is_movable(tried: Tried) -> bool:
    """Only proposed by the match: the host has not given its word yet."""
    return tried.status is PlacementStatus.PROPOSED and tried.origin is Origin.MATCH


# What lies with the host costs nobody their part in the match; whoever gave a place back for another reason has left.
HOSTS_REASONS = frozenset(
    {Reason.LANGUAGE, Reason.SKILLS, Reason.NO_CAPACITY, Reason.KIN, Reason.LAW, Reason.HOST_WITHDREW}
)
ANSWERED = frozenset({PlacementStatus.DECLINED, PlacementStatus.LAPSED})


def _has_left(tried: Tried) -> bool:
    was_given_back = tried.status is PlacementStatus.CANCELLED and tried.reason_code is not None
    gave_up = was_given_back and tried.reason_code not in HOSTS_REASONS
    return tried.origin is Origin.MATCH and (tried.status in ANSWERED or gave_up)


def _over(tried: Sequence[Tried], numbers: Mapping[uuid.UUID, str]) -> dict[Pair, Why]:
    """The pairs that came to nothing, and by whom. A place that was only given back for a better one may come again."""
    found: dict[Pair, Why] = {}
    for each in tried:
        pair = numbers[each.application_id], each.slug
        if each.status is PlacementStatus.REFUSED or (
            each.status is PlacementStatus.CANCELLED and each.reason_code in HOSTS_REASONS
        ):
            found[pair] = Why.REFUSED
        elif each.status in ANSWERED:
            found[pair] = Why.DECLINED
    return found


def lock_openings(session: Session, call: Call) -> dict[uuid.UUID, Opening]:
    query = select(Opening).where(Opening.call_id == call.id).options(*openings.ROW).order_by(col(Opening.id))
    found = session.exec(query.with_for_update(of=Opening).execution_options(populate_existing=True))
    return {opening.id: opening for opening in found}


def lock_applications(session: Session, call: Call) -> dict[uuid.UUID, Application]:
    """The nominated, with whom to write to."""
    query = select(Application).where(Application.call_id == call.id, Application.status == Status.NOMINATED)
    query = query.options(joinedload(Application.applicant), joinedload(Application.home), joinedload(Application.call))
    locking = query.order_by(col(Application.id)).with_for_update(of=Application)
    found = session.exec(locking.execution_options(populate_existing=True))
    return {application.id: application for application in found}


def lock_reserve(session: Session, call: Call) -> list[Application]:
    """Who waits on the reserve list of a call."""
    query = select(Application).where(Application.call_id == call.id, Application.outcome == Outcome.RESERVE)
    query = query.options(joinedload(Application.applicant), joinedload(Application.call))
    locking = query.order_by(col(Application.id)).with_for_update(of=Application)
    return list(session.exec(locking.execution_options(populate_existing=True)))


def lock_placements(session: Session, call: Call) -> dict[uuid.UUID, Placement]:
    """Those that hold a place."""
    query = select(Placement).join(Opening).where(Opening.call_id == call.id, col(Placement.status).in_(HOLDING))
    query = query.options(joinedload(Placement.opening), joinedload(Placement.application))
    locking = query.order_by(col(Placement.id)).with_for_update(of=Placement)
    return {placement.id: placement for placement in session.exec(locking)}


def coordinators(session: Session, government_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, list[Person]]:
    """Who coordinates these governments today, in one query."""
    query = select(Grant.government_id, Person).join(Person, col(Person.id) == col(Grant.person_id))
    query = query.where(
        Grant.role == Role.COORDINATOR, col(Grant.government_id).in_(government_ids), accounts.in_force(today())
    )
    found: dict[uuid.UUID, list[Person]] = {}
    for government_id, person in session.exec(query.distinct().order_by(col(Person.id))):
        if government_id is not None:
            found.setdefault(government_id, []).append(person)
    return found
