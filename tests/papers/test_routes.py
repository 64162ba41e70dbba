"""An application that a coordinator enters from paper."""

import datetime as dt
import uuid
from collections.abc import Callable
from typing import Any

import pytest
import time_machine
from fastapi.testclient import TestClient
from sqlmodel import Session, select

from portal.accounts.models import Grant, Person
from portal.applications.models import Application, Status
from portal.calls.models import Call
from portal.clock import now, today
from portal.history import queries as history
from portal.mail.models import Message
from portal.placements.models import PlacementStatus
from tests import counting, make
from tests.accounts import letters
from tests.database import JoinedDatabase
from tests.files import samples
from tests.people import Cast

As = Callable[..., TestClient]
MARK = "Entered from paper by a coordinator"


@pytest.fixture
def call(session: Session, cast: Cast) -> Call:
    made = make.call(session)
    _ = cast.home_coordinator, cast.other_coordinator, cast.stranger, cast.secretary, cast.auditor
    session.commit()
    return made  # type: ignore[no-any-return]


def enter(client: TestClient, call: Call, home: Any, **typed: str) -> Any:
    data = {"name": "Дулмаа", "language": "en", "home_id": str(home.id), "key": str(uuid.uuid4()), **typed}
    return client.post(f"/calls/{call.slug}/paper", data=data)


def scans(*names: str) -> dict[str, tuple[str, bytes, str]]:
    return {name: (f"{name}.pdf", samples.pdf(), "application/pdf") for name in names}


def leave_office(session: Session, coordinator: Person) -> None:
    grant = session.exec(select(Grant).where(Grant.person_id == coordinator.id)).one()
    grant.ends_on = today() - dt.timedelta(days=1)


def the_application(session: Session) -> Application:
    session.expire_all()
    return session.exec(select(Application)).one()


def test_it_is_begun_for_somebody_without_an_account(session: Session, cast: Cast, as_: As, call: Call) -> None:
    client = as_(cast.home_coordinator)
    assert f"/calls/{call.slug}/paper" in client.get(f"/calls/{call.slug}").text
    assert client.get(f"/calls/{call.slug}/paper").status_code == 200
    answer = enter(client, call, cast.home)
    made = the_application(session)
    assert answer.headers["location"] == f"/applications/{made.id}/scans"
    assert (made.entered_by, made.home_id) == (cast.home_coordinator.id, cast.home.id)
    person = session.get_one(Person, made.applicant_id)
    assert (person.name, person.email, person.password_hash) == ("Дулмаа", None, "!")
    page = client.get(f"/applications/{made.id}").text
    assert MARK in page
    assert f"/applications/{made.id}/scans" in page
    assert "Дулмаа" in client.get("/papers").text
    assert "/papers" in client.get("/").text
    assert history.deeds(session, "application", made.id)[0].deed == "application entered from paper"


def test_a_form_that_arrives_twice_makes_one(session: Session, cast: Cast, as_: As, call: Call) -> None:
    client, key = as_(cast.home_coordinator), str(uuid.uuid4())
    places = {enter(client, call, cast.home, key=key).headers["location"] for _ in range(2)}
    assert places == {f"/applications/{the_application(session).id}/scans"}


def test_an_address_with_an_account_is_refused(session: Session, cast: Cast, as_: As, call: Call) -> None:
    client = as_(cast.home_coordinator)
    answer = enter(client, call, cast.home, email=cast.stranger.address, name="<b>Дулмаа</b>")
    assert answer.status_code == 422
    assert "belongs to an account" in answer.text
    assert "&lt;b&gt;Дулмаа" in answer.text
    assert session.exec(select(Application)).all() == []
    assert enter(client, call, cast.home, email="new@example.org").status_code == 303
    assert enter(client, call, cast.home, name="").status_code == 422


