"""Pages of circulars: who reads what, what is refused, and that nothing typed is lost."""

import csv
import datetime as dt
import io
from collections.abc import Callable
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlmodel import Session, select

from portal.accounts.models import Invitation, Person, Role
from portal.accounts.viewer import token_digest
from portal.circulars import queries, rules, words
from portal.circulars.models import Circular, CircularRecipient, CircularState
from portal.clock import now, today
from portal.contests.models import Edition
from portal.history.queries import deeds
from portal.mail.models import Delivery, Message
from tests import counting, make
from tests.database import JoinedDatabase
from tests.people import Cast

As = Callable[[Person], TestClient]
ELSEWHERE = {"sec-fetch-site": "cross-site"}
TEXTS = {"subject_en": "The next call", "text_en": "Dear {name},\n\nit opens."}
DEEDS = ("audience", "text", "test", "send", "copy", "delete", "pause", "continue", "cancel")


@pytest.fixture
def secretary(session: Session) -> Person:
    """With a password, which sending asks for."""
    made = make.member(session, "Secretary with a password")
    make.grant(session, made, Role.SECRETARY)
    return made


@pytest.fixture
def draft(session: Session, cast: Cast, secretary: Person) -> Circular:
    _ = cast.home_coordinator, cast.host_coordinator
    made = make.circular(session, secretary)
    session.commit()
    return made


def _path(circular: Circular, page: str = "") -> str:
    return f"/circulars/{circular.id}{page and '/'}{page}"


def _sent(session: Session, by: Person, readers: int = 3, **fields: Any) -> Circular:
    """Every message is written: one arrived, one failed, the others wait."""
    made = make.circular(
        session, by, state=CircularState.SENT, total=readers, sent_by=by.id, sent_at=by.created_at, **fields
    )
    states = [Delivery.SENT, Delivery.FAILED, *[Delivery.QUEUED] * readers][:readers]
    for number, state in enumerate(states):
        address = f"reader{number}@example.org"
        failure = "550 =no such mailbox" if state is Delivery.FAILED else ""
        message = make.message(session, address=address, circular_id=made.id, delivery=state, failure=failure)
        row = CircularRecipient(
            id=message.id, circular_id=made.id, address=address, name=f"=Reader {number}", language="en"
        )
        make.saved(session, row).message_id = message.id
    session.commit()
    return made


def _marked(session: Session, circular: Circular) -> str:
    numbers = queries.numbers(session, queries.audience_of(circular), circular.choices)
    return rules.mark(circular, numbers.total)


# Who may


def test_nobody_else_reads_or_changes_anything(draft: Circular, cast: Cast, client: TestClient, as_: As) -> None:
    reading = ["/circulars", *(_path(draft, page) for page in ("", "progress", "recipients", "recipients.csv"))]
    for path in reading:
        assert client.get(path).status_code in {303, 401}
        assert as_(cast.auditor).get(path).status_code == 200
        for person in (cast.stranger, cast.home_coordinator):
            assert as_(person).get(path).status_code in {403, 404}
    for path in ["/circulars", *(_path(draft, deed) for deed in DEEDS)]:
        assert client.post(path).status_code == 401
        for person in (cast.stranger, cast.home_coordinator):
            assert as_(person).post(path).status_code in {403, 404}
        assert as_(cast.auditor).post(path).status_code == 403
        assert as_(cast.secretary).post(path, headers=ELSEWHERE).status_code == 403


def test_the_wrong_moment(session: Session, secretary: Person, as_: As) -> None:
    browser, sent = as_(secretary), _sent(session, secretary)
    for deed in ("audience", "text", "test", "delete"):
        data = {"audience": "coordinators", **TEXTS}
        assert browser.post(_path(sent, deed), data=data).status_code == 409
    data = {"password": make.PASSWORD, "seen": "x"}
    assert browser.post(_path(sent, "send"), data=data).status_code == 409
    for page in ("audience", "text"):
        assert browser.get(_path(sent, page)).status_code == 409
    assert browser.post(_path(sent, "continue")).status_code == 409
    draft = make.circular(session, secretary)
    session.commit()
    for deed in ("pause", "continue", "cancel"):
        assert browser.post(_path(draft, deed)).status_code == 409


# Writing


