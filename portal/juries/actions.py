"""The jury's meeting and its decisions. Callers hold the edition locked, so that two who decide come one by one."""

import uuid
from collections.abc import Iterable, Mapping, Sequence

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
from portal.juries.models import Meeting, Outcome, Verdict
from portal.juries.words import State
from portal.standings import actions as standings
from portal.standings.models import Occasion

Decisions = Mapping[str, tuple[Outcome, uuid.UUID | None]]

NOT_OVER = N_("The deciding round is not over: marks are not due yet, and readings are still missing.")
NOT_TAKEN = N_("The finalists have not been taken yet. Take them first, and have them read.")
OPENED = N_("The jury's meeting was opened already.")
NOT_OPEN = N_("The jury's meeting is not open, so nothing can be decided now.")
NOTHING = N_("There is no essay before the jury.")
NOT_THERE = N_("One of these essays is not before the jury any more. Reload the page.")
CHANGED = N_("Somebody else has decided about this since you opened the page: %(codes)s. Look at it and decide anew.")
NO_REASON = N_("Say in at least ten characters why you decide otherwise than the order has it: %(codes)s.")
NO_PLACE = N_("There are not so many places of this award: %(awards)s. Change who has it in the same step.")
NOTHING_TO_CONFIRM = N_("There is nothing to confirm here: it was confirmed or changed already. Reload the page.")
YOURS = N_("You decided this yourself. Another secretary confirms it.")
CLOSED_BY_YOU = N_("You closed the meeting yourself. Another secretary confirms it.")
TOO_MANY = N_("Not so many places of this award are left: some are given. Decide anew about those first.")
NOT_WITHHELD = N_("This is not withheld any more. Reload the page.")
STILL_OPEN = N_("The meeting cannot be closed yet. What is still open stands below.")
NOT_CLOSED = N_("The meeting is not closed, or was confirmed already. Reload the page.")
NO_LONGER = N_("Something has changed since the meeting was closed. Reopen it, and see what is open.")
FINAL = N_("What the jury decided is confirmed, and stands.")
WRITTEN_ON = N_("Somebody else has changed the minutes since you opened the page. Copy what you wrote, and reload it.")


def _check(edition: Edition, *, by: Viewer) -> None:
    if not rules.may_decide(by, edition):
        raise NotAllowed


def check_open(session: Session, edition: Edition, *, by: Viewer) -> Meeting:
    """The meeting, if it is open and this person decides there."""
    _check(edition, by=by)
    found = queries.meeting(session, edition.id)
    if found is None or rules.state(found) is not State.OPEN:
        raise Conflict(NOT_OPEN)
    return found


# The meeting


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
    _check(edition, by=by)
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
            _place(seat.verdict, group, seat)
            session.add(seat.verdict)
    meeting.closed_by, meeting.closed_at = by.id, now()
    session.add(meeting)
    record(session, "closed jury", "edition", edition.id, by=by.id, minutes=rules.digest(meeting.minutes))


def confirm_meeting(session: Session, edition: Edition, before: Sequence[Group], *, by: Viewer) -> None:
    _check(edition, by=by)
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
    _check(edition, by=by)
    why_not = why_not_reopened(session, edition)
    meeting = queries.meeting(session, edition.id)
    if why_not or meeting is None:
        raise Conflict(why_not or NOT_CLOSED)
    meeting.closed_by = meeting.closed_at = meeting.confirmed_by = meeting.confirmed_at = None
    session.add(meeting)
    session.flush()
    record(session, "reopened jury", "edition", edition.id, by=by.id, reason=reason)


# Verdicts


def why_not(before: Iterable[Group], decisions: Decisions, reason: str) -> dict[str, str]:
    """What is wrong with these decisions, by field."""
    lacking, over = [], set()
    for group in before:
        own = {code: what for code, what in decisions.items() if group.seat(code)}
        lacking += [code for code, what in own.items() if _is_new_departure(group, code, *what)]
        changed = {code: award_id for code, (_outcome, award_id) in own.items()}
        over |= {award.name("en") for award in group.exceeded(changed) if award.id in changed.values()}
    found = {"choices": NO_PLACE % {"awards": ", ".join(sorted(over))}} if over else {}
    if lacking and len(reason) < 10:
        found["reason"] = NO_REASON % {"codes": ", ".join(sorted(lacking))}
    return found


def _is_new_departure(group: Group, code: str, outcome: Outcome, award_id: uuid.UUID | None) -> bool:
    seat = group.seat(code)
    kept = seat.verdict if seat else None
    is_kept = kept is not None and kept.departs and (kept.outcome, kept.award_id) == (outcome, award_id)
    return group.proposal.departs(code, award_id) and not is_kept


