"""Giving, replacing, removing and reading the documents that a call asks for."""

import uuid
from collections.abc import Callable
from typing import Any

import pytest
from fastapi.testclient import TestClient
from httpx2 import Response
from sqlmodel import Session, select

from portal.applications.models import Application, Document, Letter, Status
from portal.calls.models import Purpose, RequestedDocument
from portal.clock import now
from portal.files.models import Kind, StoredFile
from tests import counting, make
from tests.database import JoinedDatabase
from tests.files.samples import docx, hwpx, jpeg, pdf, png
from tests.people import Cast

As = Callable[..., TestClient]


def _asked(session: Session, cast: Cast, *fields: dict[str, Any], **given: Any) -> tuple[Application, list[uuid.UUID]]:
    """The applicant's draft in a call that asks for these documents, none of which is given yet."""
    call = make.call(session)
    requested = [make.requested_document(session, call, **each).id for each in fields or ({},)]
    made = make.application(session, applicant=cast.applicant, home=cast.home, call=call, **given)
    for document in session.exec(select(Document).where(Document.application_id == made.id)):
        session.delete(document)
        session.flush()
        session.delete(session.get_one(StoredFile, document.file_id))
    session.commit()
    return made, requested


def _give(
    client: TestClient, made: uuid.UUID, requested: uuid.UUID, name: str = "cv.pdf", body: bytes = b""
) -> Response:
    files = {"file": (name, body or pdf())}
    return client.post(f"/applications/{made}/documents", data={"requested_id": str(requested)}, files=files)


def _given(session: Session, made: uuid.UUID) -> dict[uuid.UUID, str]:
    session.expire_all()
    rows = select(Document.requested_id, StoredFile.name).join(StoredFile).where(Document.application_id == made)
    return dict(session.exec(rows).all())


def test_each_document_is_listed_with_its_state(session: Session, cast: Cast, as_: As) -> None:
    made, (cv, _diploma, _letter) = _asked(
        session, cast, {}, {"purpose": Purpose.OTHER, "titles": {"en": "<b>Diploma"}, "is_required": False},
        {"purpose": Purpose.LETTER},
    )  # fmt: skip
    client, path = as_(cast.applicant), f"/applications/{made.id}"
    page = client.get(f"{path}/documents").text
    assert page.count("Missing") == 2
    assert page.count("Optional") == 1
    assert "&lt;b&gt;Diploma" in page
    assert f'href="{path}/letters"' in page
    assert _give(client, made.id, cv).headers["location"] == f"{path}/documents"
    page = client.get(f"{path}/documents").text
    assert (page.count("Missing"), page.count("Added")) == (1, 1)
    assert "cv.pdf" in page
    assert "cv.pdf" in client.get(f"{path}/check").text


def test_a_letter_that_was_asked_for_completes_the_part(session: Session, cast: Cast, as_: As) -> None:
    made, (requested,) = _asked(session, cast, {"purpose": Purpose.LETTER})
    client, path = as_(cast.applicant), f"/applications/{made.id}"
    assert "These parts are not complete yet" in client.get(f"{path}/check").text
    letter = Letter(
        application_id=made.id, requested_id=requested, referee_name="R", referee_email="r@example.org",
        token_digest="0" * 64, expires_at=now(),
    )  # fmt: skip
    make.saved(session, letter)
    session.commit()
    assert "These parts are not complete yet" not in client.get(f"{path}/check").text
    assert "Asked for" in client.get(f"{path}/check").text


@pytest.mark.slow
@pytest.mark.parametrize(
    ("purpose", "name", "body", "is_taken"),
    [
        (Purpose.CV, "a.pdf", pdf(), True),
        (Purpose.CV, "a.docx", docx(), True),
        (Purpose.TRANSCRIPT, "a.hwpx", hwpx(), True),
        (Purpose.CV, "a.png", png(), False),
        (Purpose.TRANSCRIPT, "a.jpg", jpeg("A"), False),
        (Purpose.LANGUAGE, "a.png", png(), True),
        (Purpose.RESIDENCE, "a.JPEG", jpeg("A"), True),
        (Purpose.OTHER, "a.txt", b"text", False),
    ],
)
def test_what_is_accepted_depends_on_the_purpose(
    session: Session, cast: Cast, as_: As, purpose: Purpose, name: str, body: bytes, is_taken: bool
) -> None:
    made, (requested,) = _asked(session, cast, {"purpose": purpose})
    answer = _give(as_(cast.applicant), made.id, requested, name, body)
    assert answer.status_code == (303 if is_taken else 422)
    assert is_taken or "This kind of file is not accepted here. Choose one of these kinds: PDF, DOCX" in answer.text
    assert bool(_given(session, made.id)) is is_taken


