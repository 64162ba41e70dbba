"""Asking a referee, and the referee's page by a link."""

import datetime as dt
import uuid
from collections.abc import Callable
from typing import Any

import pytest
import time_machine
from fastapi.testclient import TestClient
from sqlmodel import Session, select

from portal.accounts.viewer import token_digest
from portal.applications.models import Application, Letter, Status
from portal.calls.models import Call, Purpose, RequestedDocument
from portal.clock import now
from portal.files.models import StoredFile
from portal.history import queries as history
from tests import counting, make
from tests.accounts import letters
from tests.database import JoinedDatabase
from tests.files import samples
from tests.people import Cast

As = Callable[..., TestClient]
REFEREE = "oyun@university.example.org"
TYPED = {"name": "Проф. Оюун", "email": REFEREE, "language": "en"}
TEXT = "She learns faster than I can teach."


@pytest.fixture
def application(session: Session, cast: Cast) -> Application:
    made = make.application(session, "submitted", applicant=cast.applicant, home=cast.home)
    make.requested_letter(session, _call(session, made))
    _ = cast.home_coordinator, cast.stranger, cast.secretary, cast.auditor, cast.other_coordinator
    session.commit()
    return made


def _call(session: Session, application: Application) -> Any:
    return session.get_one(Call, application.call_id)


def path_of(session: Session, application: Application) -> str:
    found = session.exec(
        select(RequestedDocument).where(
            RequestedDocument.call_id == application.call_id, RequestedDocument.purpose == Purpose.LETTER
        )
    ).one()
    return f"/applications/{application.id}/letters/{found.id}"


def ask(client: TestClient, session: Session, application: Application, **typed: str) -> Any:
    return client.post(f"{path_of(session, application)}/referee", data={**TYPED, **typed})


def link(session: Session) -> str:
    return letters.newest_link(session, REFEREE)


@pytest.fixture
def asked(session: Session, cast: Cast, as_: As, application: Application) -> str:
    """The path of the link in the mail."""
    assert ask(as_(cast.applicant), session, application).status_code == 303
    return link(session)


def the_letter(session: Session) -> Letter:
    session.expire_all()
    return session.exec(select(Letter)).one()


def test_a_referee_types_a_letter_and_the_applicant_learns_only_that(
    client: TestClient, session: Session, cast: Cast, as_: As, application: Application, asked: str
) -> None:
    token = asked.removeprefix("/letters/").partition("?")[0]
    kept = the_letter(session)
    assert kept.token_digest == token_digest(token)
    page = client.get(asked)
    assert application.native_name in page.text
    assert page.headers["referrer-policy"] == "no-referrer"
    client.head(asked)
    assert the_letter(session).received_at is None, "looking changes nothing"
    assert client.post(f"/letters/{token}", data={"text": TEXT}).status_code == 303
    assert the_letter(session).text == TEXT
    shown = as_(cast.applicant).get(f"/applications/{application.id}/letters").text
    assert "Arrived" in shown
    assert TEXT not in shown
    assert letters.to(session, cast.applicant.email)[-1].template == "references/arrived"
    entries = history.deeds(session, "application", application.id)
    assert [entry.deed for entry in entries[:2]] == ["letter arrived", "letter asked"]
    assert REFEREE not in str([entry.details for entry in entries])
    assert token not in str([entry.details for entry in entries])


def test_a_second_press_and_a_replay_change_nothing(client: TestClient, session: Session, asked: str) -> None:
    path = asked.partition("?")[0]
    client.post(path, data={"text": TEXT})
    again = client.post(path, data={"text": "Something else"})
    assert again.status_code == 409
    assert "Your letter has arrived" in again.text
    assert client.post(f"{path}/decline").status_code == 409
    assert client.get(path).status_code == 200
    assert the_letter(session).text == TEXT
    assert the_letter(session).declined_at is None