def test_only_coordinators_of_admitted_governments_enter(
    client: TestClient, session: Session, cast: Cast, as_: As, call: Call
) -> None:
    assert enter(client, call, cast.home).status_code == 401
    for other in (cast.stranger, cast.secretary):
        assert enter(as_(other), call, cast.home).status_code == 403
    assert enter(as_(cast.other_coordinator), call, cast.home).status_code == 422, "not theirs"
    foreign = {"sec-fetch-site": "cross-site"}
    assert as_(cast.home_coordinator).post(f"/calls/{call.slug}/paper", headers=foreign).status_code == 403
    call.governments = ["JP-32"]
    session.commit()
    assert enter(as_(cast.home_coordinator), call, cast.home).status_code == 403
    assert "does not admit" in as_(cast.home_coordinator).get(f"/calls/{call.slug}/paper").text
    assert session.exec(select(Application)).all() == []


def test_after_the_deadline_nothing_is_entered(cast: Cast, as_: As, call: Call) -> None:
    with time_machine.travel(now() + dt.timedelta(days=31)):
        client = as_(cast.home_coordinator)
        assert client.get(f"/calls/{call.slug}/paper").status_code == 409
        assert enter(client, call, cast.home).status_code == 409


@pytest.fixture
def draft(session: Session, cast: Cast) -> Application:
    made = make.paper_application(session, cast.home_coordinator, form_scan_id=None, consent_scan_id=None)
    _ = cast.other_coordinator, cast.stranger, cast.secretary, cast.auditor
    session.commit()
    return made  # type: ignore[no-any-return]


def submit(client: TestClient, made: Application) -> Any:
    return client.post(f"/applications/{made.id}/submit", data={"key": str(uuid.uuid4())})


def test_both_scans_come_before_the_submission(session: Session, cast: Cast, as_: As, draft: Application) -> None:
    client, path = as_(cast.home_coordinator), f"/applications/{draft.id}"
    assert client.post(f"{path}/scans").status_code == 422
    wrong = {"form": ("form.pdf", b"", "application/pdf")}
    assert client.post(f"{path}/scans", files=wrong).status_code == 422
    assert client.post(f"{path}/scans", files=scans("form")).status_code == 303
    assert submit(client, draft).status_code == 409
    assert "both scans" in client.get(f"{path}/check").text
    assert client.post(f"{path}/scans", files=scans("consent")).status_code == 303
    assert client.get(f"{path}/scans").status_code == 200
    assert submit(client, draft).status_code == 303
    assert the_application(session).status is Status.SUBMITTED
    assert "Print this receipt and give it" in client.get(f"{path}/receipt").text
    assert client.post(f"{path}/scans", files=scans("form")).status_code == 409
    entry = history.deeds(session, "application", draft.id)[0]
    assert (entry.deed, entry.details, entry.actor_id) == (
        "application submitted", {"on_behalf": True}, cast.home_coordinator.id,
    )  # fmt: skip
    message = letters.to(session, cast.home_coordinator.address)[-1]
    assert message.template == "applications/submitted"
    assert "Дулмаа" in message.text
    assert "pass it on" in message.text


def test_who_sees_the_scans(client: TestClient, session: Session, cast: Cast, as_: As) -> None:
    opening = make.opening(session, make.call(session), cast.host)
    made = make.paper_application(session, cast.home_coordinator, "nominated", choices=[opening])
    owner = make.member(session)
    scan = make.stored_file(session, owner)
    made.form_scan_id = scan.id
    colleague = make.coordinator(session, cast.home, "Colleague")
    session.commit()
    path = f"/applications/{made.id}/scans/form"
    # The row has no bytes: 500 is a download that was allowed.
    for reader in (cast.home_coordinator, colleague, cast.secretary, cast.auditor):
        assert as_(reader).get(path).status_code == 500
        page = as_(reader).get(f"/nominations/{made.id}").text
        assert path in page
        assert MARK in page
    assert as_(cast.host_coordinator).get(path).status_code == 403
    assert MARK in as_(cast.host_coordinator).get(f"/applications/{made.id}").text
    assert as_(cast.stranger).get(path).status_code == 404
    assert client.get(path).status_code == 303
    assert MARK in as_(colleague).get("/nominations/list").text


