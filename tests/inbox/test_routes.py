"""One's own messages in the portal."""

import datetime as dt
import re
import uuid
from collections.abc import Callable

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlmodel import Session

from portal.clock import now
from portal.mail.models import Delivery, Kind, Message
from tests import counting, make
from tests.database import JoinedDatabase
from tests.people import Cast

As = Callable[..., TestClient]
CROSS = {"sec-fetch-site": "cross-site"}


@pytest.fixture
def message(session: Session, cast: Cast) -> Message:
    made = make.message(session, person_id=cast.applicant.id, subject="<b>A place</b>", text="Read <i>it</i> here.")
    _ = cast.stranger, cast.secretary, cast.auditor
    session.commit()
    return made


def is_read(session: Session, message: Message) -> bool:
    session.expire_all()
    return session.get_one(Message, message.id).read_at is not None


def test_a_message_is_read_by_its_own_reader_alone(
    client: TestClient, as_: As, cast: Cast, session: Session, message: Message
) -> None:
    path = f"/inbox/{message.id}"
    for each in ("/inbox", path):
        assert client.get(each).headers["location"].startswith("/sign-in")
    assert client.post(f"{path}/read").status_code == 401
    assert client.post("/inbox/read", data={"until": str(message.id)}).status_code == 401
    for person in (cast.stranger, cast.secretary, cast.auditor):
        other = as_(person)
        assert "A place" not in other.get("/inbox").text
        assert other.get(path).status_code == 404
        assert other.post(f"{path}/read").status_code == 404
        assert other.post("/inbox/read", data={"until": str(message.id)}).status_code == 404
    assert not is_read(session, message)


def test_looking_changes_nothing_and_a_button_marks_it_read(
    as_: As, cast: Cast, session: Session, message: Message
) -> None:
    reader = as_(cast.applicant)
    listed = reader.get("/inbox").text
    assert "&lt;b&gt;A place&lt;/b&gt;" in listed and "Unread" in listed and "Messages (1)" in listed
    shown = reader.get(f"/inbox/{message.id}").text
    assert "Read &lt;i&gt;it&lt;/i&gt; here." in shown and "Mark as read" in shown
    assert not is_read(session, message)
    assert reader.post(f"/inbox/{message.id}/read", headers=CROSS).status_code == 403
    for _ in range(2):
        assert reader.post(f"/inbox/{message.id}/read").headers["location"] == "/inbox"
    assert is_read(session, message)
    after = reader.get("/inbox").text
    assert "Messages (1)" not in after and ">Messages<" in after.replace(" ", "").replace("\n", "")
    assert "Mark as read" not in reader.get(f"/inbox/{message.id}").text


def test_our_own_links_lead_on_and_others_are_text(as_: As, cast: Cast, session: Session, app: FastAPI) -> None:
    origin = app.state.settings.public_origin
    text = f"Here: {origin}/applications\nThere: https://evil.example/x"
    made = make.message(session, person_id=cast.applicant.id, text=text)
    shown = as_(cast.applicant).get(f"/inbox/{made.id}").text
    assert f'href="{origin}/applications"' in shown
    assert "https://evil.example/x" in shown and 'href="https://evil' not in shown


@pytest.mark.parametrize(
    "hidden", [{"kind": Kind.ACCESS}, {"delivery": Delivery.HELD}, {"delivery": Delivery.CANCELLED}], ids=str
)
def test_what_opens_something_or_was_stopped_is_not_shown(
    as_: As, cast: Cast, session: Session, hidden: dict[str, object]
) -> None:
    made = make.message(session, person_id=cast.applicant.id, subject="A secret way in", **hidden)
    reader = as_(cast.applicant)
    listed = reader.get("/inbox").text
    assert "A secret way in" not in listed and "Messages (1)" not in listed
    assert reader.get(f"/inbox/{made.id}").status_code == 404
    assert reader.post(f"/inbox/{made.id}/read").status_code == 404


@pytest.mark.parametrize(
    ("delivery", "said"),
    [
        (Delivery.QUEUED, "is on its way"),
        (Delivery.SENT, "was also sent"),
        (Delivery.FAILED, "could not be delivered"),
        (Delivery.INBOX, "wanted no reminders"),
    ],
)
def test_it_says_what_became_of_the_mail(as_: As, cast: Cast, session: Session, delivery: Delivery, said: str) -> None:
    made = make.message(session, person_id=cast.applicant.id, delivery=delivery, failure="550 secret words")
    shown = as_(cast.applicant).get(f"/inbox/{made.id}").text
    assert said in shown and "550 secret words" not in shown