def decide(
    session: Session, edition: Edition, before: Sequence[Group], decisions: Decisions, *, seen: Mapping[str, str],
    reason: str, by: Viewer,
) -> None:  # fmt: skip
    """Puts down what the jury decided about these essays; whatever departs from the order waits for a second person."""
    check_open(session, edition, by=by)
    seats = _seats(edition, before, decisions)
    changed = [code for code, (_group, seat) in seats.items() if seen.get(code, "") != rules.mark(seat.verdict)]
    if changed:
        raise Conflict(CHANGED % {"codes": ", ".join(sorted(changed))})
    wrong = why_not(before, decisions, reason)
    if wrong:
        raise Conflict(next(iter(wrong.values())))
    for code, (group, seat) in seats.items():
        _decide(session, group, seat, *decisions[code], reason=reason, by=by)


def _seats(edition: Edition, before: Iterable[Group], decisions: Decisions) -> dict[str, tuple[Group, Seat]]:
    known = {award.id for award in edition.awards} | {None}
    found = {seat.code: (group, seat) for group in before for seat in group.seats if seat.code in decisions}
    if len(found) < len(decisions) or not {award_id for _outcome, award_id in decisions.values()} <= known:
        raise Conflict(NOT_THERE)
    return found


def accept_order(session: Session, edition: Edition, group: Group, *, by: Viewer) -> int:
    """Decides as the order has it whatever needs no talk; how many that were."""
    check_open(session, edition, by=by)
    accepted = group.to_accept
    for seat in accepted:
        award_id = group.proposal.expected[seat.code]
        outcome = Outcome.AWARDED if award_id else Outcome.NOT_AWARDED
        _decide(session, group, seat, outcome, award_id, reason="", by=by)
    return len(accepted)


def _decide(
    session: Session, group: Group, seat: Seat, outcome: Outcome, award_id: uuid.UUID | None, *, reason: str, by: Viewer
) -> None:
    departs = group.proposal.departs(seat.code, award_id)
    within = group.proposal.is_within_band(seat.code, award_id)
    verdict = seat.verdict or Verdict(
        essay_id=seat.essay_id, edition_id=group.edition_id, outcome=outcome, award_id=award_id, decided_by=by.id
    )
    if seat.verdict and _is_same(seat.verdict, outcome, award_id, departs, reason):
        return
    verdict.outcome, verdict.award_id = outcome, award_id
    verdict.reason = reason if departs or within else ""
    _place(verdict, group, seat)
    verdict.decided_by, verdict.decided_at = by.id, now()
    verdict.confirmed_by = verdict.confirmed_at = None
    session.add(verdict)
    session.flush()
    told = {
        "outcome": outcome.value, "award": str(award_id) if award_id else None, "departs": departs,
        "within_band": within, "rank": seat.rank, "reason": verdict.reason,
    }  # fmt: skip
    record(session, "jury decided", "essay", seat.essay_id, by=by.id, **told)


def _is_same(verdict: Verdict, outcome: Outcome, award_id: uuid.UUID | None, departs: bool, reason: str) -> bool:
    """Who changes nothing takes no decision over from whoever took it."""
    is_decided_so = (verdict.outcome, verdict.award_id, verdict.departs) == (outcome, award_id, departs)
    return is_decided_so and (not departs or reason in ("", verdict.reason))


def _place(verdict: Verdict, group: Group, seat: Seat) -> None:
    verdict.place, verdict.expected_id = seat.rank, group.proposal.expected[seat.code]
    verdict.departs = group.proposal.departs(seat.code, verdict.award_id)


def confirm_verdict(
    session: Session, edition: Edition, before: Iterable[Group], code: str, *, seen: str, by: Viewer
) -> None:
    """The second person agrees with what departs from the order."""
    check_open(session, edition, by=by)
    verdict = next((seat.verdict for group in before for seat in group.seats if seat.code == code), None)
    if verdict is None or not rules.awaits_second(verdict) or seen != rules.mark(verdict):
        raise Conflict(NOTHING_TO_CONFIRM)
    if not rules.is_second(by, verdict.decided_by):
        raise Conflict(YOURS)
    verdict.confirmed_by, verdict.confirmed_at = by.id, now()
    session.add(verdict)
    session.flush()
    record(session, "jury confirmed", "essay", verdict.essay_id, by=by.id, outcome=verdict.outcome.value)
