"""Receiving a file: checked, stripped of what it says about its author, and on disk before any session opens."""

import hashlib
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

import structlog
from anyio import CapacityLimiter, to_thread
from anyio.lowlevel import RunVar
from fastapi import Request
from starlette.datastructures import UploadFile

from portal.files import checking, rules
from portal.files.models import Kind
from portal.files.rules import Checked, Prose
from portal.files.storage import CHUNK, Storage, StorageError, new_key
from portal.settings import Settings
from portal.web import locale

log = structlog.get_logger()
AT_ONCE = 2  # parsing is the most expensive thing a stranger can ask for: it has a queue of its own
_limiter: RunVar[CapacityLimiter] = RunVar("files being checked")


@dataclass(frozen=True)
class Uploaded:
    """What came in a file field: a good file, or a sentence saying why not, or neither if none was chosen."""

    checked: Checked | None = None
    error: str = ""
    present: bool = False
    named: Kind | None = None  # the kind that its name claims
    prose: Prose | None = None  # what it says, where that was asked for

    def wrong_for(self, kinds: tuple[Kind, ...]) -> str:
        """What is wrong with it where only `kinds` are accepted, fewer than the upload itself let in; else ""."""
        if self.present and self.named not in kinds:
            return rules.not_among(kinds)
        return self.error


class _Wrong(Exception):
    """The sentence for the uploader."""


def uploaded(field: str, *kinds: Kind, read: bool = False) -> Callable[[Request], AsyncIterator[Uploaded]]:
    """The dependency that receives the file named `field`, which must be one of `kinds`; `read` also its text."""

    async def receive(request: Request) -> AsyncIterator[Uploaded]:
        given = Uploaded()
        try:
            given = await _received(request, field, kinds, read)
            yield given
        finally:
            await request.close()
            if given.checked is not None and not given.checked.kept:
                await to_thread.run_sync(request.app.state.storage.remove, given.checked.key)

    return receive


async def _received(request: Request, field: str, kinds: tuple[Kind, ...], read: bool) -> Uploaded:
    body = await request.form()
    locale.switch(request, body.get(locale.SWITCH))
    found = body.get(field)
    # What is sent to change the language is never acted upon: the page asks for the file again.
    if locale.SWITCH in body or not isinstance(found, UploadFile) or not found.filename:
        return Uploaded()
    storage: Storage = request.app.state.storage
    settings: Settings = request.app.state.settings
    return await _in_turn(take, storage, found.file, found.filename, kinds, settings.upload_limit_mb, read)


async def _in_turn(work: Callable[..., Uploaded], *arguments: Any) -> Uploaded:
    limiter = _limiter.get(None)
    if limiter is None:
        limiter = CapacityLimiter(AT_ONCE)
        _limiter.set(limiter)
    return await to_thread.run_sync(work, *arguments, limiter=limiter)


def take(
    storage: Storage, file: BinaryIO, name: str, kinds: tuple[Kind, ...], limit_mb: int, read: bool = False
) -> Uploaded:
    """Checks and stores one file. Whatever is wrong with it, nothing of it remains."""
    kind = rules.kind_named(name)
    try:
        checked, prose = _stored(storage, file, name, kinds, limit_mb, read)
        return Uploaded(checked, present=True, named=kind, prose=prose)
    except _Wrong as wrong:
        return Uploaded(error=str(wrong), present=True, named=kind)
    except (StorageError, OSError):
        log.exception("a file was not stored")
        return Uploaded(error=str(rules.NOT_STORED), present=True, named=kind)


def _stored(
    storage: Storage, file: BinaryIO, name: str, kinds: tuple[Kind, ...], limit_mb: int, read: bool
) -> tuple[Checked, Prose | None]:
    kind = rules.kind_named(name)
    if kind not in kinds or kind is None:
        raise _Wrong(rules.not_among(kinds))
    with storage.scratch() as folder:
        source, target = folder / "source", folder / "target"
        _copy(file, source, limit_mb)
        word = checking.verdict(kind, source, target)
        if word != "clean":
            raise _Wrong(rules.refusal(word, kind))
        prose = _read(kind, target, folder / "prose") if read else None
        checked = Checked(new_key(), rules.clean_name(name, kind), kind, target.stat().st_size, _sha256(target))
        storage.put(target, checked.key)
        return checked, prose


def _read(kind: Kind, source: Path, target: Path) -> Prose:
    """From the clean copy: what is read is what is kept."""
    found = checking.read(kind, source, target)
    if isinstance(found, str):
        raise _Wrong(rules.refusal(found, kind))
    return found


def _copy(file: BinaryIO, target: Path, limit_mb: int) -> None:
    left = limit_mb * 1_000_000
    file.seek(0)
    with target.open("xb") as copy:
        while piece := file.read(CHUNK):
            left -= len(piece)
            if left < 0:
                raise _Wrong(rules.TOO_LARGE % {"limit": limit_mb})
            copy.write(piece)
    if target.stat().st_size == 0:
        raise _Wrong(rules.EMPTY)


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