def test_nobody_else_fills_it_in(client: TestClient, session: Session, cast: Cast, as_: As, draft: Application) -> None:
    colleague = make.coordinator(session, cast.home, "Colleague")
    session.commit()
    path = f"/applications/{draft.id}"
    assert as_(colleague).get(path).status_code == 200, "the work is the office's"
    for other in (cast.stranger, cast.other_coordinator):
        assert as_(other).get(path).status_code == 404
        assert as_(other).post(f"{path}/scans", files=scans("form")).status_code == 404
    assert as_(cast.secretary).post(f"{path}/scans", files=scans("form")).status_code == 403
    assert client.post(f"{path}/scans", files=scans("form")).status_code == 401
    foreign = {"sec-fetch-site": "cross-site"}
    mine = as_(cast.home_coordinator)
    assert mine.post(f"{path}/scans", files=scans("form"), headers=foreign).status_code == 403
    leave_office(session, cast.home_coordinator)
    session.commit()
    assert as_(cast.home_coordinator).get(path).status_code == 404, "they left the office"


def test_the_home_government_stays_and_the_parts_are_filled_in(
    session: Session, cast: Cast, as_: As, draft: Application
) -> None:
    client, path = as_(cast.home_coordinator), f"/applications/{draft.id}"
    assert client.post(f"{path}/home", data={"home_id": str(cast.elsewhere.id)}).status_code in {409, 422}
    page = client.get(f"{path}/motivation").text
    version = page.split('name="version" value="')[1].split('"')[0]
    typed = {"motivation": "From paper.", "version": version}
    assert client.post(f"{path}/motivation", data=typed).status_code == 303
    assert the_application(session).motivation == "From paper."


def test_a_colleague_gets_the_messages_of_who_left(session: Session, cast: Cast, as_: As) -> None:
    made = make.paper_application(session, cast.home_coordinator, "submitted")
    colleague = make.coordinator(session, cast.home, "Colleague")
    leave_office(session, cast.home_coordinator)
    session.commit()
    client = as_(colleague)
    assert (
        client.post(
            f"/applications/{made.id}/refuse", data={"code": "other", "reason": "No place is left."}
        ).status_code
        == 303
    )
    session.expire_all()
    assert session.exec(select(Message)).one().person_id == colleague.id


def test_who_entered_it_answers_an_offer_and_withdraws(session: Session, cast: Cast, as_: As) -> None:
    made = make.paper_application(session, cast.home_coordinator, "nominated")
    placement = make.placement(session, "offered", application=made)
    colleague = make.coordinator(session, cast.home, "Colleague")
    session.commit()
    client, path = as_(cast.home_coordinator), f"/placements/{placement.id}"
    assert path in client.get("/placements").text
    assert "It is made to Батбаярын Туул" in client.get(path).text
    assert as_(cast.other_coordinator).post(f"{path}/accept").status_code == 404
    assert as_(colleague).post(f"{path}/accept").status_code == 303
    session.expire_all()
    assert session.get_one(type(placement), placement.id).status is PlacementStatus.ACCEPTED
    assert history.deeds(session, "placement", placement.id)[0].details == {"on_behalf": True}
    assert client.get(f"/applications/{made.id}/withdraw").status_code == 200
    assert client.post(f"/applications/{made.id}/withdraw").status_code == 303
    session.expire_all()
    assert session.get_one(Application, made.id).status is Status.WITHDRAWN


def test_three_applications_need_as_many_queries_as_one(
    session: Session, database: JoinedDatabase, cast: Cast, as_: As
) -> None:
    client, seen = as_(cast.home_coordinator), []
    for more in (1, 2):
        for _n in range(more):
            make.paper_application(session, cast.home_coordinator)
        session.commit()
        with counting.queries(database) as found:
            page = client.get("/papers")
        seen.append(len(found))
    assert page.text.count("Draft") == 3
    assert seen[0] == seen[1]
