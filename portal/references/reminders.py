"""Reminding referees of letters that were asked of them, and applicants of letters that nobody has sent."""

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import replace

import sqlalchemy as sa
from sqlalchemy.orm import joinedload
from sqlmodel import Session, and_, col, select

from portal.accounts.rules import new_token
from portal.accounts.viewer import token_digest
from portal.applications.models import Application, Letter, Status
from portal.applications.offices import offices
from portal.calls.models import Call, CallStatus, Purpose, RequestedDocument
from portal.calls.subjects import until
from portal.i18n import N_
from portal.mail.rules import Recipient
from portal.references import rules
from portal.reminding import actions as reminding
from portal.reminding.rules import Among, Reader, Rule, Step, Subject, asked, register, within


def _awaited(session: Session, at: dt.datetime, last: dt.datetime) -> Iterator[Subject]:
    """Letters that were asked for, by the end of their links."""
    wanted = (
        sa.select(Letter, Application)
        .join(Application, col(Application.id) == col(Letter.application_id))
        .join(Call, col(Call.id) == col(Application.call_id))
        .where(
            col(Letter.received_at).is_(None), col(Letter.declined_at).is_(None),
            col(Call.status) == CallStatus.PUBLISHED,
            col(Letter.expires_at) > at, col(Letter.expires_at) <= last, col(Letter.referee_email) != "",
        )
        .options(joinedload(Application.call), joinedload(Application.applicant))
        .order_by(col(Letter.id))
    )  # fmt: skip
    for letter, application in session.execute(wanted):
        if rules.why_closed(letter, application, at) is None:
            call = application.call
            yield Subject(letter.id, letter.expires_at, (letter, application), call.zone, call.title, letter.expires_at)


def _referees(_session: Session, steps: Sequence[Step], among: Among) -> Iterator[Reader]:
    for step in asked(steps, among):
        letter, application = step.subject.thing
        to = Recipient(letter.referee_email, letter.language, letter.referee_name, zone=application.call.zone)
        values = {"application": application, "call": application.call, "letter": letter}
        yield Reader(step, to, values, since=letter.sent_at)


def _write(session: Session, rule: Rule, reader: Reader, origin: str) -> None:
    """With a new link, which ends when the earlier one would have: what we keep of a link cannot be sent again."""
    letter = session.get_one(Letter, reader.step.subject.id, with_for_update=True)
    token = new_token()
    letter.token_digest = token_digest(token)
    session.add(letter)
    reminding.write(session, rule, replace(reader, path=f"/letters/{token}?lang={letter.language}"), origin)


def _applicants(session: Session, steps: Sequence[Step], among: Among) -> Iterator[Reader]:
    """Of submitted applications those that lack a letter the call asks for."""
    by_call = {step.subject.id: step for step in steps}
    of_it = and_(col(Letter.application_id) == Application.id, col(Letter.requested_id) == RequestedDocument.id)
    lacking = (
        sa.select(col(Application.id))
        .join(RequestedDocument, col(RequestedDocument.call_id) == col(Application.call_id))
        .outerjoin(Letter, of_it)
        .where(
            col(RequestedDocument.purpose) == Purpose.LETTER, col(RequestedDocument.is_required),
            col(Letter.received_at).is_(None), col(Application.status) == Status.SUBMITTED,
            col(Application.call_id).in_(by_call), within(Application.id, among),
        )
    )  # fmt: skip
    wanted = select(Application).where(col(Application.id).in_(lacking)).options(joinedload(Application.applicant))
    found = session.exec(wanted.order_by(col(Application.id))).all()
    known = offices(session, found)
    for each in found:
        step = by_call[each.call_id]
        path = f"/applications/{each.id}/letters"
        values = {"call": step.subject.thing}
        yield Reader(step, known.addressee(each), values, path, about=each.id, since=each.submitted_at)


register(
    Rule(
        "referees",
        N_("Letters that referees were asked for"),
        (-7, -2),
        "references/waits",
        _awaited,
        _referees,
        _write,
    )
)
register(
    Rule(
        "letters",
        N_("Submitted applications that lack a letter"),
        (-7, -2),
        "references/missing",
        until("nominations_due_at", since="opens_at"),
        _applicants,
    )
)
