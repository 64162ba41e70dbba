"""What the jury decides about essays. Callers hold the edition locked, so that two who decide come one by one."""

import uuid
from collections.abc import Iterable, Mapping, Sequence

from sqlmodel import Session

from portal.accounts.viewer import Viewer
from portal.clock import now
from portal.contests.models import Edition
from portal.errors import Conflict
from portal.history.actions import record
from portal.i18n import N_, language, listing
from portal.juries import rules
from portal.juries.actions import check_open, place
from portal.juries.groups import Group, Seat
from portal.juries.models import Outcome, Verdict

Decisions = Mapping[str, tuple[Outcome, uuid.UUID | None]]

NOT_THERE = N_("One of these essays is not before the jury any more. Reload the page.")
CHANGED = N_("Somebody else has decided about this since you opened the page: %(codes)s. Look at it and decide anew.")
NO_REASON = N_("Say in at least ten characters why you decide otherwise than the order has it: %(codes)s.")
NO_PLACE = N_("There are not so many places of this award: %(awards)s. Change who has it in the same step.")
NOTHING_TO_CONFIRM = N_("There is nothing to confirm here: it was confirmed or changed already. Reload the page.")
YOURS = N_("You decided this yourself. Another secretary confirms it.")


def why_not(before: Iterable[Group], decisions: Decisions, reason: str) -> dict[str, str]:
    """What is wrong with these decisions, by field."""
    lacking, over = [], set()
    for group in before:
        own = {code: what for code, what in decisions.items() if group.seat(code)}
        lacking += [code for code, what in own.items() if _is_new_departure(group, code, *what)]
        changed = {code: award_id for code, (_outcome, award_id) in own.items()}
        over |= {award.name(language()) for award in group.exceeded(changed) if award.id in changed.values()}
    found = {"choices": NO_PLACE % {"awards": listing(sorted(over))}} if over else {}
    if lacking and len(reason) < 10:
        found["reason"] = NO_REASON % {"codes": listing(sorted(lacking))}
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
        raise Conflict(CHANGED % {"codes": listing(sorted(changed))})
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
    place(verdict, group, seat)
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
