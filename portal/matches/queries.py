"""Reading runs, what they start from, and what the published ones mean."""

import datetime as dt
import json
import uuid
from collections.abc import Collection, Mapping, Sequence
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import aliased, defer, joinedload
from sqlmodel import Session, col, false, select
from sqlmodel.sql.expression import SelectOfScalar

from portal.accounts import queries as accounts
from portal.accounts.models import Grant, Person, Role
from portal.accounts.viewer import Viewer
from portal.applications.models import Application, Choice, Outcome, Status
from portal.calls.models import Call
from portal.clock import now, today
from portal.errors import NotFound
from portal.i18n import N_
from portal.matches.inputs import Applicant, Facts, Pair, Place, Region, Why
from portal.matches.models import Kind, Result, Run, Vacancy, Waiter
from portal.openings import queries as openings
from portal.openings.models import Opening, OpeningStatus
from portal.placements import queries as placements
from portal.placements.models import HOLDING, Origin, Placement, PlacementStatus, Reason
from portal.rankings import queries as rankings
from portal.registry.models import Government
from portal.waiting import Waiting

PAGE = 50
WITHOUT_FILE = defer(Run.document)  # type: ignore[arg-type]


# Runs


def visible_to(viewer: Viewer) -> SelectOfScalar[Run]:
    """The secretariat's and the auditors'; everybody else sees what a published run means for them."""
    staff = viewer.is_secretary or viewer.is_auditor
    return select(Run) if staff else select(Run).where(false())


def get_visible(session: Session, viewer: Viewer, call: Call, number: int) -> Run:
    return _found(session, visible_to(viewer).where(Run.call_id == call.id, Run.number == number))


def lock_visible(session: Session, viewer: Viewer, call: Call, number: int) -> Run:
    """After the call: locks are taken in one order."""
    query = visible_to(viewer).where(Run.call_id == call.id, Run.number == number)
    return _found(session, query.with_for_update(of=Run).execution_options(populate_existing=True))


def locked(session: Session, run_id: uuid.UUID) -> Run:
    query = select(Run).where(Run.id == run_id).with_for_update(of=Run)
    return _found(session, query.execution_options(populate_existing=True))


def locked_call(session: Session, call_id: uuid.UUID) -> Call:
    query = select(Call).where(Call.id == call_id).with_for_update(of=Call)
    return session.exec(query.execution_options(populate_existing=True)).one()


def _found(session: Session, query: SelectOfScalar[Run]) -> Run:
    found = session.exec(query).one_or_none()
    if found is None:
        raise NotFound
    return found


def runs(session: Session, viewer: Viewer, call: Call, *, after: int | None = None) -> tuple[Sequence[Run], int | None]:
    """A page of the call's runs, the latest first, without their files."""
    query = visible_to(viewer).where(Run.call_id == call.id).options(WITHOUT_FILE)
    query = query.where(Run.number < after) if after is not None else query
    rows = session.exec(query.order_by(col(Run.number).desc()).limit(PAGE + 1)).all()
    return rows[:PAGE], rows[PAGE - 1].number if len(rows) > PAGE else None


def matchings(session: Session, runs: Sequence[Run]) -> dict[int, dict[str, str | None]]:
    """Who got what in these runs, by their numbers; only of those that are done."""
    wanted = select(Run.number, Run.document).where(col(Run.id).in_([run.id for run in runs]))
    return {number: json.loads(text)["matching"] for number, text in session.exec(wanted) if text}


def next_number(session: Session, call: Call) -> int:
    """Of a locked call."""
    return (session.exec(select(sa.func.max(Run.number)).where(Run.call_id == call.id)).one() or 0) + 1


def published_first(session: Session, call_id: uuid.UUID) -> Run | None:
    query = select(Run).where(Run.call_id == call_id, Run.kind == Kind.FIRST, col(Run.published_at).is_not(None))
    return session.exec(query.options(WITHOUT_FILE)).one_or_none()


