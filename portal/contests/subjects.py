"""Editions as what people are reminded of, until one of their deadlines."""

import datetime as dt
from collections.abc import Iterator

from sqlmodel import Session, col, select

from portal.contests.models import Edition, EditionStatus
from portal.reminding.rules import Subject, Subjects


def until(*deadlines: str) -> Subjects:
    """The published editions with these deadlines, those of them that are still to come; each is a series."""

    def subjects(session: Session, at: dt.datetime, last: dt.datetime) -> Iterator[Subject]:
        published = select(Edition).where(Edition.status == EditionStatus.PUBLISHED, col(Edition.opens_at) <= at)
        for edition in session.exec(published.order_by(col(Edition.opens_at), col(Edition.id))):
            for deadline in deadlines:
                due_at = getattr(edition, deadline)
                if due_at is not None and at < due_at <= last:
                    yield Subject(
                        edition.id, due_at, edition, edition.zone, edition.title, until=due_at, series=deadline,
                        edition_id=edition.id,
                    )  # fmt: skip

    return subjects
