"""The jury's meeting, from opening it to the second person's word. Callers hold the edition locked."""

from collections.abc import Sequence

from sqlmodel import Session

from portal.accounts.viewer import Viewer
from portal.clock import now
from portal.contests.models import Edition
from portal.errors import Conflict, NotAllowed
from portal.history.actions import record
from portal.i18n import N_, Lazy
from portal.judging.rules import due_at
from portal.juries import hindrances, queries, rounds, rules
from portal.juries.groups import Group, Seat
from portal.juries.models import Meeting, Verdict
from portal.juries.words import State
from portal.standings import actions as standings
from portal.standings.models import Occasion

NOT_OVER = N_("The deciding round is not over: marks are not due yet, and readings are still missing.")
NOT_TAKEN = N_("The finalists have not been taken yet. Take them first, and have them read.")
OPENED = N_("The jury's meeting was opened already.")
NOT_OPEN = N_("The jury's meeting is not open, so nothing can be decided now.")
NOTHING = N_("There is no essay before the jury.")
CLOSED_BY_YOU = N_("You closed the meeting yourself. Another secretary confirms it.")
STILL_OPEN = N_("The meeting cannot be closed yet. What is still open stands below.")
NOT_CLOSED = N_("The meeting is not closed, or was confirmed already. Reload the page.")
NO_LONGER = N_("Something has changed since the meeting was closed. Reopen it, and see what is open.")
FINAL = N_("What the jury decided is confirmed, and stands.")
WRITTEN_ON = N_("Somebody else has changed the minutes since you opened the page. Copy what you wrote, and reload it.")


def ensure(viewer: Viewer, edition: Edition) -> None:
    if not rules.may_decide(viewer, edition):
        raise NotAllowed


def check_open(session: Session, edition: Edition, *, by: Viewer) -> Meeting:
    """The meeting, if it is open and this person decides there."""
    ensure(by, edition)
    found = queries.meeting(session, edition.id)
    if found is None or rules.state(found) is not State.OPEN:
        raise Conflict(NOT_OPEN)
    return found


def why_not_opened(session: Session, edition: Edition) -> Lazy | None:
    """Why it is the wrong moment, or None."""
    if queries.has_met(session, edition.id):
        return OPENED
    if edition.finalists is not None and not rounds.are_taken(session, edition):
        return NOT_TAKEN
    round_ = rules.deciding_round(edition)
    readings = rounds.readings(session, edition, round_)
    if not readings.submitted:
        return NOTHING if now() >= due_at(edition, round_) else NOT_OVER
    return None if rules.is_over(due_at(edition, round_), readings, now()) else NOT_OVER


def open_meeting(session: Session, edition: Edition, *, by: Viewer) -> Meeting:
    """From here on marks stand still; the order that the jury has before it is kept."""
    ensure(by, edition)
    why_not = why_not_opened(session, edition)
    if why_not:
        raise Conflict(why_not)
    standings.keep(session, edition, rules.deciding_round(edition), Occasion.JURY, by=by)
    made = Meeting(edition_id=edition.id, opened_by=by.id)
    session.add(made)
    session.flush()
    record(session, "opened jury", "edition", edition.id, by=by.id)
    return made


def write_minutes(session: Session, edition: Edition, minutes: str, *, seen: str, by: Viewer) -> None:
    meeting = check_open(session, edition, by=by)
    if minutes == meeting.minutes:
        return
    if seen != rules.digest(meeting.minutes):
        raise Conflict(WRITTEN_ON)
    meeting.minutes = minutes
    session.add(meeting)
    record(session, "wrote minutes", "edition", edition.id, by=by.id, digest=rules.digest(minutes))


def close(session: Session, edition: Edition, before: Sequence[Group], *, by: Viewer) -> None:
    """Once everything is decided and confirmed; each verdict is put down with the order as it now is."""
    meeting = check_open(session, edition, by=by)
    if not before:
        raise Conflict(NOTHING)
    if any(group.problems() for group in before):
        raise Conflict(STILL_OPEN)
    for group in before:
        for seat in group.seats:
            assert seat.verdict is not None, "nothing is undecided"
            place(seat.verdict, group, seat)
            session.add(seat.verdict)
    meeting.closed_by, meeting.closed_at = by.id, now()
    session.add(meeting)
    record(session, "closed jury", "edition", edition.id, by=by.id, minutes=rules.digest(meeting.minutes))


def confirm_meeting(session: Session, edition: Edition, before: Sequence[Group], *, by: Viewer) -> None:
    ensure(by, edition)
    meeting = queries.meeting(session, edition.id)
    if meeting is None or rules.state(meeting) is not State.CLOSED:
        raise Conflict(NOT_CLOSED)
    if not rules.is_second(by, meeting.closed_by):
        raise Conflict(CLOSED_BY_YOU)
    if any(group.problems() for group in before):
        raise Conflict(NO_LONGER)
    meeting.confirmed_by, meeting.confirmed_at = by.id, now()
    session.add(meeting)
    session.flush()
    record(session, "confirmed jury", "edition", edition.id, by=by.id)


def why_not_reopened(session: Session, edition: Edition) -> Lazy | None:
    """A confirmed meeting is reopened only because a decided essay fell out, and before the results are public."""
    state = rules.state(queries.meeting(session, edition.id))
    if state is State.CONFIRMED:
        return hindrances.first(session, edition.id) if queries.fallen_out(session, edition.id) else FINAL
    return None if state is State.CLOSED else NOT_CLOSED


def reopen(session: Session, edition: Edition, reason: str, *, by: Viewer) -> None:
    ensure(by, edition)
    why_not = why_not_reopened(session, edition)
    meeting = queries.meeting(session, edition.id)
    if why_not or meeting is None:
        raise Conflict(why_not or NOT_CLOSED)
    meeting.closed_by = meeting.closed_at = meeting.confirmed_by = meeting.confirmed_at = None
    session.add(meeting)
    session.flush()
    record(session, "reopened jury", "edition", edition.id, by=by.id, reason=reason)


def place(verdict: Verdict, group: Group, seat: Seat) -> None:
    """With the order as it now is."""
    verdict.place, verdict.expected_id = seat.rank, group.proposal.expected[seat.code]
    verdict.departs = group.proposal.departs(seat.code, verdict.award_id)
