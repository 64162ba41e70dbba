"""Two coordinators save one list at the same moment: one wins, the other is told and keeps what they typed."""

from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest
from fastapi import FastAPI
from sqlmodel import select
from structlog.testing import capture_logs

from portal.history.models import Entry
from portal.rankings import queries, rules
from tests import make, racing
from tests.conftest import browser
from tests.people import Cast
from tests.rankings import desks

MANY = 8


def _race(app: FastAPI) -> tuple[Counter[int], int]:
    """Each places the candidates in an order of their own, from the same page."""
    with app.state.database.session(writes=True) as session:
        cast = Cast(session)
        desk = desks.setting(session, cast, 4)
        hosts = [desk.host, *(make.coordinator(session, cast.host) for _ in range(MANY - 1))]
        cookies = [make.sign_in(session, app.state.settings, host) for host in hosts]
        forms = [desks.form(session, desk, anu=1 + n, bold=2, cai=MANY - n, dorj="no") for n in range(MANY)]
    clients = [browser(app) for _ in hosts]
    for client, held in zip(clients, cookies, strict=True):
        client.cookies.update(held)

    def press(client: Any, form: dict[str, str]) -> Any:
        return lambda: client.post(desk.path, data=form)

    answers = racing.at_once([press(client, form) for client, form in zip(clients, forms, strict=True)])
    with app.state.database.session(writes=False) as session:
        saved = session.exec(select(Entry).where(Entry.deed == "ranking saved")).all()
    return Counter(answer.status_code for answer in answers), len(saved)


@pytest.fixture
def unlocked_app(real_app: FastAPI, monkeypatch: pytest.MonkeyPatch) -> Iterator[FastAPI]:
    """The same portal with the lock taken away."""
    monkeypatch.setattr(queries, "lock_visible", queries.get_visible)
    with racing.unguarded(real_app, MANY) as app:
        yield app


def test_one_wins_and_the_others_are_told(real_app: FastAPI, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rules, "around", racing.slowly(rules.around))
    answers, saved = _race(real_app)
    assert saved == 1
    assert answers[409] > 0 and answers[303] + answers[409] == MANY


def test_without_the_lock_they_overwrite_each_other(unlocked_app: FastAPI, monkeypatch: pytest.MonkeyPatch) -> None:
    """Else the test above would prove nothing."""
    monkeypatch.setattr(rules, "around", racing.slowly(rules.around))
    with capture_logs():
        answers, saved = _race(unlocked_app)
    assert (answers[409] > 0, saved) != (True, 1)
