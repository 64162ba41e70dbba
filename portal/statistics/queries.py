"""Counting regions: a fixed number of grouped queries, however much there is."""

import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

import sqlalchemy as sa
from sqlmodel import Session, col, func

from portal import i18n
from portal.accounts.viewer import Viewer
from portal.applications.models import Application, Status
from portal.calls import queries as calls
from portal.calls.models import Call
from portal.clock import now
from portal.contests import queries as contests
from portal.contests import rules as contest_rules
from portal.contests.models import Edition
from portal.errors import NotFound
from portal.essays.models import Authorship, Essay, EssayStatus
from portal.essays.rules import JUDGED
from portal.juries.models import Outcome, Verdict
from portal.openings.models import Opening, OpeningStatus
from portal.placements.models import Placement, PlacementStatus
from portal.registry import collation
from portal.registry import queries as registry
from portal.registry.models import Government, Membership
from portal.results import queries as results
from portal.statistics import rules, words
from portal.statistics.rules import ALL_CALLS, ALL_EDITIONS, ONE_CALL, ONE_EDITION, Cell, Line
from portal.statistics.words import Measure

MOST = 200  # calls, and editions: what a hundred years bring
SENT = JUDGED | {EssayStatus.SUBMITTED, EssayStatus.RETURNED, EssayStatus.ADMITTED}
COMPLETED = (PlacementStatus.COMPLETED, PlacementStatus.CERTIFIED)
ACCEPTED = (
    PlacementStatus.ACCEPTED, PlacementStatus.AGREED, PlacementStatus.ACTIVE, PlacementStatus.ENDED_EARLY, *COMPLETED,
)  # fmt: skip
Counted = dict[Cell, int]


@dataclass(frozen=True)
class Scope:
    """The calls and editions that are counted. `exactly`: those of which this viewer sees every number."""

    calls: Sequence[Call] = ()
    editions: Sequence[Edition] = ()
    public: frozenset[uuid.UUID] = frozenset()  # editions with public results
    exactly: frozenset[uuid.UUID] = field(default_factory=frozenset)

    def narrowed(self, wanted: str) -> "Scope":
        """To one of `choices`; raises NotFound for what is none."""
        found_calls = [each for each in self.calls if wanted in {"", ALL_CALLS, f"{ONE_CALL}{each.slug}"}]
        found = [each for each in self.editions if wanted in {"", ALL_EDITIONS, f"{ONE_EDITION}{each.slug}"}]
        if not (found_calls or found or wanted in {"", ALL_CALLS, ALL_EDITIONS}):
            raise NotFound
        return Scope(found_calls, found, self.public, self.exactly)

    @property
    def choices(self) -> list[tuple[str, str]]:
        """What can be chosen, with the words for it."""
        language = i18n.language()
        return [
            ("", str(words.ALL)),
            (ALL_CALLS, str(words.ALL_CALLS)),
            *((f"{ONE_CALL}{each.slug}", each.title(language)) for each in self.calls),
            (ALL_EDITIONS, str(words.ALL_EDITIONS)),
            *((f"{ONE_EDITION}{each.slug}", each.title(language)) for each in self.editions),
        ]


def scope(session: Session, viewer: Viewer) -> Scope:
    """Everything that this viewer may see numbers of, the latest first."""
    found_calls = session.exec(calls.visible_to(viewer).order_by(col(Call.opens_at).desc(), col(Call.id)).limit(MOST))
    within = list(found_calls)
    public = frozenset(session.scalars(results.public(now())))
    known = contests.visible_to(viewer).order_by(col(Edition.opens_at).desc(), col(Edition.id)).limit(MOST)
    editions = [each for each in session.exec(known) if rules.may_see(viewer, each, is_public=each.id in public)]
    exactly = {each.id for each in within if rules.sees_all(viewer)}
    exactly |= {each.id for each in editions if contest_rules.oversees(viewer, each)}
    return Scope(within, editions, public, frozenset(exactly))


