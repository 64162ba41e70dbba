"""What candidates and hosts are reminded of while something waits for them; each thing once."""

import datetime as dt
import uuid

from sqlmodel import Session

from portal.placements import actions, queries, rules
from portal.placements.models import PlacementStatus, ProposalReminder
from portal.placements.rules import Reminder


def remind_of_offers(session: Session, at: dt.datetime) -> int:
    """Half-way to the end of an offer, and a day before it; how many were written."""
    due = [offer.id for offer in queries.open_offers(session, at) if rules.offer_reminder(offer, at)]
    return sum(_remind_of_offer(session, placement_id, at) for placement_id in due)


def _remind_of_offer(session: Session, placement_id: uuid.UUID, at: dt.datetime) -> bool:
    """Asked again now that it is locked: it may have been answered in between."""
    placement = queries.lock_whole(session, placement_id)
    reminder = rules.offer_reminder(placement, at)
    if reminder is None:
        return False
    if reminder is Reminder.HALF_WAY:
        placement.reminded_half_way_at = at
    else:
        placement.reminded_last_day_at = at
    actions.tell_candidate(session, placement, f"placements/offer_{reminder}")
    return True


def remind_of_proposals(session: Session, at: dt.datetime) -> int:
    """Hosts whose approval has been waited for three and seven days; how many proposals they are told of."""
    waiting = queries.waiting_proposals(session, at - rules.PATIENCE[0] * rules.DAY)
    return sum(_remind_of_proposal(session, placement_id, at) for placement_id in waiting)


def _remind_of_proposal(session: Session, placement_id: uuid.UUID, at: dt.datetime) -> bool:
    placement = queries.lock_whole(session, placement_id)
    days = rules.proposal_reminder(placement.proposed_at, at, queries.reminders_sent(session, placement))
    if days is None or placement.status is not PlacementStatus.PROPOSED:
        return False
    session.add(ProposalReminder(placement_id=placement.id, days=days, reminded_at=at))
    actions.tell_host(session, placement, "placements/proposal_waits")
    return True