def test_all_up_to_the_newest_on_the_page_are_marked(as_: As, cast: Cast, session: Session) -> None:
    at = now()
    old, seen, later = (
        make.message(session, person_id=cast.applicant.id, created_at=at + dt.timedelta(minutes=n)) for n in range(3)
    )
    other = make.message(session, person_id=cast.stranger.id, created_at=at)
    reader = as_(cast.applicant)
    until = re.search(r'name="until" value="([^"]+)"', reader.get("/inbox").text)
    assert until is not None and until[1] == str(later.id)
    assert reader.post("/inbox/read", data={"until": str(seen.id)}, headers=CROSS).status_code == 403
    assert reader.post("/inbox/read", data={"until": str(seen.id)}).status_code == 303
    assert [is_read(session, each) for each in (old, seen, later, other)] == [True, True, False, False]
    assert reader.post("/inbox/read").status_code == 409
    assert reader.post("/inbox/read", data={"until": str(uuid.uuid4())}).status_code == 404


def test_one_kind_alone(as_: As, cast: Cast, session: Session) -> None:
    for kind in (Kind.DECISION, Kind.RECEIPT):
        make.message(session, person_id=cast.applicant.id, subject=f"About a {kind.value}", kind=kind)
    reader = as_(cast.applicant)
    text = reader.get("/inbox?kind=decision").text
    assert "About a decision" in text and "About a receipt" not in text
    for everything in ("", "nonsense", "access"):
        assert "About a receipt" in reader.get(f"/inbox?kind={everything}").text
    assert "There are no such messages." in reader.get("/inbox?kind=reminder").text


def test_thirty_a_page_and_none_lost_between(as_: As, cast: Cast, session: Session) -> None:
    at = now()
    for number in range(70):  # several of one instant, as real ones are
        written = {"created_at": at - dt.timedelta(seconds=number // 7), "subject": f"S{number:03}"}
        make.message(session, person_id=cast.applicant.id, **written)
    reader, href, seen = as_(cast.applicant), "/inbox", []
    while href:
        text = reader.get(href).text
        seen += re.findall(r"S\d{3}", text)
        href = text.split('rel="next"')[0].rsplit('href="', 1)[1].split('"')[0] if 'rel="next"' in text else ""
    assert sorted(seen) == [f"S{number:03}" for number in range(70)]
    assert reader.get("/inbox?after=nonsense").status_code == 404
    assert "S000" not in reader.get(f"/inbox?after={uuid.uuid4()}").text


def test_the_number_of_queries_does_not_grow(
    database: JoinedDatabase, as_: As, cast: Cast, session: Session, message: Message
) -> None:
    reader = as_(cast.applicant)
    with counting.queries(database) as one:
        reader.get("/inbox")
    for _ in range(2):
        make.message(session, person_id=cast.applicant.id)
    session.commit()
    with counting.queries(database) as three:
        reader.get("/inbox")
    assert len(one) == len(three)


def test_the_header_costs_no_query_of_its_own(
    database: JoinedDatabase, client: TestClient, as_: As, cast: Cast, message: Message
) -> None:
    reader = as_(cast.applicant)
    with counting.queries(database) as asked:
        assert "Messages (1)" in reader.get("/account/password").text
    assert len([each for each in asked if "message" in each]) == 1 and "sign_in" in asked[0]
    with counting.queries(database) as unasked:
        assert "/inbox" not in client.get("/sign-in").text
    assert not [each for each in unasked if "message" in each]


def test_unread_messages_are_counted_by_an_index(session: Session, cast: Cast) -> None:
    if session.connection().dialect.name != "sqlite":
        pytest.skip("PostgreSQL chooses by what it knows of the rows")
    statement = "EXPLAIN QUERY PLAN SELECT count(*) FROM message WHERE person_id = 'x' AND read_at IS NULL"
    plan = str(session.connection().exec_driver_sql(statement).all())
    assert "ix_message_unread" in plan
