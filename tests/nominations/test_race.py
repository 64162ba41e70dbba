"""Two coordinators at the same moment give no place twice, and no more places than the quota has."""

from collections import Counter
from typing import Any

import pytest
from fastapi import FastAPI
from sqlmodel import select

from portal.applications import rules
from portal.applications.models import Application
from tests import make, racing
from tests.conftest import browser

MANY, QUOTA = 6, 2


def test_many_at_once_give_each_place_once(real_app: FastAPI, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rules, "after", racing.slowly(rules.after))
    presses = []
    with real_app.state.database.session(writes=True) as session:
        call, home = make.call(session, nomination_quota=QUOTA), make.government(session, "MN-1")
        for number in range(MANY):
            made = make.application(session, "submitted", call=call, home=home, choices=[])
            cookies = make.sign_in(session, real_app.state.settings, make.coordinator(session, home))
            presses.append(_press(real_app, cookies, f"/applications/{made.id}/nominate", merit=1 + number % 2))
    answers = racing.at_once(presses)
    assert Counter(answer.status_code for answer in answers) == {303: QUOTA, 409: MANY - QUOTA}
    with real_app.state.database.session(writes=False) as session:
        assert sorted(merit for merit in session.exec(select(Application.merit)) if merit) == [1, 2]


def _press(app: FastAPI, cookies: dict[str, str], path: str, merit: int) -> Any:
    client = browser(app)
    client.cookies.update(cookies)
    return lambda: client.post(path, data={"merit": str(merit)})
