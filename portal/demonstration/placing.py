"""Hosts rank, the match is published, and what hosts and candidates make of its results."""

import datetime as dt
import enum
import uuid
from collections.abc import Callable, Iterable
from random import Random
from typing import Any, NamedTuple

from sqlmodel import Session, col, select

from portal import clock
from portal.accounts.viewer import Viewer
from portal.applications.models import Application
from portal.calls.models import Call
from portal.demonstration.people import People
from portal.interviews import actions as interviews
from portal.interviews.forms import Offer
from portal.matches import actions as matches
from portal.matches import working
from portal.matches.models import Run
from portal.openings import queries as opening_queries
from portal.openings.models import Opening
from portal.placements import actions as placements
from portal.placements import queries as placement_queries
from portal.placements.matching import Side
from portal.placements.models import HOLDING, Placement, Reason
from portal.rankings import actions as rankings
from portal.rankings import queries as ranking_queries
from portal.rankings.queries import Desk
from portal.rankings.rules import Line, Lines, by_marks

SEED = 2026
PLACE = "Online; the link comes with the confirmation"


class Others(enum.Enum):
    """What a host makes of the crowd."""

    RANKED = enum.auto()
    HALF = enum.auto()  # the work is not finished yet
    REFUSED = enum.auto()


def rank(session: Session, host: Viewer, opening: Opening, first: Iterable[uuid.UUID], others: Others) -> None:
    """By marks; those of `first` get the best, and one of the others is not acceptable."""
    session.flush()
    locked = opening_queries.lock_visible(session, host, opening.id)
    desk = ranking_queries.desk(session, host, locked)
    rankings.save(session, locked, desk, _lines(desk, set(first), others), by=host)


def _lines(desk: Desk, first: set[uuid.UUID], others: Others) -> Lines:
    rng = Random(f"{SEED} {len(desk.candidates)}")  # noqa: S311 - the same for everybody
    lines: dict[uuid.UUID, Line] = {}
    for place, candidate in enumerate(desk.candidates):
        is_first = candidate.application_id in first
        is_refused = not is_first and (others is Others.REFUSED or place % 7 == 6)
        marks = {each.id: 10 if is_first else rng.randint(3, 9) for each in desk.criteria}
        is_left = others is Others.HALF and place % 2 == 1
        lines[candidate.application_id] = Line() if is_left else Line(None, is_refused, marks)
    return by_marks(lines, desk.criteria)


def offer_interviews(session: Session, host: Viewer, opening: Opening) -> None:
    """Four half hours in a row, in five days."""
    session.flush()
    locked = opening_queries.lock_visible(session, host, opening.id)
    first = (clock.now() + dt.timedelta(days=5)).replace(hour=5, minute=0, second=0, microsecond=0)
    typed = Offer.model_validate(
        {"first": f"{first:%Y-%m-%dT%H:%M}", "minutes": 30, "count": 4, "pause": 10, "place": PLACE}
    )
    interviews.offer(session, locked, typed, first, by=host)


def publish(session: Session, people: People, call: Call, *, origin: str) -> None:
    """After dry runs for either side, by one secretary and confirmed by the other."""
    session.flush()
    first, second = people.secretary, people.viewer(people.role("second_secretary"))
    _run(session, call, Side.HOSTS, first)
    run = _run(session, call, Side.APPLICANTS, first)
    matches.ask_to_publish(session, call, run, by=first, origin=origin)
    session.flush()
    matches.confirm(session, call, run, by=second)
    session.flush()
    matches.publish(session, run.id, origin=origin)
    session.flush()


def _run(session: Session, call: Call, side: Side, by: Viewer) -> Run:
    run = matches.ask_for_run(session, call, optimal_for=side, seed=SEED, by=by)
    begun = matches.begin(session, run.id)
    assert begun is not None, "it is new"
    done = working.work(begun.given, seed=begun.seed, optimal_for=begun.optimal_for, about=begun.about)
    matches.finish(session, run.id, done)
    session.flush()
    return run


def held(session: Session, viewer: Viewer, application: Application) -> Placement:
    """The placement of this application, locked."""
    session.flush()
    of_application = select(Placement.id).where(
        Placement.application_id == application.id, col(Placement.status).in_(HOLDING)
    )
    return placement_queries.lock_visible(session, viewer, session.exec(of_application).one())


class Deed(NamedTuple):
    """Something that a host or a candidate does with a placement, so many days ago."""

    days: int
    do: Callable[[Session, People, dict[str, Any], Application], None]


def answer(
    session: Session, people: People, call: Call, told: Iterable[tuple[dict[str, Any], Application]], *, origin: str
) -> None:
    """Each deed at its time; what became free goes on at once."""
    deeds = [(deed, row, application) for row, application in told for deed in FATES[row["placement"]]]
    for deed, row, application in sorted(deeds, key=lambda each: -each[0].days):
        with clock.set_back(days=deed.days):
            deed.do(session, people, row, application)
            session.flush()
            matches.go_on(session, call.id, origin=origin)


def host_of(people: People, placement: Placement) -> Viewer:
    return people.coordinator(placement.opening.government.code)


def approve(session: Session, people: People, _row: dict[str, Any], application: Application) -> None:
    seen = held(session, people.secretary, application)
    placements.approve(session, seen, by=host_of(people, seen))


def _refuse(session: Session, people: People, row: dict[str, Any], application: Application) -> None:
    seen = held(session, people.secretary, application)
    placements.refuse(session, seen, by=host_of(people, seen), code=Reason(row["code"]), reason=row["reason"])


def accept(session: Session, people: People, row: dict[str, Any], application: Application) -> None:
    candidate = people.writer(row)
    placements.accept(session, held(session, candidate, application), by=candidate)


def _decline(session: Session, people: People, row: dict[str, Any], application: Application) -> None:
    candidate = people.writer(row)
    seen = held(session, candidate, application)
    placements.decline(session, seen, by=candidate, code=Reason(row["code"]), reason=row["reason"])


def _lapse(session: Session, _people: People, _row: dict[str, Any], _application: Application) -> None:
    placements.lapse_expired(session)


FATES: dict[str, tuple[Deed, ...]] = {
    "proposed": (),
    "offered": (Deed(2, approve),),
    "accepted": (Deed(6, approve), Deed(2, accept)),
    "declined": (Deed(6, approve), Deed(4, _decline)),
    "refused": (Deed(5, _refuse),),
    "lapsed": (Deed(8, approve), Deed(0, _lapse)),
}
