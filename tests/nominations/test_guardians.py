"""A minor is not nominated before their guardian has agreed."""

import datetime as dt
from collections.abc import Callable

import pytest
from fastapi.testclient import TestClient
from sqlmodel import Session

from portal.applications.models import Application, Status
from portal.calls.models import Call
from portal.clock import today
from tests import counting, make
from tests.database import JoinedDatabase
from tests.people import Cast

As = Callable[..., TestClient]
SENTENCE = "their parent or guardian has not agreed yet"


@pytest.fixture
def call(session: Session, cast: Cast) -> Call:
    _ = cast.home_coordinator
    return make.call(session, age_from=14)  # type: ignore[no-any-return]


def minor(session: Session, call: Call) -> Application:
    born_on = today() - dt.timedelta(days=365 * 16)
    made = make.application(session, "submitted", call=call, born_on=born_on)
    make.guardians_word(session, made)
    session.commit()
    return made  # type: ignore[no-any-return]


def test_the_coordinator_is_told_and_waits(session: Session, cast: Cast, as_: As, call: Call) -> None:
    made = minor(session, call)
    client = as_(cast.home_coordinator)
    page = client.get(f"/nominations/{made.id}").text
    assert "Guardian has not answered yet" in page
    assert SENTENCE in page
    assert f"/applications/{made.id}/nominate" not in page
    assert f"/applications/{made.id}/refuse" in page
    assert "guardian@" not in page
    order = client.get(f"/nominations/order/{call.slug}/{cast.home.code}").text
    assert "Guardian has not answered yet" in order
    assert f"/applications/{made.id}/nominate" not in order
    for answer in (
        client.get(f"/applications/{made.id}/nominate"),
        client.post(f"/applications/{made.id}/nominate"),
    ):
        assert answer.status_code == 409
        assert SENTENCE in answer.text
    make.guardians_word(session, made, agrees=True)
    session.commit()
    assert "Guardian agreed" in client.get(f"/nominations/{made.id}").text
    assert f"/applications/{made.id}/nominate" in client.get(f"/nominations/order/{call.slug}/{cast.home.code}").text
    assert client.post(f"/applications/{made.id}/nominate").status_code == 303
    session.expire_all()
    assert session.get_one(Application, made.id).status is Status.NOMINATED


def test_the_list_tells_it_without_a_query_a_row(
    session: Session, cast: Cast, as_: As, call: Call, database: JoinedDatabase
) -> None:
    minor(session, call)
    client = as_(cast.home_coordinator)

    def asked() -> int:
        with counting.queries(database) as found:
            page = client.get("/nominations/list")
        assert "Guardian has not answered yet" in page.text
        return len(found)

    one = asked()
    for _more in range(2):
        minor(session, call)
    assert asked() == one
