import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
import time_machine
from fastapi.testclient import TestClient
from sqlmodel import Session, select

from portal.applications.models import Application, Status
from portal.calls.models import Call
from portal.clock import now
from portal.forms import to_local
from portal.history.queries import deeds
from portal.mail.models import Message
from tests import make
from tests.people import Cast

As = Callable[..., TestClient]
REASON = {"reason": "Your name differs from the passport."}


def _typed(at: dt.datetime) -> str:
    return to_local(at, "Asia/Seoul")


SENT: dict[str, dict[str, Any]] = {
    "return": {**REASON, "due_at": _typed(now() + dt.timedelta(days=5))},
    "nominate": {},
    "refuse": {**REASON, "code": "language"},
}


def _submitted(session: Session, cast: Cast, state: Status = Status.SUBMITTED, **fields: Any) -> Application:
    made = make.application(session, state, **{"applicant": cast.applicant, "home": cast.home, **fields})
    session.commit()
    return made


@pytest.mark.parametrize(
    ("step", "state", "deed"),
    [
        ("return", Status.RETURNED, "application returned"),
        ("nominate", Status.NOMINATED, "application nominated"),
        ("refuse", Status.NOT_NOMINATED, "application not nominated"),
    ],
)
def test_each_decision_is_taken_recorded_and_told(
    session: Session, cast: Cast, as_: As, step: str, state: Status, deed: str
) -> None:
    made = _submitted(session, cast)
    client, path = as_(cast.home_coordinator), f"/applications/{made.id}/{step}"
    assert client.get(path).status_code == 200
    assert client.post(path, data=SENT[step]).status_code == 303
    session.expire_all()
    decided = session.get_one(Application, made.id)
    assert decided.status is state
    assert (decided.decided_by == cast.home_coordinator.id) is (step != "return")
    assert not decided.decided_in_place
    assert [entry.deed for entry in deeds(session, "application", made.id)] == [deed]
    mail = session.exec(select(Message)).one()
    assert mail.address == cast.applicant.email
    assert "in place" not in mail.text
    assert client.get(f"/nominations/{made.id}").status_code == 200
    if step != "nominate":
        assert REASON["reason"] in as_(cast.applicant).get(f"/applications/{made.id}").text


@pytest.mark.parametrize("step", SENT)
def test_nobody_else_decides(session: Session, cast: Cast, as_: As, client: TestClient, step: str) -> None:
    made = _submitted(session, cast)
    path, data = f"/applications/{made.id}/{step}", SENT[step]
    assert client.post(path, data=data).status_code == 401
    assert cast.home_coordinator.name
    barred = make.coordinator(session, cast.home, "Barred")
    make.kinship(session, made, barred)
    for person, status in (
        (barred, 404), (cast.stranger, 404), (cast.other_coordinator, 404), (cast.host_coordinator, 404),
        (cast.secretary, 409), (cast.auditor, 403), (cast.applicant, 403),
    ):  # fmt: skip
        assert as_(person).post(path, data=data).status_code == status, person.name
        assert as_(person).get(path).status_code == status, person.name
    crossing = as_(cast.home_coordinator).post(path, data=data, headers={"sec-fetch-site": "cross-site"})
    assert crossing.status_code == 403
    session.expire_all()
    assert session.get_one(Application, made.id).status is Status.SUBMITTED


@pytest.mark.parametrize("step", SENT)
def test_nobody_decides_on_their_own(session: Session, cast: Cast, as_: As, step: str) -> None:
    made = _submitted(session, cast, applicant=cast.home_coordinator)
    answer = as_(cast.home_coordinator).post(f"/applications/{made.id}/{step}", data=SENT[step])
    assert answer.status_code == 403


@pytest.mark.parametrize("step", SENT)
@pytest.mark.parametrize("state", [Status.RETURNED, Status.NOMINATED, Status.NOT_NOMINATED, Status.WITHDRAWN])
def test_only_what_is_submitted_is_decided_on(session: Session, cast: Cast, as_: As, step: str, state: Status) -> None:
    made = _submitted(session, cast, state)
    answer = as_(cast.home_coordinator).post(f"/applications/{made.id}/{step}", data=SENT[step])
    assert answer.status_code == 409
    assert "Reload the page" in answer.text or "can still correct it" in answer.text


