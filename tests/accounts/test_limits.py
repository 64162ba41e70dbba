"""What a stranger who guesses can do, and what they cannot."""

import datetime as dt
import re
from collections.abc import Iterator

import pytest
import time_machine
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlmodel import Session, select

from portal.accounts import throttle
from portal.accounts.models import Attempts, Person
from portal.app import create_app
from portal.clock import now
from portal.errors import TooMany
from portal.settings import Settings
from tests import make
from tests.accounts import letters
from tests.accounts.test_entrance import is_signed_in, register, sign_in
from tests.conftest import browser
from tests.database import JoinedDatabase

NEW = "a new and different sentence"


@pytest.fixture
def owner(session: Session) -> Person:
    made = make.member(session, "Owner")
    session.commit()
    return made


@pytest.fixture
def proxied(settings: Settings, database: JoinedDatabase, session: Session) -> FastAPI:
    """The portal behind one proxy of ours."""
    return create_app(settings.model_copy(update={"trusted_proxies": 1}), database)


def _from(app: FastAPI, address: str) -> TestClient:
    return browser(app, **{"x-forwarded-for": address})


def _guess(client: TestClient, email: str, times: int) -> list[int]:
    return [sign_in(client, email, f"a wrong guess no {n}").status_code for n in range(times)]


@pytest.mark.parametrize("known", [True, False])
def test_guessing_ends_soon_whoever_has_the_address(client: TestClient, owner: Person, known: bool) -> None:
    assert _guess(client, owner.email if known else "nobody@example.org", 12) == [422] * 10 + [429] * 2


def test_the_page_after_too_many_says_what_to_do(client: TestClient, owner: Person) -> None:
    _guess(client, owner.email, 10)
    assert "Wait a few minutes" in sign_in(client, owner.email).text


def test_a_stranger_locks_nobody_out(proxied: FastAPI, session: Session, owner: Person) -> None:
    own, elsewhere = _from(proxied, "198.51.100.7"), _from(proxied, "192.0.2.55")
    assert sign_in(own, owner.email).status_code == 303
    own.post("/sign-out")
    for n in range(100):
        _guess(_from(proxied, f"203.0.{n % 20}.9"), owner.email, 1)
    assert sign_in(own, owner.email).status_code == 303, "a browser that the account knows"
    assert sign_in(elsewhere, owner.email).status_code == 429, "one that it does not"
    elsewhere.post("/reset", data={"email": owner.email})
    path = letters.newest_link(session, owner.email)
    assert elsewhere.post(path, data={"password": NEW}).headers["location"] == "/sign-in"
    assert sign_in(elsewhere, owner.email, NEW).status_code == 303, "until its owner's mail vouched for it"
    assert sign_in(_from(proxied, "192.0.2.56"), owner.email, NEW).status_code == 429


def test_a_strangers_requests_for_links_keep_none_from_the_owner(
    client: TestClient, session: Session, owner: Person
) -> None:
    with time_machine.travel(now(), tick=False) as clock:
        for _ in range(40):
            client.post("/reset", data={"email": owner.email})
            clock.shift(dt.timedelta(minutes=1))
            newest = letters.newest_link(session, owner.email)
            assert client.get(newest).status_code == 200
        assert len(letters.to(session, owner.email)) == 9, "three in a quarter of an hour"


def test_mails_to_strangers_are_few(client: TestClient, session: Session) -> None:
    for _ in range(6):
        assert register(client).headers["location"] == "/register/sent"
        client.post("/reset", data={"email": "newcomer@example.org"})
    assert len(letters.to(session, "newcomer@example.org")) == 6, "three of each kind"


@pytest.mark.parametrize("header", ["x-forwarded-for", "forwarded", "x-real-ip", "true-client-ip", "x-client-ip"])
def test_an_invented_origin_changes_nothing(app: FastAPI, owner: Person, header: str) -> None:
    for n in range(10):
        sign_in(browser(app, **{header: f"203.0.{n}.1"}), owner.email, "a wrong guess")
    assert sign_in(browser(app, **{header: "198.51.100.1"}), owner.email, "a wrong guess").status_code == 429


def test_behind_a_proxy_only_its_own_word_counts(proxied: FastAPI, owner: Person) -> None:
    for n in range(10):
        sign_in(_from(proxied, f"10.0.{n}.1, 203.0.113.9"), owner.email, "a wrong guess")
    assert sign_in(_from(proxied, "10.1.1.1, 203.0.113.77"), owner.email, "a wrong guess").status_code == 429
    assert sign_in(_from(proxied, "203.0.113.9, 198.51.100.1"), owner.email, "a wrong guess").status_code == 422


def test_a_forged_device_cookie_is_none(proxied: FastAPI, session: Session, owner: Person) -> None:
    other = make.member(session)
    session.commit()
    thief = _from(proxied, "203.0.113.1")
    sign_in(thief, other.email)
    assert _guess(thief, owner.email, 11)[-1] == 429, "known to another account is not known to this one"


def test_even_a_known_browser_may_not_guess_for_ever(client: TestClient, owner: Person) -> None:
    sign_in(client, owner.email)
    assert _guess(client, owner.email, 21) == [422] * 20 + [429]


def test_right_passwords_do_not_count(client: TestClient, owner: Person) -> None:
    for _ in range(25):
        assert sign_in(client, owner.email).status_code == 303
    assert is_signed_in(client)


def test_limits_end(client: TestClient, owner: Person) -> None:
    with time_machine.travel(now(), tick=False) as clock:
        assert _guess(client, owner.email, 11)[-1] == 429
        clock.shift(dt.timedelta(minutes=15, seconds=1))
        assert sign_in(client, owner.email).status_code == 303


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(dt.datetime(2027, 1, 1, tzinfo=dt.UTC), tick=False) as clock:
        yield clock


def test_a_limit_counts_in_windows(database: JoinedDatabase, session: Session, clock: time_machine.Traveller) -> None:
    two = throttle.limit("2 per minute", "test")
    throttle.admit(database, [two])
    throttle.admit(database, [two])
    with pytest.raises(TooMany):
        throttle.admit(database, [two])
    throttle.admit(database, [throttle.limit("2 per minute", "another")])
    clock.shift(61)
    throttle.admit(database, [two])


def test_what_is_refused_uses_nothing_up(
    database: JoinedDatabase, session: Session, clock: time_machine.Traveller
) -> None:
    narrow, wide = throttle.limit("1 per minute", "narrow"), throttle.limit("3 per minute", "wide")
    throttle.admit(database, [narrow, wide])
    for _ in range(5):
        with pytest.raises(TooMany):
            throttle.admit(database, [narrow, wide])
    throttle.admit(database, [wide])
    throttle.admit(database, [wide])


def test_old_counters_are_forgotten(database: JoinedDatabase, session: Session, clock: time_machine.Traveller) -> None:
    throttle.admit(database, [throttle.limit("2 per minute", "old")])
    clock.shift(dt.timedelta(hours=2))
    throttle.admit(database, [throttle.limit("2 per minute", "new")])
    assert len(session.exec(select(Attempts)).all()) == 1


def test_nothing_in_the_table_names_anybody(client: TestClient, session: Session, owner: Person) -> None:
    _guess(client, owner.email, 2)
    keys = [row.key for row in session.exec(select(Attempts))]
    assert len(keys) == 4
    assert all(re.fullmatch(r"LIMITER/[0-9a-f]{40}/\d+/\d+/(minute|hour)", key) for key in keys)
