"""Earlier rounds, each deed at its own time: stays that are over or under way, results that are fresh, and lists that
are being made."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlmodel import Session

from portal import clock
from portal.applications.models import Application
from portal.calls import actions as calls
from portal.calls.models import Call
from portal.calls.rules import Step as CallStep
from portal.calls.rules import Weighted
from portal.demonstration import asking, crowd, internships, placing, stays
from portal.demonstration.crowd import Fate
from portal.demonstration.documents import Shelf
from portal.demonstration.people import People
from portal.demonstration.placing import Others
from portal.demonstration.texts import read
from portal.openings.models import Opening

Row = dict[str, Any]
DRAFTED, APPLIED, NOMINATED, RANKED = 64, 50, 30, 8  # days before the results
SHARES = {Fate.NOMINATED: 80, Fate.REFUSED: 15, Fate.WITHDRAWN: 5}


@dataclass(frozen=True)
class Round:
    """`results` is how many days ago they were published; below zero they are still to come.

    `starts`: the openings it offers, by number in openings.toml, and in how many weeks from today each begins.
    """

    slug: str
    results: int
    starts: Mapping[int, int]
    crowd: int


AUTUMN = Round("autumn-2026", 154, {0: -6, 2: -16, 3: -14, 5: -5, 6: -6, 9: 2, 12: -13, 13: -6}, 10)
WINTER = Round("winter-2027", 9, dict.fromkeys((0, 2, 4, 5, 9, 12, 13), 8), 40)
SPRING = Round("spring-2027", -8, dict.fromkeys((0, 1, 4, 9, 11), 20), 40)
EARLIEST = AUTUMN.results + DRAFTED + 1  # days ago


@dataclass(frozen=True)
class Scene:
    """A round and what is in it so far."""

    session: Session
    people: People
    shelf: Shelf
    origin: str
    round: Round
    call: Call
    openings: dict[int, Opening]


def build(session: Session, people: People, shelf: Shelf, *, origin: str) -> None:
    with clock.set_back(days=EARLIEST):
        for code in sorted(_offices()):
            people.coordinator(code)
    _autumn(_begin(session, people, shelf, origin, AUTUMN))
    _winter(_begin(session, people, shelf, origin, WINTER))
    _spring(_begin(session, people, shelf, origin, SPRING))


def _offices() -> set[str]:
    """The governments that have a part in it; whoever coordinates one does so from the beginning."""
    told = [*read("openings")["openings"], *read("applicants")["applicants"], *read("interns")["interns"]]
    return {row["government"] for row in told}


def _autumn(scene: Scene) -> None:
    """The hosts take only those whose stays are told."""
    rows = [{**row, "fate": row["state"], "state": "nominated"} for row in read("interns")["interns"]]
    made = _match(scene, rows, Others.REFUSED)
    stays.live(scene.session, scene.people, scene.shelf, zip(rows, made, strict=True), origin=scene.origin)


def _winter(scene: Scene) -> None:
    rows = [row for row in read("applicants")["applicants"] if row.get("placement")]
    made = _match(scene, rows, Others.RANKED)
    placing.answer(scene.session, scene.people, scene.call, zip(rows, made, strict=True), origin=scene.origin)


def _spring(scene: Scene) -> None:
    _apply(scene, [])
    with clock.set_back(days=2):
        for place, (number, opening) in enumerate(scene.openings.items()):
            others = Others.RANKED if place % 2 else Others.HALF
            placing.rank(scene.session, scene.people.coordinator(_code(number)), opening, [], others)
        placing.offer_interviews(scene.session, scene.people.coordinator(_code(0)), scene.openings[0])


def _begin(session: Session, people: People, shelf: Shelf, origin: str, which: Round) -> Scene:
    data = read("call")
    with clock.set_back(days=which.results + DRAFTED):
        texts = {**data, **data[which.slug]}
        call = internships.draft_call(session, people.secretary, which.slug, texts, weeks=(0, 4, 7))
        session.flush()
        asking.ask(session, call, by=people.secretary)
        criteria = [Weighted(None, **row) for row in data["criteria"]]
        calls.set_criteria(session, call, criteria, by=people.secretary)
        calls.take_step(session, call, CallStep.PUBLISH, by=people.secretary)
        openings = {number: _offer(session, people, call, number, weeks) for number, weeks in which.starts.items()}
    return Scene(session, people, shelf, origin, which, call, openings)


def _offer(session: Session, people: People, call: Call, number: int, weeks: int) -> Opening:
    start = dt.datetime.now(dt.UTC).date() + dt.timedelta(weeks=weeks)  # counted from the day it really is
    return internships.offer(session, people, call, read("openings")["openings"][number], start=start)


def _code(number: int) -> str:
    code: str = read("openings")["openings"][number]["government"]
    return code


def _apply(scene: Scene, rows: list[Row]) -> list[Application]:
    session, people, which = scene.session, scene.people, scene.round
    with clock.set_back(days=which.results + APPLIED):
        made = [internships.apply(session, people, scene.call, scene.openings, scene.shelf, row) for row in rows]
    with clock.set_back(days=which.results + NOMINATED):
        for row, application in zip(rows, made, strict=True):
            internships.nominate(session, people, application, row)
        session.flush()
        crowd.fill(session, scene.call, which.crowd, seed=which.results, shares=SHARES)
    return made


def _match(scene: Scene, rows: list[Row], others: Others) -> list[Application]:
    """Everybody of the stories is put first by the host of their first wish, and so gets it."""
    made = _apply(scene, rows)
    with clock.set_back(days=scene.round.results + RANKED):
        for number, opening in scene.openings.items():
            first = [each.id for row, each in zip(rows, made, strict=True) if row["wishes"][0] == number]
            placing.rank(scene.session, scene.people.coordinator(_code(number)), opening, first, others)
    with clock.set_back(days=scene.round.results):
        placing.publish(scene.session, scene.people, scene.call, origin=scene.origin)
    return made
