"""One's own account, new passwords, and how long one stays signed in."""

import datetime as dt
import uuid
from collections.abc import Callable

import pytest
import time_machine
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlmodel import Session

from portal.accounts.models import Person, Role
from portal.clock import now
from portal.history import queries as history
from tests import make
from tests.accounts import letters
from tests.accounts.test_entrance import ADDRESS, is_signed_in, register, sign_in
from tests.conftest import browser
from tests.people import Cast

NEW = "a new and different sentence"


@pytest.fixture
def owner(session: Session) -> Person:
    made = make.member(session, "Owner")
    session.commit()
    return made


def reset_link(client: TestClient, session: Session, person: Person) -> str:
    client.post("/reset", data={"email": person.email})
    return letters.newest_link(session, person.email)


def test_a_reset_ends_every_signing_in(app: FastAPI, session: Session, owner: Person) -> None:
    here, there = browser(app), browser(app)
    sign_in(there, owner.email)
    path = reset_link(here, session, owner)
    assert here.get(path).status_code == 200
    assert is_signed_in(there), "opening the link changes nothing"
    assert here.post(path, data={"password": NEW}).headers["location"] == "/sign-in"
    assert not is_signed_in(there)
    assert sign_in(here, owner.email).status_code == 422
    assert sign_in(here, owner.email, NEW).status_code == 303
    assert letters.to(session, owner.email)[-1].subject == "Your password was changed"


def test_a_reset_link_works_once_and_takes_the_others_with_it(
    client: TestClient, session: Session, owner: Person
) -> None:
    earlier, later = reset_link(client, session, owner), reset_link(client, session, owner)
    assert client.post(earlier, data={"password": NEW}).status_code == 303, "a later one does not cancel it"
    for path in (earlier, later):
        answer = client.post(path, data={"password": NEW})
        assert answer.status_code == 409
        assert 'href="/reset"' in answer.text


@pytest.mark.parametrize(("minutes", "status"), [(29, 200), (31, 409)])
def test_a_reset_link_lives_half_an_hour(
    client: TestClient, session: Session, owner: Person, minutes: int, status: int
) -> None:
    path = reset_link(client, session, owner)
    with time_machine.travel(now() + dt.timedelta(minutes=minutes)):
        assert client.get(path).status_code == status
        assert client.post(path, data={"password": NEW}).status_code == (303 if status == 200 else 409)


@pytest.mark.parametrize(("hours", "status"), [(23, 200), (25, 409)])
def test_a_confirmation_lives_a_day(client: TestClient, session: Session, hours: int, status: int) -> None:
    register(client)
    path = letters.newest_link(session, ADDRESS)
    with time_machine.travel(now() + dt.timedelta(hours=hours)):
        assert client.get(path).status_code == status


@pytest.mark.parametrize("path", ["/reset/unknown", "/verify?token=unknown", "/verify"])
def test_a_link_that_was_never_sent_explains_itself(client: TestClient, path: str) -> None:
    assert client.get(path).status_code == 409


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1:8000@evil.example", "127.0.0.1:8000.evil.example", ""])
def test_links_lead_to_the_configured_address(client: TestClient, session: Session, owner: Person, host: str) -> None:
    headers = {"host": host, "x-forwarded-host": "evil.example", "forwarded": "host=evil.example"}
    client.post("/reset", data={"email": owner.email}, headers=headers)
    client.post("/reset", data={"email": owner.email}, headers={"x-forwarded-host": "evil.example"})
    sent = letters.to(session, owner.email)
    assert len(sent) == 1, "a foreign Host is not answered at all"
    assert "evil" not in sent[0].text
    assert letters.link(sent[0]).startswith("/reset/")


def test_a_new_password_is_checked_like_the_first(client: TestClient, session: Session, owner: Person) -> None:
    path = reset_link(client, session, owner)
    for password, sentence in [
        ("short", "at least 12"),
        ("password123456", "guessed"),
        ("the Owner of it all", "Leave your"),
    ]:
        answer = client.post(path, data={"password": password})
        assert answer.status_code == 422
        assert sentence in answer.text
    assert client.post(path, data={"password": NEW}).status_code == 303


def test_changing_the_password_ends_the_other_browsers(app: FastAPI, session: Session, owner: Person) -> None:
    here, there = browser(app), browser(app)
    sign_in(here, owner.email)
    sign_in(there, owner.email)
    answer = here.post("/account/password", data={"current": make.PASSWORD, "password": NEW})
    assert answer.headers["location"] == "/account"
    assert is_signed_in(here)
    assert not is_signed_in(there), "an old cookie opens nothing"
    assert [entry.deed for entry in history.deeds(session, "person", owner.id)] == ["changed password"]