def test_from_the_group_to_the_draft(session: Session, cast: Cast, secretary: Person, as_: As) -> None:
    _ = cast.home_coordinator
    browser = as_(secretary)
    assert "Coordinators without published openings" in browser.get("/circulars/new").text
    assert "Country (optional)" in browser.get("/circulars/new?audience=coordinators").text
    answer = browser.post("/circulars", data={"audience": "coordinators", "country": "MN"})
    made = session.exec(select(Circular)).one()
    assert answer.headers["location"] == _path(made, "text")
    assert "English 1" in browser.get(_path(made, "text")).text
    assert browser.post(_path(made, "text"), data=TEXTS).headers["location"] == _path(made)
    page = browser.get(_path(made)).text
    assert "Dear Secretary with a password," in page
    assert cast.home_coordinator.email in page
    assert words.NOT_TESTED in page and _path(made, "send") not in page
    changed = browser.post(_path(made, "audience"), data={"audience": "secretaries"})
    assert changed.headers["location"] == _path(made)
    done = [entry.deed for entry in deeds(session, "circular", made.id)]
    assert done == ["circular addressed", "circular edited", "circular written"]
    assert "it opens" not in str([entry.details for entry in deeds(session, "circular", made.id)])


@pytest.mark.parametrize(
    "data",
    [{}, {"audience": "everybody"}, {"audience": "applicants"}, {"audience": "coordinators", "country": "XX"},
     {"audience": "authors", "edition": "00000000-0000-0000-0000-000000000000"}, {"audience": "hosts", "call": "x'"}],
)  # fmt: skip
def test_a_group_that_is_none_is_refused(secretary: Person, as_: As, data: dict[str, str]) -> None:
    assert as_(secretary).post("/circulars", data=data).status_code == 422


def _judges(session: Session, edition: Edition, person: Person) -> None:
    make.judge(session, edition, person=person)


def _judged_once(session: Session, edition: Edition, person: Person) -> None:
    day = today()
    begins_on, ends_on = day - dt.timedelta(days=9), day - dt.timedelta(days=2)
    make.grant(session, person, Role.JUDGE, edition_id=edition.id, begins_on=begins_on, ends_on=ends_on)


def _is_offered_to_judge(session: Session, edition: Edition, person: Person) -> None:
    make.judge_offer(session, edition, email=person.address)


def _is_invited_to_judge(session: Session, edition: Edition, person: Person) -> None:
    at = now()
    offered = Invitation(
        email=person.address, role=Role.JUDGE, edition_id=edition.id, token_digest=token_digest("j" * 43),
        invited_at=at, expires_at=at + dt.timedelta(days=7),
    )  # fmt: skip
    make.saved(session, offered)


@pytest.mark.parametrize("become", [_judges, _judged_once, _is_offered_to_judge, _is_invited_to_judge])
@pytest.mark.parametrize("audience", ["authors", "judges"])
def test_who_judges_an_edition_writes_to_nobody_in_it(
    session: Session, secretary: Person, as_: As, audience: str, become: Callable[[Session, Edition, Person], None]
) -> None:
    """Where few write, the number of authors by the state of their essays tells who wrote what."""
    judged, other = make.edition(session, titles={"en": "Theirs"}), make.edition(session, titles={"en": "Another"})
    make.essay(session, "returned", edition=judged)
    become(session, judged, secretary)
    choices = {"edition": str(judged.id)}
    of_a_colleague = make.circular(session, secretary, audience=audience, choices=choices)
    session.commit()
    browser = as_(secretary)
    shown = browser.get(f"/circulars/new?audience={audience}").text
    assert "Another" in shown and "Theirs" not in shown
    assert browser.post("/circulars", data={"audience": audience, **choices}).status_code == 422
    assert browser.post("/circulars", data={"audience": audience, "edition": str(other.id)}).status_code == 303
    draft = session.exec(select(Circular).where(Circular.id != of_a_colleague.id)).one()
    assert browser.post(_path(draft, "audience"), data={"audience": audience, **choices}).status_code == 422
    assert str(of_a_colleague.id) not in browser.get("/circulars").text
    for page in ("", "progress", "audience", "text", "recipients", "recipients.csv"):
        assert browser.get(_path(of_a_colleague, page)).status_code == 404
    for deed in DEEDS:
        data = {"audience": audience, **choices, **TEXTS, "password": make.PASSWORD}
        assert browser.post(_path(of_a_colleague, deed), data=data).status_code == 404


