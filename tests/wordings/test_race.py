"""Two secretaries word the same sentence at the same moment: one wins, the other is told and keeps what they typed."""

from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest
from fastapi import FastAPI
from sqlmodel import Session, select
from structlog.testing import capture_logs

from portal.history.models import Entry
from portal.mail.models import Wording
from portal.wordings import queries, rules
from tests import make, racing
from tests.conftest import browser
from tests.people import Cast
from tests.wordings.test_routes import SUBJECT, SUBMITTED, seen, submitted

TYPED = [f"Subject of secretary {number} for {{number}}" for number in (1, 2)]


def _race(app: FastAPI) -> list[Any]:
    """Both save from the page as it was before either did."""
    with app.state.database.session(writes=True) as session:
        submitted(session, Cast(session))
        people = [make.secretary(session, f"Secretary {number}") for number in (1, 2)]
        cookies = [make.sign_in(session, app.state.settings, person) for person in people]
    clients = [browser(app) for _cookie in cookies]
    for client, held in zip(clients, cookies, strict=True):
        client.cookies.update(held)
    mark = seen(clients[0], SUBMITTED)

    def press(client: Any, typed: str) -> Any:
        return lambda: client.post(SUBMITTED, data={"seen": mark, SUBJECT: typed})

    return racing.at_once([press(client, typed) for client, typed in zip(clients, TYPED, strict=True)])


def _kept(app: FastAPI) -> tuple[list[list[str]], list[list[str]]]:
    """The words as they are, and those of the history."""
    with app.state.database.session(writes=False) as session:
        told = session.exec(select(Entry).where(Entry.deed == "changed the words of a message")).all()
        return [row.forms for row in session.exec(select(Wording))], [entry.details["after"] for entry in told]


@pytest.fixture(autouse=True)
def _time_to_be_overtaken(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queries, "forms", racing.slowly(queries.forms))


@pytest.fixture
def unlocked_app(real_app: FastAPI, monkeypatch: pytest.MonkeyPatch) -> Iterator[FastAPI]:
    """The same portal with the lock taken away."""
    monkeypatch.setattr(queries, "lock", _no_lock)
    with racing.unguarded(real_app, len(TYPED)) as app:
        yield app


def _no_lock(_session: Session, *_which: object) -> None:
    pass


def test_one_wins_and_the_other_is_told_that_the_page_is_stale(real_app: FastAPI) -> None:
    answers = _race(real_app)
    assert Counter(answer.status_code for answer in answers) == {303: 1, 409: 1}
    won, lost = sorted(zip(answers, TYPED, strict=True), key=lambda pair: pair[0].status_code)
    assert lost[1] in lost[0].text and "Somebody else changed words of this message" in lost[0].text
    assert won[1].partition(" for")[0] in lost[0].text, "in the preview, as it is now"
    words = [[rules.kept(won[1])]]
    assert _kept(real_app) == (words, words)


def test_without_the_lock_one_overwrites_the_other_unseen(unlocked_app: FastAPI) -> None:
    """Else the test above would prove nothing."""
    with capture_logs():
        answers = _race(unlocked_app)
    assert Counter(answer.status_code for answer in answers) != {303: 1, 409: 1}
