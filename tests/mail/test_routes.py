"""The list of messages."""

import datetime as dt
from collections.abc import Callable

import pytest
import sqlalchemy as sa
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlmodel import Session

from portal.app import create_app
from portal.clock import now
from portal.mail.models import Delivery
from tests import make
from tests.conftest import signed_in
from tests.people import Cast

As = Callable[..., TestClient]


def test_only_secretaries_and_auditors_see_it(client: TestClient, as_: As, cast: Cast) -> None:
    assert client.get("/messages").headers["location"].startswith("/sign-in")
    for person in (cast.stranger, cast.home_coordinator):
        assert as_(person).get("/messages").status_code == 403
    for person in (cast.secretary, cast.auditor):
        assert as_(person).get("/messages").status_code == 200


def test_it_shows_what_became_of_each_and_not_what_it_said(as_: As, cast: Cast, session: Session) -> None:
    make.message(session, subject="<b>Bold</b>", text="CANARY", delivery=Delivery.FAILED, failure="550 no such user")
    text = as_(cast.secretary).get("/messages").text
    assert "&lt;b&gt;Bold&lt;/b&gt;" in text
    assert "550 no such user" in text
    assert "CANARY" not in text


def test_the_demonstration_shows_the_text_too(app: FastAPI, cast: Cast, session: Session) -> None:
    make.message(session, text="http://127.0.0.1/verify")
    settings = app.state.settings.model_copy(update={"demonstration": True})
    demonstration = create_app(settings, app.state.database)
    assert "http://127.0.0.1/verify" in signed_in(demonstration, session, cast.secretary).get("/messages").text


def test_fifty_a_page_and_none_lost_between(as_: As, cast: Cast, session: Session) -> None:
    at = now()
    for number in range(120):  # several of one instant, as real ones are
        make.message(session, subject=f"S{number:03}", created_at=at - dt.timedelta(seconds=number // 7))
    secretary, href, seen = as_(cast.secretary), "/messages", []
    while href:
        text = secretary.get(href).text
        seen += [f"S{number:03}" for number in range(120) if f"S{number:03}" in text]
        href = text.split('rel="next"')[0].rsplit('href="', 1)[1].split('"')[0] if 'rel="next"' in text else ""
        href = href.replace("&amp;", "&")
    assert sorted(seen) == [f"S{number:03}" for number in range(120)]


def test_one_state_alone(as_: As, cast: Cast, session: Session) -> None:
    make.message(session, subject="waiting one")
    make.message(session, subject="failed one", delivery=Delivery.FAILED)
    text = as_(cast.secretary).get("/messages?state=failed").text
    assert "failed one" in text and "waiting one" not in text


@pytest.mark.parametrize("cursor", ["nonsense", "2027-01-01_x", "2027-01-01T00:00:00_" + "0" * 32, "_"])
def test_a_cursor_of_somebody_elses_is_no_page(as_: As, cast: Cast, cursor: str) -> None:
    assert as_(cast.secretary).get("/messages", params={"after": cursor}).status_code == 404


def test_the_number_of_queries_does_not_grow(app: FastAPI, as_: As, cast: Cast, session: Session) -> None:
    secretary = as_(cast.secretary)
    make.message(session)
    session.commit()
    one = queries_of(app, lambda: secretary.get("/messages"))
    make.message(session)
    make.message(session)
    session.commit()
    assert queries_of(app, lambda: secretary.get("/messages")) == one


def queries_of(app: FastAPI, work: Callable[[], object]) -> int:
    ran: list[str] = []
    engine = app.state.database.engines.write
    note = lambda _c, _cur, statement, *_: ran.append(statement)  # noqa: E731
    sa.event.listen(engine, "before_cursor_execute", note)
    work()
    sa.event.remove(engine, "before_cursor_execute", note)
    return len([one for one in ran if one.startswith("SELECT")])
