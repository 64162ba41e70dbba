"""Reading runs, and what the published ones mean."""

import json
import uuid
from collections.abc import Collection, Mapping, Sequence
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import aliased, defer, joinedload
from sqlmodel import Session, col, false, select
from sqlmodel.sql.expression import SelectOfScalar

from portal.accounts.viewer import Viewer
from portal.applications.models import Application, Outcome, Status
from portal.calls.models import Call
from portal.clock import now
from portal.errors import NotFound
from portal.i18n import N_
from portal.matches.models import Kind, Result, Run, Vacancy, Waiter
from portal.openings import queries as openings
from portal.openings.models import Opening
from portal.placements import queries as placements
from portal.placements.models import Placement, PlacementStatus
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
