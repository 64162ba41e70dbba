"""The pages of host organisations."""

import uuid
from collections.abc import Callable
from urllib.parse import quote

import pytest
from fastapi.testclient import TestClient
from sqlmodel import Session, select

from portal.accounts.models import Role
from portal.history import queries as history
from portal.openings.models import Host
from tests import make
from tests.people import Cast

As = Callable[..., TestClient]
RIGHT = {
    "name": "Museum", "kind": "institute", "address": "1 Museum Street", "website": "https://museum.example",
    "contact_name": "Han Seo-yeon", "contact_email": "han@example.org", "contact_phone": "+82 54 1",
}  # fmt: skip


def test_a_coordinator_adds_and_edits_a_host(session: Session, cast: Cast, as_: As) -> None:
    host = as_(cast.host_coordinator)
    form = host.get("/hosts/new").text
    assert 'name="government"' not in form and 'value="secretariat"' not in form
    here = host.post("/hosts/new", data=RIGHT).headers["location"]
    shown = host.get(here).text
    assert all(value in shown for name, value in RIGHT.items() if name != "kind") and "Institute" in shown
    assert "Museum" in host.get("/hosts").text
    assert 'value="han@example.org"' in host.get(f"{here}/edit").text
    assert host.post(f"{here}/edit", data={**RIGHT, "name": "Archive"}).status_code == 303
    made = session.exec(select(Host)).one()
    assert (made.name, made.government_id, made.created_by) == ("Archive", cast.host.id, cast.host_coordinator.id)
    edited, created = history.deeds(session, "host", made.id)
    assert (edited.deed, created.deed) == ("edited", "created")
    assert "Han" not in str(edited.details) + str(created.details)


def test_from_the_editor_one_comes_back_to_it(session: Session, cast: Cast, as_: As) -> None:
    call, host = make.call(session), as_(cast.host_coordinator)
    session.commit()
    editor = f"/calls/{call.slug}/openings/new"
    assert f"/hosts/new?back={quote(editor, safe='')}" in host.get(editor).text
    assert f'name="back" value="{editor}"' in host.get("/hosts/new", params={"back": editor}).text
    location = host.post("/hosts/new", data={**RIGHT, "back": editor}).headers["location"]
    made = session.exec(select(Host)).one()
    assert location == f"{editor}?host={made.id}"
    assert f'<option value="{made.id}" selected>' in host.get(location).text


@pytest.mark.parametrize("back", ["https://evil.example", "//evil.example", "/\\evil.example"])
def test_one_comes_back_to_this_portal_only(session: Session, cast: Cast, as_: As, back: str) -> None:
    host = as_(cast.host_coordinator)
    assert 'name="back" value=""' in host.get("/hosts/new", params={"back": back}).text
    location = host.post("/hosts/new", data={**RIGHT, "back": back}).headers["location"]
    assert location == f"/hosts/{session.exec(select(Host)).one().id}"


def test_a_form_sent_twice_makes_one_host(session: Session, cast: Cast, as_: As) -> None:
    host, sent = as_(cast.host_coordinator), {**RIGHT, "key": str(uuid.uuid4())}
    first = host.post("/hosts/new", data=sent)
    assert first.status_code == 303
    assert len(session.exec(select(Host)).all()) == 1
    again = host.post("/hosts/new", data=sent)
    assert (again.status_code, again.headers["location"]) == (303, first.headers["location"])


def test_what_is_wrong_is_said_and_what_was_typed_stays(session: Session, cast: Cast, as_: As) -> None:
    host, museum = as_(cast.host_coordinator), make.host(session, cast.host, name="Museum")
    other = make.host(session, cast.host, name="Archive")
    session.commit()
    for wrong, sentence in (
        ({"name": "Museum"}, "has a host of this name already"),
        ({"name": "<b>", "kind": "secretariat"}, "Only the secretariat can describe itself."),
        ({"name": "<b>", "website": "javascript:alert(1)"}, "begins with https://"),
        ({"name": "<b>", "contact_email": "nobody"}, "Enter an e-mail address"),
    ):
        for path in ("/hosts/new", f"/hosts/{other.id}/edit"):
            answer = host.post(path, data={**RIGHT, **wrong})
            assert (answer.status_code, sentence in answer.text) == (422, True)
            assert "1 Museum Street" in answer.text and 'value="<b>' not in answer.text
    assert host.post(f"/hosts/{museum.id}/edit", data=RIGHT).status_code == 303
    assert len(session.exec(select(Host)).all()) == 2


def test_a_secretary_names_the_government_and_may_describe_the_secretariat(
    session: Session, cast: Cast, as_: As
) -> None:
    secretary, sent = as_(cast.secretary), {**RIGHT, "kind": "secretariat", "government": str(cast.host.id)}
    form = secretary.get("/hosts/new").text
    assert 'name="government"' in form and 'value="secretariat"' in form
    missing = secretary.post("/hosts/new", data={**sent, "government": ""})
    assert (missing.status_code, "Choose the government" in missing.text) == (422, True)
    here = secretary.post("/hosts/new", data=sent).headers["location"]
    host = as_(cast.host_coordinator)
    assert "han@example.org" in host.get(here).text and "/edit" not in host.get(here).text
    assert host.get(f"{here}/edit").status_code == host.post(f"{here}/edit", data=RIGHT).status_code == 403
    assert secretary.post(f"{here}/edit", data=sent).status_code == 303


def test_who_coordinates_several_governments_says_which(session: Session, cast: Cast, as_: As) -> None:
    make.grant(session, cast.host_coordinator, Role.COORDINATOR, government_id=cast.elsewhere.id)
    host = as_(cast.host_coordinator)
    for wrong in ({}, {"government": str(cast.home.id)}):
        assert host.post("/hosts/new", data={**RIGHT, **wrong}).status_code == 422
    assert host.post("/hosts/new", data={**RIGHT, "government": str(cast.elsewhere.id)}).status_code == 303
    assert session.exec(select(Host)).one().government_id == cast.elsewhere.id


def test_who_may_not_see_or_change_a_host(session: Session, cast: Cast, as_: As, client: TestClient) -> None:
    made = make.host(session, cast.host, name="Archive")
    session.commit()
    for path in ("/hosts/new", f"/hosts/{made.id}/edit"):
        assert client.post(path, data=RIGHT).status_code == 401
        elsewhere = {"sec-fetch-site": "cross-site"}
        assert as_(cast.host_coordinator).post(path, data=RIGHT, headers=elsewhere).status_code == 403
    assert as_(cast.stranger).post("/hosts/new", data=RIGHT).status_code == 403
    assert as_(cast.stranger).get("/hosts").status_code == 403
    for person in (cast.stranger, cast.other_coordinator):
        for path in (f"/hosts/{made.id}", f"/hosts/{made.id}/edit"):
            assert as_(person).get(path).status_code == 404
        assert as_(person).post(f"/hosts/{made.id}/edit", data=RIGHT).status_code == 404
    auditor = as_(cast.auditor)
    assert auditor.get(f"/hosts/{made.id}").status_code == 200
    assert "/edit" not in auditor.get(f"/hosts/{made.id}").text and "/hosts/new" not in auditor.get("/hosts").text
    assert auditor.post(f"/hosts/{made.id}/edit", data=RIGHT).status_code == 403
    assert auditor.post("/hosts/new", data=RIGHT).status_code == 403
    assert "Archive" not in as_(cast.other_coordinator).get("/hosts").text
    session.expire_all()
    assert [host.name for host in session.exec(select(Host))] == ["Archive"]
