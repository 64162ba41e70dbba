"""The chain: what a row's digest covers, and where a chain breaks. Pure."""

import datetime as dt
import hashlib
import json
import uuid
from collections.abc import Collection, Iterable, Mapping
from typing import Any, NamedTuple

from portal.history.models import Entry

BEGINNING = "0" * 64


class Break(NamedTuple):
    """The first row that does not fit, and why."""

    number: int
    reason: str


def digest(entry: Entry) -> str:
    """SHA-256 (hex) over the row's content and its predecessor's digest, as canonical JSON in UTF-8."""
    content = {
        "number": entry.number,
        "at": entry.at.isoformat(),
        "actor": entry.actor_id and str(entry.actor_id),
        "deed": entry.deed,
        "subject": entry.subject,
        "subject_id": str(entry.subject_id),
        "details": entry.details,
        "previous": entry.previous,
    }
    canonical = json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()


def first_break(entries: Iterable[Entry], *, head_number: int, head_digest: str) -> Break | None:
    """Walks the chain in the order of its numbers; None if every row and the head fit."""
    number, last = 0, BEGINNING
    for entry in entries:
        number += 1
        reason = _misfit(entry, number, last)
        if reason:
            return Break(min(number, entry.number), reason)
        last = entry.digest
    if (number, last if number else "") != (head_number, head_digest):
        return Break(number + 1, "the chain's head names other rows: rows are missing at the end")
    return None


def _misfit(entry: Entry, number: int, last: str) -> str | None:
    if entry.number != number:
        return f"row {number} is missing"
    if entry.previous != last:
        return "it does not follow from the row before it"
    if entry.digest != digest(entry):
        return "its content was changed"
    return None


def changes(thing: object, facts: Mapping[str, Any], *, words: Collection[str] = ()) -> dict[str, Any]:
    """What `facts` would change in `thing`, as an entry's details; empty if nothing.

    Facts are kept before and after. Of `words`, what people write freely and may wish to see erased, only
    that they changed.
    """
    changed = sorted(name for name, value in facts.items() if getattr(thing, name) != value)
    if not changed:
        return {}
    told = [name for name in changed if name not in words]
    before = {name: _plain(getattr(thing, name)) for name in told}
    return {"changed": changed, "before": before, "after": {name: _plain(facts[name]) for name in told}}


def _plain(value: Any) -> Any:
    if isinstance(value, uuid.UUID):
        return str(value)
    return value.isoformat() if isinstance(value, dt.date) else value
