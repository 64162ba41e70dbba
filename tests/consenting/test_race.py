"""At the same moment: a link decides once, and two windows of a minor name one guardian."""

from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest
from fastapi import FastAPI
from sqlmodel import col, func, select

from portal.consents import queries, wording
from portal.consents.models import Consent, ConsentGuardian, Programme, Purpose
from portal.consents.wording import Reader
from tests import make, racing
from tests.conftest import browser
from tests.consenting.conftest import CHILD, NAMED, YES

MANY = 6
SIGNED = {"signature": "Ээж", "language": "mn", "digest": wording.digest("mn", Programme.CONTEST, Reader.GUARDIAN)}


def _press(app: FastAPI, path: str, data: dict[str, Any], cookies: dict[str, str] | None = None) -> Any:
    client = browser(app)
    client.cookies.update(cookies or {})
    return lambda: client.post(path, data=data)


def _prepare(app: FastAPI, *, asked: bool) -> tuple[str, dict[str, str]]:
    """A minor's essay, and the minor's own browser."""
    with app.state.database.session(writes=True) as session:
        author, edition = make.person(session), make.edition(session)
        essay = make.essay(session, author=author, edition=edition)
        make.authorship(session, essay).born_on = CHILD
        if asked:
            make.named_guardian(session, make.case(session, author, edition))
        return f"/consents/contest/{edition.id}", make.sign_in(session, app.state.settings, author)


def _decided_once(app: FastAPI) -> bool:
    _prepare(app, asked=True)
    answers = racing.at_once([_press(app, "/consents/token/decide", {**SIGNED, **YES}) for _ in range(MANY)])
    with app.state.database.session(writes=False) as session:
        kept = session.exec(select(func.count()).select_from(Consent)).one()
    return Counter(answer.status_code for answer in answers) == {303: 1, 409: MANY - 1} and kept == len(Purpose)


def _named_one_by_one(app: FastAPI) -> bool:
    page, cookies = _prepare(app, asked=False)
    presses = [
        _press(app, f"{page}/guardian", {**NAMED, "email": f"g{number}@example.org"}, cookies) for number in range(4)
    ]
    answers = racing.at_once(presses)
    with app.state.database.session(writes=False) as session:
        alive = session.exec(select(ConsentGuardian).where(col(ConsentGuardian.replaced_at).is_(None))).all()
    return Counter(answer.status_code for answer in answers) == {303: 4} and len(alive) == 1


@pytest.fixture
def unlocked_app(real_app: FastAPI, monkeypatch: pytest.MonkeyPatch) -> Iterator[FastAPI]:
    """The same portal with the lock on the case taken away."""
    monkeypatch.setattr(queries, "lock_case", queries.case_of)
    monkeypatch.setattr(queries, "currents", racing.slowly(queries.currents))
    with racing.unguarded(real_app, MANY) as app:
        yield app


@pytest.mark.slow
@pytest.mark.parametrize("is_right", [_decided_once, _named_one_by_one])
def test_at_the_same_moment_there_is_one(real_app: FastAPI, is_right: Any) -> None:
    assert is_right(real_app)


@pytest.mark.slow
def test_without_the_lock_a_link_would_decide_more_than_once(unlocked_app: FastAPI) -> None:
    assert not _decided_once(unlocked_app)
