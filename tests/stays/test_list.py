from collections.abc import Callable

import pytest
from fastapi.testclient import TestClient
from sqlmodel import Session

from portal.placements.models import Placement
from portal.stays import queries
from tests import counting, make
from tests.database import JoinedDatabase
from tests.people import Cast
from tests.stays.world import running

As = Callable[..., TestClient]


@pytest.mark.parametrize(
    ("shown", "states"),
    [
        ("", {"agreed", "active", "completed", "ended_early", "certified"}),
        ("active", {"active"}),
        ("ended_early", {"ended_early"}),
        ("nonsense", {"agreed", "active", "completed", "ended_early", "certified"}),
    ],
)
def test_by_state(session: Session, cast: Cast, as_: As, shown: str, states: set[str]) -> None:
    made = {state: make.placement(session, state) for state in ("accepted", "agreed", "active", "completed",
                                                                "ended_early", "certified")}  # fmt: skip
    session.commit()
    page = as_(cast.secretary).get(f"/stays?show={shown}").text
    assert {state for state, each in made.items() if str(each.id) in page} == states


def test_what_is_late(session: Session, cast: Cast, as_: As) -> None:
    overdue = running(session, cast, day=100)
    fine = make.running_placement(session, day=2)
    session.commit()
    page = as_(cast.auditor).get("/stays?show=late").text
    assert str(overdue.id) in page
    assert "the host has not completed it" in page
    assert str(fine.id) not in page
    assert "Stays that need a look" in as_(cast.secretary).get("/").text


def test_a_page_at_a_time(session: Session, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queries, "PAGE", 2)
    made = {make.running_placement(session, day=day).id for day in (5, 5, 5, 6, 7)}
    viewer, after, seen = make.viewer(session, cast.secretary), None, []
    for _page in range(3):
        found, after = queries.listed(session, viewer, after=after)
        seen += [each.placement.id for each in found]
    assert after is None
    assert set(seen) >= made
    assert len(seen) == len(set(seen))


def test_who_reads_it(session: Session, cast: Cast, as_: As, client: TestClient) -> None:
    made, other = running(session, cast), make.running_placement(session)
    session.commit()
    assert client.get("/stays").headers["location"].startswith("/sign-in")
    seen = {}
    for name in ("stranger", "applicant", "other_coordinator", "host_coordinator", "home_coordinator", "auditor"):
        page = as_(getattr(cast, name)).get("/stays").text
        seen[name] = [str(each.id) in page for each in (made, other)]
    assert seen == {
        "stranger": [False, False], "applicant": [True, False], "other_coordinator": [False, False],
        "host_coordinator": [True, True], "home_coordinator": [True, True], "auditor": [True, True],
    }  # fmt: skip
    for name in ("applicant", "host_coordinator"):
        assert "Message waiting" not in as_(getattr(cast, name)).get("/stays?show=messages").text
    assert "Message waiting" in as_(cast.secretary).get("/stays").text
    assert "Message waiting" not in as_(cast.auditor).get("/stays").text


def test_the_auditor_cannot_ask_whose_message_waits(session: Session, cast: Cast, as_: As) -> None:
    quiet, asking = running(session, cast), make.running_placement(session)
    make.private_message(session, asking)
    session.commit()
    narrowed = as_(cast.secretary).get("/stays?show=messages").text
    assert str(asking.id) in narrowed
    assert str(quiet.id) not in narrowed
    assert str(quiet.id) in as_(cast.auditor).get("/stays?show=messages").text


def test_the_same_number_of_queries_for_one_and_three(
    session: Session, cast: Cast, as_: As, database: JoinedDatabase
) -> None:
    def number(path: str) -> int:
        session.commit()
        with counting.queries(database) as seen:
            assert as_(cast.secretary).get(path).status_code == 200
        return len(seen)

    _full(session)
    one = number("/stays")
    _full(session), _full(session)
    assert number("/stays") == one


def _full(session: Session) -> Placement:
    made = make.running_placement(session, day=40)
    make.prepared_stay(session, made)
    make.check_in(session, made)
    make.extension(session, made)
    make.evaluation(session, made)
    return made
