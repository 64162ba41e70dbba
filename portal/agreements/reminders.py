"""Reminding the parties of an agreement who have not confirmed it."""

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import replace

from sqlmodel import Session

from portal.agreements import letters, queries, rules
from portal.agreements.models import Guardian, Party
from portal.agreements.rules import Standing
from portal.applications.offices import offices
from portal.i18n import N_
from portal.reminding import actions as reminding
from portal.reminding.rules import Among, Reader, Rule, Step, Subject, asked, register


def _unconfirmed(session: Session, _at: dt.datetime, last: dt.datetime) -> Iterator[Subject]:
    """Each awaited party is a series of its own."""
    for standing in queries.open_ones(session, last):
        since = rules.open_since(standing)
        if since <= last:
            yield from (_subject(standing, party, since) for party in standing.awaited)


def _subject(standing: Standing, party: Party, since: dt.datetime) -> Subject:
    opening, thing = standing.placement.opening, (standing, party)
    title = opening.title
    return Subject(standing.placement.id, since, thing, opening.call.zone, lambda _language: title, series=party.value)


def _parties(session: Session, steps: Sequence[Step], among: Among) -> Iterator[Reader]:
    """As long as no guardian is named, it is the intern who is to name one."""
    found = asked(steps, among)
    placements = [step.subject.thing[0].placement for step in found]
    hosts = {each.opening.government_id for each in placements}
    known = offices(session, [each.application for each in placements], hosts)
    for step in found:
        standing, party = step.subject.thing
        facts, path = letters.facts(standing), letters.path(standing)
        unnamed = party is Party.GUARDIAN and standing.guardian is None
        template = "agreements/name_guardian" if unnamed else ""
        for to in letters.members(known, standing, Party.INTERN if unnamed else party):
            yield Reader(step, to, facts, path, template=template)


def _write(session: Session, rule: Rule, reader: Reader, origin: str) -> None:
    """A guardian's link is made anew: what we keep of a link cannot be sent again."""
    _standing, party = reader.step.subject.thing
    if party is Party.GUARDIAN and not reader.template:
        guardian = session.get_one(Guardian, reader.values["guardian"].id, with_for_update=True)
        link = letters.fresh_link(guardian, origin=origin)
        session.add(guardian)
        reader = replace(reader, path=link.removeprefix(origin))
    reminding.write(session, rule, reader, origin)


register(
    Rule("agreements", N_("Agreements to confirm"), (3, 7, 14), "agreements/reminder", _unconfirmed, _parties, _write)
)