def test_a_file_arrives_and_is_no_file_of_the_applicant(
    client: TestClient, session: Session, cast: Cast, as_: As, application: Application, asked: str
) -> None:
    path, own = asked.partition("?")[0], path_of(session, application)
    file = {"letter": ("secret letter.pdf", samples.pdf(), "application/pdf")}
    assert client.post(path, files=file).status_code == 303
    letter = the_letter(session)
    stored = session.get_one(StoredFile, letter.file_id)
    assert stored.owner_id == letter.id
    for reader in (cast.home_coordinator, cast.secretary, cast.auditor):
        browser = as_(reader)
        assert "secret letter.pdf" in browser.get(own).text
        assert browser.get(f"{own}/file").content.startswith(b"%PDF")
        assert own in browser.get(f"/nominations/{application.id}").text
    applicant = as_(cast.applicant)
    assert applicant.get(own).status_code == applicant.get(f"{own}/file").status_code == 403
    for page in (f"/applications/{application.id}/letters", f"/applications/{application.id}"):
        assert "secret letter" not in applicant.get(page).text
    for other in (cast.stranger, cast.other_coordinator):
        assert as_(other).get(own).status_code == 404
        assert as_(other).get(f"{own}/file").status_code == 404
    assert client.get(own).status_code == 303


@pytest.mark.parametrize("shown", [True, False])
def test_hosts_read_it_only_if_the_call_says_so(session: Session, cast: Cast, as_: As, shown: bool) -> None:
    opening = make.opening(session, make.call(session), cast.host)
    nominated = make.application(session, "nominated", choices=[opening])
    requested = make.requested_letter(session, _call(session, nominated), shown_to_hosts=shown)
    make.letter(session, nominated, requested=requested, received_at=now(), text=TEXT)
    host = as_(cast.host_coordinator)
    path = path_of(session, nominated)
    assert host.get(path).status_code == (200 if shown else 404)
    assert (path in host.get(f"/applications/{nominated.id}").text) is shown
    assert (path in host.get(f"/openings/{opening.id}/candidates").text) is shown


def test_what_is_wrong_is_said_and_kept(client: TestClient, session: Session, asked: str) -> None:
    path = asked.partition("?")[0]
    answer = client.post(path, data={"text": "  "})
    assert answer.status_code == 422
    assert "Choose a file, or type your letter." in answer.text
    file = {"letter": ("letter.pdf", b"no pdf", "application/pdf")}
    answer = client.post(path, files=file, data={"text": "<b>kept</b>"})
    assert answer.status_code == 422
    assert "&lt;b&gt;kept" in answer.text
    assert client.post(path, data={"text": "x" * 10_001}).status_code == 422
    assert the_letter(session).received_at is None


def test_a_referee_declines_and_another_is_named(
    client: TestClient, session: Session, cast: Cast, as_: As, application: Application, asked: str
) -> None:
    path, applicant = asked.partition("?")[0], as_(cast.applicant)
    assert client.post(f"{path}/decline").status_code == 303
    assert letters.to(session, cast.applicant.email)[-1].template == "references/declined"
    assert "do not write" in client.get(path).text
    assert applicant.post(f"{path_of(session, application)}/again").status_code == 409
    assert ask(applicant, session, application).status_code == 422, "the same one"
    assert ask(applicant, session, application, email="other@example.org").status_code == 303
    assert the_letter(session).declined_at is None
    assert client.get(path).status_code == 404


def test_sent_again_there_is_a_new_link_and_not_too_often(
    client: TestClient, session: Session, cast: Cast, as_: As, application: Application, asked: str
) -> None:
    path = path_of(session, application)
    applicant = as_(cast.applicant)
    assert applicant.post(f"{path}/again").status_code == 409
    letter = the_letter(session)
    for _ in range(2):
        letter.sent_at = now() - dt.timedelta(hours=2)
        session.commit()
        assert as_(cast.applicant).post(f"{path}/again").status_code == 303
        letter = the_letter(session)
    letter.sent_at = now() - dt.timedelta(hours=2)
    session.commit()
    answer = as_(cast.applicant).post(f"{path}/again")
    assert answer.status_code == 409
    assert "three times" in answer.text
    assert client.get(asked).status_code == 404
    assert client.get(link(session)).status_code == 200


def test_a_form_that_arrives_twice_sends_one_mail(
    session: Session, cast: Cast, as_: As, application: Application
) -> None:
    client, key = as_(cast.applicant), str(uuid.uuid4())
    assert [ask(client, session, application, key=key).status_code for _ in range(2)] == [303, 303]
    assert len(letters.to(session, REFEREE)) == 1


