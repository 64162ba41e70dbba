"""Declining reminders: by the link in a mail without signing in, by the mail program itself, and in one's account."""

import uuid
from collections.abc import Callable

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlmodel import Session, select

from portal.accounts.queries import recipient
from portal.history import queries as history
from portal.mail import actions, unsubscribing
from portal.mail.models import Delivery, Kind, Message, Unsubscription
from tests import make
from tests.conftest import browser
from tests.people import Cast

As = Callable[..., TestClient]
CROSS = {"sec-fetch-site": "cross-site"}
REMINDER = "reports/draft_waits"
DECISION = "alumni/hidden"


@pytest.fixture
def message(session: Session, cast: Cast) -> Message:
    made = make.message(
        session, person_id=cast.applicant.id, address=cast.applicant.email, kind=Kind.REMINDER, subject="Soon due"
    )
    session.commit()
    return made


@pytest.fixture
def link(app: FastAPI, message: Message) -> str:
    return unsubscribing.path(app.state.settings.key, message.id)


def declined(session: Session) -> list[str]:
    session.expire_all()
    return list(session.exec(select(Unsubscription.address)))


def test_a_reader_declines_and_changes_their_mind(
    client: TestClient, session: Session, message: Message, link: str
) -> None:
    page = client.get(link)
    assert page.status_code == 200 and "Send no more reminders" in page.text
    assert message.address not in page.text
    assert page.headers["referrer-policy"] == "no-referrer"
    client.head(link)
    assert declined(session) == []
    for _ in range(2):
        assert client.post(link).headers["location"] == link
    assert declined(session) == [message.address]
    assert "Send reminders again" in client.get(link).text
    for _ in range(2):
        assert client.post(f"{link}/undo").headers["location"] == link
    assert declined(session) == []
    assert [entry.deed for entry in history.deeds(session, "message", message.id)] == [
        "accepted reminders", "declined reminders",
    ]  # fmt: skip


def test_a_mail_program_does_it_for_its_reader(app: FastAPI, session: Session, message: Message, link: str) -> None:
    """RFC 8058: no cookie, no origin, and no redirect in the answer."""
    answer = browser(app).post(link, content="List-Unsubscribe=One-Click",
                               headers={"content-type": "application/x-www-form-urlencoded"})  # fmt: skip
    assert answer.status_code == 200
    assert declined(session) == [message.address]


def test_changing_the_language_declines_nothing(client: TestClient, session: Session, link: str) -> None:
    for data in ({}, {"List-Unsubscribe": "One-Click"}):
        assert client.post(link, data={**data, "switch_language": "ja"}).status_code == 409
    assert declined(session) == []


def test_another_site_cannot_do_it(client: TestClient, session: Session, link: str) -> None:
    for path in (link, f"{link}/undo"):
        assert client.post(path, headers=CROSS).status_code == 403
    assert declined(session) == []


def test_a_link_that_is_none_of_ours_does_nothing(
    client: TestClient, app: FastAPI, session: Session, message: Message
) -> None:
    of_another = unsubscribing.signature(app.state.settings.key, uuid.uuid4())
    unknown = unsubscribing.path(app.state.settings.key, uuid.uuid4())
    for path in (f"/unsubscribe/{message.id}/{of_another}", f"/unsubscribe/{message.id}/ü", unknown):
        assert client.get(path).status_code == 404
        assert client.post(path).status_code == 404
        assert client.post(f"{path}/undo").status_code == 404
    assert declined(session) == []


def test_reminders_stay_in_the_portal_and_decisions_are_still_sent(
    client: TestClient, as_: As, cast: Cast, session: Session, message: Message, link: str
) -> None:
    client.post(link)
    session.expire_all()
    assert session.get_one(Message, message.id).delivery is Delivery.INBOX, "the one that waited, too"
    to = recipient(cast.applicant)
    call = make.call(session)
    reminder = actions.send(session, REMINDER, to=to, call=call, link="http://127.0.0.1:8000/applications")
    decision = actions.send(session, DECISION, to=to, opening=make.opening(session, call, cast.host))
    assert (reminder.delivery, decision.delivery) == (Delivery.INBOX, Delivery.QUEUED)
    assert reminder.subject in as_(cast.applicant).get("/inbox").text


def test_on_the_page_of_ones_account(as_: As, client: TestClient, cast: Cast, session: Session) -> None:
    reader = as_(cast.applicant)
    assert client.post("/account/reminders", data={"wanted": "false"}).status_code == 401
    assert "Turn reminders off" in reader.get("/account").text
    assert reader.post("/account/reminders", data={"wanted": "false"}, headers=CROSS).status_code == 403
    assert reader.post("/account/reminders").status_code == 409
    assert reader.post("/account/reminders", data={"wanted": "false"}).headers["location"] == "/account"
    assert declined(session) == [cast.applicant.email]
    assert "Turn reminders on" in reader.get("/account").text
    reader.post("/account/reminders", data={"wanted": "true"})
    assert declined(session) == []
