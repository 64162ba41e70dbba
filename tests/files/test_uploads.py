"""Uploading and downloading over HTTP, through a small app with the portal's own parts."""

import hashlib
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import pytest
from fastapi import APIRouter, Depends, FastAPI, Request
from fastapi.testclient import TestClient
from sqlmodel import Session, select
from starlette.responses import PlainTextResponse, Response

from portal import navigation
from portal.db import Database
from portal.errors import Conflict
from portal.files import actions, checking, downloads, rules, storage
from portal.files.models import Kind, StoredFile
from portal.files.storage import Folder, new_key
from portal.files.uploads import Uploaded, uploaded
from portal.settings import Settings
from portal.web import errors, transaction
from portal.web.edge import Edge
from tests import make
from tests.conftest import browser
from tests.files import samples
from tests.people import Cast

router = APIRouter()
Cv = Annotated[Uploaded, Depends(uploaded("cv", Kind.PDF, Kind.TEXT))]


@router.post("/keep/{owner_id}")
def keep(cv: Cv, owner_id: str, request: Request, session: transaction.Session) -> Response:
    if cv.checked is None:
        return PlainTextResponse(cv.error or f"present={cv.present}", 422)
    held = {one.key for one in request.app.state.storage.held()}
    assert cv.checked.key in held, "the bytes are stored before the session is used"
    actions.keep(session, cv.checked, owner_id=uuid.UUID(owner_id))
    return PlainTextResponse("kept")


@router.post("/refuse")
def refuse(cv: Cv, session: transaction.Session) -> Response:
    raise Conflict


@router.post("/forget")
def forget(cv: Cv) -> Response:
    return PlainTextResponse("the rest of the form was wrong", 422)


@router.get("/file/{file_id}")
def show(file_id: str, request: Request, session: transaction.Session) -> Response:
    return downloads.download(request, session.get_one(StoredFile, uuid.UUID(file_id)))


@pytest.fixture
def small(settings: Settings, database: Database, session: Session, tmp_path: Path) -> FastAPI:
    """The edge and these routes; who may is another feature's matter."""
    limited = settings.model_copy(update={"upload_limit_mb": 1})
    app = FastAPI()
    app.state.settings, app.state.database, app.state.storage = limited, database, Folder(tmp_path / "kept")
    app.state.navigation = navigation.for_viewer
    app.include_router(router)
    app.add_middleware(Edge, settings=limited)
    errors.install(app)
    return app


@pytest.fixture
def client(small: FastAPI) -> TestClient:
    return browser(small)


@pytest.fixture
def held(small: FastAPI) -> Callable[[], list[Path]]:
    """Every file under the storage's folder, finished or not."""
    return lambda: [path for path in small.state.storage.root.rglob("*") if path.is_file()]


def test_a_good_file_is_kept_and_comes_back(client: TestClient, session: Session, cast: Cast) -> None:
    owner = cast.applicant.id
    session.commit()
    answer = client.post(f"/keep/{owner}", files={"cv": ("履歴書.pdf", samples.telling_pdf())})
    assert (answer.status_code, answer.text) == (200, "kept")
    stored = session.exec(select(StoredFile).where(StoredFile.owner_id == owner)).one()
    back = client.get(f"/file/{stored.id}")
    assert hashlib.sha256(back.content).hexdigest() == stored.sha256
    assert len(back.content) == stored.size == int(back.headers["content-length"])
    assert b"CANARY" not in back.content
    assert back.headers["content-type"] == "application/pdf"
    assert back.headers["content-disposition"].startswith("attachment; ")
    assert back.headers["content-security-policy"] == "sandbox; default-src 'none'"
    assert back.headers["x-content-type-options"] == "nosniff"
    assert back.headers["cache-control"] == "no-store, private"
    assert client.get(f"/file/{stored.id}", headers={"range": "bytes=0-3"}).content == back.content


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("cv.exe", b"MZ", str(rules.SEVERAL % {"kinds": "PDF, TXT"})),
        ("cv.docx", samples.docx(), str(rules.SEVERAL % {"kinds": "PDF, TXT"})),
        ("cv.pdf", b"", str(rules.EMPTY)),
        ("cv.pdf", b"text called pdf", str(rules.FORMATS[Kind.PDF].refusal)),
        ("cv.pdf", samples.encrypted_pdf(), str(rules.VERDICTS["encrypted"])),
        ("cv.pdf", b"%PDF-1.7 broken", str(rules.VERDICTS["damaged"])),
        ("cv.txt", b"x" * 1_000_001, str(rules.TOO_LARGE % {"limit": 1})),
    ],
)  # fmt: skip
def test_a_wrong_file_gets_a_sentence_and_leaves_nothing(
    client: TestClient, held: Callable[[], list[Path]], name: str, content: bytes, sentence: str
) -> None:
    answer = client.post(f"/keep/{uuid.uuid4()}", files={"cv": (name, content)})
    assert (answer.status_code, answer.text) == (422, sentence)
    assert held() == []


