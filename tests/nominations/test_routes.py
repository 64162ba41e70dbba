import datetime as dt
import html
import re
from collections.abc import Callable
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlmodel import Session, select

from portal.applications import queries as applications
from portal.applications.models import Application, Status
from portal.clock import now
from portal.history.queries import deeds
from portal.mail.models import Message
from tests import counting, make
from tests.database import JoinedDatabase
from tests.people import Cast

As = Callable[..., TestClient]
REASON = {"reason": "Your name differs from the passport."}
SENT: dict[str, dict[str, Any]] = {"return": REASON, "nominate": {"merit": "1"}, "refuse": REASON}


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
    assert [entry.deed for entry in deeds(session, "application", made.id)] == [deed]
    mail = session.exec(select(Message)).one()
    assert mail.address == cast.applicant.email
    assert client.get(f"/applications/{made.id}").status_code == 200
    if step != "nominate":
        assert REASON["reason"] in as_(cast.applicant).get(f"/applications/{made.id}").text


@pytest.mark.parametrize("step", SENT)
def test_nobody_else_decides(session: Session, cast: Cast, as_: As, client: TestClient, step: str) -> None:
    made = _submitted(session, cast)
    path, data = f"/applications/{made.id}/{step}", SENT[step]
    assert client.post(path, data=data).status_code == 401
    for person, status in (
        (cast.stranger, 404), (cast.other_coordinator, 404), (cast.host_coordinator, 404),
        (cast.secretary, 403), (cast.auditor, 403), (cast.applicant, 403),
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
    assert "Reload the page" in answer.text


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
    ("step", "data"), [("return", {}), ("refuse", {"reason": "<b>no"}), ("nominate", {"merit": "0"})]
)
def test_wrong_input_is_shown_again(session: Session, cast: Cast, as_: As, step: str, data: dict[str, str]) -> None:
    made = _submitted(session, cast)
    answer = as_(cast.home_coordinator).post(f"/applications/{made.id}/{step}", data=data)
    assert answer.status_code == 422
    assert "There is a problem" in answer.text
    assert "<b>no" not in answer.text


def test_a_place_in_the_order_is_given_once_and_within_the_quota(session: Session, cast: Cast, as_: As) -> None:
    call = make.call(session, nomination_quota=2)
    first, second, third = (
        _submitted(session, cast, call=call, choices=[], applicant=make.person(session)) for _ in range(3)
    )
    client = as_(cast.home_coordinator)
    assert client.post(f"/applications/{first.id}/nominate", data={"merit": "2"}).status_code == 303
    page = client.get(f"/applications/{second.id}/nominate").text
    assert '<option value="1"' in page
    assert '<option value="2"' not in page
    assert client.post(f"/applications/{second.id}/nominate", data={"merit": "2"}).status_code == 409
    assert client.post(f"/applications/{second.id}/nominate", data={"merit": "3"}).status_code == 409
    assert client.post(f"/applications/{second.id}/nominate", data={"merit": "1"}).status_code == 303
    assert "has given all its places" in client.get(f"/applications/{third.id}/nominate").text
    elsewhere = _submitted(session, cast, call=call, choices=[], applicant=make.person(session), home=cast.elsewhere)
    other = as_(cast.other_coordinator)
    assert other.post(f"/applications/{elsewhere.id}/nominate", data={"merit": "1"}).status_code == 303


def test_the_list_holds_the_own_governments_applications_only(session: Session, cast: Cast, as_: As) -> None:
    call = make.call(session)
    shown = _submitted(session, cast, call=call, choices=[], native_name="Shown")
    _submitted(
        session, cast, call=call, choices=[], native_name="Foreign", home=cast.elsewhere, applicant=cast.stranger
    )
    _submitted(session, cast, Status.DRAFT, native_name="Unsent")
    _submitted(session, cast, Status.WITHDRAWN, native_name="Gone", number="P27-AAAAA")
    client = as_(cast.home_coordinator)
    page = client.get("/nominations").text
    assert ("Shown" in page, "Gone" in page, "Foreign" in page, "Unsent" in page) == (True, True, False, False)
    narrowed = client.get(f"/nominations?call={call.slug}&status=submitted").text
    assert ("Shown" in narrowed, "Gone" in narrowed) == (True, False)
    assert client.get("/nominations?call=%3Cx&status=none&after=").status_code in {200, 404}
    assert "Foreign" in as_(cast.secretary).get("/nominations").text
    assert as_(cast.stranger).get("/nominations").status_code == 403
    assert shown.number


def test_the_list_runs_as_many_queries_for_three_as_for_one(
    session: Session, cast: Cast, as_: As, database: JoinedDatabase
) -> None:
    client, counts, call = as_(cast.home_coordinator), [], make.call(session)
    for more in (1, 2):
        for _ in range(more):
            _submitted(session, cast, call=call, choices=[], applicant=make.person(session), native_name="Row")
        with counting.queries(database) as found:
            page = client.get("/nominations").text
        counts.append((page.count("Row<"), len(found)))
    assert [rows for rows, _queries in counts] == [1, 3]
    assert counts[0][1] == counts[1][1]


def test_the_list_has_pages(session: Session, cast: Cast, as_: As, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(applications, "PAGE", 2)
    for number in range(3):
        at = now() - dt.timedelta(minutes=number)
        person = make.person(session)
        _submitted(session, cast, applicant=person, native_name=f"Row {number}", submitted_at=at)
    client = as_(cast.home_coordinator)
    first = client.get("/nominations?status=submitted").text
    assert ("Row 0" in first, "Row 1" in first, "Row 2" in first) == (True, True, False)
    found = re.search(r'href="(/nominations\?[^"]*after=[^"]*)"', first)
    assert found
    second = client.get(html.unescape(found[1])).text
    assert ("Row 1" in second, "Row 2" in second) == (False, True)
