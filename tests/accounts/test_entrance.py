"""Registering, confirming, signing in and out."""

import re
from collections.abc import Callable

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from httpx2 import Response
from sqlmodel import Session, select

from portal.accounts import passwords, queries
from portal.accounts.models import Person, Registration, SignIn
from portal.mail.models import Message
from tests import make
from tests.accounts import letters
from tests.conftest import browser
from tests.people import Cast

ADDRESS = "newcomer@example.org"
FORM = {"name": "Бат-Эрдэнэ", "email": ADDRESS, "password": make.PASSWORD, "language": "en", "zone": "Asia/Ulaanbaatar"}


def register(client: TestClient, **fields: str) -> Response:
    return client.post("/register", data={**FORM, **fields})


def confirm(client: TestClient, path: str, password: str = make.PASSWORD) -> Response:
    token = path.partition("token=")[2]
    return client.post("/verify", data={"token": token, "password": password})


def sign_in(client: TestClient, email: str, password: str = make.PASSWORD, **fields: str) -> Response:
    return client.post("/sign-in", data={"email": email, "password": password, **fields})


def is_signed_in(client: TestClient) -> bool:
    return client.get("/account").status_code == 200


@pytest.fixture
def owner(session: Session) -> Person:
    made = make.member(session, "Owner")
    session.commit()
    return made


def test_from_registering_to_signing_in_again(client: TestClient, session: Session) -> None:
    assert register(client).headers["location"] == "/register/sent"
    assert "Look in your mail" in client.get("/register/sent").text
    path = letters.newest_link(session, ADDRESS)
    page = client.get(path)
    assert page.status_code == 200
    assert queries.by_email(session, ADDRESS) is None, "a GET makes nobody"
    assert confirm(client, path).headers["location"] == "/account"
    assert "Бат-Эрдэнэ" in client.get("/account").text
    assert client.post("/sign-out").status_code == 303
    assert not is_signed_in(client)
    assert sign_in(client, "  NewComer@EXAMPLE.org ", next="/governments").headers["location"] == "/governments"
    assert is_signed_in(client)


def test_a_link_confirms_once(client: TestClient, session: Session) -> None:
    register(client)
    path = letters.newest_link(session, ADDRESS)
    confirm(client, path)
    again = confirm(client, path)
    assert again.status_code == 409
    assert client.get(path).status_code == 409


def test_a_strangers_registration_is_worth_nothing_to_them(app: FastAPI, session: Session) -> None:
    """They know a password but not the mail, and the owner of the mail does not know their password."""
    stranger, owner = browser(app), browser(app)
    register(owner, password="a walk along the frozen shore")
    register(stranger, password="the strangers own choice here")
    own, strangers = [letters.link(message) for message in letters.to(session, ADDRESS)]
    assert confirm(owner, strangers, "a walk along the frozen shore").status_code == 422
    assert confirm(owner, own, "a walk along the frozen shore").status_code == 303
    assert confirm(stranger, strangers, "the strangers own choice here").status_code == 409
    assert sign_in(stranger, ADDRESS, "the strangers own choice here").status_code == 422
    assert session.exec(select(Registration).where(Registration.email == ADDRESS)).one().used_at


def _state(session: Session, name: str, app: FastAPI) -> str:
    """An address that is known, unknown, or registered and not confirmed."""
    if name == "known":
        return make.member(session).email
    if name == "unconfirmed":
        register(browser(app), email="waiting@example.org")
        return "waiting@example.org"
    return "nobody@example.org"


STATES = ("known", "unknown", "unconfirmed")
POSTS: dict[str, Callable[[TestClient, str], Response]] = {
    "register": lambda client, address: register(client, email=address),
    "sign in": lambda client, address: sign_in(client, address, "not the right password"),
    "reset": lambda client, address: client.post("/reset", data={"email": address}),
}


def _bytes(answer: Response, address: str) -> tuple[int, list[tuple[str, str]], str]:
    body = re.sub(r"Reference: \w+", "", answer.text.replace(address, "ADDRESS"))
    headers = [(name, value) for name, value in answer.headers.multi_items() if name not in {"content-length", "date"}]
    return answer.status_code, headers, body