@pytest.mark.parametrize("step", SENT)
def test_after_the_deadline_nothing_is_decided(session: Session, cast: Cast, as_: As, step: str) -> None:
    hour = dt.timedelta(hours=1)
    past = {"opens_at": now() - 9 * hour, "applications_due_at": now() - 3 * hour, "nominations_due_at": now() - hour}
    made = _submitted(session, cast, call=make.call(session, **past), choices=[])
    assert as_(cast.home_coordinator).post(f"/applications/{made.id}/{step}", data=SENT[step]).status_code == 409


def test_a_second_return_is_refused(session: Session, cast: Cast, as_: As) -> None:
    made = _submitted(session, cast, returned_at=now())
    client = as_(cast.home_coordinator)
    assert "Return for correction" not in client.get(f"/applications/{made.id}").text
    assert client.post(f"/applications/{made.id}/return", data=REASON).status_code == 409


@pytest.mark.parametrize(
    ("step", "data"),
    [
        ("return", {"reason": "<b>no"}), ("return", {**REASON, "due_at": "soon"}),
        ("return", {**REASON, "due_at": "2020-01-01T10:00"}), ("return", {**REASON, "due_at": "2099-01-01T10:00"}),
        ("refuse", {"reason": "<b>no", "code": "language"}), ("refuse", REASON), ("refuse", {**REASON, "code": "x"}),
    ],
)  # fmt: skip
def test_wrong_input_is_shown_again(session: Session, cast: Cast, as_: As, step: str, data: dict[str, str]) -> None:
    made = _submitted(session, cast)
    answer = as_(cast.home_coordinator).post(f"/applications/{made.id}/{step}", data=data)
    assert answer.status_code == 422
    assert "There is a problem" in answer.text
    assert "<b>no" not in answer.text


TAKEN_BACK = [
    (Status.NOMINATED, "You are not nominated at the moment"),
    (Status.NOT_NOMINATED, "took back its refusal"),
]


@pytest.mark.parametrize(("state", "told"), TAKEN_BACK)
def test_a_decision_is_taken_back_until_the_deadline(
    session: Session, cast: Cast, as_: As, state: Status, told: str
) -> None:
    made = _submitted(session, cast, state)
    client, path = as_(cast.home_coordinator), f"/applications/{made.id}/take-back"
    assert client.get(path).status_code == 200
    assert client.post(path).status_code == 303
    session.expire_all()
    again = session.get_one(Application, made.id)
    assert (again.status, again.merit, again.decided_at, again.decided_by) == (Status.SUBMITTED, None, None, None)
    assert (again.reason, again.reason_code) == (None, None)
    assert [entry.deed for entry in deeds(session, "application", made.id)] == ["decision taken back"]
    assert told in session.exec(select(Message)).one().text
    assert client.post(path).status_code == 409


@pytest.mark.parametrize("state", [Status.NOMINATED, Status.NOT_NOMINATED])
def test_nobody_else_takes_it_back_and_nobody_after_the_deadline(
    session: Session, cast: Cast, as_: As, client: TestClient, state: Status
) -> None:
    made = _submitted(session, cast, state)
    path = f"/applications/{made.id}/take-back"
    barred = make.coordinator(session, cast.home, "Barred")
    make.kinship(session, made, barred)
    assert client.post(path).status_code == 401
    for person in (barred, cast.stranger, cast.other_coordinator, cast.auditor, cast.applicant, cast.secretary):
        assert as_(person).post(path).status_code in {403, 404, 409}, person.name
    crossing = as_(cast.home_coordinator).post(path, headers={"sec-fetch-site": "cross-site"})
    assert crossing.status_code == 403
    late = dt.timedelta(days=41)
    home = as_(cast.home_coordinator)
    with time_machine.travel(now() + late):
        home = as_(cast.home_coordinator)
        assert home.post(path).status_code == 409
    session.expire_all()
    assert session.get_one(Application, made.id).status is state


