"""The page of the queue of messages."""

import datetime as dt
import re
import uuid
from collections.abc import Callable

import pytest
import sqlalchemy as sa
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlmodel import Session, select

from portal.accounts.models import Person, Role
from portal.app import create_app
from portal.circulars.models import CircularState
from portal.clock import now, today
from portal.contests.models import Edition
from portal.history.models import Entry
from portal.history.queries import deeds
from portal.home import sight
from portal.jobs.models import WorkerSign
from portal.mail import queries
from portal.mail.models import Delivery, Message
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


CROSS = {"sec-fetch-site": "cross-site"}


def changing(session: Session) -> list[str]:
    failed, waiting = make.message(session, delivery=Delivery.FAILED), make.message(session)
    session.commit()
    return [f"/messages/{failed.id}/retry", f"/messages/{waiting.id}/cancel", "/messages/retry", "/messages/ask"]


def test_who_may_not_act_on_the_queue(session: Session, cast: Cast, as_: As, client: TestClient) -> None:
    for path in changing(session):
        assert client.post(path).status_code == 401
        for person in (cast.stranger, cast.home_coordinator):
            assert as_(person).post(path).status_code in {403, 404}
        assert as_(cast.auditor).post(path).status_code == 403
        assert as_(cast.secretary).post(path, headers=CROSS).status_code == 403
    assert [entry.deed for entry in session.exec(select(Entry)) if "message" in entry.deed] == []


def test_a_stranger_learns_of_no_message(session: Session, cast: Cast, as_: As) -> None:
    for path in changing(session)[:2]:
        assert as_(cast.stranger).post(path).status_code == 404


def test_a_failed_one_is_tried_again_and_kept_in_the_history(session: Session, cast: Cast, as_: As) -> None:
    failed = make.message(session, delivery=Delivery.FAILED, attempts=9, failure="550 no")
    session.commit()
    secretary = as_(cast.secretary)
    assert f"/messages/{failed.id}/retry" in secretary.get("/messages").text
    assert secretary.post(f"/messages/{failed.id}/retry").status_code == 303
    session.refresh(failed)
    assert (failed.delivery, failed.attempts) == (Delivery.QUEUED, 0)
    assert [entry.deed for entry in deeds(session, "message", failed.id)] == ["message tried again"]
    assert secretary.post(f"/messages/{failed.id}/retry").status_code == 409
    assert secretary.post(f"/messages/{uuid.uuid4()}/retry").status_code == 404


def test_all_failed_ones_are_tried_again(session: Session, cast: Cast, as_: As) -> None:
    for _number in range(3):
        make.message(session, delivery=Delivery.FAILED)
    session.commit()
    secretary = as_(cast.secretary)
    assert "Try all 3 failed messages again" in secretary.get("/messages").text
    assert "3 messages wait" in secretary.get(secretary.post("/messages/retry").headers["location"]).text
    told = session.exec(select(Entry).where(Entry.deed == "failed messages tried again")).one()
    assert told.details == {"messages": 3}
    assert "failed messages again" not in secretary.get("/messages").text


def test_a_waiting_one_is_cancelled_unless_it_is_on_its_way(session: Session, cast: Cast, as_: As) -> None:
    waiting = make.message(session)
    gone = make.message(session, claimed_by="w1", claimed_until=now() + dt.timedelta(minutes=1))
    session.commit()
    secretary = as_(cast.secretary)
    assert secretary.post(f"/messages/{waiting.id}/cancel").status_code == 303
    session.refresh(waiting)
    assert waiting.delivery is Delivery.CANCELLED
    for message in (waiting, gone):
        assert secretary.post(f"/messages/{message.id}/cancel").status_code == 409


def test_an_auditor_sees_no_buttons(session: Session, cast: Cast, as_: As) -> None:
    changing(session)
    text = as_(cast.auditor).get("/messages").text
    assert "/retry" not in text and "/cancel" not in text


def _failed(session: Session, template: str, edition: Edition | None = None) -> Message:
    edition_id = edition.id if edition else None
    return make.message(
        session, subject=f"{template} {edition_id}", template=template, edition_id=edition_id, delivery=Delivery.FAILED
    )


def _of_all(session: Session, edition: Edition | None) -> list[Message]:
    return [_failed(session, f"{folder}/x", edition) for folder in (*sight.TO_AUTHORS, sight.CONSENTS)]


