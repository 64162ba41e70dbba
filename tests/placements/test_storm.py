"""A hundred answers, decisions and expiries at the same moment: no place is lost or given twice, each ends one way."""

import datetime as dt
import random
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import Session, col, select
from structlog.testing import capture_logs

from portal.applications.models import Application
from portal.clock import now
from portal.history.models import Entry
from portal.jobs.registry import Services
from portal.openings.models import Opening
from portal.placements import actions, queries
from portal.placements.jobs import lapse_offers
from portal.placements.models import HOLDING, Placement, PlacementStatus
from tests import make, racing
from tests.conftest import browser

OPENINGS, PLACES = 4, 5
SEED = 20270501
Press = Callable[[], Any]


class Found(NamedTuple):
    """What came of it; `is_sound` is what must hold whoever was first."""

    answers: Counter[int]
    is_sound: bool


def _storm(app: FastAPI) -> Found:
    """Each place is pressed for from several sides: answers, decisions, withdrawals and the job that notes a lapse."""
    with app.state.database.session(writes=True) as session:
        made = [each for _ in range(OPENINGS) for each in _an_opening(app, session)]
    presses = [press for pressed in made for press in pressed] + [_noting(app)] * 4
    random.Random(SEED).shuffle(presses)
    answers = racing.at_once(presses)
    with app.state.database.session(writes=False) as session:
        return Found(Counter(answer.status_code for answer in answers), _is_sound(session, answers))


def _an_opening(app: FastAPI, session: Session) -> Iterator[list[Press]]:
    """Full: offers that are open or over, and proposals."""
    host, home = make.government(session), make.government(session, "MN-1")
    opening = make.opening(session, make.call(session), host, capacity=PLACES)
    office = _browser(app, session, make.coordinator(session, host))
    for number in range(PLACES):
        applicant = make.person(session)
        given = {"applicant": applicant, "home": home, "choices": [opening]}
        application = make.application(session, "nominated", **given)
        state = "proposed" if number % 3 == 2 else "offered"
        over = {"expires_at": now() - dt.timedelta(seconds=1)} if number % 3 == 1 else {}
        placement = make.placement(session, state, opening=opening, application=application, **over)
        steps = ("approve", "approve", "refuse") if state == "proposed" else ("accept", "accept", "decline", "decline")
        client = office if state == "proposed" else _browser(app, session, applicant)
        own = client if state == "offered" else _browser(app, session, applicant)
        yield [*(_press(client, placement, step) for step in steps), _withdrawal(own, application)]


def _browser(app: FastAPI, session: Session, person: Any) -> TestClient:
    client = browser(app)
    client.cookies.update(make.sign_in(session, app.state.settings, person))
    return client


def _press(client: TestClient, placement: Placement, step: str) -> Press:
    data = {"code": "law" if step == "refuse" else "money"}
    return lambda: client.post(f"/placements/{placement.id}/{step}", data=data)


def _withdrawal(client: TestClient, application: Application) -> Press:
    return lambda: client.post(f"/applications/{application.id}/withdraw")


class Ran(NamedTuple):
    """What became of a job, told as a page would."""

    status_code: int


def _noting(app: FastAPI) -> Press:
    """The job that notes lapses, as a worker runs it."""

    def run() -> Ran:
        try:
            lapse_offers(Services(app.state.settings, app.state.database))
        except SQLAlchemyError:
            return Ran(500)
        return Ran(303)

    return run


def _is_sound(session: Session, answers: list[Any]) -> bool:
    placements = session.exec(select(Placement)).all()
    deeds: dict[Any, list[str]] = {each.id: [] for each in placements}
    for entry in session.exec(select(Entry).where(Entry.subject == "placement").order_by(col(Entry.number))):
        deeds[entry.subject_id].append(entry.deed)
    return (
        all(answer.status_code in {303, 409, 404} for answer in answers)
        and all(_ended_one_way(each, deeds[each.id]) for each in placements)
        and all(_is_full_or_free(session, opening) for opening in session.exec(select(Opening)))
        and all(_knows(session, each) for each in placements)
        and all(each.status is not PlacementStatus.OFFERED or each.expires_at > now() for each in placements)
    )


def _ended_one_way(placement: Placement, deeds: list[str]) -> bool:
    """Its history is one walk through the states, and ends where it stands: nothing was decided twice."""
    walks = {
        "proposed": [[]],
        "offered": [[], ["approved", "offered"]],
        "accepted": [["accepted"]],
        "declined": [["declined"]],
        "lapsed": [["lapsed"]],
        "refused": [["refused"]],
        "cancelled": [["given back"], ["accepted", "given back"], ["approved", "offered", "given back"]],
    }
    return [deed.removeprefix("placement ") for deed in deeds] in walks[placement.status.value]


def _is_full_or_free(session: Session, opening: Opening) -> bool:
    """Free and held seats make up the capacity: every free one can be given, and not one more."""
    held = select(Placement.seat).where(Placement.opening_id == opening.id, col(Placement.status).in_(HOLDING))
    seats = session.exec(held).all()
    return len(set(seats)) == len(seats) and set(seats) <= set(range(1, opening.capacity + 1))


def _knows(session: Session, placement: Placement) -> bool:
    """The application knows of its accepted place, and of no other."""
    application = session.get_one(Application, placement.application_id)
    return (application.placed_at is not None) is (placement.status is PlacementStatus.ACCEPTED)


@pytest.fixture
def slow(monkeypatch: pytest.MonkeyPatch) -> None:
    """Time to be overtaken between looking where a placement stands and moving it on."""
    monkeypatch.setattr(actions, "take_step", racing.slowly(actions.take_step))
    monkeypatch.setattr(racing, "PAUSE", 0.01)


@pytest.fixture
def unlocked_app(real_app: FastAPI, monkeypatch: pytest.MonkeyPatch) -> Iterator[FastAPI]:
    """The same portal with the locks taken away."""
    monkeypatch.setattr(queries, "lock_visible", queries.get_visible)
    with racing.unguarded(real_app, 30) as app:
        yield app


@pytest.mark.usefixtures("slow")
def test_each_place_is_held_or_free_and_each_placement_ends_one_way(real_app: FastAPI) -> None:
    found = _storm(real_app)
    assert found.is_sound
    assert sum(found.answers.values()) >= 90
    assert found.answers[303] >= OPENINGS * PLACES / 2


@pytest.mark.usefixtures("slow")
def test_without_the_locks_they_do_not(unlocked_app: FastAPI) -> None:
    """Else the test above would prove nothing."""
    with capture_logs():
        assert not _storm(unlocked_app).is_sound
