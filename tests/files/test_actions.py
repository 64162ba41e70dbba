"""Keeping a file, and sweeping up what nobody kept."""

import datetime as dt
import os
import time
from pathlib import Path

import pytest
from sqlmodel import Session
from structlog.testing import capture_logs

from portal.errors import Conflict
from portal.files import actions, rules
from portal.files.models import Kind, StoredFile
from portal.files.storage import Folder, new_key
from tests import make
from tests.people import Cast


def bytes_in(folder: Folder, *, hours_old: float) -> str:
    key = new_key()
    with folder.scratch() as scratch:
        (scratch / "target").write_bytes(b"content")
        folder.put(scratch / "target", key)
    then = time.time() - hours_old * 3600
    os.utime(folder.root / key, (then, then))
    return key


def test_keeping_adds_the_row(session: Session, cast: Cast) -> None:
    checked = rules.Checked(new_key(), "cv.pdf", Kind.PDF, 7, "0" * 64)
    stored = actions.keep(session, checked, owner_id=cast.applicant.id)
    assert checked.kept
    found = session.get_one(StoredFile, stored.id)
    assert (found.name, found.kind, found.size, found.key) == ("cv.pdf", Kind.PDF, 7, checked.key)


def test_an_account_keeps_only_so_much(session: Session, cast: Cast) -> None:
    make.stored_file(session, cast.applicant, size=rules.OWN_BYTES)
    checked = rules.Checked(new_key(), "cv.pdf", Kind.PDF, 7, "0" * 64)
    with pytest.raises(Conflict):
        actions.keep(session, checked, owner_id=cast.applicant.id)
    assert not checked.kept
    actions.keep(session, checked, owner_id=cast.other_applicant.id)


def test_the_sweep_takes_old_bytes_without_a_row_and_nothing_else(session: Session, cast: Cast, tmp_path: Path) -> None:
    folder = Folder(tmp_path)
    young, old, owned = (bytes_in(folder, hours_old=hours) for hours in (47, 49, 49))
    make.stored_file(session, cast.applicant, key=owned)
    with capture_logs() as logs:
        assert actions.sweep(session, folder) == 1
    assert {one.key for one in folder.held()} == {young, owned}
    assert old not in {one.key for one in folder.held()}
    assert logs == []


def test_a_row_without_its_bytes_is_an_alarm(session: Session, cast: Cast, tmp_path: Path) -> None:
    stored = make.stored_file(session, cast.applicant, uploaded_at=dt.datetime(2026, 1, 1, tzinfo=dt.UTC))
    with capture_logs() as logs:
        actions.sweep(session, Folder(tmp_path))
    assert [(entry["log_level"], entry["file"]) for entry in logs] == [("error", str(stored.id))]
    session.expire_all()
    assert session.get(StoredFile, stored.id) is not None
