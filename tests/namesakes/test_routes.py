from collections.abc import Callable

import pytest
from fastapi.testclient import TestClient
from sqlmodel import Session

from portal.applications.models import Application, Namesake
from tests import counting, make
from tests.database import JoinedDatabase
from tests.people import Cast

As = Callable[..., TestClient]


@pytest.fixture
def pair(session: Session, cast: Cast) -> Namesake:
    made = make.namesake(session, make.application(session, "submitted"), make.application(session, "submitted"))
    _ = cast.secretary, cast.auditor, cast.stranger, cast.home_coordinator
    session.commit()
    return made


def settle(client: TestClient, pair: Namesake, **headers: str) -> int:
    return client.post(f"/namesakes/{pair.id}/settle", data={"is_same": "false"}, headers=headers).status_code


def test_a_secretary_settles_once(session: Session, cast: Cast, as_: As, pair: Namesake) -> None:
    client = as_(cast.secretary)
    review = f"/nominations/{pair.application_id}"
    assert "/namesakes" in client.get("/").text
    assert "May be somebody who applied twice" in client.get(review).text
    assert "They are two people" in client.get("/namesakes").text
    assert settle(client, pair) == 303
    assert settle(client, pair) == 409
    session.expire_all()
    assert session.get_one(Namesake, pair.id).is_same is False
    page = client.get("/namesakes").text
    assert "No pair waits" in page
    assert "Two people" in page
    assert "May be somebody" not in client.get(review).text


def test_nobody_else_settles_or_sees(client: TestClient, cast: Cast, as_: As, pair: Namesake) -> None:
    auditor, home = as_(cast.auditor), as_(cast.home_coordinator)
    page = auditor.get("/namesakes")
    assert page.status_code == 200
    assert "They are two people" not in page.text
    assert settle(auditor, pair) == 403
    assert settle(as_(cast.stranger), pair) == 404
    assert settle(home, pair) == 404
    assert settle(client, pair) == 401
    assert settle(as_(cast.secretary), pair, **{"sec-fetch-site": "cross-site"}) == 403
    assert home.get("/namesakes").status_code == 403
    assert "May be somebody" not in home.get(f"/applications/{pair.application_id}").text


def test_what_is_not_said_settles_nothing(cast: Cast, as_: As, pair: Namesake) -> None:
    assert as_(cast.secretary).post(f"/namesakes/{pair.id}/settle", data={"is_same": "?"}).status_code == 409


def test_three_pairs_need_as_many_queries_as_one(
    session: Session, database: JoinedDatabase, cast: Cast, as_: As, pair: Namesake
) -> None:
    client, seen = as_(cast.secretary), []
    for more in (0, 2):
        for _ in range(more):
            one, other = (make.application(session, "submitted") for _ in range(2))
            make.namesake(session, one, other)
        session.commit()
        with counting.queries(database) as found:
            page = client.get("/namesakes")
        seen.append(len(found))
    assert page.text.count("They are two people") == 3
    assert seen[0] == seen[1]


def test_pages_follow_each_other(session: Session, cast: Cast, as_: As, pair: Namesake) -> None:
    first = session.get_one(Application, pair.application_id)
    for _ in range(20):
        make.namesake(session, first, make.application(session, "submitted"))
    session.commit()
    client = as_(cast.secretary)
    page = client.get("/namesakes").text
    assert page.count("They are two people") == 20
    following = page.split('href="/namesakes?after=')[1].split('"')[0]
    assert client.get(f"/namesakes?after={following}").text.count("They are two people") == 1
