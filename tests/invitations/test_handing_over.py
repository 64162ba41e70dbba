"""A coordinator hands over to a successor, and no day is left without one."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
import time_machine
from fastapi.testclient import TestClient
from sqlmodel import Session, col, select

from portal.accounts.models import Grant, Invitation, Person
from portal.clock import now, today
from portal.history.queries import deeds
from portal.mail.models import Message
from tests import make
from tests.accounts import letters
from tests.people import Cast

As = Callable[..., TestClient]
PATH = "/account/hand-over"
DAY = dt.timedelta(days=1)


def _grant(session: Session, person: Person) -> Grant:
    found = select(Grant).where(Grant.person_id == person.id).order_by(col(Grant.begins_on))
    return session.exec(found.execution_options(populate_existing=True)).one()


def _typed(session: Session, cast: Cast, **fields: Any) -> dict[str, str]:
    given = {
        "grant": _grant(session, cast.home_coordinator).id, "email": cast.stranger.email, "language": "en",
        "begins_on": today() + 5 * DAY, **fields,
    }  # fmt: skip
    return {name: str(value) for name, value in given.items()}


def _invited(session: Session, cast: Cast, as_: As) -> str:
    """The successor's link."""
    assert cast.secretary.email
    answer = as_(cast.home_coordinator).post(PATH, data=_typed(session, cast))
    assert answer.status_code == 303
    return letters.newest_link(session, str(cast.stranger.email))


def test_the_role_ends_on_the_day_before_once_the_successor_has_accepted(session: Session, cast: Cast, as_: As) -> None:
    link = _invited(session, cast, as_)
    assert _grant(session, cast.home_coordinator).ends_on is None
    assert "Take the invitation back" in as_(cast.home_coordinator).get(PATH).text
    successor = as_(cast.stranger)
    assert "First day:" in successor.get(link).text
    assert successor.post(f"{link}/accept").status_code == 303
    before, after = _grant(session, cast.home_coordinator), _grant(session, cast.stranger)
    assert (before.ends_on, after.begins_on) == (today() + 4 * DAY, today() + 5 * DAY)
    assert after.government_id == cast.home.id
    told = [mail.template for mail in letters.to(session, str(cast.secretary.email))]
    assert told == ["invitations/handover_begun", "invitations/handed_over"]
    assert deeds(session, "person", cast.home_coordinator.id)[0].deed == "ended role"
    made = make.application(session, "submitted", home=cast.home)
    session.commit()
    assert as_(cast.stranger).get(f"/nominations/{made.id}").status_code == 404
    with time_machine.travel(now() + 5 * DAY):
        assert as_(cast.stranger).get(f"/nominations/{made.id}").status_code == 200
        assert as_(cast.home_coordinator).get(f"/nominations/{made.id}").status_code == 404


def test_who_accepts_late_begins_then_and_no_day_is_left_out(session: Session, cast: Cast, as_: As) -> None:
    link = _invited(session, cast, as_)
    with time_machine.travel(now() + 6 * DAY):
        assert as_(cast.stranger).post(f"{link}/accept").status_code == 303
        before, after = _grant(session, cast.home_coordinator), _grant(session, cast.stranger)
        assert before.ends_on == after.begins_on - DAY == today() - DAY


def test_nothing_ends_if_nobody_accepts_or_it_is_taken_back(session: Session, cast: Cast, as_: As) -> None:
    link = _invited(session, cast, as_)
    invitation = session.exec(select(Invitation)).one()
    second = as_(cast.home_coordinator).post(PATH, data=_typed(session, cast))
    assert (second.status_code, "invited a successor already" in second.text) == (409, True)
    path = f"{PATH}/{invitation.id}/revoke"
    assert as_(cast.other_coordinator).post(path).status_code == 404
    assert as_(cast.home_coordinator).post(path, headers={"sec-fetch-site": "cross-site"}).status_code == 403
    assert as_(cast.home_coordinator).post(path).status_code == 303
    assert as_(cast.home_coordinator).post(path).status_code == 409
    assert as_(cast.stranger).post(f"{link}/accept").status_code == 409
    assert _grant(session, cast.home_coordinator).ends_on is None


def test_a_role_that_the_secretariat_has_ended_is_not_handed_over(session: Session, cast: Cast, as_: As) -> None:
    link = _invited(session, cast, as_)
    grant = _grant(session, cast.home_coordinator)
    grant.ends_on = today() - DAY
    session.commit()
    assert as_(cast.stranger).post(f"{link}/accept").status_code == 409


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"begins_on": ""}, "Fill this in."),
        ({"begins_on": "2020-01-01"}, "Choose tomorrow or a later day"),
        ({"begins_on": "2099-01-01"}, "within the next six months"),
        ({"email": "nobody"}, "Enter an e-mail address"),
        ({"grant": "00000000-0000-4000-8000-000000000000"}, "Choose one from the list."),
    ],
)
def test_wrong_input_is_shown_again(
    session: Session, cast: Cast, as_: As, fields: dict[str, str], sentence: str
) -> None:
    answer = as_(cast.home_coordinator).post(PATH, data=_typed(session, cast, **fields))
    assert (answer.status_code, sentence in answer.text) == (422, True)
    assert session.exec(select(Invitation)).all() == []


def test_neither_oneself_nor_a_colleague_nor_after_a_gap(session: Session, cast: Cast, as_: As) -> None:
    colleague = make.coordinator(session, cast.home, "Colleague")
    client = as_(cast.home_coordinator)
    for address, sentence in (
        (cast.home_coordinator.email, "your own address"), (colleague.email, "coordinates this government already"),
    ):  # fmt: skip
        answer = client.post(PATH, data=_typed(session, cast, email=address))
        assert (answer.status_code, sentence in answer.text) == (422, True)
    _grant(session, cast.home_coordinator).ends_on = today() + DAY
    session.commit()
    answer = client.post(PATH, data=_typed(session, cast))
    assert (answer.status_code, "Your own role ends earlier" in answer.text) == (422, True)
    foreign = _grant(session, cast.other_coordinator).id
    assert client.post(PATH, data=_typed(session, cast, grant=foreign)).status_code == 422
    assert session.exec(select(Message)).all() == []


def test_only_coordinators_hand_over(session: Session, cast: Cast, as_: As, client: TestClient) -> None:
    data = _typed(session, cast)
    assert client.post(PATH, data=data).status_code == 401
    for person in (cast.applicant, cast.secretary, cast.auditor):
        assert as_(person).post(PATH, data=data).status_code == 403
    crossing = as_(cast.home_coordinator).post(PATH, data=data, headers={"sec-fetch-site": "cross-site"})
    assert crossing.status_code == 403
    assert session.exec(select(Invitation)).all() == []
