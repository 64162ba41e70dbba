"""The reading view: notes and the checklist that stand beside an application, and who reads them."""

import re
import uuid
from collections.abc import Callable

import pytest
from fastapi.testclient import TestClient
from sqlmodel import Session, select

from portal.applications.models import Application, Kinship
from portal.history.queries import deeds
from portal.mail.models import Message
from portal.nominations.models import Checked, Note
from tests import make
from tests.people import Cast

As = Callable[..., TestClient]
SECRET = "Her uncle wrote the letter."


@pytest.fixture
def application(session: Session, cast: Cast) -> Application:
    made = make.application(session, "nominated", applicant=cast.applicant, home=cast.home)
    make.note(session, made, cast.home_coordinator, text=SECRET)
    session.commit()
    return made


def test_officials_are_led_to_the_reading_view(cast: Cast, as_: As, application: Application) -> None:
    for person in (cast.home_coordinator, cast.secretary, cast.auditor):
        client = as_(person)
        answer = client.get(f"/applications/{application.id}")
        assert (answer.status_code, answer.headers["location"]) == (303, f"/nominations/{application.id}")
        page = client.get(f"/nominations/{application.id}").text
        shown = (application.motivation, SECRET, cast.applicant.email, "Conditions of the call", "Checklist")
        assert all(text in page for text in shown)


def test_nobody_else_reads_the_notes_by_any_route(
    session: Session, cast: Cast, as_: As, client: TestClient, application: Application
) -> None:
    barred = make.coordinator(session, cast.home, "Barred")
    make.kinship(session, application, barred)
    opening = application.choices[0].opening_id if "choices" in application.__dict__ else None
    session.commit()
    read = f"/nominations/{application.id}"
    assert client.get(read).status_code in {303, 401}
    people = (cast.applicant, cast.host_coordinator, cast.other_coordinator, cast.stranger, barred)
    paths = [read, f"/applications/{application.id}", "/nominations", "/nominations/list", "/nominations/list.xlsx"]
    paths += [f"/applications/{application.id}/receipt", "/placements", "/applications", "/"]
    paths += [f"/openings/{opening}/candidates"] if opening else []
    for person in people:
        browser = as_(person)
        assert browser.get(read).status_code == 404, person.name
        for path in paths:
            assert SECRET.encode() not in browser.get(path).content, (person.name, path)
    # In the coordinator's own spreadsheet neither: it leaves the portal.
    assert SECRET.encode() not in as_(cast.home_coordinator).get("/nominations/list.xlsx").content


def test_a_coordinator_who_applies_does_not_read_what_colleagues_note(session: Session, cast: Cast, as_: As) -> None:
    own = make.application(session, "submitted", applicant=cast.home_coordinator, home=cast.home)
    make.note(session, own, text=SECRET)
    session.commit()
    client = as_(cast.home_coordinator)
    assert client.get(f"/nominations/{own.id}").status_code == 404
    assert SECRET not in client.get(f"/applications/{own.id}").text
    assert client.post(f"/nominations/{own.id}/notes", data={"text": "I am good."}).status_code == 404


def test_a_note_is_kept_once_with_author_and_time(
    session: Session, cast: Cast, as_: As, application: Application
) -> None:
    client, key = as_(cast.secretary), str(uuid.uuid4())
    path = f"/nominations/{application.id}/notes"
    for _ in range(2):
        assert client.post(path, data={"text": "Called\nher <b>school</b>.", "key": key}).status_code == 303
    notes = session.exec(select(Note).where(Note.author_id == cast.secretary.id)).all()
    assert [note.text for note in notes] == ["Called\nher <b>school</b>."]
    page = client.get(f"/nominations/{application.id}").text
    assert "her &lt;b&gt;school&lt;/b&gt;." in page
    assert cast.secretary.name in page
    entry = deeds(session, "application", application.id)[0]
    assert (entry.deed, entry.details) == ("note added", {"note": str(notes[0].id)})
    empty = client.post(path, data={"text": " "})
    assert (empty.status_code, "There is a problem" in empty.text) == (422, True)
    long = client.post(path, data={"text": "x" * 4001})
    assert (long.status_code, "x" * 4001 in long.text) == (422, True)


def test_the_checklist_keeps_who_ticked_what(session: Session, cast: Cast, as_: As, application: Application) -> None:
    path = f"/nominations/{application.id}/checklist"
    assert as_(cast.home_coordinator).post(path, data={"items": ["identity", "consent"]}).status_code == 303
    assert as_(cast.secretary).post(path, data={"items": ["identity", "interview"]}).status_code == 303
    rows = session.exec(select(Checked).where(Checked.application_id == application.id)).all()
    found = {row.item: row.checked_by for row in rows}
    assert found == {"identity": cast.home_coordinator.id, "interview": cast.secretary.id}
    page = as_(cast.auditor).get(f"/nominations/{application.id}").text
    assert len(re.findall("☑", page)) == 2
    assert "Keep the note" not in page
    assert deeds(session, "application", application.id)[0].details == {"ticked": ["interview"], "cleared": ["consent"]}
    assert as_(cast.secretary).post(path, data={}).status_code == 303
    assert session.exec(select(Checked)).all() == []


