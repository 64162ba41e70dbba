"""Taking the screening on and being made a judge at the same moment: one of them wins, never both."""

import time
import uuid
from collections.abc import Iterator
from typing import Any

import pytest
from fastapi import FastAPI
from sqlmodel import select
from structlog.testing import capture_logs

from portal.accounts import actions as accounts
from portal.accounts import hindrances
from portal.accounts.models import Grant, Person, Role
from portal.accounts.viewer import Viewer, viewer_of
from portal.contests import queries as contests
from portal.contests.models import Edition
from portal.errors import Conflict
from portal.judging import actions as judging
from tests import make, racing
from tests.conftest import browser

BOTH = {Role.JUDGE, Role.SCREENER}


def _press(app: FastAPI, cookies: dict[str, str], path: str, data: dict[str, Any]) -> Any:
    client = browser(app)
    client.cookies.update(cookies)
    return lambda: client.post(path, data=data).status_code


def _made_a_judge(app: FastAPI, edition_id: uuid.UUID, person_id: uuid.UUID, by: Viewer) -> int:
    """What accepting an offer does; an open offer by itself keeps somebody from screening already."""
    try:
        with app.state.database.session(writes=True) as session:
            edition, person = session.get_one(Edition, edition_id), session.get_one(Person, person_id)
            judging.add_judge(session, edition, person, languages=["en"], government_id=None, by=by)
    except Conflict:
        return 409
    return 303


def _roles_after_both(app: FastAPI) -> tuple[list[int], set[Role]]:
    settings = app.state.settings
    with app.state.database.session(writes=True) as session:
        edition, person = make.edition(session), make.secretary(session, "Both")
        own, other = make.sign_in(session, settings, person), make.secretary(session)
        base, edition_id, person_id, by = f"/contests/{edition.slug}", edition.id, person.id, viewer_of(session, other)
    answers = racing.at_once([
        _press(app, own, f"{base}/screening", {}),
        lambda: _made_a_judge(app, edition_id, person_id, by),
    ])  # fmt: skip
    with app.state.database.session(writes=False) as session:
        held = session.exec(select(Grant.role).where(Grant.person_id == person_id)).all()
    return sorted(answers), set(held) & BOTH


@pytest.fixture(autouse=True)
def slow_steps(monkeypatch: pytest.MonkeyPatch) -> None:
    """Time to be overtaken between the last look and the role."""

    def first(*arguments: Any) -> Any:
        found = seen(*arguments)
        time.sleep(racing.PAUSE)
        return found

    seen = hindrances.first
    monkeypatch.setattr(hindrances, "first", first)
    monkeypatch.setattr(contests, "lock_visible", contests.get_visible)  # the edition's own lock is another one


@pytest.fixture
def unlocked_app(real_app: FastAPI, monkeypatch: pytest.MonkeyPatch) -> Iterator[FastAPI]:
    """The same portal without the lock on the person."""
    monkeypatch.setattr(accounts, "hold", lambda *_arguments: None)
    with racing.unguarded(real_app, 2) as app:
        yield app


def _one_wins(app: FastAPI) -> bool:
    answers, held = _roles_after_both(app)
    return answers == [303, 409] and len(held) == 1


def test_one_of_both_wins(real_app: FastAPI) -> None:
    assert all(_one_wins(real_app) for _ in range(3))


def test_without_the_lock_it_is_not_so(unlocked_app: FastAPI) -> None:
    """Else the test above would prove nothing."""
    with capture_logs():
        assert not all(_one_wins(unlocked_app) for _ in range(3))
