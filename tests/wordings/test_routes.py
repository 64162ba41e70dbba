"""The secretariat's own words for messages."""

import re
import uuid
from collections.abc import Callable
from html import unescape

import pytest
from fastapi.testclient import TestClient
from sqlmodel import Session, select

from portal.accounts.queries import recipient
from portal.applications.models import Application
from portal.calls.models import Call
from portal.history import queries as history
from portal.mail import actions as mail
from portal.mail.models import Message, Wording
from portal.wordings import templates
from portal.wordings.forms import field
from portal.wordings.templates import Sentence
from tests import counting, make
from tests.database import JoinedDatabase
from tests.people import Cast

As = Callable[..., TestClient]
CROSS = {"sec-fetch-site": "cross-site"}
SUBMITTED = "/wordings/applications.submitted/en"
RECEIPT = "Receipt: your application %(number)s is submitted"
RECEIVED = 'We have received your application to "%(call)s".'


@pytest.fixture
def secretary(as_: As, cast: Cast, session: Session) -> TestClient:
    _ = cast.stranger, cast.home_coordinator, cast.auditor
    session.commit()
    return as_(cast.secretary)


def sentence(template: str, text: str) -> Sentence:
    return next(each for each in templates.read(template).sentences if each.text.startswith(text))


def name(template: str, text: str, place: int = 0) -> str:
    return field(sentence(template, text), place)


SUBJECT = name("applications/submitted", RECEIPT)
BODY = name("applications/submitted", RECEIVED)


def seen(client: TestClient, path: str) -> str:
    found = re.search(r'name="seen" value="(\w*)"', client.get(path).text)
    assert found is not None
    return found[1]


def save(client: TestClient, path: str = SUBMITTED, **typed: str) -> object:
    return client.post(path, data={"seen": seen(client, path), **typed})


def kept(session: Session) -> list[tuple[str, str, list[str]]]:
    session.expire_all()
    return [(row.template, row.language, row.forms) for row in session.exec(select(Wording))]


def submitted(session: Session, cast: Cast, **fields: object) -> Message:
    application = make.application(session, "submitted", applicant=cast.applicant, **fields)
    call = session.get_one(Call, application.call_id)
    return mail.send(
        session, "applications/submitted", to=recipient(cast.applicant), application=application, call=call
    )


def test_who_may(client: TestClient, as_: As, cast: Cast, secretary: TestClient, session: Session) -> None:
    changing = (SUBMITTED, f"{SUBMITTED}/preview", f"{SUBMITTED}/letter", f"{SUBMITTED}/remove")
    for path in ("/wordings", SUBMITTED):
        assert client.get(path).headers["location"].startswith("/sign-in")
        assert secretary.get(path).status_code == as_(cast.auditor).get(path).status_code == 200
        for person in (cast.stranger, cast.home_coordinator):
            assert as_(person).get(path).status_code in {403, 404}
    for path in changing:
        assert client.post(path).status_code == 401
        for person in (cast.stranger, cast.home_coordinator, cast.auditor):
            assert as_(person).post(path, data={SUBJECT: "Mine"}).status_code in {403, 404}
        assert secretary.post(path, data={SUBJECT: "Mine"}, headers=CROSS).status_code == 403
    assert kept(session) == []


@pytest.mark.parametrize("path", ["/wordings/applications.none/en", "/wordings/applications.submitted/de",
                                  "/wordings/nominations._in_place/en", "/wordings/applications/en"])  # fmt: skip
def test_what_is_no_template_is_no_page(secretary: TestClient, path: str) -> None:
    assert secretary.get(path).status_code == 404
    assert secretary.post(path).status_code == 404


def test_an_auditor_reads_and_has_nothing_to_press(as_: As, cast: Cast, secretary: TestClient) -> None:
    text = as_(cast.auditor).get(SUBMITTED).text
    assert "Receipt: your application {number} is submitted" in text
    assert f'name="{SUBJECT}"' not in text


