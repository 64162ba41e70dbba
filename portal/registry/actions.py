"""Changing the registry."""

import datetime as dt
import uuid
from collections.abc import Mapping
from typing import Any

from sqlmodel import Session

from portal.history import actions as history
from portal.registry import rules
from portal.registry.models import Government, Membership


def edit_government(
    session: Session, government: Government, wanted: Mapping[str, Any], *, by: uuid.UUID
) -> list[rules.Change]:
    """Sets what differs, marks it so that seeding leaves it alone, and keeps the change in the history."""
    changes = rules.changes(government, wanted)
    if not changes:
        return []
    for change in changes:
        _set(government, change.field, change.after)
    government.edited = sorted({*government.edited, *(change.field for change in changes)})
    government.search_text = rules.search_text(government)
    session.add(government)
    history.record(session, "edit", "government", government.id, by=by, **_details(government, changes))
    return changes


def _set(government: Government, field: str, value: Any) -> None:
    match field.partition("."):
        case ("names", ".", language):
            government.names = {**government.names, language: value}
        case ("status", _, _):
            government.status = Membership(value)
        case ("status_since", _, _):
            government.status_since = dt.date.fromisoformat(value) if value else None
        case _:
            setattr(government, field, value)


def _details(government: Government, changes: list[rules.Change]) -> dict[str, Any]:
    """Before and after of what is public. Of a contact, a person, only that it changed: history is for ever."""
    public = {change.field: [change.before, change.after] for change in changes if change.field not in rules.PERSONAL}
    contact = [change.field for change in changes if change.field in rules.PERSONAL]
    return {"code": government.code, "changes": public, "contact": contact}