@pytest.mark.parametrize(("page", "data"), [("notes", {"text": "Mine"}), ("checklist", {"items": ["identity"]})])
def test_only_officials_of_the_home_government_write(
    session: Session, cast: Cast, as_: As, client: TestClient, application: Application, page: str, data: dict[str, str]
) -> None:
    path = f"/nominations/{application.id}/{page}"
    barred = make.coordinator(session, cast.home, "Barred")
    make.kinship(session, application, barred)
    assert client.post(path, data=data).status_code == 401
    for person, status in (
        (barred, 404), (cast.stranger, 404), (cast.applicant, 404), (cast.host_coordinator, 404),
        (cast.other_coordinator, 404), (cast.auditor, 403),
    ):  # fmt: skip
        assert as_(person).post(path, data=data).status_code == status, person.name
    crossing = as_(cast.home_coordinator).post(path, data=data, headers={"sec-fetch-site": "cross-site"})
    assert crossing.status_code == 403
    assert len(session.exec(select(Note)).all()) == 1
    assert session.exec(select(Checked)).all() == []


def test_one_leafs_through_the_list_with_its_filters(session: Session, cast: Cast, as_: As) -> None:
    call = make.call(session)
    names = ("A", "B", "C")
    first, second, third = (
        make.application(session, "submitted", call=call, home=cast.home, choices=[], roman_name=name) for name in names
    )
    session.commit()
    page = as_(cast.home_coordinator).get(f"/nominations/{second.id}?call={call.slug}&sort=name").text
    for other in (first, third):
        assert re.search(f'href="/nominations/{other.id}\\?call={call.slug}&amp;sort=name"', page)


# Kinship


def test_who_declares_kinship_sees_nothing_of_it_any_more(
    session: Session, cast: Cast, as_: As, application: Application
) -> None:
    make.coordinator(session, cast.home, "Colleague")
    client, path = as_(cast.home_coordinator), f"/nominations/{application.id}/kinship"
    assert "Your colleagues of this government decide on it." in client.get(path).text
    assert client.post(path).status_code == 303
    assert "You declared kinship with 1 applicant;" in client.get("/nominations").text
    for gone in ("", "/cv", "/nominate", "/take-back", "/refuse"):
        assert client.get(f"/applications/{application.id}{gone}").status_code == 404
    assert client.get(f"/nominations/{application.id}").status_code == 404
    assert application.native_name not in client.get("/nominations/list").text
    assert client.post(path).status_code == 404
    assert [entry.deed for entry in deeds(session, "application", application.id)] == ["kinship declared"]
    assert session.exec(select(Message)).all() == []


def test_if_nobody_else_decides_the_secretariat_is_told_and_can_lift_it(session: Session, cast: Cast, as_: As) -> None:
    secretary = cast.secretary
    made = make.application(session, "submitted", applicant=cast.applicant, home=cast.home)
    session.commit()
    client = as_(cast.home_coordinator)
    path = f"/nominations/{made.id}/kinship"
    assert "Nobody else coordinates this government" in client.get(path).text
    assert client.post(path).status_code == 303
    mail = session.exec(select(Message)).one()
    assert (mail.address, mail.template) == (secretary.email, "nominations/nobody_decides")
    lift = f"{path}/{cast.home_coordinator.id}/lift"
    assert as_(cast.home_coordinator).post(lift).status_code == 404
    assert as_(cast.auditor).post(lift).status_code == 403
    page = as_(secretary).get(f"/nominations/{made.id}").text
    assert "Declared kinship" in page
    assert cast.home_coordinator.name in page
    assert as_(secretary).post(lift).status_code == 303
    assert as_(secretary).post(lift).status_code == 409
    assert session.exec(select(Kinship)).all() == []
    assert client.get(f"/nominations/{made.id}").status_code == 200
    assert deeds(session, "application", made.id)[0].details == {"person": str(cast.home_coordinator.id)}
    session.expire_all()
    told = {mail.template: mail.address for mail in session.exec(select(Message))}
    assert told["nominations/kinship_lifted"] == cast.home_coordinator.email


def test_only_coordinators_of_the_home_government_declare(
    session: Session, cast: Cast, as_: As, client: TestClient, application: Application
) -> None:
    path = f"/nominations/{application.id}/kinship"
    assert client.post(path).status_code == 401
    for person, status in (
        (cast.stranger, 404), (cast.applicant, 404), (cast.host_coordinator, 404), (cast.other_coordinator, 404),
        (cast.secretary, 403), (cast.auditor, 403),
    ):  # fmt: skip
        assert as_(person).post(path).status_code == status, person.name
    crossing = as_(cast.home_coordinator).post(path, headers={"sec-fetch-site": "cross-site"})
    assert crossing.status_code == 403
    assert session.exec(select(Kinship)).all() == []