def test_a_nomination_stands_once_a_host_has_proposed_a_place(session: Session, cast: Cast, as_: As) -> None:
    made = _submitted(session, cast, Status.NOMINATED)
    make.placement(session, "proposed", application=made)
    session.commit()
    answer = as_(cast.home_coordinator).post(f"/applications/{made.id}/take-back")
    assert answer.status_code == 409
    assert "A place is held for this person" in answer.text


def test_what_was_not_corrected_in_time_can_be_refused_for_good(session: Session, cast: Cast, as_: As) -> None:
    at = now()
    made = _submitted(
        session, cast, Status.RETURNED, submitted_at=at - dt.timedelta(days=9), returned_at=at - dt.timedelta(days=8),
        correction_due_at=at + dt.timedelta(hours=1),
    )  # fmt: skip
    client, path = as_(cast.home_coordinator), f"/applications/{made.id}"
    waits = client.post(f"{path}/refuse", data=SENT["refuse"])
    assert (waits.status_code, "can still correct it" in waits.text) == (409, True)
    with time_machine.travel(at + dt.timedelta(hours=2)):
        client = as_(cast.home_coordinator)
        assert client.post(f"{path}/nominate").status_code == 409
        assert client.post(f"{path}/refuse", data=SENT["refuse"]).status_code == 303
        back = client.post(f"{path}/take-back")
    assert (back.status_code, "nothing to go back to" in back.text) == (409, True)


def test_a_return_keeps_the_date_in_the_zone_of_the_call(session: Session, cast: Cast, as_: As) -> None:
    made = _submitted(session, cast, call=make.call(session, zone="Asia/Ulaanbaatar"), choices=[])
    client = as_(cast.home_coordinator)
    assert "Time in Ulaanbaatar" in client.get(f"/applications/{made.id}/return").text
    day = (now() + dt.timedelta(days=5)).date()
    data = {**REASON, "due_at": f"{day}T18:00"}
    assert client.post(f"/applications/{made.id}/return", data=data).status_code == 303
    session.expire_all()
    due = session.get_one(Application, made.id).correction_due_at
    assert due == dt.datetime.combine(day, dt.time(10), dt.UTC)
    assert "18:00 in Ulaanbaatar" in session.exec(select(Message)).one().text


# In place of a government


@pytest.mark.parametrize("step", SENT)
def test_the_secretariat_decides_where_nobody_is_and_it_says_so(
    session: Session, cast: Cast, as_: As, step: str
) -> None:
    made = _submitted(session, cast)
    client, path = as_(cast.secretary), f"/applications/{made.id}/{step}"
    assert "You act in place of" in client.get(path).text
    assert client.post(path, data=SENT[step]).status_code == 303
    session.expire_all()
    assert session.get_one(Application, made.id).decided_in_place
    assert deeds(session, "application", made.id)[0].details["in_place"] is True
    assert "The secretariat acted in place of your home government." in session.exec(select(Message)).one().text
    assert "acted in place" in as_(cast.applicant).get(f"/applications/{made.id}").text
    for reader in (cast.secretary, cast.home_coordinator):
        page = as_(reader).get(f"/nominations/{made.id}").text
        assert "By the secretariat" in page
        assert "By the secretariat" in as_(reader).get("/nominations/list").text


def test_the_secretariat_decides_where_the_only_coordinator_is_kin(session: Session, cast: Cast, as_: As) -> None:
    made = _submitted(session, cast)
    make.kinship(session, made, cast.home_coordinator)
    session.commit()
    assert as_(cast.secretary).post(f"/applications/{made.id}/nominate").status_code == 303


def test_the_secretariat_waits_until_two_days_before_and_stops_when_rankings_are_due(
    session: Session, cast: Cast, as_: As
) -> None:
    made = _submitted(session, cast)
    path = f"/applications/{made.id}/nominate"
    assert cast.home_coordinator.name
    early = as_(cast.secretary).get(path)
    assert (early.status_code, "from two days before" in early.text) == (409, True)
    call = made.call_id
    due = session.get_one(Call, call)
    for at, status in (
        (due.nominations_due_at - dt.timedelta(days=1), 200), (due.rankings_due_at, 200),
        (due.rankings_due_at + dt.timedelta(seconds=2), 409),
    ):  # fmt: skip
        with time_machine.travel(at, tick=False):
            assert as_(cast.secretary).get(path).status_code == status
