"""An edition that is being published at this very moment does not lose its last theme, and none gets a sixth."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlmodel import Session, func, select
from structlog.testing import capture_logs

from portal.accounts.models import Person
from portal.contests import queries, rules
from portal.contests.models import Edition, EditionStatus, Theme
from portal.db import Database
from tests import make, racing
from tests.conftest import browser

MANY = 4


def _browser(app: FastAPI, session: Session, person: Person) -> TestClient:
    client = browser(app)
    client.cookies.update(make.sign_in(session, app.state.settings, person))
    return client


def _draft(session: Session, themes: int) -> Edition:
    edition = make.edition(session, status=EditionStatus.DRAFT)
    edition.themes[:] = [Theme(edition_id=edition.id, position=9 + n, names={"en": f"{n}"}) for n in range(themes)]
    session.flush()
    return edition


def _counted(database: Database, edition: Edition) -> tuple[int, EditionStatus]:
    with database.session(writes=False) as session:
        themes = session.exec(select(func.count()).where(Theme.edition_id == edition.id)).one()
        return themes, session.get_one(Edition, edition.id).status


def _publish_and_remove(app: FastAPI) -> bool:
    """Whether what is published has a theme."""
    with app.state.database.session(writes=True) as session:
        edition = _draft(session, 1)
        here, theme = f"/contests/{edition.slug}", edition.themes[0].id
        one, other = (_browser(app, session, make.secretary(session)) for _ in range(2))
    presses = [lambda: one.post(f"{here}/publish"), lambda: other.post(f"{here}/edit/themes/{theme}/remove")]
    answers = racing.at_once(presses)
    themes, status = _counted(app.state.database, edition)
    is_whole = (status is EditionStatus.PUBLISHED) == (themes == 1)
    return is_whole and all(answer.status_code in {303, 409} for answer in answers)


def _add_at_once(app: FastAPI) -> bool:
    """Whether of many only so many are added as there is room for."""
    with app.state.database.session(writes=True) as session:
        edition = _draft(session, 3)
        path = f"/contests/{edition.slug}/edit/themes/new"
        people = [_browser(app, session, make.secretary(session)) for _ in range(MANY)]
    answers = racing.at_once([_adding(client, path) for client in people])
    return sorted(each.status_code for each in answers) == [303, 303, 409, 409]


def _adding(client: TestClient, path: str) -> Callable[[], Any]:
    return lambda: client.post(path, data={"name_en": "Wind"})


@pytest.fixture
def slow(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("unready", "is_fixed"):
        monkeypatch.setattr(rules, name, racing.slowly(getattr(rules, name)))


@pytest.fixture
def unlocked_app(real_app: FastAPI, monkeypatch: pytest.MonkeyPatch) -> Iterator[FastAPI]:
    """The same portal with the lock taken away."""
    monkeypatch.setattr(queries, "lock_visible", queries.get_visible)
    with racing.unguarded(real_app, MANY + 1) as app:
        yield app


@pytest.mark.usefixtures("slow")
@pytest.mark.parametrize("race", [_publish_and_remove, _add_at_once])
def test_two_secretaries_do_not_overtake_each_other(real_app: FastAPI, race: Callable[[FastAPI], bool]) -> None:
    assert race(real_app)


@pytest.mark.usefixtures("slow")
@pytest.mark.parametrize("race", [_publish_and_remove, _add_at_once])
def test_without_the_lock_they_would(unlocked_app: FastAPI, race: Callable[[FastAPI], bool]) -> None:
    """Else the test above would prove nothing."""
    with capture_logs():
        assert not race(unlocked_app)
