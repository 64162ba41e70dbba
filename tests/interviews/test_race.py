"""Six candidates pick the same time at the same moment: exactly one gets it, the others read so."""

from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import pytest
from fastapi import FastAPI
from sqlmodel import select
from structlog.testing import capture_logs

from portal.interviews import rules
from portal.interviews.models import Slot
from portal.mail.models import Message
from portal.openings import queries as openings
from portal.openings.models import Opening
from tests import make, racing
from tests.conftest import browser

MANY = 6


class Outcome(NamedTuple):
    answers: dict[int, int]
    told: int  # candidates who were told by mail that the time is theirs
    holder_was_told: bool


ONE_GETS_IT = Outcome({303: 1, 409: MANY - 1}, 1, True)


def _race(app: FastAPI) -> Outcome:
    presses: list[Callable[[], Any]] = []
    with app.state.database.session(writes=True) as session:
        opening = make.opening(session, make.call(session, nomination_quota=MANY), make.government(session))
        slot = make.slot(session, opening)
        for _ in range(MANY):
            candidate = make.application(session, "nominated", choices=[opening])
            person = session.get_one(make.Person, candidate.applicant_id)
            client = browser(app)
            client.cookies.update(make.sign_in(session, app.state.settings, person))
            presses.append(lambda c=client, a=candidate.id: c.post(f"/applications/{a}/interviews/{slot.id}/pick"))
    answers = racing.at_once(presses)
    with app.state.database.session(writes=False) as session:
        told = session.exec(select(Message.person_id).where(Message.template == "interviews/picked")).all()
        held = session.get_one(Slot, slot.id).application_id
        holder = session.get_one(make.Application, held).applicant_id
    return Outcome(Counter(answer.status_code for answer in answers), len(told), holder in told)


@pytest.fixture
def unlocked_app(real_app: FastAPI, monkeypatch: pytest.MonkeyPatch) -> Iterator[FastAPI]:
    """The same portal with the lock taken away."""
    monkeypatch.setattr(openings, "locked", lambda session, opening_id: session.get_one(Opening, opening_id))
    with racing.unguarded(real_app, MANY) as app:
        yield app


def test_exactly_one_gets_the_time(real_app: FastAPI, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rules, "why_not_picked", racing.slowly(rules.why_not_picked))
    assert _race(real_app) == ONE_GETS_IT


def test_without_the_lock_several_believe_so(unlocked_app: FastAPI, monkeypatch: pytest.MonkeyPatch) -> None:
    """Else the test above would prove nothing."""
    monkeypatch.setattr(rules, "why_not_picked", racing.slowly(rules.why_not_picked))
    with capture_logs():
        assert _race(unlocked_app) != ONE_GETS_IT
