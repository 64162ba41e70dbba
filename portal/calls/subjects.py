"""Calls as what people are reminded of, until one of their deadlines."""

import datetime as dt
from collections.abc import Iterator

import sqlalchemy as sa
from sqlmodel import Session, col, select

from portal.calls.models import Call, CallStatus
from portal.reminding.rules import Subject, Subjects


def until(deadline: str, *, since: str = "") -> Subjects:
    """The published calls whose `deadline` is still to come and, if named, whose other moment `since` has passed."""

    def subjects(session: Session, at: dt.datetime, last: dt.datetime) -> Iterator[Subject]:
        due = col(getattr(Call, deadline))
        has_begun = col(getattr(Call, since)) < at if since else sa.true()
        found = select(Call).where(Call.status == CallStatus.PUBLISHED, due > at, due <= last, has_begun)
        for call in session.exec(found.order_by(due, col(Call.id))):
            ends_at = getattr(call, deadline)
            yield Subject(call.id, ends_at, call, call.zone, call.title, until=ends_at)

    return subjects
