import datetime as dt
from collections.abc import Callable

import pytest
from fastapi.testclient import TestClient
from sqlmodel import Session

from portal.accounts.models import Person, Role
from portal.calls.models import CallStatus
from portal.reminding.words import moment
from tests import counting, make
from tests.database import JoinedDatabase
from tests.people import Cast


@pytest.mark.parametrize(
    ("days", "told"),
    [
        (-7, "7 days before"),
        (-1, "1 day before"),
        (0, "at the moment itself"),
        (1, "1 day after"),
        (14, "14 days after"),
    ],
)
def test_moments_are_told_in_days(days: int, told: str) -> None:
    assert moment(days) == told


def test_the_secretariat_reads_what_is_coming_and_by_which_rules(
    session: Session, cast: Cast, as_: Callable[[Person], TestClient], noon: dt.datetime
) -> None:
    call = make.call(session, applications_due_at=noon + dt.timedelta(days=10))
    make.application(session, call=call)
    page = as_(cast.secretary).get("/messages").text
    assert "Applications that are not submitted yet, 7 days before" in page
    assert call.title("en") in page
    assert "Agreements to confirm: 3 days after, 7 days after, 14 days after" in page
    call.status = CallStatus.CLOSED
    session.commit()
    nothing = as_(cast.secretary).get("/messages").text
    assert "No reminder is planned in this time." in nothing and "Agreements to confirm" in nothing


def test_who_does_not_screen_is_not_told_when_authors_are_reminded(
    session: Session, cast: Cast, as_: Callable[[Person], TestClient], noon: dt.datetime
) -> None:
    edition = make.edition(session, due_at=noon + dt.timedelta(days=3))
    make.essay(session, "draft", edition=edition)
    author = "Essays that are not sent yet, 2 days before"
    assert author not in as_(cast.secretary).get("/messages").text
    make.grant(session, cast.secretary, Role.SCREENER, edition_id=edition.id)
    assert author in as_(cast.secretary).get("/messages").text


def test_the_page_asks_the_same_number_of_questions_for_any_number_of_readers(
    session: Session, cast: Cast, as_: Callable[[Person], TestClient], database: JoinedDatabase, noon: dt.datetime
) -> None:
    call = make.call(session, applications_due_at=noon + dt.timedelta(days=10))
    client, numbers = as_(cast.secretary), []
    for more in (1, 2):
        for _each in range(more):
            make.application(session, call=call, choices=[])
        session.commit()
        numbers.append(counting.queries_of(database, lambda: client.get("/messages")))
    assert numbers[0] == numbers[1]
