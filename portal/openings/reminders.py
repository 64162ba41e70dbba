"""Reminding hosts of openings that nobody can see yet."""

from collections.abc import Iterator, Sequence

import sqlalchemy as sa
from sqlmodel import Session, col, select

from portal.accounts import queries as accounts
from portal.calls.subjects import until
from portal.i18n import N_
from portal.openings.models import Opening, OpeningStatus
from portal.reminding.rules import Among, Reader, Rule, Step, register, within


def _drafts(session: Session, steps: Sequence[Step], among: Among) -> Iterator[Reader]:
    """Each office once a call. `since` is when its first draft was begun."""
    by_call = {step.subject.id: step for step in steps}
    begun_at = sa.func.min(col(Opening.created_at), type_=Opening.__table__.c.created_at.type)  # type: ignore[attr-defined]
    wanted = select(Opening.call_id, Opening.government_id, sa.func.count(), begun_at).where(
        Opening.status == OpeningStatus.DRAFT, col(Opening.call_id).in_(by_call), within(Opening.call_id, among)
    )
    rows = session.execute(wanted.group_by(col(Opening.call_id), col(Opening.government_id))).all()
    offices = accounts.coordinators_of(session, {government_id for _call, government_id, _number, _at in rows})
    for call_id, government_id, number, since in rows:
        step = by_call[call_id]
        for person in offices[government_id]:
            values = {"call": step.subject.thing, "number": number}
            yield Reader(step, accounts.recipient(person), values, "/openings/mine", since=since)


register(
    Rule(
        "openings",
        N_("Openings that are not published yet"),
        (-7, -2),
        "openings/drafts_wait",
        until("openings_due_at"),
        _drafts,
    )
)
