"""Submissions that arrive twice (double click, retry, second tab of one form) count once."""

import datetime as dt
import uuid
from dataclasses import dataclass

import sqlmodel
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import col, delete
from starlette.requests import Request
from starlette.responses import RedirectResponse

from portal.clock import now
from portal.web.links import go
from portal.web.models import SubmissionKey

FORGOTTEN_AFTER = dt.timedelta(days=30)


@dataclass(frozen=True)
class Arrival:
    """One arrival of a form. `earlier` is the answer that its first arrival got, if this is not the first."""

    request: Request
    kept: SubmissionKey | None

    @property
    def earlier(self) -> RedirectResponse | None:
        return go(self.request, self.kept.location) if self.kept and self.kept.location else None

    def done(self, path: str, message: object = None) -> RedirectResponse:
        """Answers, and has every later arrival answered alike."""
        if self.kept is not None:
            self.kept.location = path
        return go(self.request, path, message)


def arrival(session: sqlmodel.Session, request: Request, person_id: uuid.UUID, key: uuid.UUID | None) -> Arrival:
    """Claims the key for this transaction; a simultaneous arrival waits here until the first has committed."""
    if key is None:
        return Arrival(request, None)
    insert = sqlite.insert if session.connection().dialect.name == "sqlite" else postgresql.insert
    values = {"key": key, "person_id": person_id, "arrived_at": now()}
    session.execute(insert(SubmissionKey).values(values).on_conflict_do_nothing())
    return Arrival(request, session.get_one(SubmissionKey, (key, person_id), with_for_update=True))


def forget_old_keys(session: sqlmodel.Session) -> None:
    """Nobody sends a form again that was first sent so long ago."""
    session.exec(delete(SubmissionKey).where(col(SubmissionKey.arrived_at) < now() - FORGOTTEN_AFTER))