def test_the_list_names_each_message_by_its_subject(secretary: TestClient) -> None:
    save(secretary, **{SUBJECT: "We have {number}"})
    save(secretary, "/wordings/applications.submitted/mn", **{SUBJECT: "Баримт {number}", BODY: "«{call}»"})
    text = secretary.get("/wordings").text
    assert "Receipt: your application {number} is submitted" in text
    assert "The words of this message are kept elsewhere" in text
    assert re.search(r'applications.submitted/en"[^>]*>English</a> \(1\)', text)
    assert re.search(r'applications.submitted/mn"[^>]*>Монгол</a> \(2\)', text)


def test_a_message_is_written_in_the_secretarys_words_from_then_on(
    secretary: TestClient, cast: Cast, session: Session
) -> None:
    assert save(secretary, **{SUBJECT: "Got it: {number}, 100 %", BODY: "{call}:\nwell received."}).status_code == 303
    message = submitted(session, cast)
    number = session.exec(select(Application.number)).one()
    assert message.subject == f"Got it: {number}, 100 %"
    assert ":\nwell received." in message.text and "We have received" not in message.text


def test_what_is_left_empty_is_left_out(secretary: TestClient, cast: Cast, session: Session) -> None:
    save(secretary, **{BODY: ""})
    message = submitted(session, cast)
    assert "We have received" not in message.text and "Fingerprint" in message.text
    assert 'id="' + BODY in secretary.get(SUBMITTED).text


def test_what_is_the_portals_own_is_not_kept(secretary: TestClient, session: Session) -> None:
    answer = save(secretary, **{SUBJECT: "Receipt: your application {number} is submitted"})
    assert answer.status_code == 303 and kept(session) == []


def test_back_to_the_portals_own_words(secretary: TestClient, session: Session) -> None:
    save(secretary, **{SUBJECT: "We have {number}"})
    assert kept(session) == [("applications/submitted", "en", ["We have %(number)s"])]
    key = sentence("applications/submitted", RECEIPT).key
    assert f'value="{key}"' in secretary.get(SUBMITTED).text
    save(secretary, **{SUBJECT: "Anything {wrong", "back": key})
    assert kept(session) == []


def test_both_old_and_new_words_are_in_the_history(secretary: TestClient, cast: Cast, session: Session) -> None:
    save(secretary, **{SUBJECT: "One"})
    wording = session.exec(select(Wording.id)).one()
    save(secretary, **{SUBJECT: "Two"})
    newest, first = history.deeds(session, "wording", wording)
    assert newest.actor_id == cast.secretary.id
    assert (first.details["before"], first.details["after"]) == (None, ["One"])
    assert (newest.details["before"], newest.details["after"]) == (["One"], ["Two"])
    assert newest.details["template"] == "applications/submitted" and newest.details["passage"] == RECEIPT
    assert "by Secretary on" in secretary.get(SUBMITTED).text


REFUSED = ["{numbr}", "{", "}", "{{7*7}}", "${7*7}", "{number!r}", "a\u202eb", "a\x00b", "", "x" * 201]


@pytest.mark.parametrize("typed", REFUSED)
def test_what_is_refused_stands_there_again(secretary: TestClient, session: Session, typed: str) -> None:
    for path in (SUBMITTED, f"{SUBMITTED}/preview", f"{SUBMITTED}/letter"):
        data = {"seen": seen(secretary, SUBMITTED), SUBJECT: typed, BODY: "Mine, {call} <b>"}
        answer = secretary.post(path, data=data)
        assert answer.status_code == 422
        text = unescape(answer.text)
        assert "There is a problem" in text
        assert "Mine, {call} <b>" in text and "Mine, {call} &lt;b&gt;" in answer.text
        assert typed.replace("\x00", "") in text.replace("\x00", "")
    assert kept(session) == []


@pytest.mark.parametrize("payload", ["Subject\r\nBcc: victim@example.org", "a\nBcc: x", "=?utf-8?q?=0D=0ABcc:?="])
def test_no_header_can_be_written_with_a_subject(
    secretary: TestClient, cast: Cast, session: Session, payload: str
) -> None:
    save(secretary, **{SUBJECT: payload})
    subject = submitted(session, cast).subject
    assert "\n" not in subject and "\r" not in subject and "=?" not in subject


