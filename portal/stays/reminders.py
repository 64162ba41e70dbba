"""Reminding of what is undone in a stay; and telling the secretariat when that was of no use."""

import datetime as dt
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session

from portal.accounts import queries as accounts
from portal.accounts.models import Person
from portal.applications.offices import Offices, offices
from portal.checkins.models import Side
from portal.i18n import N_
from portal.mail.rules import Recipient
from portal.placements.models import Placement
from portal.reminding import actions as reminding
from portal.reminding.rules import Among, Reader, Rule, Step, Subject, asked, begins, register
from portal.stays import queries, rules, words
from portal.stays.models import Duty, Reminder

# Stages at which it is the secretariat that is told.
LATE = {(duty, days) for duty, stages in rules.STAGES.items() for days, to_secretariat in stages if to_secretariat}
EARLIEST = min(days for stages in rules.STAGES.values() for days, _to_secretariat in stages)
LATEST = max(days for stages in rules.STAGES.values() for days, _to_secretariat in stages)


class Undone(NamedTuple):
    """A duty of one side in a stay, and the day it is about."""

    placement: Placement
    duty: Duty
    side: Side
    number: int
    about_on: dt.date


def _duties(session: Session, _at: dt.datetime, last: dt.datetime) -> Iterator[Subject]:
    """Each is a series of its own."""
    for placement, facts, given in queries.with_facts(session, queries.to_remind(session, last)):
        for duty in rules.undone(placement, facts, given):
            subject = _subject(Undone(placement, *duty))
            if subject.at <= last:
                yield subject


def _subject(undone: Undone) -> Subject:
    opening = undone.placement.opening
    zone, title = opening.government.zone, opening.title
    days = tuple(days for days, _to_secretariat in rules.STAGES[undone.duty])
    series = f"{undone.duty.value} {undone.side.value} {undone.number}"
    return Subject(
        undone.placement.id, begins(undone.about_on, zone), undone, zone, lambda _language: title, None, days, series
    )


def _concerned(session: Session, steps: Sequence[Step], among: Among) -> Iterator[Reader]:
    found = asked(steps, among)
    placements: list[Placement] = [step.subject.thing.placement for step in found]
    hosts = {each.opening.government_id for each in placements}
    known = offices(session, [each.application for each in placements], hosts)
    secretaries = accounts.secretaries(session)
    for step in found:
        yield from _late(known, secretaries, step) if _is_late(step) else _reminded(known, step)


def _is_late(step: Step) -> bool:
    return (step.subject.thing.duty, step.days) in LATE


def _late(known: Offices, secretaries: Sequence[Person], step: Step) -> Iterator[Reader]:
    undone: Undone = step.subject.thing
    values = {**_facts(undone), "sentence": words.LATE[undone.duty, undone.side]}
    kin = known.kin.get(undone.placement.application_id, ())
    for secretary in secretaries:
        if secretary.id not in kin:
            yield Reader(step, accounts.recipient(secretary), values, _path(undone), template="stays/late")


def _reminded(known: Offices, step: Step) -> Iterator[Reader]:
    undone: Undone = step.subject.thing
    subject, sentence = words.REMINDERS[undone.duty, undone.side]
    for to in _whom(known, undone):
        yield Reader(step, to, {**_facts(undone), "subject_text": subject, "sentence": sentence}, _path(undone))


def _whom(known: Offices, undone: Undone) -> list[Recipient]:
    application = undone.placement.application
    if undone.side is Side.INTERN:
        return [known.addressee(application)]
    return known.officials(application, undone.placement.opening.government_id)


def _facts(undone: Undone) -> dict[str, object]:
    placement = undone.placement
    return {"opening": placement.opening, "application": placement.application, "due_on": undone.about_on}


def _path(undone: Undone) -> str:
    return f"/placements/{undone.placement.id}/stay"


def _write(session: Session, rule: Rule, reader: Reader, origin: str) -> None:
    """That the secretariat was told is kept with the stay: its list shows what needs a look."""
    if _is_late(reader.step):
        _keep(session, reader.step)
    reminding.write(session, rule, reader, origin)


def _keep(session: Session, step: Step) -> None:
    undone: Undone = step.subject.thing
    kept = Reminder(
        placement_id=undone.placement.id, duty=undone.duty, side=undone.side, number=undone.number,
        about_on=undone.about_on, days=step.days, to_secretariat=True,
    )  # fmt: skip
    insert = sqlite.insert if session.connection().dialect.name == "sqlite" else postgresql.insert
    session.execute(insert(Reminder).values(kept.model_dump()).on_conflict_do_nothing())


register(
    Rule("stays", N_("What is undone in a stay"), (EARLIEST, LATEST), "stays/reminder", _duties, _concerned, _write)
)