@pytest.mark.parametrize("language", ["en", "zh-Hans"])
@pytest.mark.parametrize("form", POSTS)
def test_the_answer_does_not_tell_who_has_an_account(app: FastAPI, session: Session, form: str, language: str) -> None:
    answers = []
    for state in STATES:
        address = _state(session, state, app)
        session.commit()
        client = browser(app, **{"accept-language": language})
        answers.append(_bytes(POSTS[form](client, address), address))
    assert answers[0] == answers[1] == answers[2]


@pytest.mark.parametrize("form", POSTS)
@pytest.mark.parametrize("state", STATES)
def test_one_hash_is_computed_whoever_has_the_address(
    app: FastAPI, session: Session, form: str, state: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    address = _state(session, state, app)
    session.commit()
    turns = []
    counted = passwords._turn
    monkeypatch.setattr(passwords, "_turn", lambda: (turns.append(1), counted())[1])
    POSTS[form](browser(app), address)
    assert len(turns) == (0 if form == "reset" else 1)


@pytest.mark.parametrize(("state", "first_line"), [
    ("known", "You have an account already"),
    ("unknown", "Confirm your address"),
    ("unconfirmed", "Confirm your address"),
])  # fmt: skip
def test_the_mail_tells_what_the_page_does_not(app: FastAPI, session: Session, state: str, first_line: str) -> None:
    address = _state(session, state, app)
    session.commit()
    register(browser(app), email=address)
    assert letters.to(session, address)[-1].subject == first_line


def test_signing_in_before_confirming_sends_the_link_again(app: FastAPI, session: Session) -> None:
    client = browser(app)
    register(client)
    assert sign_in(client, ADDRESS).status_code == 422
    assert len(letters.to(session, ADDRESS)) == 2
    sign_in(client, ADDRESS, "not the right password")
    assert len(letters.to(session, ADDRESS)) == 2, "only who knows the password is reminded"
    assert confirm(client, letters.newest_link(session, ADDRESS)).status_code == 303


@pytest.mark.parametrize(("field", "value", "sentence"), [
    ("name", "", "Fill this in."),
    ("name", "x" * 121, "Use at most 120 characters."),
    ("email", "no address", "Enter an e-mail address"),
    ("email", "name@localhost", "Enter an e-mail address"),
    ("email", "a@example.org\r\nBcc: b@example.org", "Enter an e-mail address"),
    ("password", "too short", "Use at least 12 characters."),
    ("password", "x" * 129, "Use at most 128 characters."),
    ("password", "password123456", "too easily guessed"),
    ("password", "newcomer likes tea", "Leave your name"),
    ("password", "мой бат лежит в углу", "Leave your name"),
    ("language", "tlh", "Choose one from the list."),
    ("zone", "Mars/Olympus", "Choose one from the list."),
])  # fmt: skip
def test_what_is_wrong_is_said_and_kept(
    client: TestClient, session: Session, field: str, value: str, sentence: str
) -> None:
    answer = register(client, **{"name": 'Бат "<b>"', field: value})
    assert answer.status_code == 422
    assert sentence in answer.text
    assert "<b>" not in answer.text
    assert field == "name" or "Бат &#34;&lt;b&gt;&#34;" in answer.text
    assert make.PASSWORD not in answer.text
    assert session.exec(select(Message)).all() == []


@pytest.mark.parametrize(
    "password",
    [
        "пароль из шести разных слов",
        "비가 온 뒤에 땅이 굳는다니까",
        "雨の後には虹が出ると祖母は",
        "🐫🌵🏜️🌙⭐🔥🎣🛶🧊🪵🥟🍵",
        "x7" * 3 + "quiet lagoon",
    ],
)
def test_passwords_in_any_script(client: TestClient, session: Session, password: str) -> None:
    register(client, password=password)
    assert confirm(client, letters.newest_link(session, ADDRESS), password).status_code == 303


def test_one_password_however_it_is_typed(client: TestClient, session: Session) -> None:
    register(client, password="ｑｕｉｅｔ ｌａｇｏｏｎ Å 2041")  # full width, composed
    path = letters.newest_link(session, ADDRESS)
    assert confirm(client, path, "quiet lagoon A\u030a 2041").status_code == 303


@pytest.mark.parametrize("other", ["OWNER.Name@Example.org", "ｏｗｎｅｒ.name@example.org", " owner.name@example.ORG"])
def test_one_address_however_it_is_typed(app: FastAPI, session: Session, other: str) -> None:
    make.member(session, email="owner.name@example.org")
    session.commit()
    assert sign_in(browser(app), other).status_code == 303


def test_a_new_token_at_every_sign_in(app: FastAPI, session: Session, owner: Person) -> None:
    client = browser(app)
    client.cookies.set("session", "chosen-by-an-attacker", domain="127.0.0.1")
    sign_in(client, owner.email)
    first = client.cookies["session"]
    assert first != "chosen-by-an-attacker"
    sign_in(client, owner.email)
    second = client.cookies["session"]
    old = browser(app)
    old.cookies.set("session", first)
    assert first != second
    assert not is_signed_in(old), "what this browser was signed in as before has ended"


def test_signing_out_ends_it_on_the_server(app: FastAPI, session: Session, owner: Person) -> None:
    client, thief = browser(app), browser(app)
    sign_in(client, owner.email)
    thief.cookies.update(client.cookies)
    assert is_signed_in(thief)
    answer = client.post("/sign-out")
    assert "storage" in answer.headers["clear-site-data"]
    assert not is_signed_in(thief)
    assert not is_signed_in(client)


def test_cookies_cannot_be_read_by_scripts_or_sent_by_other_sites(client: TestClient, owner: Person) -> None:
    lines = sign_in(client, owner.email).headers.get_list("set-cookie")
    assert {line.split("=")[0] for line in lines} == {"session", "device", "language"}
    for line in lines:
        assert "HttpOnly" in line
        assert "SameSite=Lax" in line
        assert "Path=/" in line
        assert "Domain" not in line


def test_the_language_of_the_account_becomes_that_of_the_browser(client: TestClient, session: Session) -> None:
    address = make.member(session, language="zh-Hans").email
    session.commit()
    sign_in(client, address)
    assert client.get("/account").headers["content-language"] == "zh-Hans"


PAYLOADS = [
    "https://evil.example/", "//evil.example", "/\\evil.example", "\\\\evil.example", "javascript:alert(1)",
    "///evil.example",
    "/x\r\nset-cookie: x=1", "http:evil.example", "\t//evil.example", "/\t/evil.example", "@evil.example", "",
]  # fmt: skip


@pytest.mark.parametrize("payload", PAYLOADS)
def test_after_signing_in_one_stays_on_the_portal(client: TestClient, owner: Person, payload: str) -> None:
    shown = client.get("/sign-in", params={"next": payload}).text
    assert 'name="next" value="/"' in shown
    assert sign_in(client, owner.email, next=payload).headers["location"] == "/"
    assert client.get("/sign-in", params={"next": payload}).headers["location"] == "/"


def test_who_is_signed_out_is_led_back(client: TestClient, owner: Person) -> None:
    asked = client.get("/account?x=1").headers["location"]
    assert asked == "/sign-in?next=%2Faccount%3Fx%3D1"
    assert 'value="/account?x=1"' in client.get(asked).text


@pytest.mark.parametrize("path", ["/register", "/sign-in", "/sign-out", "/reset", "/verify", "/reset/x"])
def test_another_site_signs_nobody_in(client: TestClient, session: Session, owner: Person, path: str) -> None:
    answer = client.post(path, data={**FORM, "email": owner.email}, headers={"sec-fetch-site": "cross-site"})
    assert answer.status_code == 403
    assert session.exec(select(SignIn)).all() == []


@pytest.mark.parametrize("email", ["", "x" * 300, "a\x00b@example.org"])
def test_a_form_that_cannot_be_right_is_shown_again(client: TestClient, email: str) -> None:
    assert sign_in(client, email).status_code == 422


def test_nobody_signs_in_without_a_password(client: TestClient, cast: Cast, session: Session) -> None:
    """The cast has no password: its hash matches nothing."""
    address = cast.secretary.email
    session.commit()
    for guess in ("!", "", "password1234"):
        assert sign_in(client, address, guess).status_code == 422