def _assert_sight(browser: TestClient, session: Session, *, seen: list[Message], hidden: list[Message]) -> None:
    """The list, the figures, each button and the one for all say the same."""
    for path in ("/messages", "/messages?state=failed"):
        text = browser.get(path).text
        assert [each.subject for each in seen if each.subject not in text] == []
        assert [each.subject for each in hidden if each.subject in text or each.address in text] == []
    assert re.findall(r"<dd>(\d+)</dd>", text.split("portal-figures")[1])[2] == str(len(seen))
    for each in hidden:
        assert browser.post(f"/messages/{each.id}/retry").status_code == 404
        assert browser.post(f"/messages/{each.id}/cancel").status_code == 404
    browser.post("/messages/retry")
    session.expire_all()
    assert {each.delivery for each in hidden} <= {Delivery.FAILED}
    assert {each.delivery for each in seen} == {Delivery.QUEUED}


def _judge(session: Session, edition: Edition, person: Person) -> None:
    make.judge(session, edition, person=person)


def _once(session: Session, edition: Edition, person: Person) -> None:
    days = {"begins_on": today() - dt.timedelta(days=9), "ends_on": today() - dt.timedelta(days=2)}
    make.grant(session, person, Role.JUDGE, edition_id=edition.id, **days)


def _asked(session: Session, edition: Edition, person: Person) -> None:
    make.judge_offer(session, edition, email=person.address)


@pytest.mark.parametrize("become", [_judge, _once, _asked])
def test_who_judges_an_edition_sees_no_message_about_it(
    session: Session, cast: Cast, as_: As, become: Callable[[Session, Edition, Person], None]
) -> None:
    judged, other = make.edition(session), make.edition(session)
    become(session, judged, cast.secretary)
    hidden = [*_of_all(session, judged), _failed(session, "judging/x", judged), *_of_all(session, other)]
    seen = [_failed(session, "judging/x", other), _failed(session, "accounts/x")]
    session.commit()
    browser = as_(cast.secretary)
    assert "You judge essays" in browser.get("/messages").text
    _assert_sight(browser, session, seen=seen, hidden=hidden)


def test_who_screens_an_edition_sees_its_messages_and_no_other_editions(session: Session, cast: Cast, as_: As) -> None:
    screened, judged, other = (make.edition(session) for _each in range(3))
    screens = make.screener(session, screened)
    make.judge(session, judged, person=screens)
    seen = [*_of_all(session, screened), _failed(session, "judging/x", other)]
    hidden = [*_of_all(session, judged), *_of_all(session, other), *_of_all(session, None)]
    session.commit()
    browser = as_(screens)
    assert "only of the editions that you screen" in browser.get("/messages").text
    _assert_sight(browser, session, seen=seen, hidden=hidden)


def test_who_does_not_screen_sees_no_message_to_authors(session: Session, cast: Cast, as_: As) -> None:
    """Beside the list of essays by code, the moment of a letter would tell whose essay was returned."""
    edition = make.edition(session)
    screens = make.screener(session, make.edition(session))
    unscreened = [*_of_all(session, edition), *(_failed(session, f"{folder}/x") for folder in sight.TO_AUTHORS)]
    seen = [_failed(session, "consents/guardian"), _failed(session, "panels/x", edition)]
    session.commit()
    text = as_(cast.auditor).get("/messages").text
    assert [each.subject for each in unscreened if each.subject in text] == []
    assert [each.subject for each in seen if each.subject not in text] == []
    _assert_sight(as_(cast.secretary), session, seen=seen, hidden=unscreened)
    assert [each.subject for each in unscreened if each.subject in as_(screens).get("/messages").text] == []


def test_what_a_paused_or_cancelled_circular_left_is_not_revived(session: Session, cast: Cast, as_: As) -> None:
    """Paused: it waits with the others. Cancelled: it is never sent."""
    expected = {
        CircularState.SENT: Delivery.QUEUED, CircularState.PAUSED: Delivery.HELD,
        CircularState.CANCELLED: Delivery.FAILED,
    }  # fmt: skip
    circulars = {state: make.circular(session, cast.secretary, state=state) for state in expected}
    failed = {"delivery": Delivery.FAILED}
    one = {state: make.message(session, circular_id=each.id, **failed) for state, each in circulars.items()}
    all_of_them = {state: make.message(session, circular_id=each.id, **failed) for state, each in circulars.items()}
    session.commit()
    browser = as_(cast.secretary)
    text = browser.get("/messages?state=failed").text
    assert [str(one[state].id) in text for state in expected] == [True, True, False]
    answers = [browser.post(f"/messages/{one[state].id}/retry").status_code for state in expected]
    assert answers == [303, 303, 409]
    assert browser.post("/messages/retry").status_code == 303
    session.expire_all()
    for messages in (one, all_of_them):
        assert {state: message.delivery for state, message in messages.items()} == expected
    told = session.exec(select(Entry).where(Entry.deed == "failed messages tried again")).one()
    assert told.details == {"messages": 2}


