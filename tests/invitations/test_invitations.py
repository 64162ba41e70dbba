"""Being invited to a role, and taking it on."""

import datetime as dt
import uuid
from collections.abc import Callable

import pytest
import time_machine
from fastapi import FastAPI
from fastapi.testclient import TestClient
from httpx2 import Response
from sqlmodel import Session, select

from portal.accounts import queries as people
from portal.accounts.models import Invitation, Person, Role
from portal.accounts.viewer import viewer_of
from portal.clock import now, today
from portal.history import queries as history
from portal.invitations import actions, rules
from tests import counting, make
from tests.accounts import letters
from tests.accounts.test_entrance import is_signed_in, sign_in
from tests.conftest import browser, signed_in
from tests.database import JoinedDatabase
from tests.people import Cast

As = Callable[..., TestClient]
ADDRESS = "invited@example.org"
NEWCOMER = {"name": "김하늘", "password": make.PASSWORD, "language": "en", "zone": "Asia/Seoul"}


@pytest.fixture(autouse=True)
def everybody(session: Session, cast: Cast) -> None:
    _ = cast.secretary, cast.auditor, cast.stranger, cast.home
    session.commit()


def invite(client: TestClient, **fields: object) -> Response:
    data = {"email": ADDRESS, "language": "en", "role": "auditor", "key": str(uuid.uuid4()), **fields}
    return client.post("/people/invite", data=data)


@pytest.fixture
def path(session: Session, cast: Cast, as_: As) -> str:
    """Of the link that somebody was sent who is to coordinate the home government."""
    invite(
        as_(cast.secretary), role="coordinator", government=cast.home.id, ends_on=str(today() + dt.timedelta(days=90))
    )
    return letters.newest_link(session, ADDRESS)


def the_invitation(session: Session) -> Invitation:
    session.expire_all()
    return session.exec(select(Invitation)).one()


def test_somebody_without_account_opens_one_and_accepts(
    client: TestClient, session: Session, cast: Cast, path: str
) -> None:
    page = client.get(path).text
    assert cast.home.name("en") in page
    assert people.by_email(session, ADDRESS) is None
    assert the_invitation(session).accepted_at is None, "opening the link changes nothing"
    assert client.post(f"{path}/register", data=NEWCOMER).headers["location"] == "/account"
    assert "김하늘" in client.get("/account").text
    person = people.by_email(session, ADDRESS)
    assert person is not None
    assert viewer_of(session, person).coordinates(cast.home.id)
    grant = people.roles(session, person.id)[0]
    assert (grant.granted_by, grant.ends_on) == (cast.secretary.id, today() + dt.timedelta(days=90))
    assert the_invitation(session).accepted_by == person.id
    assert sign_in(browser(client.app), ADDRESS).status_code == 303  # type: ignore[arg-type]


def test_somebody_with_an_account_signs_in_and_accepts(app: FastAPI, session: Session, cast: Cast, path: str) -> None:
    person = make.member(session, email=ADDRESS)
    session.commit()
    client, elsewhere = browser(app), signed_in(app, session, person)
    assert f"/sign-in?next={path}" in client.get(path).text
    assert sign_in(client, ADDRESS, next=path).headers["location"] == path
    before = client.cookies["session"]
    assert client.post(f"{path}/accept").headers["location"] == "/account"
    assert client.cookies["session"] != before
    assert is_signed_in(client)
    assert not is_signed_in(elsewhere), "what one may do has changed: other browsers sign in anew"
    assert viewer_of(session, person).coordinates(cast.home.id)


def test_another_address_cannot_accept(session: Session, cast: Cast, as_: As, path: str) -> None:
    client = as_(cast.stranger)
    assert "signed in with another address" in client.get(path).text
    assert client.post(f"{path}/accept").status_code == 403
    assert the_invitation(session).accepted_at is None


def test_an_account_that_exists_is_not_opened_again(client: TestClient, session: Session, path: str) -> None:
    person = make.member(session, "Old name", email=ADDRESS)
    session.commit()
    assert client.post(f"{path}/register", data=NEWCOMER).status_code == 409
    session.expire_all()
    assert session.get_one(Person, person.id).name == "Old name"


def test_signed_out_nobody_accepts(client: TestClient, path: str) -> None:
    assert client.post(f"{path}/accept").status_code == 401


def _accepted(app: FastAPI, session: Session, as_: As, cast: Cast, path: str) -> None:
    browser(app).post(f"{path}/register", data=NEWCOMER)


def _revoked(app: FastAPI, session: Session, as_: As, cast: Cast, path: str) -> None:
    as_(cast.secretary).post(f"/people/invitations/{the_invitation(session).id}/revoke")


