"""The groups that a circular can go to: each is a selection of people's ids, made when it is asked for."""

import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlmodel import col

from portal.accounts.models import Grant, Role
from portal.accounts.queries import in_force
from portal.alumni.models import Alumnus
from portal.applications.models import Application, Status
from portal.certificates.models import Certificate
from portal.circulars import filters
from portal.circulars.filters import Filter, Stand, Work
from portal.clock import now, today
from portal.essays.models import Authorship, Essay, EssayStatus
from portal.i18n import N_, Lazy
from portal.judging.models import Appointment, Judge, JudgeStatus
from portal.openings.models import Opening, OpeningStatus
from portal.placements.models import Placement, PlacementStatus
from portal.registry.models import Government, Membership
from portal.results import queries as results

Choices = Mapping[str, str]
Ids = sa.Select[Any]
Found = Callable[[Choices], Ids]


@dataclass(frozen=True)
class Audience:
    """`people` selects their ids. Of a blind group nobody learns more than how many they are."""

    name: str
    title: Lazy
    hint: Lazy
    filters: tuple[Filter, ...]
    people: Found
    is_blind: bool = False


AUDIENCES: dict[str, Audience] = {}


def audience(
    name: str, title: Lazy, hint: Lazy, *narrowed_by: Filter, is_blind: bool = False
) -> Callable[[Found], Found]:
    """Declares the group `name`: a function of what was chosen."""

    def declare(people: Found) -> Found:
        assert name not in AUDIENCES, f"two groups are called {name}"
        AUDIENCES[name] = Audience(name, title, hint, narrowed_by, people, is_blind)
        return people

    return declare


# Governments' offices


@audience(
    "coordinators", N_("Coordinators"), N_("Who coordinates a government today."), filters.COUNTRY, filters.MEMBERSHIP
)
def coordinators(chosen: Choices) -> Ids:
    of_membership = sa.select(col(Government.id)).where(col(Government.status) == chosen.get("membership"))
    return _coordinators_of(of_membership if chosen.get("membership") else None, chosen)


@audience(
    "nominating", N_("Coordinators with applications to decide on"),
    N_("Their government has submitted applications in this call that are neither nominated nor refused."),
    filters.CALL, filters.COUNTRY,
)  # fmt: skip
def nominating(chosen: Choices) -> Ids:
    waiting = sa.select(col(Application.home_id)).where(
        col(Application.call_id) == _call(chosen), col(Application.status) == Status.SUBMITTED
    )
    return _coordinators_of(waiting, chosen)


@audience(
    "proposals", N_("Host coordinators with proposals to approve"),
    N_("A candidate is proposed for one of their openings in this call, and they have not answered."),
    filters.CALL, filters.COUNTRY,
)  # fmt: skip
def proposals(chosen: Choices) -> Ids:
    proposed = _hosts(chosen).join(Placement, col(Placement.opening_id) == col(Opening.id))
    return _coordinators_of(proposed.where(col(Placement.status) == PlacementStatus.PROPOSED), chosen)


@audience(
    "hosts", N_("Host coordinators"), N_("Their government has a published opening in this call."), filters.CALL,
    filters.COUNTRY,
)  # fmt: skip
def hosts(chosen: Choices) -> Ids:
    return _coordinators_of(_published(chosen), chosen)


@audience(
    "without-openings", N_("Coordinators without published openings"),
    N_("Their government, a member or an observer, offers nothing in this call so far."), filters.CALL,
    filters.COUNTRY,
)  # fmt: skip
def without_openings(chosen: Choices) -> Ids:
    others = sa.select(col(Government.id)).where(
        col(Government.status) != Membership.FORMER, col(Government.id).not_in(_published(chosen))
    )
    return _coordinators_of(others, chosen)


@audience("secretaries", N_("The secretariat"), N_("Who is a secretary today."))
def secretaries(_chosen: Choices) -> Ids:
    return _holders(Role.SECRETARY)


# Young people


@audience(
    "applicants", N_("Applicants"), N_("Who applied in this call, by state and by home country."), filters.CALL,
    filters.STATUS, filters.COUNTRY,
)  # fmt: skip
def applicants(chosen: Choices) -> Ids:
    return _applicants(chosen)


