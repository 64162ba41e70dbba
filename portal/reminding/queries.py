"""Who is to be reminded now, and what is coming."""

import datetime as dt
import uuid
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from portal.clock import now
from portal.mail import queries as mail
from portal.reminding import rules
from portal.reminding.models import Reminded
from portal.reminding.rules import EVERYBODY, RULES, Among, Key, Reader, Rule, Step

AT_ONCE = 1000  # keys in one question to the database


def due(session: Session, rule: Rule, at: dt.datetime, among: Among = None) -> list[Reader]:
    """Whoever is awake, has not done it, and was not reminded of this step."""
    found = rules.steps(rule, rule.subjects(session, at, at - min(rule.days) * rules.DAY))
    reached = rules.newest_due(found, at)
    if not reached:
        return []
    readers = {each.key: each for each in _undone(session, rule, reached, among) if rules.is_time(each, at)}
    return _not_reminded(session, rule, list(readers.values()))


def _undone(session: Session, rule: Rule, steps: list[Step], among: Among) -> Iterator[Reader]:
    return (each for each in rule.undone(session, steps, among) if not rules.came_later(each))


def _not_reminded(session: Session, rule: Rule, readers: list[Reader]) -> list[Reader]:
    """Without those who decline and have no account either: it would stand nowhere, and its link replace a good one."""
    last = _last_reminded(session, rule, list({each.key.subject_id for each in readers}))
    declining = mail.declining(session, {each.to.address for each in readers if each.to.person_id is None})
    return [
        each for each in readers
        if not _was_reminded(last, each) and (each.to.person_id or each.to.address.casefold() not in declining)
    ]  # fmt: skip


def _last_reminded(session: Session, rule: Rule, subject_ids: Sequence[uuid.UUID]) -> dict[Key, dt.datetime]:
    rows = (
        row
        for first in range(0, len(subject_ids), AT_ONCE)
        for row in session.exec(_of(rule, subject_ids[first : first + AT_ONCE]))
    )
    return {Key(row.subject_id, row.step, row.address): row.at for row in rows}


def _of(rule: Rule, subject_ids: Sequence[uuid.UUID]) -> SelectOfScalar[Reminded]:
    return select(Reminded).where(Reminded.rule == rule.name, col(Reminded.subject_id).in_(subject_ids))


def _was_reminded(last: dict[Key, dt.datetime], reader: Reader) -> bool:
    """A step whose day was moved on since then is a new one."""
    known = (last.get(key) for key in (reader.key, reader.key._replace(address=EVERYBODY)))
    return any(at is not None and at >= reader.step.at - rules.SAME for at in known)


class Planned(NamedTuple):
    """A step to come, and how many would be reminded if it came now."""

    rule: Rule
    step: Step
    readers: int

    @property
    def at(self) -> dt.datetime:
        return self.step.at


def upcoming(session: Session, until: dt.datetime) -> list[Planned]:
    """What is planned from now on, of all rules, the next first. What nobody would get is left out."""
    at = now()
    found = [each for rule in RULES.values() for each in _planned(session, rule, at, until)]
    return sorted(found, key=lambda planned: planned.at)


def _planned(session: Session, rule: Rule, at: dt.datetime, until: dt.datetime) -> Iterable[Planned]:
    subjects = rule.subjects(session, at, until - min(rule.days) * rules.DAY)
    coming = rules.planned(rules.steps(rule, subjects), at, until)
    readers = {(each.key, each.step) for some in rules.in_rounds(coming) for each in _undone(session, rule, some, None)}
    counts = Counter(step for _key, step in readers)
    return [Planned(rule, step, counts[step]) for step in coming if counts[step]]
