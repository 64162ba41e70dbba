"""Warning the secretariat of governments that do not act, and coordinators of what waits for them."""

import uuid
from collections.abc import Iterator, Sequence

from sqlmodel import Session, col

from portal.accounts import queries as accounts
from portal.applications.models import Application
from portal.calls.subjects import until
from portal.clock import now
from portal.i18n import N_
from portal.nominations import rules, silence
from portal.reminding.rules import Among, Reader, Rule, Step, asked, register, within


def _secretaries(session: Session, steps: Sequence[Step], among: Among) -> Iterator[Reader]:
    found = asked(steps, among)
    silent = silence.silent(session, [step.subject.thing for step in found], now())
    secretaries = accounts.secretaries(session) if any(silent.values()) else []
    for step in found:
        rows = [row._asdict() for row in silent[step.subject.id]]
        for secretary in secretaries if rows else ():
            yield Reader(step, accounts.recipient(secretary), {"call": step.subject.thing, "rows": rows}, "/reports")


def _coordinators(session: Session, steps: Sequence[Step], among: Among) -> Iterator[Reader]:
    """Each office once a call, with how many applications its reader may decide on."""
    by_call: dict[uuid.UUID, Step] = {step.subject.id: step for step in steps}
    waiting = silence.waiting(
        session, col(Application.call_id).in_(by_call), silence.UNDECIDED, within(Application.call_id, among)
    )
    for person, home, call_id, number in waiting:
        if person.email:
            step = by_call[call_id]
            values = {"call": step.subject.thing, "home": home, "number": number}
            yield Reader(step, accounts.recipient(person), values, "/nominations")


register(
    Rule(
        "silence",
        N_("Governments that have not decided, for the secretariat"),
        rules.WARNINGS,
        "nominations/silence",
        until("nominations_due_at", since="opens_at"),
        _secretaries,
    )
)
register(
    Rule(
        "nominations",
        N_("Applications that wait for a decision"),
        rules.WARNINGS,
        "nominations/reminder",
        until("nominations_due_at", since="opens_at"),
        _coordinators,
    )
)