def _too_old(app: FastAPI, session: Session, as_: As, cast: Cast, path: str) -> None:
    the_invitation(session).expires_at = now() - dt.timedelta(seconds=1)
    session.commit()


def _by_nobody_any_more(app: FastAPI, session: Session, as_: As, cast: Cast, path: str) -> None:
    grant = people.roles(session, cast.secretary.id)[0]
    grant.ends_on = today() - dt.timedelta(days=1)
    session.commit()


def _sent_again(app: FastAPI, session: Session, as_: As, cast: Cast, path: str) -> None:
    as_(cast.secretary).post(f"/people/invitations/{the_invitation(session).id}/send-again")


@pytest.mark.parametrize(("what", "status", "sentence"), [
    (_accepted, 409, "was accepted already"),
    (_revoked, 409, "was taken back"),
    (_too_old, 409, "older than seven days"),
    (_by_nobody_any_more, 409, "was taken back"),
    (_sent_again, 404, "a newer mail has replaced it"),
])  # fmt: skip
def test_a_dead_link_explains_itself(
    app: FastAPI, session: Session, as_: As, cast: Cast, path: str,
    what: Callable[..., None], status: int, sentence: str,
) -> None:  # fmt: skip
    what(app, session, as_, cast, path)
    client = browser(app)
    answer = client.post(f"{path}/register", data={**NEWCOMER, "name": "Latecomer"})
    assert answer.status_code == status
    assert sentence in answer.text
    assert session.exec(select(Person).where(Person.name == "Latecomer")).all() == []


def test_seven_days_are_seven_days(client: TestClient, path: str) -> None:
    for days, status in ((6.9, 200), (7.1, 409)):
        with time_machine.travel(now() + dt.timedelta(days=days)):
            assert client.get(path).status_code == status


def test_sent_again_it_is_open_again(app: FastAPI, session: Session, as_: As, cast: Cast, path: str) -> None:
    _too_old(app, session, as_, cast, path)
    _sent_again(app, session, as_, cast, path)
    newest = letters.newest_link(session, ADDRESS)
    assert newest != path
    assert browser(app).post(f"{newest}/register", data=NEWCOMER).status_code == 303
    deeds = history.deeds(session, "invitation", the_invitation(session).id)
    assert [each.deed for each in deeds] == ["accepted invitation", "sent invitation again", "invited"]
    assert all(ADDRESS not in str(each.details) for each in deeds)


@pytest.mark.parametrize("step", ["send-again", "revoke"])
def test_what_is_accepted_is_neither_sent_again_nor_revoked(
    app: FastAPI, session: Session, as_: As, cast: Cast, path: str, step: str
) -> None:
    _accepted(app, session, as_, cast, path)
    client = as_(cast.secretary)
    assert client.post(f"/people/invitations/{the_invitation(session).id}/{step}").status_code == 409


def test_who_was_just_registered_is_the_only_one_to_have_the_role(
    app: FastAPI, session: Session, cast: Cast, path: str
) -> None:
    """The same link in two windows: one of them wins."""
    one, two = browser(app), browser(app)
    assert one.post(f"{path}/register", data=NEWCOMER).status_code == 303
    assert two.post(f"{path}/register", data=NEWCOMER).status_code == 409
    assert len(people.coordinators(session, cast.home.id)) == 1


def test_invitations_are_few(session: Session, cast: Cast, as_: As, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rules, "OPEN_AT_ONCE", 3)
    monkeypatch.setattr(rules, "AN_HOUR", 3)
    client = as_(cast.secretary)
    answers = [invite(client, email=f"guest{n}@example.org").status_code for n in range(4)]
    assert answers == [303] * 3 + [429]
    assert letters.to(session, "guest3@example.org") == []
    for invitation in session.exec(select(Invitation)).all():
        client.post(f"/people/invitations/{invitation.id}/revoke")
    assert invite(client, email="guest11@example.org").status_code == 429, "three an hour, open or not"
    with time_machine.travel(now() + dt.timedelta(minutes=61), tick=False):
        assert invite(as_(cast.secretary), email="guest12@example.org").status_code == 303


def test_pressed_twice_one_mail_leaves(session: Session, cast: Cast, as_: As) -> None:
    client, key = as_(cast.secretary), str(uuid.uuid4())
    assert {invite(client, key=key).status_code for _ in range(2)} == {303}
    assert len(letters.to(session, ADDRESS)) == 1


