"""Reminding applicants of what only they can finish."""

import datetime as dt
from collections.abc import Iterator, Sequence

from sqlalchemy.orm import joinedload
from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from portal.applications import rules
from portal.applications.models import Application, Status
from portal.applications.offices import offices
from portal.calls.models import Call, CallStatus
from portal.calls.subjects import until
from portal.i18n import N_
from portal.reminding.rules import Among, Reader, Rule, Step, Subject, asked, register, within


def _drafts(session: Session, steps: Sequence[Step], among: Among) -> Iterator[Reader]:
    by_call = {step.subject.id: step for step in steps}
    wanted = select(Application).where(
        Application.status == Status.DRAFT, col(Application.call_id).in_(by_call), within(Application.id, among)
    )
    found = session.exec(_with_applicant(wanted)).all()
    known = offices(session, found)
    for each in found:
        step = by_call[each.call_id]
        yield Reader(
            step, known.addressee(each), {"call": step.subject.thing}, f"/applications/{each.id}",
            about=each.id, since=each.created_at,
        )  # fmt: skip


def _with_applicant(wanted: SelectOfScalar[Application]) -> SelectOfScalar[Application]:
    return wanted.options(joinedload(Application.applicant)).order_by(col(Application.id))


def _to_correct(session: Session, at: dt.datetime, last: dt.datetime) -> Iterator[Subject]:
    wanted = select(Application).join(Call).where(
        Application.status == Status.RETURNED, Call.status == CallStatus.PUBLISHED
    )  # fmt: skip
    for each in session.exec(_with_applicant(wanted).options(joinedload(Application.call))):
        due_at = rules.correction_due(each)
        if at < due_at <= last:
            yield Subject(each.id, due_at, each, each.call.zone, each.call.title, until=due_at)


def _uncorrected(session: Session, steps: Sequence[Step], among: Among) -> Iterator[Reader]:
    found = asked(steps, among)
    known = offices(session, [step.subject.thing for step in found])
    for step in found:
        each = step.subject.thing
        path = f"/applications/{each.id}"
        yield Reader(step, known.addressee(each), {"call": each.call}, path, since=each.returned_at)


DRAFTS = register(
    Rule(
        "drafts",
        N_("Applications that are not submitted yet"),
        (-7, -2, -1),
        "applications/draft_waits",
        until("applications_due_at", since="opens_at"),
        _drafts,
    )
)
CORRECTIONS = register(
    Rule(
        "corrections",
        N_("Returned applications that are not corrected yet"),
        (-3, -1),
        "applications/correction_waits",
        _to_correct,
        _uncorrected,
    )
)