def newest_published(session: Session, call_id: uuid.UUID) -> Run | None:
    """Whose results count now. What is not published yet is nobody's to see."""
    query = select(Run).where(Run.call_id == call_id, col(Run.published_at) <= now()).options(WITHOUT_FILE)
    return session.exec(query.order_by(col(Run.published_at).desc(), col(Run.number).desc()).limit(1)).one_or_none()


def waits_for_publication(session: Session, call: Call) -> Run | None:
    """The run that somebody asked to publish, confirmed or not."""
    query = select(Run).where(
        Run.call_id == call.id, col(Run.publication_asked_at).is_not(None), col(Run.published_at).is_(None)
    )
    return session.exec(query.options(WITHOUT_FILE)).one_or_none()


def calls_to_continue(session: Session) -> Sequence[uuid.UUID]:
    """Whose match is published and whose reserve list was not noted to have ended."""
    waiting = sa.exists().where(col(Application.call_id) == Run.call_id, col(Application.outcome) == Outcome.RESERVE)
    held = sa.exists().where(
        col(Placement.opening_id) == Opening.id,
        col(Opening.call_id) == Run.call_id,
        col(Placement.status).in_([PlacementStatus.PROPOSED, PlacementStatus.OFFERED]),
    )
    query = select(Run.call_id).where(Run.kind == Kind.FIRST, col(Run.published_at).is_not(None), waiting | held)
    return session.exec(query.order_by(col(Run.call_id))).all()


def applied(session: Session, viewer: Viewer, call: Call) -> bool:
    """The viewer wants a place of this call."""
    own = select(Application.id).where(Application.call_id == call.id, Application.applicant_id == viewer.person_id)
    return session.exec(own.where(Application.status != Status.WITHDRAWN)).first() is not None


def waiting_for(session: Session, viewer: Viewer) -> list[Waiting]:
    """For the home page: a publication that a second secretary confirms."""
    if not viewer.is_secretary:
        return []
    query = select(Call.slug).join(Run, col(Run.call_id) == col(Call.id)).where(
        col(Run.publication_asked_at).is_not(None),
        col(Run.confirmed_by).is_(None),
        Run.publication_asked_by != viewer.person_id,
    )  # fmt: skip
    slugs = session.exec(query.order_by(col(Run.publication_asked_at))).all()
    return [Waiting(len(slugs), N_("Matches to confirm"), f"/calls/{slugs[0]}/match")] if slugs else []


# What a run starts from


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


def scene(session: Session, call: Call, *, is_continued: bool) -> Scene:
    """In five queries, whatever the size; columns only, so that nothing is from before a lock."""
    numbers, homes = _nominated(session, call)
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
        over=_over(tried, numbers),
    )  # fmt: skip
    applications = {number: key for key, number in numbers.items()}
    return Scene(facts, applications, ids, {number: each.id for number, each in holding.items()})


def _nominated(session: Session, call: Call) -> tuple[dict[uuid.UUID, str], dict[uuid.UUID, Region]]:
    found = session.execute(
        sa.select(col(Application.id), col(Application.number), col(Government.code), col(Government.country))
        .join(Government, col(Government.id) == col(Application.home_id))
        .where(col(Application.call_id) == call.id, col(Application.status) == Status.NOMINATED)
        .order_by(col(Application.number))
    ).all()
    numbers = {key: number for key, number, _code, _country in found}
    return numbers, {key: Region(code, country.value) for key, _number, code, country in found}


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


# What a published run means


def results(session: Session, run: Run) -> dict[uuid.UUID, Result]:
    found = session.exec(select(Result).where(Result.run_id == run.id))
    return {result.application_id: result for result in found}


def vacancies(session: Session, run: Run) -> dict[uuid.UUID, tuple[int, Any]]:
    found = session.exec(select(Vacancy).where(Vacancy.run_id == run.id))
    return {vacancy.opening_id: (vacancy.places_left, vacancy.reason) for vacancy in found}