@pytest.mark.parametrize(("fields", "sentence"), [
    ({"email": "nobody"}, "Enter an e-mail address"),
    ({"role": "judge"}, "Give this role on the pages of the contest."),
    ({"role": "coordinator"}, "Choose the government"),
    ({"role": "coordinator", "government": str(uuid.uuid4())}, "Choose one from the list."),
    ({"ends_on": "2020-01-01"}, "This day is past."),
    ({"language": "tlh"}, "Choose one from the list."),
])  # fmt: skip
def test_a_wrong_invitation_is_explained(
    session: Session, cast: Cast, as_: As, fields: dict[str, str], sentence: str
) -> None:
    answer = invite(as_(cast.secretary), **fields)
    assert answer.status_code == 422
    assert sentence in answer.text
    assert session.exec(select(Invitation)).all() == []


@pytest.mark.parametrize(("field", "value", "sentence"), [
    ("password", "password123456", "too easily guessed"),
    ("password", "invited to the ball", "Leave your name"),
    ("name", "", "Fill this in."),
])  # fmt: skip
def test_a_newcomers_form_is_checked(client: TestClient, path: str, field: str, value: str, sentence: str) -> None:
    answer = client.post(f"{path}/register", data={**NEWCOMER, field: value})
    assert answer.status_code == 422
    assert sentence in answer.text


@pytest.mark.parametrize("step", ["send-again", "revoke"])
def test_only_secretaries_have_a_say(
    client: TestClient, session: Session, cast: Cast, as_: As, path: str, step: str
) -> None:
    address = f"/people/invitations/{the_invitation(session).id}/{step}"
    assert client.post(address).status_code == 401
    assert as_(cast.stranger).post(address).status_code == 404
    assert as_(cast.auditor).post(address).status_code == 403
    assert client.post(address, headers={"sec-fetch-site": "cross-site"}).status_code == 403
    assert the_invitation(session).revoked_at is None


@pytest.mark.parametrize(("who", "status"), [("secretary", 200), ("auditor", 200), ("stranger", 403)])
def test_who_sees_invitations(cast: Cast, as_: As, path: str, who: str, status: int) -> None:
    answer = as_(getattr(cast, who)).get("/people/invitations")
    assert answer.status_code == status
    assert (ADDRESS in answer.text) is (status == 200)
    assert ("Take back" in answer.text) is (who == "secretary")


@pytest.mark.parametrize(("who", "status"), [("secretary", 200), ("auditor", 403), ("stranger", 403)])
def test_who_may_invite(session: Session, cast: Cast, as_: As, who: str, status: int) -> None:
    client = as_(getattr(cast, who))
    assert client.get("/people/invite").status_code == status
    assert invite(client).status_code == (303 if status == 200 else 403)
    assert len(letters.to(session, ADDRESS)) == (1 if status == 200 else 0)


def test_the_number_of_queries_does_not_grow(session: Session, database: JoinedDatabase, cast: Cast, as_: As) -> None:
    client, counts = as_(cast.secretary), []
    for number in (1, 2):
        for n in range(number):
            invite(client, email=f"q{number}{n}@example.org", role="coordinator", government=cast.home.id)
        with counting.queries(database) as statements:
            client.get("/people/invitations")
        counts.append(len(statements))
    assert counts[0] == counts[1]


def test_the_first_secretary_comes_by_a_link_made_at_the_machine(client: TestClient, session: Session) -> None:
    path = actions.invite_secretary(session, " First@Example.org ")
    session.commit()
    assert letters.to(session, "first@example.org") == [], "printed, not mailed"
    assert client.get(path).status_code == 200
    assert client.post(f"{path}/register", data=NEWCOMER).status_code == 303
    assert client.get("/people").status_code == 200
    assert browser(client.app).post(f"{path}/register", data=NEWCOMER).status_code == 409  # type: ignore[arg-type]


def test_a_fresh_portal_lets_nobody_in(client: TestClient, session: Session) -> None:
    for name in ("admin", "root", "secretary", "test", "near"):
        for password in ("admin", "password", "secret", "near", ""):
            assert sign_in(client, f"{name}@near.example", password).status_code in {422, 429}
    assert session.exec(select(Person).where(Person.password_hash != "!")).all() == []


def test_roles_for_an_edition_are_offered_by_who_runs_it(session: Session, cast: Cast, client: TestClient) -> None:
    edition = uuid.uuid4()
    by = viewer_of(session, cast.secretary)
    actions.invite(
        session, ADDRESS, Role.JUDGE, by=by, language="en", origin="http://127.0.0.1:8000", edition_id=edition
    )
    session.commit()
    path = letters.newest_link(session, ADDRESS)
    client.post(f"{path}/register", data=NEWCOMER)
    person = people.by_email(session, ADDRESS)
    assert person is not None
    assert viewer_of(session, person).judges(edition)
