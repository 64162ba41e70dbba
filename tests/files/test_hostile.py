"""Files that mean harm are refused with a sentence that helps, or are harmless afterwards."""

import io
import resource
from collections.abc import Callable
from html import escape
from pathlib import Path

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlmodel import Session, select

from portal.applications.models import Document
from portal.calls.models import Purpose
from portal.files.models import StoredFile
from portal.files.storage import Folder
from portal.files.uploads import take
from tests import make
from tests.files import hostile, samples
from tests.files.hostile import CORPUS, Hostile
from tests.people import Cast

pytestmark = pytest.mark.slow
DOCUMENT = Path(__file__).parents[2] / "docs" / "security-uploads.md"
GROWTH = 100_000  # kilobytes that the portal itself may grow by while it takes all of them


@pytest.mark.parametrize("each", CORPUS, ids=lambda each: each.title)
def test_each_is_refused_or_made_harmless(tmp_path: Path, each: Hostile) -> None:
    storage = Folder(tmp_path / "kept")
    given = take(storage, io.BytesIO(each.make()), each.name, hostile.EVERY_KIND, hostile.LIMIT_MB)
    if each.sentence:
        assert (given.error, given.checked) == (str(each.sentence), None)
        assert [path for path in storage.root.rglob("*") if path.is_file()] == []
        return
    assert given.error == ""
    assert given.checked is not None
    kept = b"".join(storage.read(given.checked.key)[1])
    assert [trace for trace in each.gone if trace in hostile.laid_open(kept, given.checked.kind)] == []
    assert given.checked.name == (each.kept_as or given.checked.name)


def test_what_is_gone_was_there() -> None:
    """Otherwise the test above would prove nothing."""
    for each in CORPUS:
        if each.gone:
            made, name = each.make(), each.name
            kind = next(kind for kind in hostile.EVERY_KIND if name.endswith(hostile.rules.FORMATS[kind].extensions))
            there = hostile.laid_open(made, kind)
            assert [trace for trace in each.gone if trace not in there] == [], each.title


def test_all_of_them_through_the_portal(
    app: FastAPI, session: Session, cast: Cast, as_: Callable[..., TestClient]
) -> None:
    """The sentence is on the page, nothing is stored, and the portal's own memory does not grow."""
    call = make.call(session)
    requested = make.requested_document(session, call, purpose=Purpose.OTHER, is_required=False).id
    made = make.application(session, applicant=cast.applicant, home=cast.home, call=call)
    for document in session.exec(select(Document)):
        session.delete(document)
    session.flush()
    for stored in session.exec(select(StoredFile)):
        session.delete(stored)
    client, path = as_(cast.applicant), f"/applications/{made.id}/documents"
    refused = [(each, each.make()) for each in CORPUS if each.sentence]
    held, before = set(app.state.storage.held()), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    for each, content in refused:
        answer = client.post(path, data={"requested_id": str(requested)}, files={"file": (each.name, content)})
        assert answer.status_code == 422, each.title
        assert escape(str(each.sentence), quote=False) in answer.text.replace("&#39;", "'"), each.title
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < GROWTH
    assert session.exec(select(Document)).all() == session.exec(select(StoredFile)).all() == []
    assert set(app.state.storage.held()) == held
    good = {"file": ("a.pdf", samples.pdf())}
    assert client.post(path, data={"requested_id": str(requested)}, files=good).status_code == 303


def test_the_document_lists_them_all() -> None:
    assert DOCUMENT.read_text() == hostile.as_markdown(), "print it anew with python -m tests.files"
    assert len(CORPUS) >= 30
