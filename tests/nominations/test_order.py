"""The order of merit of a government in a call."""

import uuid
from collections.abc import Callable
from typing import Any

import pytest
import time_machine
from fastapi.testclient import TestClient
from sqlmodel import Session, col, select

from portal.applications.models import Application
from portal.calls.models import Call
from portal.history.queries import deeds
from portal.mail.models import Message
from tests import counting, make
from tests.database import JoinedDatabase
from tests.people import Cast

As = Callable[..., TestClient]


@pytest.fixture
def call(session: Session) -> Call:
    return make.call(session)


def _path(call: Call) -> str:
    return f"/nominations/order/{call.slug}/MN-1"


def _nominated(session: Session, cast: Cast, call: Call, number: int) -> list[Application]:
    found = [
        make.application(session, "nominated", call=call, home=cast.home, choices=[], native_name=f"Nominee {each}")
        for each in range(1, number + 1)
    ]
    session.commit()
    return found


def _order(session: Session, call: Call) -> list[uuid.UUID]:
    session.expire_all()
    nominated = select(Application).where(Application.call_id == call.id, col(Application.merit).is_not(None))
    rows = session.exec(nominated.order_by(col(Application.merit))).all()
    assert [row.merit for row in rows] == list(range(1, len(rows) + 1))
    return [row.id for row in rows]


def _sent(rows: list[Application], *order: int, **button: Any) -> dict[str, Any]:
    ids = [str(row.id) for row in rows]
    return {"seen": ids, "order": [ids[place] for place in order] or ids, **button}


def test_dragging_and_buttons_change_the_order_at_once_and_tell_nobody(
    session: Session, cast: Cast, as_: As, call: Call
) -> None:
    rows = _nominated(session, cast, call, 3)
    first, second, third = (row.id for row in rows)
    client = as_(cast.home_coordinator)
    assert client.post(_path(call), data=_sent(rows, 2, 0, 1)).status_code == 303
    assert _order(session, call) == [third, first, second]
    again = [rows[2], rows[0], rows[1]]
    assert client.post(_path(call), data=_sent(again, down=str(third))).status_code == 303
    assert client.post(_path(call), data=_sent([rows[0], rows[2], rows[1]], up=str(second))).status_code == 303
    assert _order(session, call) == [first, second, third]
    entries = deeds(session, "call", call.id)
    assert [entry.deed for entry in entries] == ["order of merit changed"] * 3
    assert entries[0].details == {"government": "MN-1", "order": [str(first), str(second), str(third)]}
    assert session.exec(select(Message)).all() == []


def test_what_arrives_twice_or_from_an_old_page_changes_nothing(
    session: Session, cast: Cast, as_: As, call: Call
) -> None:
    rows = _nominated(session, cast, call, 3)
    client = as_(cast.home_coordinator)
    for _ in range(2):
        assert client.post(_path(call), data=_sent(rows, 1, 0, 2)).status_code == 303
    assert len(deeds(session, "call", call.id)) == 1
    stale = client.post(_path(call), data=_sent(rows, 0, 2, 1))
    assert (stale.status_code, "changed somewhere else" in stale.text) == (409, True)
    garbled = client.post(_path(call), data={"seen": [str(rows[0].id)], "order": [str(uuid.uuid4())]})
    assert (garbled.status_code, "could not be read" in garbled.text) == (422, True)
    foreign = make.application(session, "nominated", call=call, home=cast.elsewhere, choices=[])
    session.commit()
    assert client.post(_path(call), data=_sent([*rows, foreign])).status_code == 409
    session.expire_all()
    assert [session.get_one(Application, row.id).merit for row in (*rows, foreign)] == [2, 1, 3, 1]


def test_nobody_else_changes_it(
    session: Session, cast: Cast, as_: As, client: TestClient, call: Call
) -> None:  # fmt: skip
    rows = _nominated(session, cast, call, 2)
    data = _sent(rows, 1, 0)
    assert cast.home_coordinator.name
    assert client.post(_path(call), data=data).status_code == 401
    for person, status in (
        (cast.stranger, 404), (cast.other_coordinator, 404), (cast.applicant, 404), (cast.auditor, 403),
        (cast.secretary, 409),
    ):  # fmt: skip
        assert as_(person).post(_path(call), data=data).status_code == status, person.name
    crossing = as_(cast.home_coordinator).post(_path(call), data=data, headers={"sec-fetch-site": "cross-site"})
    assert crossing.status_code == 403
    assert _order(session, call) == [row.id for row in rows]


