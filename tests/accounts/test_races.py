"""Several requests at once, which really commit."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, ExitStack

import pytest
from fastapi import FastAPI
from sqlmodel import Session, select

from portal.accounts import actions, passwords, throttle
from portal.accounts.models import Attempts, Person, Registration, ResetLink, SignIn
from portal.accounts.rules import RESET_FOR, VERIFY_FOR
from portal.accounts.viewer import token_digest
from portal.clock import now
from portal.db import Database
from portal.errors import TooMany
from tests import make
from tests.accounts.test_entrance import sign_in
from tests.conftest import browser


@pytest.fixture
def owner(real_app: FastAPI) -> Person:
    with _writing(real_app) as session:
        return make.member(session, "Owner")


def _writing(app: FastAPI) -> AbstractContextManager[Session]:
    database: Database = app.state.database
    return database.session(writes=True)


def _at_once(number: int, do: Callable[[int], int]) -> list[int]:
    start = threading.Barrier(number)

    def one(n: int) -> int:
        start.wait()
        return do(n)

    with ThreadPoolExecutor(number) as pool:
        return sorted(pool.map(one, range(number)))


def test_others_may_write_while_a_password_is_hashed(real_app: FastAPI, owner: Person) -> None:
    """Every core is kept busy, so that the sign-in waits in the middle; nobody else has to."""
    with ThreadPoolExecutor(1) as pool:
        with ExitStack() as busy:
            for _ in range(passwords.CORES):
                busy.enter_context(passwords._turn())
            waiting = pool.submit(sign_in, browser(real_app), owner.email)
            while passwords._admitted._value > passwords.QUEUE - 1:
                assert not waiting.done()
            with _writing(real_app) as session:
                session.get_one(Person, owner.id).name = "Renamed meanwhile"
            assert not waiting.done()
        assert waiting.result(10).status_code == 303


def test_a_reset_link_is_used_once_by_many(real_app: FastAPI, owner: Person) -> None:
    with _writing(real_app) as session:
        session.add(ResetLink(person_id=owner.id, token_digest=token_digest("t"), expires_at=now() + RESET_FOR))
    answers = _at_once(
        4, lambda n: browser(real_app).post("/reset/t", data={"password": f"a new sentence no {n}"}).status_code
    )
    assert answers == [303, 409, 409, 409]


def test_two_registrations_of_an_address_make_one_person(real_app: FastAPI) -> None:
    kept = passwords.make_hash(make.PASSWORD)
    with _writing(real_app) as session:
        for n in range(4):
            session.add(
                Registration(
                    email="twice@example.org",
                    name=f"No {n}",
                    password_hash=kept,
                    language="en",
                    zone="UTC",
                    token_digest=token_digest(f"t{n}"),
                    sent_at=now(),
                    expires_at=now() + VERIFY_FOR,
                )
            )
    answers = _at_once(
        4,
        lambda n: browser(real_app).post("/verify", data={"token": f"t{n}", "password": make.PASSWORD}).status_code,
    )
    assert answers == [303, 409, 409, 409]
    with _writing(real_app) as session:
        assert len(session.exec(select(Person).where(Person.email == "twice@example.org")).all()) == 1
        assert len(session.exec(select(SignIn)).all()) == 1


def test_many_at_once_are_counted_one_by_one(real_app: FastAPI) -> None:
    five = throttle.limit("5 per minute", "race")

    def attempt(_n: int) -> int:
        try:
            throttle.admit(real_app.state.database, [five])
        except TooMany:
            return 429
        return 200

    assert _at_once(12, attempt) == [200] * 5 + [429] * 7
    with _writing(real_app) as session:
        assert len(session.exec(select(Attempts)).all()) == 1


def test_a_password_changed_while_signing_in_lets_nobody_in(real_app: FastAPI, owner: Person) -> None:
    """The old password was right when it was checked, and no longer is when the sign-in is written."""
    other = passwords.make_hash("a new and different sentence")
    with ThreadPoolExecutor(1) as pool:
        with ExitStack() as busy:
            for _ in range(passwords.CORES):
                busy.enter_context(passwords._turn())
            waiting = pool.submit(sign_in, browser(real_app), owner.email)
            while passwords._admitted._value > passwords.QUEUE - 1:
                assert not waiting.done()
            with _writing(real_app) as session:
                person = session.get_one(Person, owner.id)
                actions.change_password(session, person, other, but=None, origin="http://127.0.0.1:8000")
        assert waiting.result(10).status_code == 409
    with _writing(real_app) as session:
        assert session.exec(select(SignIn)).all() == []
