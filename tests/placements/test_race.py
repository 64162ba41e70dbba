"""Eight secretaries proposing at the same moment never give more places than there are."""

import uuid
from collections import Counter
from collections.abc import Iterator
from typing import Any, NamedTuple

import pytest
from fastapi import FastAPI
from sqlmodel import select
from structlog.testing import capture_logs

from portal.openings import queries as openings
from portal.openings.models import Opening
from portal.placements import rules
from portal.placements.models import Placement
from tests import make, racing
from tests.conftest import browser

MANY, PLACES = 8, 2


class Outcome(NamedTuple):
    answers: dict[int, int]
    seats: list[int]


WITHIN = Outcome({303: PLACES, 409: MANY - PLACES}, [1, 2])


def _race(app: FastAPI) -> Outcome:
    """Each of them proposes another candidate."""
    presses = []
    with app.state.database.session(writes=True) as session:
        host = make.government(session)
        opening = make.opening(session, make.call(session, nomination_quota=MANY), host, capacity=PLACES)
        for _ in range(MANY):
            candidate = make.application(session, "nominated", choices=[opening])
            cookies = make.sign_in(session, app.state.settings, make.secretary(session))
            presses.append(_press(app, cookies, opening.id, candidate.id))
    answers = racing.at_once(presses)
    with app.state.database.session(writes=False) as session:
        seats = session.exec(select(Placement.seat).where(Placement.opening_id == opening.id)).all()
    return Outcome(Counter(answer.status_code for answer in answers), sorted(seats))


def _press(app: FastAPI, cookies: dict[str, str], opening_id: uuid.UUID, application_id: uuid.UUID) -> Any:
    client = browser(app)
    client.cookies.update(cookies)
    data = {"application_id": str(application_id), "key": str(uuid.uuid4()), "reason": "Agreed before the match."}
    return lambda: client.post(f"/openings/{opening_id}/propose", data=data)


@pytest.fixture
def unlocked_app(real_app: FastAPI, monkeypatch: pytest.MonkeyPatch) -> Iterator[FastAPI]:
    """The same portal with the lock taken away."""
    monkeypatch.setattr(openings, "locked", lambda session, opening_id: session.get_one(Opening, opening_id))
    with racing.unguarded(real_app, MANY) as app:
        yield app


def test_many_at_once_stay_within_the_capacity(real_app: FastAPI, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rules, "free_seat", racing.slowly(rules.free_seat))
    assert _race(real_app) == WITHIN


def test_without_the_lock_they_do_not(unlocked_app: FastAPI, monkeypatch: pytest.MonkeyPatch) -> None:
    """Else the test above would prove nothing. (The unique seat still keeps the worst from the database.)"""
    monkeypatch.setattr(rules, "free_seat", racing.slowly(rules.free_seat))
    with capture_logs():
        assert _race(unlocked_app) != WITHIN
