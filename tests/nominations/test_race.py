"""Coordinators at the same moment: never more places than the quota or a country's cap, and one order."""

from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest
from fastapi import FastAPI
from sqlmodel import select
from structlog.testing import capture_logs

from portal.applications import rules
from portal.applications.models import Application, Status
from portal.nominations import queries
from tests import make, racing
from tests.conftest import browser

MANY, QUOTA, CAP = 6, 2, 3
CODES = ("KR-11", "KR-26", "KR-27", "KR-28", "KR-47", "KR-48")


def _press(app: FastAPI, cookies: dict[str, str], path: str, data: dict[str, Any]) -> Any:
    client = browser(app)
    client.cookies.update(cookies)
    return lambda: client.post(path, data=data)


def _nominate_at_once(app: FastAPI, *, codes: tuple[str, ...], **call: Any) -> tuple[dict[int, int], list[int | None]]:
    presses = []
    with app.state.database.session(writes=True) as session:
        made = make.call(session, **call)
        for code in codes:
            home = make.government(session, code)
            each = make.application(session, "submitted", call=made, home=home, choices=[])
            cookies = make.sign_in(session, app.state.settings, make.coordinator(session, home))
            presses.append(_press(app, cookies, f"/applications/{each.id}/nominate", {}))
    answers = racing.at_once(presses)
    with app.state.database.session(writes=False) as session:
        merits = session.exec(select(Application.merit).where(Application.status == Status.NOMINATED)).all()
    return Counter(answer.status_code for answer in answers), sorted(merits)


def _within_the_quota(app: FastAPI) -> bool:
    found = _nominate_at_once(app, codes=("MN-1",) * MANY, nomination_quota=QUOTA)
    return found == ({303: QUOTA, 409: MANY - QUOTA}, [1, 2])


def _within_the_cap(app: FastAPI) -> bool:
    found = _nominate_at_once(app, codes=CODES, country_caps={"KR": CAP})
    return found == ({303: CAP, 409: len(CODES) - CAP}, [1] * CAP)


@pytest.fixture
def unlocked_app(real_app: FastAPI, monkeypatch: pytest.MonkeyPatch) -> Iterator[FastAPI]:
    """The same portal with the lock on the places taken away."""
    monkeypatch.setattr(queries, "hold", lambda *_arguments: None)
    with racing.unguarded(real_app, MANY) as app:
        yield app


@pytest.fixture(autouse=True)
def slow_steps(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rules, "after", racing.slowly(rules.after))


def test_a_government_gives_no_more_than_its_places(real_app: FastAPI) -> None:
    assert _within_the_quota(real_app)


def test_without_the_lock_it_does(unlocked_app: FastAPI) -> None:
    """Else the test above would prove nothing."""
    with capture_logs():
        assert not _within_the_quota(unlocked_app)


def test_a_country_gives_no_more_than_its_cap(real_app: FastAPI) -> None:
    assert _within_the_cap(real_app)


def test_without_the_lock_a_country_does(unlocked_app: FastAPI) -> None:
    """Else the test above would prove nothing."""
    with capture_logs():
        assert not _within_the_cap(unlocked_app)


def test_nominating_moving_and_taking_back_at_once_leave_one_order(real_app: FastAPI) -> None:
    with real_app.state.database.session(writes=True) as session:
        call, home = make.call(session, nomination_quota=9), make.government(session, "MN-1")
        nominated = [make.application(session, "nominated", call=call, home=home, choices=[]) for _ in range(4)]
        waiting = make.application(session, "submitted", call=call, home=home, choices=[])
        ids = [str(each.id) for each in nominated]
        signed_in = [make.sign_in(session, real_app.state.settings, make.coordinator(session, home)) for _ in range(4)]
        order = f"/nominations/order/{call.slug}/{home.code}"
        # The applicant withdraws at the same moment.
        leaver = make.sign_in(session, real_app.state.settings, session.get_one(make.Person, nominated[3].applicant_id))
    swapped = {"seen": ids, "order": [ids[1], ids[0], *ids[2:]]}
    answers = racing.at_once(
        [
            _press(real_app, signed_in[0], order, swapped),
            _press(real_app, signed_in[1], order, {"seen": ids, "order": [*ids[:2], ids[3], ids[2]]}),
            _press(real_app, signed_in[2], f"/applications/{waiting.id}/nominate", {}),
            _press(real_app, signed_in[3], f"/applications/{ids[2]}/take-back", {}),
            _press(real_app, leaver, f"/applications/{ids[3]}/withdraw", {}),
        ]
    )
    assert {answer.status_code for answer in answers} <= {303, 409}
    with real_app.state.database.session(writes=False) as session:
        merits = session.exec(select(Application.merit).where(Application.status == Status.NOMINATED)).all()
    assert len(set(merits)) == len(merits) == 3
    assert all(merit and merit > 0 for merit in merits)
