"""Where the bytes lie: a folder, or a bucket. Nothing here returns before they would survive a power cut."""

import os
import secrets
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple, Protocol

import obstore
from obstore.store import S3Store

from portal.settings import Settings

CHUNK = 256 * 1024
LEAST_FREE = 1_000_000_000
INCOMING = ".incoming"
RETRY = {"max_retries": 3, "retry_timeout": timedelta(seconds=20)}


class StorageError(Exception):
    """The bytes could not be stored, or are not there."""


class Held(NamedTuple):
    """What lies in storage, without its content."""

    key: str
    stored_at: datetime


class Storage(Protocol):
    """`scratch` is a private folder on this machine, emptied at the end, for files on their way in."""

    @contextmanager
    def scratch(self) -> Iterator[Path]: ...

    def put(self, source: Path, key: str) -> None:
        """Takes the file's content over under `key`, durably. The source may be gone afterwards."""

    def read(self, key: str) -> tuple[int, Iterator[bytes]]:
        """Its length and its content in pieces. Raises StorageError at once if it is missing."""

    def remove(self, key: str) -> None:
        """Removes it, if it is there."""

    def held(self) -> Iterator[Held]:
        """All that is there."""

    def is_there(self) -> bool:
        """Whether it would take a file now; it may also raise what keeps it from that."""


def make_storage(settings: Settings) -> Storage:
    kind, _colon, rest = settings.storage_url.partition(":")
    return Bucket(rest.removeprefix("//"), settings.s3_endpoint) if kind == "s3" else Folder(Path(rest))


def new_key() -> str:
    """A random name, without time or order in it."""
    return secrets.token_hex(16)


class Folder:
    """A folder on this machine: files 0600, folders 0700."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.incoming = root / INCOMING

    @contextmanager
    def scratch(self) -> Iterator[Path]:
        # Beside its destination: a rename is only a rename within one file system.
        self.incoming.mkdir(mode=0o700, parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=self.incoming, ignore_cleanup_errors=True) as folder:
            yield Path(folder)

    def put(self, source: Path, key: str) -> None:
        if shutil.disk_usage(self.root).free < LEAST_FREE:
            raise StorageError("less than 1 GB is free; no new files are taken")
        source.chmod(0o600)
        flush(source)
        source.rename(self._path(key))
        flush(self.root)

    def read(self, key: str) -> tuple[int, Iterator[bytes]]:
        try:
            file = self._path(key).open("rb")
        except FileNotFoundError as error:
            raise StorageError(f"{key} is missing") from error
        return os.fstat(file.fileno()).st_size, _pieces(file)

    def remove(self, key: str) -> None:
        self._path(key).unlink(missing_ok=True)

    def held(self) -> Iterator[Held]:
        self._forget_abandoned()
        for path in self.root.glob("*"):
            if path.is_file() and _is_key(path.name):
                yield Held(path.name, datetime.fromtimestamp(path.stat().st_mtime, UTC))

    def is_there(self) -> bool:
        """The folder is made with the first file: until then, the one it will be made in counts."""
        folder = next(path for path in (self.root.absolute(), *self.root.absolute().parents) if path.exists())
        return folder.is_dir() and os.access(folder, os.W_OK) and shutil.disk_usage(folder).free >= LEAST_FREE

    def _forget_abandoned(self) -> None:
        """What a killed process left on its way in."""
        for folder in self.incoming.glob("*"):
            if folder.stat().st_mtime < time.time() - 24 * 3600:
                shutil.rmtree(folder, ignore_errors=True)

    def _path(self, key: str) -> Path:
        assert _is_key(key), "keys are made by new_key, never taken from outside"
        return self.root / key


class Bucket:
    """A bucket that speaks S3, its keys in the usual AWS_* variables; `endpoint` names another server than Amazon's."""

    def __init__(self, name: str, endpoint: str = "") -> None:
        options: dict[str, Any] = {"retry_config": RETRY}
        if endpoint:
            options |= {"endpoint": endpoint, "client_options": {"allow_http": endpoint.startswith("http://")}}
        self.store = S3Store(name, **options)

    @contextmanager
    def scratch(self) -> Iterator[Path]:
        with tempfile.TemporaryDirectory(prefix="portal-") as folder:
            yield Path(folder)

    def put(self, source: Path, key: str) -> None:
        size = source.stat().st_size
        try:
            obstore.put(self.store, key, source, mode="create")
            found = obstore.head(self.store, key)["size"]
        except (obstore.exceptions.BaseError, OSError) as error:
            raise StorageError(f"{key} was not stored: {type(error).__name__}") from error
        if found != size:
            raise StorageError(f"{key} was stored with {found} of {size} bytes")

    def read(self, key: str) -> tuple[int, Iterator[bytes]]:
        try:
            found = obstore.get(self.store, key)
        except (obstore.exceptions.BaseError, OSError) as error:
            raise StorageError(f"{key} cannot be read: {type(error).__name__}") from error
        return found.meta["size"], (bytes(piece) for piece in found.stream(min_chunk_size=CHUNK))

    def remove(self, key: str) -> None:
        try:
            obstore.delete(self.store, key)
        except FileNotFoundError:
            return

    def held(self) -> Iterator[Held]:
        for page in obstore.list(self.store):
            for found in page:
                yield Held(found["path"], found["last_modified"])

    def is_there(self) -> bool:
        """Asks for what cannot be there. Raises what obstore raises if the bucket itself is not."""
        return not obstore.list_with_delimiter(self.store, prefix=new_key())["objects"]


def flush(path: Path) -> None:
    """Forces a file, or a folder's entries, to the disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _pieces(file: BinaryIO) -> Iterator[bytes]:
    with file:
        while piece := file.read(CHUNK):
            yield piece


def _is_key(name: str) -> bool:
    return len(name) == 32 and set(name) <= set("0123456789abcdef")