def test_another_placeholder_is_refused_and_nothing_is_lost(draft: Circular, secretary: Person, as_: As) -> None:
    typed = {**TEXTS, "text_en": "Dear {name}, {{ 7 * 7 }} <b>bold</b>"}
    refused = as_(secretary).post(_path(draft, "text"), data=typed)
    assert refused.status_code == 422
    assert "{{ 7 * 7 }} &lt;b&gt;bold&lt;/b&gt;" in refused.text
    assert "Take every other brace out" in refused.text


def test_an_edited_text_is_tested_anew(session: Session, draft: Circular, secretary: Person, as_: As) -> None:
    browser = as_(secretary)
    assert _path(draft, "send") in browser.get(_path(draft)).text
    browser.post(_path(draft, "text"), data=TEXTS)
    session.refresh(draft)
    assert draft.tested_at is None
    assert "ko" not in draft.texts


def test_a_copy_and_a_deletion(session: Session, secretary: Person, as_: As) -> None:
    sent, browser = _sent(session, secretary), as_(secretary)
    browser.post(_path(sent, "copy"))
    copied = session.exec(select(Circular).where(Circular.id != sent.id)).one()
    assert (copied.texts, copied.state, copied.tested_at) == (sent.texts, CircularState.DRAFT, None)
    assert browser.post(_path(copied, "delete")).headers["location"] == "/circulars"
    assert session.exec(select(Circular)).all() == [sent]


def test_languages_that_are_missing_are_said(
    session: Session, draft: Circular, secretary: Person, cast: Cast, as_: As
) -> None:
    cast.home_coordinator.language, cast.host_coordinator.language = "mn", "ko"
    session.commit()
    page = as_(secretary).get(_path(draft)).text
    assert page.count("they get the English") == 1


# Testing and sending


def test_a_test_comes_to_oneself_in_every_language(
    session: Session, draft: Circular, secretary: Person, as_: As
) -> None:
    assert as_(secretary).post(_path(draft, "test")).status_code == 303
    sent = session.exec(select(Message).order_by(Message.language)).all()
    assert [(each.address, each.language, each.circular_id) for each in sent] == [
        (secretary.email, "en", None), (secretary.email, "ko", None),
    ]  # fmt: skip
    assert "Dear Secretary with a password," in sent[0].text
    assert "Secretary with a password 님," in sent[1].text


def test_tests_are_limited(draft: Circular, secretary: Person, as_: As) -> None:
    browser = as_(secretary)
    assert [browser.post(_path(draft, "test")).status_code for _each in range(31)][-2:] == [303, 429]


@pytest.mark.parametrize("password", ["", "a wrong password, surely"])
def test_sending_asks_for_the_password_again(
    session: Session, draft: Circular, secretary: Person, as_: As, password: str
) -> None:
    data = {"password": password, "seen": _marked(session, draft)}
    refused = as_(secretary).post(_path(draft, "send"), data=data)
    assert refused.status_code == 422
    session.refresh(draft)
    assert draft.state is CircularState.DRAFT
    assert not password or password not in refused.text


def test_what_has_changed_meanwhile_is_not_sent(
    session: Session, draft: Circular, secretary: Person, cast: Cast, as_: As
) -> None:
    seen = _marked(session, draft)
    _ = cast.other_coordinator
    session.commit()
    answer = as_(secretary).post(_path(draft, "send"), data={"password": make.PASSWORD, "seen": seen})
    assert (answer.status_code, words.CHANGED in answer.text) == (409, True)


def test_sending_keeps_whom_it_goes_to(
    session: Session, draft: Circular, secretary: Person, cast: Cast, as_: As
) -> None:
    data = {"password": make.PASSWORD, "seen": _marked(session, draft)}
    browser = as_(secretary)
    assert browser.post(_path(draft, "send"), data=data).status_code == 303
    assert browser.post(_path(draft, "send"), data=data).status_code == 409, "pressed twice"
    session.refresh(draft)
    kept = session.exec(select(CircularRecipient.address)).all()
    assert set(kept) == {cast.home_coordinator.email, cast.host_coordinator.email}
    assert (draft.state, draft.total, draft.sent_by) == (CircularState.SENDING, 2, secretary.id)
    assert "0 of 2 are done." in browser.get(_path(draft)).text
    [entry] = [each for each in deeds(session, "circular", draft.id) if each.deed == "circular sent"]
    assert entry.details == {"audience": "coordinators", "choices": {}, "to": 2}


# What became of it


