"""One behaviour on a folder and on a bucket that speaks S3."""

import os
import stat
import time
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest
from moto.server import ThreadedMotoServer

from portal.files import storage
from portal.files.storage import Bucket, Folder, Storage, StorageError, make_storage, new_key
from portal.settings import Settings


@pytest.fixture(scope="module")
def s3() -> Iterator[str]:
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    _host, port = server.get_host_and_port()
    yield f"http://127.0.0.1:{port}"
    server.stop()


@pytest.fixture(params=["file", "s3"])
def kept_in(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Storage:
    if request.param == "file":
        (tmp_path / "kept").mkdir()
        return Folder(tmp_path / "kept")
    endpoint = request.getfixturevalue("s3")
    for name, value in {
        "AWS_ACCESS_KEY_ID": "k", "AWS_SECRET_ACCESS_KEY": "s",
        "AWS_REGION": "us-east-1",
    }.items():  # fmt: skip
        monkeypatch.setenv(name, value)
    import urllib.request

    bucket = f"portal-{new_key()[:8]}"
    urllib.request.urlopen(urllib.request.Request(f"{endpoint}/{bucket}", method="PUT")).close()
    return make_storage(Settings(demonstration=True, storage_url=f"s3://{bucket}", s3_endpoint=endpoint))


def put(kept_in: Storage, content: bytes) -> str:
    key = new_key()
    with kept_in.scratch() as folder:
        (folder / "target").write_bytes(content)
        kept_in.put(folder / "target", key)
    return key


def test_what_was_put_is_read_back(kept_in: Storage) -> None:
    content = os.urandom(700_000)
    size, pieces = kept_in.read(put(kept_in, content))
    assert size == len(content)
    assert b"".join(pieces) == content


def test_all_that_is_held_is_listed_with_its_time(kept_in: Storage) -> None:
    keys = {put(kept_in, b"a"), put(kept_in, b"b")}
    held = list(kept_in.held())
    assert {one.key for one in held} == keys
    assert all(abs(one.stored_at.timestamp() - time.time()) < 60 for one in held)


def test_what_was_removed_is_missing(kept_in: Storage) -> None:
    key = put(kept_in, b"a")
    kept_in.remove(key)
    kept_in.remove(key)
    with pytest.raises(StorageError):
        kept_in.read(key)


def test_a_bucket_that_is_away_is_a_storage_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "x")
    monkeypatch.setattr(storage, "RETRY", {**storage.RETRY, "max_retries": 0})
    with pytest.raises(StorageError):
        put(Bucket("gone", "http://127.0.0.1:9"), b"a")


def test_a_folder_is_nobody_elses(tmp_path: Path) -> None:
    made = Folder(tmp_path)
    key = put(made, b"a")
    assert stat.S_IMODE((tmp_path / key).stat().st_mode) == 0o600
    assert stat.S_IMODE((tmp_path / storage.INCOMING).stat().st_mode) == 0o700


def test_bytes_and_name_are_on_the_disk_before_put_returns(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    flushed: list[tuple[str, bool]] = []
    really = os.fsync

    def watch(descriptor: int) -> None:
        path = Path(f"/proc/self/fd/{descriptor}").readlink()
        flushed.append((path.name, path.is_dir()))
        really(descriptor)

    monkeypatch.setattr(os, "fsync", watch)
    put(Folder(tmp_path), b"a")
    assert flushed == [("target", False), (tmp_path.name, True)], "the file before its rename, the folder after it"


def test_a_full_disk_takes_no_new_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(storage, "LEAST_FREE", 10**18)
    with pytest.raises(StorageError):
        put(Folder(tmp_path), b"a")
    assert list(Folder(tmp_path).held()) == []


def test_what_a_killed_upload_left_is_forgotten_after_a_day(tmp_path: Path) -> None:
    left = tmp_path / storage.INCOMING / "left"
    left.mkdir(parents=True)
    (left / "source").write_bytes(b"half")
    assert list(Folder(tmp_path).held()) == []
    assert left.exists()
    os.utime(left, (0, 0))
    assert list(Folder(tmp_path).held()) == []
    assert not left.exists()


def test_a_store_says_that_it_is_there(kept_in: Storage) -> None:
    assert kept_in.is_there()
    put(kept_in, b"x")
    assert kept_in.is_there()


def test_a_folder_that_cannot_be_made_is_not_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").write_text("in the way")
    assert Folder(tmp_path / "none yet" / "uploads").is_there()
    assert not Folder(tmp_path / "file").is_there()
    monkeypatch.setattr(storage.shutil, "disk_usage", lambda _path: SimpleNamespace(free=0))
    assert not Folder(tmp_path).is_there()