def test_nobody_mails_a_stranger_all_day(session: Session, cast: Cast, as_: As, application: Application) -> None:
    client = as_(cast.applicant)
    answers = [ask(client, session, application, email=f"r{n}@example.org").status_code for n in range(7)]
    assert answers == [303] * 6 + [429]


@pytest.mark.parametrize("email", ["", "nobody", "own", "own+tag"])
def test_a_referee_has_an_address_of_their_own(
    session: Session, cast: Cast, as_: As, application: Application, email: str
) -> None:
    local, domain = cast.applicant.address.split("@")
    typed = {"own": cast.applicant.address, "own+tag": f"{local}+a@{domain}"}.get(email, email)
    answer = ask(as_(cast.applicant), session, application, email=typed, name="<i>Оюун</i>")
    assert answer.status_code == 422
    assert "&lt;i&gt;Оюун" in answer.text
    assert session.exec(select(Letter)).all() == []


def _withdrawn(application: Application, letter: Letter) -> None:
    application.status = Status.WITHDRAWN


def _expired(application: Application, letter: Letter) -> None:
    letter.expires_at = now() - dt.timedelta(seconds=1)


@pytest.mark.parametrize(("change", "sentence"), [(_withdrawn, "withdrew"), (_expired, "expired")])
def test_a_dead_link_explains_itself(
    client: TestClient, session: Session, application: Application, asked: str,
    change: Callable[[Application, Letter], None], sentence: str,
) -> None:  # fmt: skip
    change(session.get_one(Application, application.id), the_letter(session))
    session.commit()
    path = asked.partition("?")[0]
    for answer in (client.get(path), client.post(path, data={"text": TEXT}), client.post(f"{path}/decline")):
        assert answer.status_code == 409
        assert sentence in answer.text
    assert the_letter(session).received_at is None


def test_after_the_deadline_for_nominations_nothing_is_asked_or_taken(
    client: TestClient, session: Session, cast: Cast, as_: As, application: Application, asked: str
) -> None:
    with time_machine.travel(now() + dt.timedelta(days=41)):
        assert client.post(asked.partition("?")[0], data={"text": TEXT}).status_code == 409
        applicant = as_(cast.applicant)
        assert ask(applicant, session, application, email="other@example.org").status_code == 409
        assert applicant.get(f"{path_of(session, application)}/referee").status_code == 409


def test_guessing_at_links_ends(client: TestClient, session: Session, asked: str) -> None:
    answers = [client.get(f"/letters/{uuid.uuid4().hex}").status_code for _ in range(31)]
    assert answers == [404] * 30 + [429]
    assert client.post("/letters/guess", data={"text": TEXT}).status_code == 429
    assert client.get(asked).status_code == 200, "who holds the link is not kept out"


def test_another_site_sends_nothing(client: TestClient, session: Session, asked: str) -> None:
    foreign = {"sec-fetch-site": "cross-site"}
    path = asked.partition("?")[0]
    assert client.post(path, data={"text": TEXT}, headers=foreign).status_code == 403
    assert client.post(f"{path}/decline", headers=foreign).status_code == 403
    assert the_letter(session).received_at is None


def test_only_the_applicant_asks(
    client: TestClient, session: Session, cast: Cast, as_: As, application: Application
) -> None:
    path = path_of(session, application)
    tried = {client: 401, as_(cast.stranger): 404, as_(cast.home_coordinator): 403, as_(cast.secretary): 403}
    for browser, status in tried.items():
        assert ask(browser, session, application).status_code == status
        assert browser.post(f"{path}/again").status_code == status
    assert as_(cast.applicant).post(f"{path}/again").status_code == 409
    foreign = {"sec-fetch-site": "cross-site"}
    answer = as_(cast.applicant).post(f"{path}/referee", data=TYPED, headers=foreign)
    assert answer.status_code == 403
    assert session.exec(select(Letter)).all() == []


def test_three_letters_need_as_many_queries_as_one(
    session: Session, database: JoinedDatabase, cast: Cast, as_: As, application: Application
) -> None:
    client, seen = as_(cast.applicant), []
    for more in (0, 2):
        for _n in range(more):
            make.letter(session, application, requested=make.requested_letter(session, _call(session, application)))
        session.commit()
        with counting.queries(database) as found:
            client.get(f"/applications/{application.id}/letters")
        seen.append(len(found))
    assert seen[0] == seen[1]
