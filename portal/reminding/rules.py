"""What people are reminded of and when: rules that the features fill in, and the hours that are kept quiet. Pure."""

import datetime as dt
import uuid
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, field
from itertools import zip_longest
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlmodel import Session, col

from portal.i18n import Lazy
from portal.mail.rules import Recipient

DAY = dt.timedelta(days=1)
EVENING, MORNING = dt.time(21), dt.time(8)
UNKNOWN = "UTC"  # nobody's zone: it stands for a reader who has not said where they live
# A deadline that was moved by less than this is the same to its readers.
SAME = dt.timedelta(hours=12)
EVERYBODY = ""  # as an address: what was sent before addresses were kept


@dataclass(frozen=True, eq=False)
class Subject:
    """What a reminder is about: a call, an edition, a placement.

    `at` is the instant that its days are counted from; after `until` nobody is reminded any more. `zone` is for
    readers whose own is not known. `days` are its own, instead of the rule's; `series` tells several duties of one
    thing apart; `edition_id` is the edition of the contest that it belongs to.
    """

    id: uuid.UUID
    at: dt.datetime
    thing: Any
    zone: str
    title: Callable[[str], str] = field(repr=False)
    until: dt.datetime | None = None
    days: tuple[int, ...] = ()
    series: str = ""
    edition_id: uuid.UUID | None = None


class Step(NamedTuple):
    """One of the moments of a subject, so many days after its instant, or before it."""

    subject: Subject
    days: int

    @property
    def at(self) -> dt.datetime:
        return self.subject.at + self.days * DAY

    @property
    def name(self) -> str:
        """What it is kept as."""
        return f"{self.subject.series} {self.days:+d} days".strip()


class Key(NamedTuple):
    """Of these nobody is reminded twice."""

    subject_id: uuid.UUID
    step: str
    address: str


@dataclass(frozen=True, eq=False)
class Reader:
    """Somebody who has not done it. `about` is the thing that is undone, where it is less than the whole subject;
    `since` when it became theirs to do: who came after a step is not reminded of it, but of the next."""

    step: Step
    to: Recipient
    values: dict[str, Any] = field(default_factory=dict)
    path: str = ""  # of the page where it is done
    about: uuid.UUID | None = None
    since: dt.datetime | None = None
    template: str = ""  # another than the rule's

    @property
    def key(self) -> Key:
        return Key(self.about or self.step.subject.id, self.step.name, self.to.address.casefold())


Among = Collection[uuid.UUID] | None  # the things that are asked about; None: all of them
Subjects = Callable[[Session, dt.datetime, dt.datetime], Iterable[Subject]]
Undone = Callable[[Session, Sequence[Step], Among], Iterable[Reader]]
Write = Callable[[Session, "Rule", Reader, str], None]


@dataclass(frozen=True)
class Rule:
    """So many days after an instant, or before it (negative), to those who have not done it.

    `subjects(session, at, last)` are those that are not over at `at` and whose instant is `last` or earlier;
    `undone(session, steps, among)` those to be written to, in a few queries however many they are; it is asked of
    one step of a subject at a time.
    `write(session, rule, reader, origin)` is for what must be made anew with each message, as a link is.
    """

    name: str
    title: Lazy
    days: tuple[int, ...]
    template: str
    subjects: Subjects = field(repr=False)
    undone: Undone = field(repr=False)
    write: Write | None = field(default=None, repr=False)


RULES: dict[str, Rule] = {}


def register(rule: Rule) -> Rule:
    assert rule.name not in RULES, f"two rules are called {rule.name}"
    RULES[rule.name] = rule
    return rule


def within(column: Any, among: Among) -> sa.ColumnElement[bool]:
    """For `undone`: only these, if any are named."""
    return sa.true() if among is None else col(column).in_(among)


def asked(steps: Sequence[Step], among: Among) -> list[Step]:
    """The same, where the subject itself is what is undone."""
    return [step for step in steps if among is None or step.subject.id in among]


# Steps


def steps(rule: Rule, subjects: Iterable[Subject]) -> list[Step]:
    return [Step(subject, days) for subject in subjects for days in subject.days or rule.days]


def newest_due(found: Iterable[Step], at: dt.datetime) -> list[Step]:
    """Of each subject the last step that is reached, unless it is over. What was missed before that is not made up."""
    newest: dict[tuple[uuid.UUID, str], Step] = {}
    for step in sorted(found, key=lambda step: step.at):
        if step.at <= at and not is_over(step.subject, at):
            newest[step.subject.id, step.subject.series] = step
    return list(newest.values())


def planned(found: Iterable[Step], after: dt.datetime, until: dt.datetime) -> list[Step]:
    """The coming ones, the next first."""
    coming = (step for step in found if after < step.at <= until and not is_over(step.subject, step.at))
    return sorted(coming, key=lambda step: step.at)


def in_rounds(found: Iterable[Step]) -> list[list[Step]]:
    """The first of each subject, then the second of each, and so on."""
    by_subject: dict[Subject, list[Step]] = {}
    for step in found:
        by_subject.setdefault(step.subject, []).append(step)
    return [[step for step in row if step] for row in zip_longest(*by_subject.values())]


def is_over(subject: Subject, at: dt.datetime) -> bool:
    return subject.until is not None and at >= subject.until


def came_later(reader: Reader) -> bool:
    return reader.since is not None and reader.since > reader.step.at


def begins(day: dt.date, zone: str) -> dt.datetime:
    """The first instant of a day there, for what is due on days."""
    return dt.datetime.combine(day, dt.time(), ZoneInfo(zone)).astimezone(dt.UTC)


# Quiet hours


def zone_of(reader: Reader) -> str:
    return reader.to.zone if reader.to.zone != UNKNOWN else reader.step.subject.zone


def is_quiet(at: dt.datetime, zone: str) -> bool:
    """Between nine in the evening and eight in the morning."""
    there = at.astimezone(ZoneInfo(zone)).time()
    return there >= EVENING or there < MORNING


def morning(at: dt.datetime, zone: str) -> dt.datetime:
    """When the quiet hours end in which this falls."""
    there = at.astimezone(ZoneInfo(zone))
    day = there.date() + DAY if there.time() >= EVENING else there.date()
    return dt.datetime.combine(day, MORNING, ZoneInfo(zone)).astimezone(dt.UTC)


def is_time(reader: Reader, at: dt.datetime) -> bool:
    """At night it waits for the morning, unless it would be too late then."""
    zone, until = zone_of(reader), reader.step.subject.until
    return not is_quiet(at, zone) or (until is not None and until <= morning(at, zone))