def test_it_is_locked_at_the_deadline(session: Session, cast: Cast, as_: As, call: Call) -> None:
    rows = _nominated(session, cast, call, 2)
    with time_machine.travel(call.nominations_due_at, tick=False):
        assert 'name="up"' in as_(cast.home_coordinator).get(_path(call)).text
    with time_machine.travel(call.nominations_due_at.replace(microsecond=1), tick=False):
        client = as_(cast.home_coordinator)
        page = client.get(_path(call)).text
        assert ("the order of merit is locked" in page, 'name="up"' in page, "Take off" in page) == (True, False, False)
        assert client.post(_path(call), data=_sent(rows, 1, 0)).status_code == 409
        # Whoever acts in the place of the government still can.
        assert as_(cast.secretary).post(_path(call), data=_sent(rows, 1, 0)).status_code == 303
    assert _order(session, call) == [rows[1].id, rows[0].id]


def test_adding_and_taking_off_keep_the_order_without_gaps(session: Session, cast: Cast, as_: As, call: Call) -> None:
    rows = _nominated(session, cast, call, 3)
    waiting = make.application(session, "submitted", call=call, home=cast.home, choices=[], native_name="Waiting")
    session.commit()
    client = as_(cast.home_coordinator)
    assert "Waiting" in client.get(_path(call)).text
    added = client.post(f"/applications/{waiting.id}/nominate", data={"at": "order"})
    assert added.headers["location"] == _path(call)
    assert client.post(f"/applications/{rows[0].id}/take-back").status_code == 303
    assert _order(session, call) == [rows[1].id, rows[2].id, waiting.id]


def test_the_quota_and_the_cap_of_the_country_end_it(session: Session, cast: Cast, as_: As) -> None:
    call = make.call(session, nomination_quota=2, country_caps={"JP": 1})
    _nominated(session, cast, call, 2)
    third = make.application(session, "submitted", call=call, home=cast.home, choices=[])
    make.application(session, "nominated", call=call, home=make.government(session, "JP-31"), choices=[])
    japanese = make.application(session, "submitted", call=call, home=cast.elsewhere, choices=[])
    session.commit()
    home, other = as_(cast.home_coordinator), as_(cast.other_coordinator)
    full = home.post(f"/applications/{third.id}/nominate")
    assert (full.status_code, "given all its places" in full.text) == (409, True)
    assert "All places in this call are given" in home.get(f"/applications/{third.id}/nominate").text
    assert "All places are given" in home.get(_path(call)).text
    capped = other.post(f"/applications/{japanese.id}/nominate")
    assert (capped.status_code, "places that they share" in capped.text) == (409, True)


def test_who_is_kin_moves_the_others_around_the_one_unseen(session: Session, cast: Cast, as_: As, call: Call) -> None:
    rows = _nominated(session, cast, call, 3)
    make.kinship(session, rows[1], cast.home_coordinator)
    session.commit()
    client = as_(cast.home_coordinator)
    assert "Nominee 2" not in client.get(_path(call)).text
    assert client.post(_path(call), data=_sent([rows[0], rows[2]], 1, 0)).status_code == 303
    assert _order(session, call) == [rows[2].id, rows[1].id, rows[0].id]


def test_the_page_runs_as_many_queries_for_three_as_for_one(
    session: Session, cast: Cast, as_: As, database: JoinedDatabase, call: Call
) -> None:
    client, counts = as_(cast.home_coordinator), []
    for more in (1, 2):
        _nominated(session, cast, call, more)
        make.application(session, "submitted", call=call, home=cast.home, choices=[])
        session.commit()
        with counting.queries(database) as found:
            client.get(_path(call))
        counts.append(len(found))
    assert counts[0] == counts[1]