def test_the_page_tells_nothing_of_what_is_kept_back(session: Session, cast: Cast, as_: As) -> None:
    """Not even how many failed: beside the list of essays by code, the moment at which it grew would tell."""
    edition, browser = make.edition(session), as_(cast.secretary)
    make.message(session, subject="harmless", delivery=Delivery.FAILED)
    session.commit()
    before = _timeless(browser.get("/messages").text)
    _of_all(session, edition)
    session.commit()
    assert _timeless(browser.get("/messages").text) == before


def _timeless(text: str) -> str:
    return re.sub(r"<time.*?</time>", "", text)


def test_the_next_reminders_of_an_edition_are_for_who_screens_it(session: Session, cast: Cast, as_: As) -> None:
    soon = now() + dt.timedelta(days=9)
    screened, other = (make.edition(session, titles={"en": name}, due_at=soon) for name in ("Screened", "Another"))
    for edition in (screened, other):
        make.essay(session, "draft", edition=edition)
        make.judge_offer(session, edition, token=edition.titles["en"] * 8, expires_at=now() + dt.timedelta(days=9))
    screens = make.screener(session, screened)
    session.commit()
    listed = as_(screens).get("/messages").text.split("Next reminders", 1)[1]
    told = re.findall(r"<td[^>]*>(?:<[^>]*>)?([^<]*), \d+ days? \w+.*?</td>\s*<td.*?>(Screened|Another)<", listed, re.S)
    assert {title for what, title in told if what == "Essays that are not sent yet"} == {"Screened"}
    assert {title for what, title in told if what == "People who were asked to judge"} == {"Screened", "Another"}


def test_the_next_reminders_are_listed(session: Session, cast: Cast, as_: As) -> None:
    call = make.call(session, applications_due_at=now() + dt.timedelta(days=9))
    make.application(session, "draft", call=call)
    session.commit()
    listed = as_(cast.secretary).get("/messages").text.split("Next reminders", 1)[1]
    assert "Applications that are not submitted yet" in listed and call.title("en") in listed


def test_a_server_that_is_down_is_told_of_and_can_be_asked(session: Session, cast: Cast, as_: As) -> None:
    server = queries.mail_server(session)
    server.down_since, server.ask_at, server.failure = now(), now() + dt.timedelta(minutes=5), "421 <closed>"
    session.commit()
    secretary = as_(cast.secretary)
    text = secretary.get("/messages").text
    assert "has taken no messages since" in text and "421 &lt;closed&gt;" in text
    assert "/messages/ask" not in as_(cast.auditor).get("/messages").text
    assert secretary.post("/messages/ask").status_code == 303
    session.refresh(server)
    assert server.ask_at is None


def test_workers_are_listed_by_their_signs(session: Session, cast: Cast, as_: As) -> None:
    at = now()
    session.add(WorkerSign(executor_id="w-alive", started_at=at, seen_at=at))
    session.add(WorkerSign(executor_id="w-silent", started_at=at, seen_at=at - dt.timedelta(minutes=5)))
    session.add(WorkerSign(executor_id="w-stopped", started_at=at, seen_at=at, stopped_at=at))
    long_ago = at - dt.timedelta(days=30)
    session.add(WorkerSign(executor_id="w-forgotten", started_at=long_ago, seen_at=long_ago, stopped_at=long_ago))
    session.commit()
    text = as_(cast.secretary).get("/messages").text
    for name, state in (("w-alive", "At work"), ("w-silent", "Silent"), ("w-stopped", "Stopped")):
        assert state in text.split(name)[1].split("</tr>")[0]
    assert "w-forgotten" not in text


def test_figures_count_what_is_unfinished(session: Session, cast: Cast, as_: As) -> None:
    for delivery in (Delivery.QUEUED, Delivery.QUEUED, Delivery.HELD, Delivery.SENT):
        make.message(session, delivery=delivery, attempted_at=now())
    figures = as_(cast.secretary).get("/messages").text.split("portal-figures")[1].split("</dl>")[0]
    assert re.findall(r"<dd>(\d+)</dd>", figures) == ["2", "1", "0", "1"]