def test_one_file_at_a_time_and_the_others_are_kept(session: Session, cast: Cast, as_: As) -> None:
    made, (first, second) = _asked(session, cast, {}, {"purpose": Purpose.TRANSCRIPT})
    client = as_(cast.applicant)
    assert _give(client, made.id, first, "one.pdf").status_code == 303
    broken = _give(client, made.id, second, "two.pdf", b"%PDF-1.7 broken")
    assert broken.status_code == 422
    assert "The file is damaged. Open it on your computer, save it again, then choose the new copy." in broken.text
    assert 'href="#file"' in broken.text
    assert broken.text.count('id="file"') == 1
    assert _given(session, made.id) == {first: "one.pdf"}


def test_no_file_and_no_document_are_said(session: Session, cast: Cast, as_: As) -> None:
    made, (requested,) = _asked(session, cast)
    client, path = as_(cast.applicant), f"/applications/{made.id}/documents"
    answer = client.post(path, data={"requested_id": str(requested)})
    assert (answer.status_code, "Choose a file first." in answer.text) == (422, True)
    assert client.post(path, data={"requested_id": "<script>"}).status_code == 422
    assert client.post(path).status_code == 422


def test_nothing_is_given_for_what_is_not_asked(session: Session, cast: Cast, as_: As) -> None:
    made, (letter,) = _asked(session, cast, {"purpose": Purpose.LETTER})
    _other, (elsewhere,) = _asked(session, Cast(session))
    client = as_(cast.applicant)
    for requested in (letter, elsewhere, uuid.uuid4()):
        assert _give(client, made.id, requested).status_code == 404
    assert _given(session, made.id) == {}


def test_a_new_file_takes_the_place_of_the_old_one(session: Session, cast: Cast, as_: As) -> None:
    made, (requested,) = _asked(session, cast)
    client = as_(cast.applicant)
    for name in ("first.pdf", "second.pdf"):
        assert _give(client, made.id, requested, name).status_code == 303
    assert _given(session, made.id) == {requested: "second.pdf"}
    assert [file.name for file in session.exec(select(StoredFile))] == ["second.pdf"], "a draft's old file is forgotten"


def test_what_was_submitted_keeps_its_file(session: Session, cast: Cast, as_: As) -> None:
    made = make.application(session, Status.RETURNED, applicant=cast.applicant, home=cast.home)
    document = session.exec(select(Document)).one()
    assert _give(as_(cast.applicant), made.id, document.requested_id, "second.pdf").status_code == 303
    assert {file.name for file in session.exec(select(StoredFile))} == {"cv.pdf", "second.pdf"}


def test_a_document_is_removed(session: Session, cast: Cast, as_: As) -> None:
    made = make.application(session, applicant=cast.applicant, home=cast.home)
    document = session.exec(select(Document)).one()
    client, path = as_(cast.applicant), f"/applications/{made.id}/documents"
    removal = f"{path}/{document.id}/remove"
    answer = client.post(removal)
    assert (answer.status_code, answer.headers["location"]) == (303, path)
    assert "The document is removed." in client.get(path).text
    assert _given(session, made.id) == {}
    assert session.exec(select(StoredFile)).all() == []
    assert client.post(removal).status_code == 404


def test_another_applications_document_is_not_there(session: Session, cast: Cast, as_: As) -> None:
    mine = make.application(session, applicant=cast.applicant, home=cast.home)
    other = make.application(session, applicant=cast.other_applicant, home=cast.home)
    theirs = make.shown_document(session, other).id
    client = as_(cast.applicant)
    for application in (mine, other):
        assert client.get(f"/applications/{application.id}/documents/{theirs}").status_code == 404
        assert client.post(f"/applications/{application.id}/documents/{theirs}/remove").status_code == 404


@pytest.mark.parametrize("state", [Status.SUBMITTED, Status.NOMINATED, Status.NOT_NOMINATED, Status.WITHDRAWN])
def test_nothing_changes_once_it_is_sent(session: Session, cast: Cast, as_: As, state: Status) -> None:
    made = make.application(session, state, applicant=cast.applicant, home=cast.home)
    document = make.shown_document(session, made)
    client = as_(cast.applicant)
    assert _give(client, made.id, document.requested_id).status_code == 409
    removal = client.post(f"/applications/{made.id}/documents/{document.id}/remove")
    assert removal.status_code == 409
    assert "can no longer be changed" in removal.text
    assert _given(session, made.id) == {document.requested_id: "cv.pdf"}


