"""A file is confirmed in one window while the text is saved in another: one of them wins, and the other is told."""

from collections.abc import Iterator
from typing import Any

import pytest
from fastapi import FastAPI
from sqlmodel import Session, select

from portal.essays import actions as essays
from portal.essays import queries
from portal.essays.models import Essay, SetAside
from portal.manuscripts import actions
from tests import make, racing
from tests.conftest import browser

TYPED, READ = "Typed in the other window.", "Read from the file."


def _press(app: FastAPI, cookies: dict[str, str], path: str, data: dict[str, Any]) -> Any:
    client = browser(app)
    client.cookies.update(cookies)
    return lambda: client.post(path, data=data)


def _at_once(app: FastAPI) -> tuple[list[int], Essay, int]:
    with app.state.database.session(writes=True) as session:
        author = make.person(session)
        essay = make.essay(session, "draft", author=author, text="Before.")
        waiting = make.manuscript(session, essay, confirmed_at=None, text=READ)
        cookies, path, version = make.sign_in(session, app.state.settings, author), f"/essays/{essay.id}", essay.version
        typed = {"version": version, "language": "en", "title": essay.title, "text": TYPED}
        confirmed = {"version": version, "manuscript_id": str(waiting.id)}
    answers = racing.at_once(
        [
            _press(app, cookies, f"{path}/text", typed),
            _press(app, cookies, f"{path}/file/confirm", confirmed),
        ]
    )
    with app.state.database.session(writes=False) as session:
        kept = session.get_one(Essay, essay.id)
        return sorted(answer.status_code for answer in answers), kept, len(session.exec(select(SetAside)).all())


@pytest.fixture
def unlocked_app(real_app: FastAPI, monkeypatch: pytest.MonkeyPatch) -> Iterator[FastAPI]:
    """The same portal with the lock on the essay taken away."""
    monkeypatch.setattr(queries, "lock_essay", _unlocked)
    with racing.unguarded(real_app, 2) as app:
        yield app


def _unlocked(session: Session, essay_id: Any) -> Essay | None:
    return session.exec(select(Essay).where(Essay.id == essay_id)).one_or_none()


@pytest.fixture(autouse=True)
def gap(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(actions, "_take_over", racing.slowly(actions._take_over))
    monkeypatch.setattr(essays, "_write", racing.slowly(essays._write))


def test_one_wins_and_the_other_is_told(real_app: FastAPI) -> None:
    codes, essay, aside = _at_once(real_app)
    assert codes == [303, 409]
    assert essay.version == 2
    assert (essay.text, aside) in {(READ, 1), (TYPED, 0)}


def test_without_the_lock_this_test_would_fail(unlocked_app: FastAPI) -> None:
    codes, essay, _aside = _at_once(unlocked_app)
    assert codes != [303, 409] or essay.version != 2
