"""Who may change a list and until when, and how places become tiers. Pure."""

import datetime as dt
import uuid
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from portal.accounts.viewer import Viewer
from portal.applications import rules as applications
from portal.applications.models import Application, Status
from portal.calls import rules as calls
from portal.calls.models import Call, HostCriterion
from portal.calls.rules import Move
from portal.calls.words import Phase
from portal.i18n import N_, Lazy
from portal.openings.models import Opening, OpeningStatus

TENTH = 10  # of a point: totals are compared and shown so
NOT_YET = N_("Nominations are still under way. You can put the candidates in an order once they are due.")
LOCKED = N_("Rankings were due, so this list is locked. Ask the secretariat if something must still be changed.")
HOSTS_FIRST = N_("The hosts put their candidates in an order until rankings are due. After that you can change it.")
PUBLISHED = N_("The results are published, so the lists they rest on stay as they are.")
CLOSED = N_("This call is closed, so its lists stay as they are.")
NO_OPENING = N_("This opening is not published, so nobody is matched with it and its list stays as it is.")
NOT_NOMINATED = N_("This application is not nominated, so the order of its openings cannot be changed here.")
ORDER_LOCKED = N_("Rankings were due, so your order is locked. Ask the secretariat if something must still be changed.")
APPLICANT_FIRST = N_("The applicant can still change this order. After rankings are due you can.")


@dataclass(frozen=True)
class Line:
    """What a host says of one candidate: a place, or that they are not acceptable, or neither yet."""

    place: int | None = None
    is_unacceptable: bool = False
    marks: Mapping[uuid.UUID, int] = field(default_factory=dict)

    @property
    def is_undecided(self) -> bool:
        return self.place is None and not self.is_unacceptable


Lines = Mapping[uuid.UUID, Line]
Places = Mapping[uuid.UUID, int]


# Who and when


def may_rank(viewer: Viewer, opening: Opening) -> bool:
    return viewer.coordinates(opening.government_id) or viewer.is_secretary


def why_not(viewer: Viewer, opening: Opening, at: dt.datetime, *, has_results: bool) -> Lazy | None:
    """Why this viewer cannot change the opening's list at this moment; None if they can."""
    if opening.status is not OpeningStatus.PUBLISHED:
        return NO_OPENING
    if calls.accepts_rankings(opening.call, at):
        return None if viewer.coordinates(opening.government_id) else HOSTS_FIRST
    return _why_not_late(viewer, opening.call, at, has_results=has_results, locked=LOCKED)


def _why_not_late(viewer: Viewer, call: Call, at: dt.datetime, *, has_results: bool, locked: Lazy) -> Lazy | None:
    """After the deadline only the secretariat changes a list, until the results are published."""
    phase = calls.phase(call, at)
    if phase is not Phase.OVER:
        return CLOSED if phase in {Phase.CLOSED, Phase.ARCHIVED} else NOT_YET
    if has_results:
        return PUBLISHED
    return None if viewer.is_secretary else locked


def is_late(call: Call, at: dt.datetime) -> bool:
    """A change now needs a reason."""
    return calls.phase(call, at) is Phase.OVER


def may_read_order(viewer: Viewer, application: Application) -> bool:
    """Whose order of openings it is, and the secretariat; no host ever."""
    return may_order(viewer, application) or viewer.is_auditor


def may_order(viewer: Viewer, application: Application) -> bool:
    return applications.acts_for(viewer, application) or viewer.is_secretary


def why_no_order(viewer: Viewer, application: Application, at: dt.datetime, *, has_results: bool) -> Lazy | None:
    """Why this viewer cannot change the applicant's order at this moment; None if they can."""
    if application.status is not Status.NOMINATED:
        return NOT_NOMINATED
    own = applications.acts_for(viewer, application)
    if calls.phase(application.call, at) in {Phase.APPLICATIONS, Phase.NOMINATIONS, Phase.RANKINGS}:
        return None if own else APPLICANT_FIRST
    if own and viewer.person_id == application.applicant_id:
        return ORDER_LOCKED
    return _why_not_late(viewer, application.call, at, has_results=has_results, locked=ORDER_LOCKED)