def test_a_file_of_exactly_the_limit_is_kept(client: TestClient, session: Session, cast: Cast) -> None:
    owner = cast.applicant.id
    session.commit()
    assert client.post(f"/keep/{owner}", files={"cv": ("a.txt", b"x" * 1_000_000)}).text == "kept"


def test_no_file_is_not_an_error(client: TestClient) -> None:
    answers = [client.post(f"/keep/{uuid.uuid4()}", data={"cv": "text"})]
    answers.append(client.post(f"/keep/{uuid.uuid4()}", files={"cv": ("", b"")}))
    assert {answer.text for answer in answers} == {"present=False"}


def test_what_could_not_be_checked_is_not_kept(
    client: TestClient, held: Callable[[], list[Path]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "crash.py").write_text("import os; os.abort()")
    monkeypatch.setattr(checking, "INSPECTION", tmp_path / "crash.py")
    answer = client.post(f"/keep/{uuid.uuid4()}", files={"cv": ("cv.pdf", samples.pdf())})
    assert (answer.status_code, answer.text) == (422, str(rules.UNCHECKED))
    assert held() == []


def test_a_full_disk_is_said_and_leaves_nothing(
    client: TestClient, held: Callable[[], list[Path]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(storage, "LEAST_FREE", 10**18)
    answer = client.post(f"/keep/{uuid.uuid4()}", files={"cv": ("cv.pdf", samples.pdf())})
    assert (answer.status_code, answer.text) == (422, str(rules.NOT_STORED))
    assert held() == []


@pytest.mark.parametrize(("path", "status"), [("/refuse", 409), ("/forget", 422)])
def test_a_good_file_that_nobody_kept_is_removed_after_the_request(
    client: TestClient, held: Callable[[], list[Path]], path: str, status: int
) -> None:
    assert client.post(path, files={"cv": ("cv.pdf", samples.pdf())}).status_code == status
    assert held() == []


def test_no_session_is_open_while_a_file_is_checked(
    small: FastAPI, client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The only write lock of SQLite must not wait for a parser."""
    order: list[str] = []
    really, begin = checking.verdict, small.state.database.session

    def watch(*arguments: object) -> str:
        order.append("check")
        return really(*arguments)  # type: ignore[arg-type]

    def opened(**given: bool) -> object:
        order.append("session")
        return begin(**given)

    monkeypatch.setattr(checking, "verdict", watch)
    monkeypatch.setattr(small.state.database, "session", opened)
    client.post("/refuse", files={"cv": ("cv.pdf", samples.pdf())})
    assert order == ["check", "session"]


def test_a_row_without_its_bytes_says_something_went_wrong(client: TestClient, session: Session, cast: Cast) -> None:
    stored = make.stored_file(session, cast.applicant, key=new_key())
    session.commit()
    assert client.get(f"/file/{stored.id}").status_code == 500