@pytest.mark.parametrize("payload", ["<%= 7*7 %>", "#set($x=7*7)", "%(number)s %d", "\\n", "<script>alert(1)</script>"])
def test_nothing_that_is_written_is_evaluated(
    secretary: TestClient, cast: Cast, session: Session, payload: str
) -> None:
    save(secretary, **{BODY: payload})
    assert payload in submitted(session, cast).text
    assert "<script>alert(1)" not in secretary.get(SUBMITTED).text


def test_a_value_cannot_name_a_placeholder(secretary: TestClient, cast: Cast, session: Session) -> None:
    save(secretary, **{BODY: "{call} {call}"})
    call = make.call(session, titles={"en": "{number} {{7*7}} %(number)s"})
    assert "{number} {{7*7}} %(number)s" in submitted(session, cast, call=call).text


def test_a_preview_saves_nothing(secretary: TestClient, cast: Cast, session: Session) -> None:
    message = submitted(session, cast)
    session.commit()
    answer = secretary.post(f"{SUBMITTED}/preview", data={SUBJECT: "Tried {number}", BODY: "<i>{call}</i>"})
    number = session.exec(select(Application.number)).one()
    assert answer.status_code == 200
    assert f"Tried {number}" in answer.text and "Preview, not saved" in answer.text
    assert "&lt;i&gt;" in answer.text and "<i>" not in answer.text
    assert "Tried {number}" in answer.text, "it stands in the field"
    assert kept(session) == []
    assert session.get_one(Message, message.id).subject == message.subject


def test_a_case_does_not_say_whose_it_is(secretary: TestClient, cast: Cast, session: Session) -> None:
    cast.applicant.name = "Anu Canary"
    to = recipient(cast.applicant)
    text = {"call": make.call(session), "matched": 1, "reserve": 0, "unmatched": 0}
    mail.send(session, "matches/home", to=to, link="https://us.example/secret/path", **text)
    mail.send(session, "private_lines/waits", to=to, opening=make.opening(session, make.call(session), cast.host),
              link="https://us.example/secret/path", name="Anu Canary")  # fmt: skip
    session.commit()
    for template in ("matches.home", "private_lines.waits"):
        shown = unescape(secretary.get(f"/wordings/{template}/en").text)
        assert "without its reader's name" in shown
        assert "Canary" not in shown and "/secret/path" not in shown and cast.applicant.email not in shown


def test_in_another_language_where_there_is_none_in_this(secretary: TestClient, cast: Cast, session: Session) -> None:
    cast.applicant.language = "zh-Hans"
    submitted(session, cast)
    session.commit()
    assert "It was written in 中文" in secretary.get(SUBMITTED).text
    assert "It was written in" not in secretary.get("/wordings/applications.submitted/zh-Hans").text


@pytest.mark.parametrize(
    "template", ["essays/received", "consents/withdrawn", "accounts/verify", "applications/submitted"]
)
def test_a_sample_where_no_message_may_be_shown_or_none_is(
    secretary: TestClient, cast: Cast, session: Session, template: str
) -> None:
    others = [each for each in templates.read(template).sentences if not each.is_subject]
    if template != "applications/submitted":
        parts = {"subject": ["CANARY"], "body": ["CANARY"], "around": ["CANARY"]}
        make.message(session, template=template, parts=parts, subject="CANARY", text="CANARY")
        session.commit()
    shown = unescape(secretary.get(f"/wordings/{template.replace('/', '.')}/en").text)
    assert "CANARY" not in shown
    assert others[0].text.partition("%")[0] in shown
    assert "The names of the placeholders stand for their values" in shown


def test_a_message_of_before_that_has_no_parts_is_no_case(secretary: TestClient, session: Session) -> None:
    make.message(session, template="applications/submitted")
    session.commit()
    assert "No message of this kind was written yet" in secretary.get(SUBMITTED).text


def test_as_an_html_mail(secretary: TestClient, cast: Cast, session: Session) -> None:
    submitted(session, cast)
    session.commit()
    answer = secretary.post(f"{SUBMITTED}/letter", data={BODY: "<i>{call}</i>"})
    assert answer.status_code == 200 and "&lt;i&gt;" in answer.text and "Receipt" in answer.text
    assert answer.headers["content-security-policy"].startswith("sandbox; default-src 'none'")
    assert kept(session) == []