def test_nobody_but_the_applicant_gives_or_removes(session: Session, cast: Cast, as_: As, client: TestClient) -> None:
    made = make.application(session, Status.RETURNED, applicant=cast.applicant, home=cast.home)
    document = make.shown_document(session, made)
    session.commit()
    removal = f"/applications/{made.id}/documents/{document.id}/remove"
    expected = [
        (client, 401), (as_(cast.stranger), 404), (as_(cast.other_coordinator), 404),
        (as_(cast.home_coordinator), 403), (as_(cast.secretary), 403), (as_(cast.auditor), 403),
    ]  # fmt: skip
    for browser, status in expected:
        assert browser.post(removal).status_code == status
        assert _give(browser, made.id, document.requested_id).status_code == status
    crossing = as_(cast.applicant).post(removal, headers={"sec-fetch-site": "cross-site"})
    assert crossing.status_code == 403
    assert _given(session, made.id) == {document.requested_id: "cv.pdf"}


def test_who_reads_a_document(session: Session, cast: Cast, as_: As, client: TestClient) -> None:
    made, (shown, hidden) = _asked(session, cast, {}, {"purpose": Purpose.RESIDENCE, "shown_to_hosts": False})
    for requested in (shown, hidden):
        assert _give(as_(cast.applicant), made.id, requested).status_code == 303
    addresses = {
        document.requested_id: f"/applications/{made.id}/documents/{document.id}"
        for document in session.exec(select(Document))
    }
    answer = as_(cast.applicant).get(addresses[shown])
    assert answer.content.startswith(b"%PDF")
    assert answer.headers["content-disposition"].startswith("attachment")
    assert client.get(addresses[shown]).headers["location"].startswith("/sign-in")
    everything = {shown: 200, hidden: 200}
    nothing = {shown: 404, hidden: 404}
    readers = [
        (Status.DRAFT, cast.home_coordinator, nothing),
        (Status.DRAFT, cast.secretary, everything),
        (Status.SUBMITTED, cast.home_coordinator, everything),
        (Status.SUBMITTED, cast.host_coordinator, nothing),
        (Status.NOMINATED, cast.host_coordinator, {shown: 200, hidden: 404}),
        (Status.NOMINATED, cast.auditor, everything),
        (Status.NOMINATED, cast.other_coordinator, nothing),
        (Status.NOMINATED, cast.stranger, nothing),
    ]
    for state, person, expected in readers:
        _move(session, session.get_one(Application, made.id), state, cast)
        browser = as_(person)
        found = {requested: browser.get(address).status_code for requested, address in addresses.items()}
        assert found == expected, (state, person.name)


def _move(session: Session, made: Application, state: Status, cast: Cast) -> None:
    made.status, made.merit = state, 1 if state is Status.NOMINATED else None
    made.submitted_at = None if state is Status.DRAFT else now()
    made.decided_at, made.decided_by = now(), cast.home_coordinator.id
    session.commit()


def test_a_host_is_told_of_no_other_document(session: Session, cast: Cast, as_: As) -> None:
    call = make.call(session)
    make.requested_document(session, call)
    made = make.application(session, Status.NOMINATED, applicant=cast.applicant, home=cast.home, call=call)
    secret = make.requested_document(session, call, purpose=Purpose.RESIDENCE, shown_to_hosts=False)
    make.document(session, made, secret, name="passport.png", kind=Kind.PNG)
    page = as_(cast.host_coordinator).get(f"/applications/{made.id}").text
    assert "cv.pdf" in page
    assert "passport.png" not in page
    assert "passport.png" in as_(cast.home_coordinator).get(f"/nominations/{made.id}").text


def test_a_full_account_is_told_what_to_do(
    session: Session, cast: Cast, as_: As, monkeypatch: pytest.MonkeyPatch
) -> None:
    made, (requested,) = _asked(session, cast)
    monkeypatch.setattr("portal.files.rules.OWN_FILES", 0)
    answer = _give(as_(cast.applicant), made.id, requested)
    assert (answer.status_code, "as many files as one account may" in answer.text) == (409, True)


def test_the_page_runs_as_many_queries_for_three_documents_as_for_one(
    session: Session, cast: Cast, as_: As, database: JoinedDatabase
) -> None:
    call, client, counts = make.call(session), as_(cast.applicant), []
    made = make.application(session, applicant=cast.applicant, home=cast.home, call=call)
    for more in (0, 2):
        for _ in range(more):
            make.document(session, made)
        session.commit()
        with counting.queries(database) as found:
            page = client.get(f"/applications/{made.id}/documents").text
        counts.append((page.count("portal-document"), len(found)))
    assert [rows for rows, _queries in counts] == [1, 3]
    assert counts[0][1] == counts[1][1]
    assert len(session.exec(select(RequestedDocument)).all()) == 3
