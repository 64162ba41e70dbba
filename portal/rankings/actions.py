"""Putting candidates, and openings, in an order. Whoever calls these holds the opening, or the application, locked."""

import datetime as dt
import uuid
from collections.abc import Iterator, Sequence
from typing import Any

from sqlmodel import Session

from portal.accounts.queries import coordinators, recipient
from portal.accounts.viewer import Viewer
from portal.applications import actions as applications
from portal.applications import rules as application_rules
from portal.applications.models import Application
from portal.calls import actions as calls
from portal.clock import now
from portal.errors import Conflict, NotAllowed
from portal.history.actions import record
from portal.mail.actions import send
from portal.openings.models import Opening
from portal.rankings import queries, rules
from portal.rankings.models import CandidateMark, RankingEntry
from portal.rankings.queries import Desk
from portal.rankings.rules import Line, Lines


def ensure(session: Session, opening: Opening, *, by: Viewer) -> bool:
    """This person may change the list now; whether that is a late change."""
    if not rules.may_rank(by, opening):
        raise NotAllowed
    at = now()
    reason = rules.why_not(by, opening, at, has_results=queries.has_results(session, opening.call_id))
    if reason is not None:
        raise Conflict(reason)
    return rules.is_late(opening.call, at)


def save(session: Session, opening: Opening, desk: Desk, wanted: Lines, *, by: Viewer, reason: str = "") -> None:
    """`wanted` for those whom this person sees; the others stay where they are."""
    is_late = ensure(session, opening, by=by)
    after = _around_the_hidden(desk, wanted)
    before = {**desk.lines, **desk.hidden}
    changed = {each: line for each, line in after.items() if line != before[each]}
    if not changed:
        return
    at = now()
    _write_entries(session, opening, changed, by=by, at=at)
    _write_marks(session, opening, desk, wanted, by=by, at=at)
    session.flush()
    if is_late:
        told = {str(each): [_told(before[each]), _told(line)] for each, line in changed.items()}
        record(session, "ranking changed late", "opening", opening.id, by=by.id, reason=reason, changed=told)
        _tell_hosts(session, opening)
    else:
        record(session, "ranking saved", "opening", opening.id, by=by.id, **_counts(after))


def _around_the_hidden(desk: Desk, wanted: Lines) -> dict[uuid.UUID, Line]:
    """Everybody's line, with places that count all of them."""
    fixed = rules.places_of(desk.hidden)
    shared = set(fixed.values()) & set(rules.places_of(desk.lines).values())
    places = rules.around(rules.places_of(wanted), fixed, shared)
    return rules.placed({**wanted, **desk.hidden}, places)


def _write_entries(session: Session, opening: Opening, changed: Lines, *, by: Viewer, at: dt.datetime) -> None:
    kept = queries.entries(session, opening)
    for each, line in changed.items():
        entry = kept.get(each) or RankingEntry(opening_id=opening.id, application_id=each, changed_by=by.id)
        entry.place, entry.is_unacceptable = line.place, line.is_unacceptable
        entry.changed_at, entry.changed_by = at, by.id
        session.add(entry)


def _write_marks(session: Session, opening: Opening, desk: Desk, wanted: Lines, *, by: Viewer, at: dt.datetime) -> None:
    """What was emptied is taken back; the first mark fixes the weights of the call."""
    kept = queries.marks(session, opening)
    given = {(each, name): value for each, line in wanted.items() for name, value in line.marks.items()}
    if given and not all(criterion.marked_at for criterion in desk.criteria):
        calls.mark_criteria(session, opening.call_id)
    for key, mark in kept.items():
        if key[0] in wanted and key not in given:
            session.delete(mark)
    for key, value in given.items():
        found = kept.get(key)
        if found is None or found.value != value:
            mark = found or CandidateMark(
                opening_id=opening.id, application_id=key[0], criterion_id=key[1], value=value, given_by=by.id
            )
            mark.value, mark.given_at, mark.given_by = value, at, by.id
            session.add(mark)


def _told(line: Line) -> str | int | None:
    """Without names and marks: a place, that they were refused, or nothing yet."""
    return "unacceptable" if line.is_unacceptable else line.place


def _counts(lines: Lines) -> dict[str, int]:
    refused = sum(line.is_unacceptable for line in lines.values())
    undecided = sum(line.is_undecided for line in lines.values())
    return {"placed": len(lines) - refused - undecided, "unacceptable": refused, "undecided": undecided}


def _tell_hosts(session: Session, opening: Opening) -> None:
    for person in coordinators(session, opening.government_id):
        send(session, "rankings/changed_late", to=recipient(person), opening=opening, call=opening.call)


# The applicant's own order


def ensure_order(session: Session, application: Application, *, by: Viewer) -> bool:
    """This person may change the order of the chosen openings now; whether that is a late change."""
    if not rules.may_order(by, application):
        raise NotAllowed
    at = now()
    reason = rules.why_no_order(by, application, at, has_results=queries.has_results(session, application.call_id))
    if reason is not None:
        raise Conflict(reason)
    return rules.is_late(application.call, at)


def put_in_order(
    session: Session, application: Application, ids: Sequence[uuid.UUID], *, by: Viewer, reason: str = ""
) -> None:
    """The same openings in another order."""
    is_late = ensure_order(session, application, by=by)
    before = [choice.opening_id for choice in application.choices]
    if before == list(ids):
        return
    applications.reorder(session, application, ids)
    details = dict(_details(application, ids, by=by, reason=reason if is_late else ""))
    deed = "order of openings changed late" if is_late else "order of openings changed"
    record(session, deed, "application", application.id, by=by.id, **details)
    if is_late:
        applications.tell(session, application, "rankings/order_changed_late")


def _details(
    application: Application, ids: Sequence[uuid.UUID], *, by: Viewer, reason: str
) -> Iterator[tuple[str, Any]]:
    yield "openings", [str(each) for each in ids]
    if reason:
        yield "reason", reason
    elif by.person_id != application.applicant_id and application_rules.acts_for(by, application):
        yield "on_behalf", True
