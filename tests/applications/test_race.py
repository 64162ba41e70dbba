"""Two dozen submissions of one application at the same moment make exactly one."""

import uuid
from collections import Counter
from collections.abc import Iterator
from typing import Any, NamedTuple

import pytest
from fastapi import FastAPI
from sqlmodel import select
from structlog.testing import capture_logs

from portal.applications import queries, rules
from portal.applications.models import Application
from portal.history.models import Entry
from portal.mail.models import Message
from tests import make, racing
from tests.conftest import browser

MANY = 24


class Outcome(NamedTuple):
    answers: dict[int, int]
    submissions: int
    mails: int
    the_number_is_on_the_receipts: bool


ONCE = Outcome({303: 1, 409: MANY - 1}, submissions=1, mails=1, the_number_is_on_the_receipts=True)


def _race(app: FastAPI) -> Outcome:
    """Everybody presses at once, each with a key of their own."""
    with app.state.database.session(writes=True) as session:
        applicant = make.person(session)
        application = make.application(session, applicant=applicant)
        cookies = make.sign_in(session, app.state.settings, applicant)
        path = f"/applications/{application.id}"
    clients = [browser(app) for _ in range(MANY)]
    for client in clients:
        client.cookies.update(cookies)

    def press(client: Any) -> Any:
        return lambda: client.post(f"{path}/submit", data={"key": str(uuid.uuid4())})

    answers = racing.at_once([press(client) for client in clients])
    with app.state.database.session(writes=False) as session:
        deeds = session.exec(select(Entry).where(Entry.deed == "application submitted")).all()
        mails = session.exec(select(Message).where(Message.template == "applications/submitted")).all()
        number = session.get_one(Application, application.id).number
    on_receipt = number is not None and number in clients[0].get(f"{path}/receipt").text
    return Outcome(Counter(answer.status_code for answer in answers), len(deeds), len(mails), on_receipt)


@pytest.fixture
def unlocked_app(real_app: FastAPI, monkeypatch: pytest.MonkeyPatch) -> Iterator[FastAPI]:
    """The same portal with the lock taken away."""
    monkeypatch.setattr(queries, "lock_visible", queries.get_visible)
    with racing.unguarded(real_app, MANY) as app:
        yield app


def test_many_at_once_make_one(real_app: FastAPI, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rules, "after", racing.slowly(rules.after))
    assert _race(real_app) == ONCE


def test_without_the_lock_they_do_not(unlocked_app: FastAPI, monkeypatch: pytest.MonkeyPatch) -> None:
    """Else the test above would prove nothing."""
    monkeypatch.setattr(rules, "after", racing.slowly(rules.after))
    with capture_logs():  # drawing two dozen long tracebacks takes minutes
        assert _race(unlocked_app) != ONCE
