"""Offering, taking and cancelling interview times.

Whoever takes, moves or removes a time holds its opening (`queries.lock_candidate`, `queries.lock_visible`): of two
candidates at the same moment exactly one gets it.
"""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from sqlmodel import Session

from portal.accounts.viewer import Viewer
from portal.applications import actions as applications
from portal.applications.models import Application
from portal.applications.offices import Offices, offices
from portal.clock import now
from portal.errors import Conflict, NotAllowed
from portal.history.actions import record
from portal.i18n import Lazy
from portal.interviews import queries, rules
from portal.interviews.forms import Offer
from portal.interviews.models import Ending, Slot
from portal.mail.actions import send
from portal.mail.rules import Recipient
from portal.openings.models import Opening
from portal.registry.models import Government


def ensure_host(opening: Opening, *, by: Viewer) -> None:
    """This person offers times for the opening, now."""
    if not rules.is_host(by, opening):
        raise NotAllowed
    _refuse(rules.why_no_offer(opening, now()))


def objection(session: Session, opening: Opening, offer: Offer, first: dt.datetime) -> Lazy | None:
    """What is wrong with the times of a host's form, for a locked opening."""
    length = dt.timedelta(minutes=offer.minutes)
    wanted = [rules.Span(start, start + length) for start in _starts(offer, first)]
    standing = [rules.span(slot) for slot in queries.standing(session, opening)]
    return rules.objection(wanted, standing, due_at=opening.call.rankings_due_at, at=now())


def _starts(offer: Offer, first: dt.datetime) -> list[dt.datetime]:
    return rules.row(first, minutes=offer.minutes, count=offer.count, pause=offer.pause)


def offer(session: Session, opening: Opening, offer: Offer, first: dt.datetime, *, by: Viewer) -> list[Slot]:
    ensure_host(opening, by=by)
    _refuse(objection(session, opening, offer, first))
    told = offer.model_dump(include={"minutes", "place", "note"})
    made = [Slot(opening_id=opening.id, starts_at=at, made_by=by.id, **told) for at in _starts(offer, first)]
    session.add_all(made)
    record(session, "interview times offered", "opening", opening.id, by=by.id, times=len(made))
    return made


def remove(session: Session, slot: Slot, *, by: Viewer) -> None:
    """A free time."""
    if not rules.is_host(by, slot.opening):
        raise NotAllowed
    _refuse(rules.why_not_removed(slot))
    session.delete(slot)
    record(session, "interview time removed", "opening", slot.opening_id, by=by.id)


def ensure_cancel(slot: Slot, *, by: Viewer) -> dt.datetime:
    if not rules.is_host(by, slot.opening):
        raise NotAllowed
    at = now()
    _refuse(rules.why_not_cancelled(slot, at))
    return at


def cancel(session: Session, slot: Slot, *, by: Viewer, reason: str) -> None:
    """A taken time: the candidate reads the reason, and may choose another one."""
    slot.ended_at, slot.ending, slot.reason = ensure_cancel(slot, by=by), Ending.CANCELLED, reason
    _record(session, "interview cancelled", slot, by=by)
    _tell_candidate(session, slot, "interviews/cancelled")
    _tell_host(session, slot, "interviews/cancelled_by_host")


def ensure_candidate(application: Application, *, by: Viewer) -> dt.datetime:
    if not rules.is_candidate(by, application):
        raise NotAllowed
    at = now()
    _refuse(rules.why_no_choice(application, at))
    return at


def pick(session: Session, application: Application, slot: Slot, *, by: Viewer) -> None:
    """With a time of this opening already, the candidate moves to this one, and the other is free again."""
    at = ensure_candidate(application, by=by)
    own = queries.own(session, application)
    _refuse(rules.why_not_picked(slot, own, application, at))
    if slot.application_id == application.id:
        return
    for earlier in own:
        if earlier.opening_id == slot.opening_id:
            _free(earlier)
    session.flush()  # the earlier one first: one candidate has one time of an opening
    slot.application_id, slot.application, slot.taken_at = application.id, application, at
    _record(session, "interview picked", slot, by=by, **_on_behalf(application, by))
    _tell_both(session, slot, "picked")


def give_back(session: Session, application: Application, slot: Slot, *, by: Viewer) -> None:
    at = ensure_candidate(application, by=by)
    _refuse(rules.why_not_given_back(slot, application, at))
    _record(session, "interview given back", slot, by=by, **_on_behalf(application, by))
    _tell_both(session, slot, "given_back")
    _free(slot)


def free_left(session: Session, at: dt.datetime) -> int:
    """Ends the interviews of candidates who withdrew, and offers the time anew; how many."""
    left = queries.lock_left(session, at)
    for slot in left:
        slot.ended_at, slot.ending = at, Ending.LEFT
        _record(session, "interview fell away", slot, by=None)
        _tell_host(session, slot, "interviews/left")
    session.flush()
    again = ("opening_id", "starts_at", "minutes", "place", "note", "made_by")
    session.add_all(Slot(**{name: getattr(slot, name) for name in again}) for slot in left)
    session.flush()
    return len(left)


def _free(slot: Slot) -> None:
    slot.application_id = slot.application = slot.taken_at = None


def _refuse(reason: Lazy | None) -> None:
    if reason is not None:
        raise Conflict(reason)


def _on_behalf(application: Application, by: Viewer) -> dict[str, bool]:
    return {} if by.person_id == application.applicant_id else {"on_behalf": True}


def _record(session: Session, deed: str, slot: Slot, *, by: Viewer | None, **details: Any) -> None:
    told = {"opening": str(slot.opening_id), "slot": str(slot.id), **details}
    assert slot.application_id is not None, "an interview has a candidate"
    record(session, deed, "application", slot.application_id, by=by.id if by else None, **told)


def _tell_both(session: Session, slot: Slot, what: str) -> None:
    _tell_candidate(session, slot, f"interviews/{what}")
    _tell_host(session, slot, f"interviews/{what}_host")


def _tell_candidate(session: Session, slot: Slot, template: str) -> None:
    assert slot.application is not None, "an interview has a candidate"
    send(session, template, to=applications.addressee(session, slot.application), **facts(session, slot))


def _tell_host(session: Session, slot: Slot, template: str) -> None:
    for to in _hosts(session, slot):
        send(session, template, to=to, **facts(session, slot))


def facts(session: Session, slot: Slot) -> dict[str, Any]:
    """What messages tell of."""
    host = session.get_one(Government, slot.opening.government_id)
    return {"slot": slot, "opening": slot.opening, "host_zone": host.zone, "candidate_zone": candidate_zone(slot)}


def candidate_zone(slot: Slot) -> str:
    """The candidate's own, if they have said it, else their home government's."""
    assert slot.application is not None, "an interview has a candidate"
    applicant, home = slot.application.applicant, slot.application.home
    return home.zone if applicant.zone == "UTC" and home else applicant.zone


def _hosts(session: Session, slot: Slot) -> Sequence[Recipient]:
    assert slot.application is not None, "an interview has a candidate"
    return hosts(offices(session, [slot.application], [slot.opening.government_id]), slot)


def hosts(known: Offices, slot: Slot) -> list[Recipient]:
    """Who offered the time, or the office once they have left it; never the candidate's kin."""
    assert slot.application is not None, "an interview has a candidate"
    office = known.officials(slot.application, slot.opening.government_id)
    return [each for each in office if each.person_id == slot.made_by] or office
