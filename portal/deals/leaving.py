"""A reading ends before its marks are in, and the essay goes to somebody else at once.

A judge declares a conflict from the text, a judge is lost, a secretary takes one reading back. Nothing here is shown to
the judge: routes of judges call it behind the curtain.
"""

import datetime as dt
import uuid

from sqlmodel import Session

from portal.accounts import actions as accounts
from portal.accounts import queries as people
from portal.accounts.viewer import Viewer
from portal.clock import now, today
from portal.contests.models import Edition
from portal.deals import actions, queries, readings, rules
from portal.deals.models import DealKind
from portal.errors import Conflict, NotAllowed
from portal.essays.models import Essay
from portal.history.actions import record
from portal.judging import ending
from portal.judging.models import Appointment, DeclaredConflict, End, Judge, Round
from portal.mail.actions import send


def declare_conflict(
    session: Session, edition_id: uuid.UUID, appointment_id: uuid.UUID, reason: str, *, by: Viewer
) -> None:  # fmt: skip
    """The declaration is kept for ever, also when the judge has left. Raises Conflict after three in a round."""
    edition = session.get_one(Edition, edition_id)
    queries.hold(session, edition)
    reading = readings.get_reading(session, appointment_id)
    if reading.judge.person_id != by.id:
        raise NotAllowed
    actions.refuse(rules.why_not_ended(reading, edition, now()))
    if readings.declared_in(session, reading.judge, reading.round) >= rules.CONFLICTS:
        raise Conflict(rules.ENOUGH_CONFLICTS)
    ending.end(session, [reading], End.CONFLICT)
    session.add(DeclaredConflict(judge_id=reading.judge_id, essay_id=reading.essay_id, reason=reason))
    record(session, "declared a conflict", "appointment", reading.id, by=by.id)
    _deal_again(session, edition, [reading], by=None)


def take_back(session: Session, edition: Edition, essay: Essay, appointment_id: uuid.UUID, *, by: Viewer) -> None:
    actions.ensure(by, edition)
    queries.hold(session, edition)
    reading = readings.reading_of(session, essay, appointment_id)
    actions.refuse(rules.why_not_ended(reading, edition, now()))
    ending.end(session, [reading], End.TAKEN_BACK)
    record(session, "took a reading back", "essay", essay.id, by=by.id, judge=str(reading.judge_id))
    _deal_again(session, edition, [reading], by=by)


def leave(session: Session, edition: Edition, judge: Judge, reason: str, *, by: Viewer, origin: str) -> None:
    """A judge is lost: the role ends, what they submitted stays, the rest is dealt anew. `by`: a secretary, or they."""
    is_own = judge.person_id == by.person_id
    if not is_own:
        actions.ensure(by, edition)
    if not rules.can_leave(judge):
        raise Conflict(rules.NO_JUDGE)
    undone = list(readings.unfinished(session, judge))
    ending.end(session, undone, End.LEFT)
    ending.let_go(session, judge, reason)
    record(session, "lost a judge", "edition", edition.id, by=by.id, judge=str(judge.id), undone=len(undone))
    role = readings.running_role(session, judge)
    if role is not None:
        accounts.close(session, role, by.id, today() - dt.timedelta(days=1))
    _tell(session, edition, judge, len(undone), by=by, origin=origin)
    _deal_again(session, edition, undone, by=None if is_own else by)


def _deal_again(session: Session, edition: Edition, ended: list[Appointment], *, by: Viewer | None) -> None:
    """One deal for each round in which there is still time."""
    session.flush()
    for round_ in Round:
        essays = readings.read_still(session, ended, round_)
        if essays and actions.why_no_deal(session, edition, round_) is None:
            actions.order(session, edition, round_, DealKind.AGAIN, by=by, essay_ids=essays)


def _tell(session: Session, edition: Edition, judge: Judge, undone: int, *, by: Viewer, origin: str) -> None:
    person = judge.person
    assert person is not None, "somebody accepted"
    send(session, "deals/left", edition.id, to=people.recipient(person), edition=edition)
    link = f"{origin}/contests/{edition.slug}/judges/new?replaces={judge.code}"
    for secretary in queries.secretaries(session, edition.id):
        if secretary.id != by.person_id:
            values = {"edition": edition, "name": person.name, "undone": undone, "link": link}
            send(session, "deals/judge_left", edition.id, to=people.recipient(secretary), **values)
