"""What the numbers of a call say, what needs care first, and what may be done for many at once. Pure."""

import datetime as dt
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from portal.accounts.viewer import Viewer
from portal.applications.models import Status
from portal.calls import rules as calls
from portal.calls.models import Call, CallStatus
from portal.i18n import N_, Lazy
from portal.registry.models import Government
from portal.reports.words import Concern, Deed, Sort

SOON = dt.timedelta(days=14)
REMINDED_FOR = dt.timedelta(days=1)
AT_ONCE = 200  # mails or decisions of one press
FIRST = 8  # of what needs care

NO_COORDINATOR = N_("Nobody is in office. Invite a coordinator, or act in its place.")
NOTHING_WAITS = N_("No application waits there.")
NO_DRAFT = N_("No draft is left there.")
REMINDED = N_("Everybody there was reminded less than a day ago, or has no address.")
NOT_BEFORE_DUE = N_("Home governments can still decide. You can refuse what is left once nominations were due.")
RANKINGS_OVER = N_("Rankings were due, so nothing more is decided in this call.")
NOT_OPEN = N_("This call does not take applications at the moment, so there is nothing to remind applicants of.")
NOTHING_DUE = N_("This call takes no nominations at the moment, so there is nothing to remind coordinators of.")


@dataclass(frozen=True)
class Line:
    """Where one home government stands in a call; without one, those who have not chosen theirs yet."""

    home: Government | None
    by_status: Mapping[Status, int] = field(default_factory=dict)
    submitted: int = 0  # at least once
    uncorrected: int = 0  # returned, and past the time for it
    openings: int = 0
    opening_drafts: int = 0
    coordinators: int = 0

    def number(self, status: Status) -> int:
        return self.by_status.get(status, 0)

    @property
    def code(self) -> str:
        return self.home.code if self.home else ""

    @property
    def started(self) -> int:
        return sum(self.by_status.values())

    @property
    def undecided(self) -> int:
        return self.number(Status.SUBMITTED)

    @property
    def is_empty(self) -> bool:
        return not (self.started or self.openings or self.opening_drafts)


def total(lines: Iterable[Line]) -> Line:
    """All of them together."""
    lines = list(lines)
    by_status = {status: sum(line.number(status) for line in lines) for status in Status}
    names = ("submitted", "uncorrected", "openings", "opening_drafts", "coordinators")
    return Line(None, by_status, *(sum(getattr(line, name) for line in lines) for name in names))


def by_country(lines: Sequence[Line]) -> dict[str, Line]:
    countries = dict.fromkeys(line.home.country.value for line in lines if line.home)
    return {code: total(line for line in lines if line.home and line.home.country == code) for code in countries}


def in_order(lines: Sequence[Line], sort: Sort) -> list[Line]:
    """The register's own order breaks ties."""
    keys = {
        Sort.WAITING: lambda line: -line.undecided,
        Sort.STARTED: lambda line: -line.started,
        Sort.NOMINATED: lambda line: -line.number(Status.NOMINATED),
    }
    return sorted(lines, key=keys[sort]) if sort in keys else list(lines)


class Stage(NamedTuple):
    """One bar of the funnel, with its share of the first one in percent."""

    name: Lazy
    number: int
    share: int


def funnel(whole: Line) -> list[Stage]:
    decided = whole.number(Status.NOMINATED) + whole.number(Status.NOT_NOMINATED)
    numbers = {
        N_("Started"): whole.started,
        N_("Submitted"): whole.submitted,
        N_("Decided"): decided,
        N_("Nominated"): whole.number(Status.NOMINATED),
    }
    return [Stage(name, number, share(number, whole.started)) for name, number in numbers.items()]


def share(part: int, whole: int) -> int:
    return round(100 * part / whole) if whole else 0


@dataclass(frozen=True)
class Care:
    """Something at one government that needs care."""

    line: Line
    concern: Concern
    count: int


def care(lines: Iterable[Line], call: Call, at: dt.datetime) -> list[Care]:
    """The most urgent first, and of the same urgency the largest."""
    found = [each for line in lines if line.home for each in _concerns(line, call, at)]
    order = list(Concern)
    return sorted(found, key=lambda each: (order.index(each.concern), -each.count))


def _concerns(line: Line, call: Call, at: dt.datetime) -> Iterator[Care]:
    if call.status is not CallStatus.PUBLISHED or at > call.rankings_due_at:
        return
    due_soon = at >= call.nominations_due_at - SOON
    if line.undecided and not line.coordinators:
        yield Care(line, Concern.NOBODY, line.undecided)
    elif line.undecided and due_soon:
        yield Care(line, Concern.UNDECIDED, line.undecided)
    if line.uncorrected:
        yield Care(line, Concern.UNCORRECTED, line.uncorrected)
    if line.opening_drafts and at > call.openings_due_at:
        yield Care(line, Concern.OPENINGS, line.opening_drafts)


# What is done for many at once


def may(viewer: Viewer, _deed: Deed) -> bool:
    return viewer.is_secretary


def why_not(deed: Deed, call: Call, at: dt.datetime) -> Lazy | None:
    """Why this cannot be done in the whole call now; None if it can."""
    if deed is Deed.REMIND_APPLICANTS:
        return None if calls.accepts_applications(call, at) else NOT_OPEN
    if call.status is not CallStatus.PUBLISHED or at < call.opens_at:
        return NOTHING_DUE
    if at > call.rankings_due_at:
        return RANKINGS_OVER
    return NOT_BEFORE_DUE if deed is Deed.REFUSE and at <= call.nominations_due_at else None


@dataclass(frozen=True)
class Planned:
    """What a deed does at one government, or why it does nothing there."""

    line: Line
    count: int
    skipped: Lazy | None = None


def plan(deed: Deed, lines: Iterable[Line], counts: Mapping[str, int]) -> list[Planned]:
    """`counts` says how many are concerned, by the government's code."""
    return [_planned(deed, line, counts.get(line.code, 0)) for line in lines]


def _planned(deed: Deed, line: Line, count: int) -> Planned:
    return Planned(line, count, None if count else _why_skipped(deed, line))


def _why_skipped(deed: Deed, line: Line) -> Lazy:
    if deed is Deed.REMIND_APPLICANTS:
        return REMINDED if line.number(Status.DRAFT) else NO_DRAFT
    if not line.undecided:
        return NOTHING_WAITS
    return REMINDED if line.coordinators else NO_COORDINATOR


def chosen(lines: Iterable[Line], codes: Collection[str]) -> list[Line]:
    return [line for line in lines if line.home and line.code in codes]
