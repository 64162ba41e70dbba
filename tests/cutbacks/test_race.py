"""A place that is being given away at this very moment is not taken away."""

import uuid
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlmodel import Session, select
from structlog.testing import capture_logs

from portal.accounts.models import Person
from portal.cutbacks import rules
from portal.openings import queries as openings
from portal.openings.models import Opening
from portal.placements import rules as placement_rules
from portal.placements.models import Placement
from tests import make, racing
from tests.conftest import browser

MANY = 4


def _race(app: FastAPI) -> bool:
    """All places are proposed while a secretary leaves one; whether nobody sits where there is no place."""
    with app.state.database.session(writes=True) as session:
        host = make.government(session)
        opening = make.opening(session, make.call(session, nomination_quota=MANY), host, capacity=MANY)
        candidates = [make.application(session, "nominated", choices=[opening]) for _ in range(MANY)]
        proposers = [_browser(app, session, make.secretary(session)) for _ in candidates]
        secretary = _browser(app, session, make.secretary(session))
    pairs = zip(proposers, candidates, strict=True)
    reason = "The office moves to another town."
    presses = [_press(each, opening.id, "propose", application_id=str(one.id), reason=reason) for each, one in pairs]
    cut = _press(secretary, opening.id, "cutback", what="fewer", capacity="1", reason=reason)
    answers = racing.at_once([cut, *presses])
    with app.state.database.session(writes=False) as session:
        held = session.exec(select(Placement.seat).where(Placement.opening_id == opening.id)).all()
        capacity = session.get_one(Opening, opening.id).capacity
    return len(held) <= capacity and all(answer.status_code in {303, 409, 422} for answer in answers)


def _browser(app: FastAPI, session: Session, person: Person) -> TestClient:
    client = browser(app)
    client.cookies.update(make.sign_in(session, app.state.settings, person))
    return client


def _press(client: TestClient, opening_id: uuid.UUID, deed: str, **data: str) -> Callable[[], Any]:
    return lambda: client.post(f"/openings/{opening_id}/{deed}", data=data)


@pytest.fixture
def slow(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rules, "objection", racing.slowly(rules.objection))
    monkeypatch.setattr(placement_rules, "free_seat", racing.slowly(placement_rules.free_seat))


@pytest.fixture
def unlocked_app(real_app: FastAPI, monkeypatch: pytest.MonkeyPatch) -> Iterator[FastAPI]:
    """The same portal with the lock taken away."""
    monkeypatch.setattr(openings, "locked", lambda session, opening_id: session.get_one(Opening, opening_id))
    monkeypatch.setattr(openings, "lock_visible", openings.get_visible)
    with racing.unguarded(real_app, MANY + 1) as app:
        yield app


@pytest.mark.usefixtures("slow")
def test_nobody_sits_where_there_is_no_place(real_app: FastAPI) -> None:
    assert _race(real_app)


@pytest.mark.usefixtures("slow")
def test_without_the_lock_somebody_does(unlocked_app: FastAPI) -> None:
    """Else the test above would prove nothing."""
    with capture_logs():
        assert not _race(unlocked_app)