def result_of(session: Session, application: Application) -> Result:
    """Of the newest published run that this application was part of; before the instant there is none."""
    query = (
        select(Result)
        .join(Run, col(Run.id) == col(Result.run_id))
        .options(joinedload(Result.run).options(WITHOUT_FILE))
    )
    query = query.where(Result.application_id == application.id, col(Run.published_at) <= now())
    latest = query.order_by(col(Run.published_at).desc(), col(Run.number).desc()).limit(1)
    found = session.exec(latest).one_or_none()
    if found is None:
        raise NotFound
    return found


def positions(session: Session, result: Result) -> dict[uuid.UUID, int]:
    """Where the applicant stands among those who still wait for each opening; 1 is next."""
    mine, other, proposed = aliased(Waiter), aliased(Waiter), aliased(Placement)
    still = sa.exists().where(
        col(proposed.application_id) == Application.id, col(proposed.status) == PlacementStatus.PROPOSED
    )
    ahead = (
        sa.select(sa.func.count())
        .select_from(other)
        .join(Application, col(Application.id) == col(other.application_id))
        .where(
            col(other.run_id) == col(mine.run_id),
            col(other.opening_id) == col(mine.opening_id),
            col(other.place) < col(mine.place),
            col(Application.status) == Status.NOMINATED,
            (col(Application.outcome) == Outcome.RESERVE) | still,
        )
        .correlate(mine)
        .scalar_subquery()
    )
    query = sa.select(col(mine.opening_id), ahead + 1)
    wanted = query.where(col(mine.run_id) == result.run_id, col(mine.application_id) == result.application_id)
    return dict(session.execute(wanted).all())


def matched_to(session: Session, viewer: Viewer, opening: Opening, run: Run) -> Sequence[Placement]:
    """The placements of this opening that the newest run left or made, as far as the viewer may see them."""
    of_run = select(Result.placement_id).where(Result.run_id == run.id, Result.opening_id == opening.id)
    query = placements.visible_to(viewer).where(col(Placement.id).in_(of_run))
    whole = query.options(joinedload(Placement.application).joinedload(Application.home))
    return session.exec(whole.order_by(col(Placement.seat), col(Placement.id)).limit(PAGE)).all()


def placement_of(session: Session, viewer: Viewer, result: Result) -> Placement | None:
    """What it led to, as far as the viewer may see it: a candidate does once it was offered."""
    return session.exec(placements.visible_to(viewer).where(Placement.id == result.placement_id)).one_or_none()


def vacancy_of(session: Session, opening: Opening, run: Run) -> Vacancy | None:
    return session.get(Vacancy, (run.id, opening.id))


# Pages of the secretariat


class Line(NamedTuple):
    """One applicant of a run: what they got, as far as the portal still knows the two."""

    number: str
    application: Application | None
    opening: Opening | None
    rank: int | None


def lines(session: Session, document: Mapping[str, Any], *, after: str = "") -> tuple[list[Line], str | None]:
    """A page of a run's results, by number."""
    numbers = sorted(number for number in document["matching"] if number > after)
    shown = numbers[:PAGE]
    query = select(Application).where(col(Application.number).in_(shown)).options(joinedload(Application.home))
    known = {application.number: application for application in session.exec(query)}
    got = {number: document["matching"][number] for number in shown}
    asked = select(Opening).where(col(Opening.slug).in_({slug for slug in got.values() if slug})).options(*openings.ROW)
    places = {opening.slug: opening for opening in session.exec(asked)}
    wishes = document["input"]["applicants"]
    rows = [
        Line(n, known.get(n), places.get(slug) if slug else None, wishes[n].index(slug) + 1 if slug else None)
        for n, slug in got.items()
    ]
    return rows, shown[-1] if len(numbers) > PAGE else None


def governments(session: Session, codes: Collection[str]) -> dict[str, Government]:
    query = select(Government).where(col(Government.code).in_(codes))
    return {government.code: government for government in session.exec(query)}
