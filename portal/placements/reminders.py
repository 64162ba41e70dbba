"""What candidates and hosts are reminded of while something waits for them."""

import datetime as dt
from collections.abc import Callable, Iterator, Sequence

from sqlmodel import Session

from portal.applications.offices import Offices, offices
from portal.i18n import N_
from portal.mail.rules import Recipient
from portal.placements import actions, queries, rules
from portal.placements.models import Placement
from portal.reminding.rules import Among, Reader, Rule, Step, Subject, Undone, asked, register


def _subject(placement: Placement, at: dt.datetime, until: dt.datetime | None = None) -> Subject:
    opening = placement.opening
    return Subject(placement.id, at, placement, opening.call.zone, lambda _language: opening.title, until)


def _half_way(session: Session, at: dt.datetime, last: dt.datetime) -> Iterator[Subject]:
    """Until the last day, which has its own."""
    for offer in queries.open_offers(session, at):
        half = rules.half_way(offer)
        if half <= last:
            yield _subject(offer, half, _end(offer) - rules.DAY)


def _last_day(session: Session, at: dt.datetime, last: dt.datetime) -> Iterator[Subject]:
    return (_subject(each, _end(each), _end(each)) for each in queries.open_offers(session, at) if _end(each) <= last)


def _end(offer: Placement) -> dt.datetime:
    assert offer.expires_at is not None, "an offer expires"
    return offer.expires_at


def _proposals(session: Session, _at: dt.datetime, last: dt.datetime) -> Iterator[Subject]:
    return (_subject(each, each.proposed_at) for each in queries.waiting_proposals(session, last))


def _readers(whom: Callable[[Offices, Placement], list[Recipient]]) -> Undone:
    def undone(session: Session, steps: Sequence[Step], among: Among) -> Iterator[Reader]:
        found = asked(steps, among)
        placements = [step.subject.thing for step in found]
        hosts = {each.opening.government_id for each in placements}
        known = offices(session, [each.application for each in placements], hosts)
        for step in found:
            for to in whom(known, step.subject.thing):
                yield Reader(step, to, actions.facts(step.subject.thing), "/placements")

    return undone


def _candidate(known: Offices, placement: Placement) -> list[Recipient]:
    return [known.addressee(placement.application)]


def _host(known: Offices, placement: Placement) -> list[Recipient]:
    return known.officials(placement.application, placement.opening.government_id)


register(
    Rule(
        "half_way",
        N_("Offers to answer, half-way to their end"),
        (0,),
        "placements/offer_half_way",
        _half_way,
        _readers(_candidate),
    )
)
register(
    Rule(
        "last_day",
        N_("Offers to answer, on their last day"),
        (-1,),
        "placements/offer_last_day",
        _last_day,
        _readers(_candidate),
    )
)
register(
    Rule(
        "proposals",
        N_("Proposed placements to approve or refuse"),
        (3, 7),
        "placements/proposal_waits",
        _proposals,
        _readers(_host),
    )
)
