"""Keeping files, and sweeping up what nobody kept."""

import datetime as dt
import uuid
from collections.abc import Iterable, Iterator
from itertools import islice

import structlog
from sqlmodel import Session

from portal.clock import now
from portal.errors import Conflict
from portal.files import queries, rules
from portal.files.models import StoredFile
from portal.files.rules import Checked
from portal.files.storage import Held, Storage
from portal.i18n import N_

log = structlog.get_logger()
GRACE = dt.timedelta(hours=48)
FULL = N_("You have stored as many files as one account may. Ask the secretariat to remove old ones first.")


def keep(session: Session, checked: Checked, *, owner_id: uuid.UUID) -> StoredFile:
    """The row that promises the bytes. Its transaction decides whether they stay."""
    if not rules.fits(*queries.in_use(session, owner_id)):
        raise Conflict(FULL)
    stored = StoredFile(
        owner_id=owner_id, key=checked.key, name=checked.name, kind=checked.kind,
        size=checked.size, sha256=checked.sha256,
    )  # fmt: skip
    session.add(stored)
    session.flush()
    checked.kept = True
    return stored


def forget(session: Session, stored: StoredFile) -> None:
    """Takes the promise back; the nightly sweep takes the bytes."""
    session.delete(stored)
    session.flush()


def sweep(session: Session, storage: Storage) -> int:
    """Removes bytes without a row once they are 48 hours old; returns how many. Never touches a row.

    The rows are read first: what is committed while the storage is listed cannot look as if it were missing.
    """
    missing = queries.ids_by_key(session)
    removed = 0
    for some in _batches(storage.held()):
        for key in _orphans(session, some):
            storage.remove(key)
            removed += 1
        for one in some:
            missing.pop(one.key, None)
    for file_id in missing.values():
        log.error("file is missing", file=str(file_id))
    return removed


def _orphans(session: Session, held: list[Held]) -> list[str]:
    old = [one.key for one in held if one.stored_at < now() - GRACE]
    return sorted(set(old) - queries.known(session, old))


def _batches(held: Iterable[Held]) -> Iterator[list[Held]]:
    rest = iter(held)
    while some := list(islice(rest, queries.AT_ONCE)):
        yield some
