"""Reminding both sides of an interview on the day before it."""

import datetime as dt
from collections.abc import Iterator, Sequence

from sqlmodel import Session

from portal.applications.offices import offices
from portal.i18n import N_
from portal.interviews import actions, queries
from portal.interviews.models import Slot
from portal.reminding.rules import Among, Reader, Rule, Step, Subject, asked, register


def _coming(session: Session, at: dt.datetime, last: dt.datetime) -> Iterator[Subject]:
    return (_subject(slot) for slot in queries.coming(session, at, last))


def _subject(slot: Slot) -> Subject:
    opening = slot.opening
    return Subject(
        slot.id, slot.starts_at, slot, opening.government.zone, lambda _language: opening.title, slot.starts_at
    )


def _both(session: Session, steps: Sequence[Step], among: Among) -> Iterator[Reader]:
    """Who took the time within the day before has just been told of it."""
    found = asked(steps, among)
    slots: list[Slot] = [step.subject.thing for step in found]
    taken = [slot.application for slot in slots if slot.application is not None]
    known = offices(session, taken, {slot.opening.government_id for slot in slots})
    for step, slot, application in zip(found, slots, taken, strict=True):
        facts = actions.facts(session, slot)
        path = f"/applications/{application.id}/interviews"
        yield Reader(step, known.addressee(application), facts, path, since=slot.taken_at)
        for to in actions.hosts(known, slot):
            path, template = f"/openings/{slot.opening_id}/interviews", "interviews/reminder_host"
            yield Reader(step, to, facts, path, since=slot.taken_at, template=template)


register(Rule("interviews", N_("Interviews of the next day"), (-1,), "interviews/reminder", _coming, _both))