def lines(session: Session, viewer: Viewer, scope: Scope) -> list[Line]:
    """One a region, country by country and by name; former members only where there is something to count."""
    counted = _of_calls(session, viewer, [each.id for each in scope.calls])
    counted |= _of_editions(session, [each.id for each in scope.editions], scope.public)
    found = rules.lines(_homes(session), counted, scope.exactly)
    return [line for line in found if line.home and (line.home.status is not Membership.FORMER or not line.is_empty)]


def _homes(session: Session) -> list[Government]:
    return collation.in_order(registry.governments(session), i18n.language())


def _of_calls(session: Session, viewer: Viewer, ids: Collection[uuid.UUID]) -> Counted:
    if not ids:
        return {}
    applied = _applications(session, ids) if rules.sees_all(viewer) else {}
    return applied | _openings(session, ids) | _placements(session, ids)


def _applications(session: Session, ids: Collection[uuid.UUID]) -> Counted:
    by = (col(Application.call_id), col(Application.home_id))
    nominated = func.sum(sa.case((col(Application.status) == Status.NOMINATED, 1), else_=0))
    sent = sa.select(*by, func.count(), nominated).where(
        col(Application.call_id).in_(ids), col(Application.submitted_at).is_not(None),
        col(Application.home_id).is_not(None),
    )  # fmt: skip
    found: Counted = {}
    for call_id, home_id, number, chosen in session.execute(sent.group_by(*by)):
        found[Cell(call_id, home_id, Measure.APPLICANTS)] = number
        found[Cell(call_id, home_id, Measure.NOMINATED)] = chosen
    return found


def _openings(session: Session, ids: Collection[uuid.UUID]) -> Counted:
    by = (col(Opening.call_id), col(Opening.government_id))
    published = sa.select(*by, func.count()).where(
        col(Opening.call_id).in_(ids), col(Opening.status) != OpeningStatus.DRAFT
    )
    rows = session.execute(published.group_by(*by))
    return {Cell(call_id, host_id, Measure.OPENINGS): number for call_id, host_id, number in rows}


def _placements(session: Session, ids: Collection[uuid.UUID]) -> Counted:
    by = (col(Opening.call_id), col(Application.home_id), col(Opening.government_id))
    completed = func.sum(sa.case((col(Placement.status).in_(COMPLETED), 1), else_=0))
    accepted = (
        sa.select(*by, func.count(), completed)
        .select_from(Placement)
        .join(Opening, col(Placement.opening_id) == col(Opening.id))
        .join(Application, col(Placement.application_id) == col(Application.id))
        .where(col(Opening.call_id).in_(ids), col(Placement.status).in_(ACCEPTED))
    )
    found: Counted = {}
    for call_id, home_id, host_id, number, over in session.execute(accepted.group_by(*by)):
        _add(found, Cell(call_id, home_id, Measure.PLACED), number)
        _add(found, Cell(call_id, home_id, Measure.COMPLETED), over)
        _add(found, Cell(call_id, host_id, Measure.HOSTED), over)
    return found


def _add(found: Counted, cell: Cell, number: int) -> None:
    found[cell] = found.get(cell, 0) + number


def _of_editions(session: Session, ids: Collection[uuid.UUID], public: Collection[uuid.UUID]) -> Counted:
    by = (col(Essay.edition_id), col(Authorship.government_id))
    known = sa.select(*by, func.count()).join(Authorship, col(Authorship.essay_id) == col(Essay.id)).group_by(*by)
    known = known.where(col(Authorship.government_id).is_not(None))
    sent = known.where(col(Essay.edition_id).in_(ids), col(Essay.status).in_(SENT))
    awarded = known.join(Verdict, col(Verdict.essay_id) == col(Essay.id)).where(
        col(Verdict.edition_id).in_(set(ids) & set(public)), col(Verdict.outcome) == Outcome.AWARDED,
        col(Essay.status).in_(JUDGED),
    )  # fmt: skip
    asked = {Measure.ESSAYS: sent, Measure.AWARDED: awarded} if ids else {}
    return {
        Cell(edition_id, home_id, measure): number
        for measure, query in asked.items()
        for edition_id, home_id, number in session.execute(query)
    }