# Places and tiers


def tiers(places: Places) -> list[list[uuid.UUID]]:
    """The same order as a list of ties, the best first; gaps between numbers mean nothing."""
    found: dict[int, list[uuid.UUID]] = {}
    for each, place in sorted(places.items(), key=lambda pair: (pair[1], str(pair[0]))):
        found.setdefault(place, []).append(each)
    return list(found.values())


def numbered(order: Iterable[Collection[uuid.UUID]]) -> dict[uuid.UUID, int]:
    """Tiers as places 1, 2, 3; an empty one takes no number."""
    filled = [tier for tier in order if tier]
    return {each: place for place, tier in enumerate(filled, 1) for each in tier}


def places_of(lines: Lines) -> dict[uuid.UUID, int]:
    return {each: line.place for each, line in lines.items() if line.place is not None}


def placed(lines: Lines, places: Places) -> dict[uuid.UUID, Line]:
    """The same lines with these places; who is placed is acceptable."""
    return {
        each: replace(line, place=places.get(each), is_unacceptable=line.is_unacceptable and each not in places)
        for each, line in lines.items()
    }


def normalised(lines: Lines) -> dict[uuid.UUID, Line]:
    return placed(lines, numbered(tiers(places_of(lines))))


def total(marks: Mapping[uuid.UUID, int], criteria: Sequence[HostCriterion]) -> int | None:
    """The weighted sum in tenths of a point, 10 to 100; None unless every criterion has its mark."""
    if not criteria or any(each.id not in marks for each in criteria):
        return None
    return (sum(marks[each.id] * each.weight for each in criteria) + TENTH // 2) // TENTH


def by_marks(lines: Lines, criteria: Sequence[HostCriterion]) -> dict[uuid.UUID, Line]:
    """Places by the totals as they are shown, equal ones tied. Who lacks a mark is not decided yet."""
    totals = {each: total(line.marks, criteria) for each, line in lines.items() if not line.is_unacceptable}
    return placed(lines, numbered(tiers({each: -points for each, points in totals.items() if points is not None})))


def moved(lines: Lines, one: uuid.UUID, move: Move) -> dict[uuid.UUID, Line]:
    """Out of a tie to its upper or lower side; who stands alone changes with the neighbours."""
    order = tiers(places_of(lines))
    place = next((number for number, tier in enumerate(order) if one in tier), None)
    if place is None:
        return normalised(lines)
    is_alone = order[place] == [one]
    rest = [[each for each in tier if each != one] for tier in order]
    shift = {Move.UP: place - is_alone, Move.DOWN: place + 1 + is_alone}[move]
    rest.insert(max(0, shift), [one])
    return placed(lines, numbered(rest))


def around(places: Places, fixed: Places, shared: Collection[int]) -> dict[uuid.UUID, int]:
    """`places` in their order around those that stay where they are, on places of their own or `shared` ones."""
    order, staying = tiers(places), tiers(fixed)
    numbers = sorted(set(fixed.values()))
    found: list[list[uuid.UUID]] = []
    while order or staying:
        is_due = bool(staying) and (numbers[0] <= len(found) + 1 or not order)
        here = staying.pop(0) if is_due else []
        is_tie = is_due and numbers.pop(0) in shared
        if order and (not is_due or is_tie):
            here = [*here, *order.pop(0)]
        found.append(here)
    return numbered(found)


def version(lines: Lines) -> str:
    """Names a list: a form that was made from another one is stale."""
    told = {
        str(each): [line.place, line.is_unacceptable, {str(name): value for name, value in line.marks.items()}]
        for each, line in lines.items()
    }
    return applications.sha256(told)[:16]