@audience(
    "interns", N_("Interns"), N_("Who accepted a place in this call, by how far the stay is."), filters.CALL,
    filters.STAY, filters.COUNTRY,
)  # fmt: skip
def interns(chosen: Choices) -> Ids:
    wanted = [chosen["stay"]] if chosen.get("stay") else filters.STAYS
    placed = _applicants({**chosen, "status": ""}).join(Placement, col(Placement.application_id) == col(Application.id))
    return placed.where(col(Placement.status).in_(wanted))


@audience("alumni", N_("Alumni"), N_("Who is on the list of alumni."))
def alumni(_chosen: Choices) -> Ids:
    joined = sa.select(col(Application.applicant_id)).join(Placement).join(Certificate).join(Alumnus)
    return joined.where(col(Alumnus.left_at).is_(None))


# The essay contest


STATES: dict[Stand, frozenset[EssayStatus]] = {
    Stand.DRAFT: frozenset({EssayStatus.DRAFT}),
    Stand.RETURNED: frozenset({EssayStatus.RETURNED}),
    Stand.SENT: frozenset(EssayStatus) - {EssayStatus.DRAFT, EssayStatus.WITHDRAWN, EssayStatus.DISQUALIFIED},
    Stand.AWARDED: frozenset({EssayStatus.AWARDED, EssayStatus.COMMENDED}),
    Stand.NOT_AWARDED: frozenset({EssayStatus.NOT_AWARDED}),
}


@audience(
    "authors", N_("Authors of essays"),
    N_("Who has an essay in this edition. You see how many they are, and never who: judging is blind."),
    filters.EDITION, filters.STAND, is_blind=True,
)  # fmt: skip
def authors(chosen: Choices) -> Ids:
    found = sa.select(col(Authorship.person_id)).join(Essay, col(Essay.id) == col(Authorship.essay_id))
    found = found.where(col(Authorship.edition_id) == uuid.UUID(chosen["edition"]))
    if not chosen.get("stand"):
        return found
    stand = Stand(chosen["stand"])
    found = found.where(col(Essay.status).in_(STATES[stand]))
    is_secret = stand in {Stand.AWARDED, Stand.NOT_AWARDED}
    return found.where(col(Authorship.edition_id).in_(results.public(now()))) if is_secret else found


@audience(
    "judges", N_("Judges"), N_("Who judges in this edition, by the work that is left."), filters.EDITION, filters.WORK
)
def judges(chosen: Choices) -> Ids:
    found = sa.select(col(Judge.person_id)).where(
        col(Judge.edition_id) == uuid.UUID(chosen["edition"]), col(Judge.status) == JudgeStatus.ACCEPTED
    )
    reads = sa.exists().where(col(Appointment.judge_id) == col(Judge.id), col(Appointment.ended_at).is_(None))
    open_ones = reads.where(col(Appointment.locked_at).is_(None))
    if chosen.get("work") == Work.OPEN:
        return found.where(open_ones)
    return found.where(reads, ~open_ones) if chosen.get("work") == Work.DONE else found


def _call(chosen: Choices) -> uuid.UUID:
    return uuid.UUID(chosen["call"])


def _hosts(chosen: Choices) -> Ids:
    return sa.select(col(Opening.government_id)).where(col(Opening.call_id) == _call(chosen))


def _published(chosen: Choices) -> Ids:
    return _hosts(chosen).where(col(Opening.status) == OpeningStatus.PUBLISHED)


def _coordinators_of(governments: Ids | None, chosen: Choices) -> Ids:
    """Of these governments, or of all; within a country if one is chosen."""
    found = _holders(Role.COORDINATOR)
    if governments is not None:
        found = found.where(col(Grant.government_id).in_(governments))
    return found.where(col(Grant.government_id).in_(_of_country(chosen))) if chosen.get("country") else found


def _holders(role: Role) -> Ids:
    return sa.select(col(Grant.person_id)).where(col(Grant.role) == role, in_force(today()))


def _applicants(chosen: Choices) -> Ids:
    found = sa.select(col(Application.applicant_id)).where(col(Application.call_id) == _call(chosen))
    if chosen.get("status"):
        found = found.where(col(Application.status) == chosen["status"])
    return found.where(col(Application.home_id).in_(_of_country(chosen))) if chosen.get("country") else found


def _of_country(chosen: Choices) -> Ids:
    return sa.select(col(Government.id)).where(col(Government.country) == chosen["country"])