def test_the_layout_is_worded_too(secretary: TestClient, cast: Cast, session: Session) -> None:
    path = "/wordings/_layout/en"
    signature = name("_layout", "Youth portal of")
    assert "[…]" in secretary.get(path).text
    assert save(secretary, path, **{signature: "Your secretariat"}).status_code == 303
    message = submitted(session, cast)
    assert "Your secretariat" in message.text and "Youth portal of" not in message.text


@pytest.mark.parametrize(("language", "forms"), [("ru", 3), ("ja", 1), ("mn", 2), ("zh-Hans", 1)])
def test_every_language_has_as_many_fields_as_it_counts_with(
    secretary: TestClient, session: Session, language: str, forms: int
) -> None:
    path = f"/wordings/nominations.came_in/{language}"
    names = [name("nominations/came_in", "%(count)s application", place) for place in range(forms)]
    text = secretary.get(path).text
    assert all(f'name="{each}"' in text for each in names) and f'{names[0][:-1]}{forms}"' not in text
    typed = {each: f"{{count}} {place}" for place, each in enumerate(names)}
    assert save(secretary, path, **typed).status_code == 303
    assert kept(session) == [("nominations/came_in", language, [f"%(count)s {place}" for place in range(forms)])]
    if forms > 1:
        assert save(secretary, path, **{**typed, names[-1]: ""}).status_code == 422


def test_words_that_another_changed_meanwhile_are_not_lost(secretary: TestClient, session: Session) -> None:
    before = seen(secretary, SUBMITTED)
    save(secretary, **{SUBJECT: "Theirs"})
    mine = {"seen": before, SUBJECT: "Mine", BODY: "Mine too"}
    answer = secretary.post(SUBMITTED, data=mine)
    assert answer.status_code == 409
    assert "Mine too" in answer.text and "Theirs" in answer.text
    assert kept(session) == [("applications/submitted", "en", ["Theirs"])]
    again = re.search(r'name="seen" value="(\w*)"', answer.text)
    assert again is not None
    for _ in range(2):  # a press may arrive twice
        assert secretary.post(SUBMITTED, data={**mine, "seen": again[1]}).status_code == 303
    assert len(kept(session)) == 2


def test_words_for_a_sentence_that_is_gone(secretary: TestClient, cast: Cast, session: Session) -> None:
    row = Wording(template="applications/submitted", language="en", passage="Gone", forms=["Mine"],
                  edited_by=cast.secretary.id)  # fmt: skip
    make.saved(session, row)
    session.commit()
    assert "Not used any more" in secretary.get(SUBMITTED).text
    assert secretary.post(f"{SUBMITTED}/remove", data={"wording": str(uuid.uuid4())}).status_code == 404
    assert secretary.post(f"{SUBMITTED}/remove", data={}).status_code == 409
    assert secretary.post(f"{SUBMITTED}/remove", data={"wording": str(row.id)}).status_code == 303
    assert kept(session) == []
    save(secretary, **{SUBJECT: "In use"})
    used = session.exec(select(Wording.id)).one()
    assert secretary.post(f"{SUBMITTED}/remove", data={"wording": str(used)}).status_code == 404


def test_the_number_of_queries_does_not_grow(
    database: JoinedDatabase, secretary: TestClient, cast: Cast, session: Session
) -> None:
    def asked(path: str) -> int:
        with counting.queries(database) as ran:
            assert secretary.get(path).status_code == 200
        return len(ran)

    save(secretary, **{SUBJECT: "One"})
    submitted(session, cast)
    session.commit()
    paths = ("/wordings", SUBMITTED)
    few = [asked(path) for path in paths]
    save(secretary, **{BODY: "Two"})
    save(secretary, "/wordings/_layout/en", **{name("_layout", "Youth"): "Three"})
    for _ in range(2):
        to = make.person(session)
        application = make.application(session, "submitted", applicant=to)
        call = session.get_one(Call, application.call_id)
        mail.send(session, "applications/submitted", to=recipient(to), application=application, call=call)
    session.commit()
    assert [asked(path) for path in paths] == few