def test_progress_pause_and_cancelling(session: Session, secretary: Person, as_: As) -> None:
    sent, browser = _sent(session, secretary, 4), as_(secretary)
    page = browser.get(_path(sent)).text
    assert "2 of 4 are done." in page and "hx-get" in page
    assert browser.post(_path(sent, "pause")).status_code == 303
    fragment = browser.get(_path(sent, "progress")).text
    assert "Kept back" in fragment and "hx-get" not in fragment and "<html" not in fragment
    assert _states(session, sent) == ["failed", "held", "held", "sent"]
    assert browser.post(_path(sent, "continue")).status_code == 303
    assert _states(session, sent) == ["failed", "queued", "queued", "sent"]
    assert browser.post(_path(sent, "cancel")).status_code == 303
    assert _states(session, sent) == ["cancelled", "cancelled", "failed", "sent"]
    assert browser.post(_path(sent, "pause")).status_code == 409


def _states(session: Session, circular: Circular) -> list[str]:
    session.expire_all()
    found = session.exec(select(Message.delivery).where(Message.circular_id == circular.id))
    return sorted(each.value for each in found)


def test_each_recipient_and_what_the_server_said(session: Session, secretary: Person, as_: As) -> None:
    sent, browser = _sent(session, secretary), as_(secretary)
    page = browser.get(_path(sent, "recipients")).text
    assert all(f"reader{number}@example.org" in page for number in range(3))
    failed = browser.get(_path(sent, "recipients?state=failed")).text
    assert "550 =no such mailbox" in failed and "reader0@example.org" not in failed
    file = browser.get(_path(sent, "recipients.csv"))
    rows = list(csv.reader(io.StringIO(file.content.decode("utf-8-sig"))))
    assert rows[2] == ["reader1@example.org", "'=Reader 1", "en", "Failed", "", "550 =no such mailbox"]
    assert file.headers["content-type"] == "text/csv; charset=utf-8"


def test_a_list_of_recipients_has_pages(
    session: Session, secretary: Person, as_: As, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queries, "PAGE", 2)
    sent = _sent(session, secretary, 5)
    seen = []
    for delivery in (None, Delivery.QUEUED):
        found, after = queries.results(session, sent, delivery=delivery)
        seen += found
        while after:
            found, after = queries.results(session, sent, delivery=delivery, after=after)
            seen += found
    assert len(seen) == 5 + 3
    assert len({each.recipient.address for each in seen}) == 5
    assert len(list(queries.all_results(session, sent))) == 5


def test_the_list_of_circulars_has_pages(
    session: Session, secretary: Person, as_: As, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queries, "PAGE", 2)
    for _each in range(3):
        make.circular(session, secretary)
    viewer = make.viewer(session, secretary)
    first, after = queries.newest(session, viewer)
    second, end = queries.newest(session, viewer, after)
    assert (len({each.id for each in [*first, *second]}), end) == (3, None)


def test_of_authors_there_are_numbers_only(session: Session, secretary: Person, as_: As) -> None:
    edition = make.edition(session)
    author = make.person(session, "Secret Author")
    make.essay(session, "draft", edition=edition, author=author)
    blind = make.circular(session, secretary, audience="authors", choices={"edition": str(edition.id)})
    session.commit()
    browser = as_(secretary)
    page = browser.get(_path(blind)).text
    assert author.name not in page and author.email not in page
    assert "Who they are is shown to nobody." in page
    browser.post(_path(blind, "send"), data={"password": make.PASSWORD, "seen": _marked(session, blind)})
    assert author.email not in browser.get(_path(blind)).text
    for path in ("recipients", "recipients.csv", "recipients?state=failed"):
        assert browser.get(_path(blind, path)).status_code == 404


@pytest.mark.parametrize("path", ["", "/progress", "/recipients"])
def test_a_page_needs_as_many_queries_for_many_as_for_one(
    session: Session, secretary: Person, database: JoinedDatabase, as_: As, path: str
) -> None:
    one, three, browser = _sent(session, secretary, 1), _sent(session, secretary, 3), as_(secretary)
    few, many = (f"/circulars/{each.id}{path}" for each in (one, three))
    asked = counting.queries_of(database, lambda: browser.get(few))
    assert asked == counting.queries_of(database, lambda: browser.get(many))


def test_the_lists_need_as_many_queries_for_many_as_for_one(
    session: Session, secretary: Person, database: JoinedDatabase, as_: As
) -> None:
    browser = as_(secretary)
    counts = set()
    for number in (1, 2):
        for _each in range(number):
            make.circular(session, secretary)
        session.commit()
        counts.add(counting.queries_of(database, lambda: browser.get("/circulars")))
    assert len(counts) == 1