def test_the_present_password_is_asked_for_and_not_guessed(client: TestClient, owner: Person) -> None:
    sign_in(client, owner.email)
    guesses = [
        client.post("/account/password", data={"current": f"a guess {n}", "password": NEW}).status_code
        for n in range(11)
    ]
    assert guesses == [422] * 10 + [429]


def test_details_change_and_the_language_with_them(client: TestClient, session: Session, owner: Person) -> None:
    sign_in(client, owner.email)
    typed = {"name": "Өнөр <b>", "language": "zh-Hans", "zone": "Asia/Hovd"}
    assert client.post("/account/details", data=typed).status_code == 303
    page = client.get("/account")
    assert page.headers["content-language"] == "zh-Hans"
    assert "Өнөр &lt;b&gt;" in page.text
    session.expire_all()
    assert session.get_one(Person, owner.id).zone == "Asia/Hovd"


@pytest.mark.parametrize("field", ["name", "language", "zone"])
def test_details_that_are_wrong_are_shown_again(client: TestClient, owner: Person, field: str) -> None:
    sign_in(client, owner.email)
    typed = {"name": "Kept", "language": "en", "zone": "UTC", field: "" if field == "name" else "nowhere"}
    assert client.post("/account/details", data=typed).status_code == 422


def test_browsers_are_listed_and_ended_one_by_one(app: FastAPI, session: Session, owner: Person) -> None:
    here, there, third = (
        browser(app, **{"user-agent": name}) for name in ("Firefox/1 Linux", "Firefox/2 Windows <i>", "x")
    )
    for client in (here, there, third):
        sign_in(client, owner.email)
    page = here.get("/account").text
    assert "Firefox, Windows" in page
    assert "<i>" not in page
    assert "This browser" in page
    first = page.split('action="/account/browsers/')[1].split('"')[0]
    assert here.post(f"/account/browsers/{first}").status_code == 303
    assert [is_signed_in(client) for client in (here, there, third)] in ([True, False, True], [True, True, False])
    assert here.post("/account/browsers/end-others").status_code == 303
    assert [is_signed_in(client) for client in (here, there, third)] == [True, False, False]


def test_nobody_ends_anothers_signing_in(
    app: FastAPI, session: Session, owner: Person, cast: Cast, as_: Callable[..., TestClient]
) -> None:
    client = browser(app)
    sign_in(client, owner.email)
    other = client.get("/account")
    sign_in_id = make.sign_in_id(session, owner)
    assert other.status_code == 200
    assert as_(cast.stranger).post(f"/account/browsers/{sign_in_id}/end").status_code == 404
    assert as_(cast.stranger).post(f"/account/browsers/{uuid.uuid4()}/end").status_code == 404
    assert browser(app).post(f"/account/browsers/{sign_in_id}/end").status_code == 401
    assert is_signed_in(client)


@pytest.mark.parametrize(
    ("staff", "idle", "stays"), [(False, 59, True), (False, 61, False), (True, 19, True), (True, 21, False)]
)
def test_who_pauses_is_signed_out(
    client: TestClient, session: Session, owner: Person, staff: bool, idle: int, stays: bool
) -> None:
    if staff:
        make.grant(session, owner, Role.SECRETARY)
        session.commit()
    with time_machine.travel(now(), tick=False) as clock:
        sign_in(client, owner.email)
        clock.shift(dt.timedelta(minutes=idle))
        assert is_signed_in(client) is stays


def test_nobody_stays_signed_in_for_ever(client: TestClient, owner: Person) -> None:
    with time_machine.travel(now(), tick=False) as clock:
        sign_in(client, owner.email)
        for _ in range(24):
            clock.shift(dt.timedelta(minutes=30))
            assert is_signed_in(client)
        clock.shift(dt.timedelta(minutes=1))
        assert not is_signed_in(client), "twelve hours, however busy"


@pytest.mark.parametrize("path", ["/account", "/account/details", "/account/password"])
def test_an_account_is_for_who_is_signed_in(client: TestClient, path: str) -> None:
    assert client.get(path).headers["location"].startswith("/sign-in")
    if path != "/account":
        assert client.post(path, data={}).status_code == 401
