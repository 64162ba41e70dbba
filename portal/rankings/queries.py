"""Reading the lists of hosts: the desk of one opening, an overview of many, and what the match takes."""

import datetime as dt
import uuid
from collections.abc import Sequence
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import joinedload, selectinload
from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from portal.accounts.viewer import Viewer
from portal.applications import queries as applications
from portal.applications import rules as application_rules
from portal.applications.models import Application, Choice, Letter, Status
from portal.applications.rules import Candidate
from portal.calls import queries as calls
from portal.calls.models import Call, CallStatus, HostCriterion
from portal.clock import now
from portal.errors import NotFound
from portal.i18n import N_
from portal.openings import queries as openings
from portal.openings.models import Opening, OpeningStatus
from portal.rankings import rules
from portal.rankings.models import CandidateMark, RankingEntry
from portal.rankings.rules import Line, Lines
from portal.waiting import Waiting

PAGE = 50
Tiers = list[list[uuid.UUID]]
CANDIDATE = (
    joinedload(Application.home),
    selectinload(Application.languages),
    applications.DOCUMENTS,
    *applications.ANSWERS,
    selectinload(Application.letters).joinedload(Letter.requested),
    selectinload(Application.choices).joinedload(Choice.opening).joinedload(Opening.government),
)


def visible_to(viewer: Viewer) -> SelectOfScalar[Opening]:
    """The openings whose lists this person may see: their governments' own; all for the secretariat and auditors."""
    if viewer.is_secretary or viewer.is_auditor:
        return select(Opening)
    return select(Opening).where(col(Opening.government_id).in_(viewer.governments))


def get_visible(session: Session, viewer: Viewer, opening_id: uuid.UUID) -> Opening:
    query = visible_to(viewer).where(Opening.id == opening_id).options(*openings.ROW)
    found = session.exec(query.execution_options(populate_existing=True)).one_or_none()
    if found is None:
        raise NotFound
    return found


def lock_visible(session: Session, viewer: Viewer, opening_id: uuid.UUID) -> Opening:
    """Held until this transaction ends, with the call's dates: whoever else saves this list waits."""
    call_id = visible_to(viewer).where(Opening.id == opening_id).with_only_columns(col(Opening.call_id))
    session.exec(select(Call.id).where(col(Call.id).in_(call_id)).with_for_update(read=True)).first()
    session.exec(visible_to(viewer).where(Opening.id == opening_id).with_for_update(of=Opening)).first()
    return get_visible(session, viewer, opening_id)


def has_results(session: Session, call_id: uuid.UUID) -> bool:
    """The match of this call is published."""
    found = select(Application.id).where(Application.call_id == call_id, col(Application.outcome).is_not(None))
    return session.exec(found.limit(1)).first() is not None


class Desk(NamedTuple):
    """An opening's list as one viewer may see it; `hidden` is what of it they may not."""

    candidates: Sequence[Candidate]
    criteria: Sequence[HostCriterion]
    lines: Lines
    hidden: Lines

    @property
    def shown(self) -> Lines:
        """With the places counted among those shown, so that no gap tells of the others."""
        return rules.normalised(self.lines)


def desk(session: Session, viewer: Viewer, opening: Opening) -> Desk:
    """Candidates by name: the order in which they wish for openings is not the host's to know."""
    found = _candidates(session, viewer, opening)
    all_lines = lines(session, opening)
    seen = {each.id: all_lines.get(each.id, Line()) for each in found}
    candidates = [application_rules.candidate(each, {opening.government_id}) for each in found]
    hidden = {each: line for each, line in all_lines.items() if each not in seen}
    return Desk(candidates, calls.criteria(session, opening.call_id), seen, hidden)


def _candidates(session: Session, viewer: Viewer, opening: Opening) -> Sequence[Application]:
    """The nominated who chose the opening, but for the viewer's kin and the viewer."""
    query = select(Application).join(Choice).where(
        Choice.opening_id == opening.id, Application.status == Status.NOMINATED, _is_open_to(viewer)
    )  # fmt: skip
    ordered = query.options(*CANDIDATE).order_by(col(Application.roman_name), col(Application.id))
    return session.exec(ordered).all()


def _is_open_to(viewer: Viewer) -> sa.ColumnElement[bool]:
    return ~applications.barred(viewer) & (col(Application.applicant_id) != viewer.person_id)


def lines(session: Session, opening: Opening) -> dict[uuid.UUID, Line]:
    """All that is said of the opening's candidates, whoever may see it."""
    entries = _candidacies(col(Opening.id) == opening.id).with_only_columns(
        col(Choice.application_id), col(RankingEntry.place), col(RankingEntry.is_unacceptable)
    )
    marks: dict[uuid.UUID, dict[uuid.UUID, int]] = {}
    for mark in session.exec(select(CandidateMark).where(CandidateMark.opening_id == opening.id)):
        marks.setdefault(mark.application_id, {})[mark.criterion_id] = mark.value
    return {
        each: Line(place, bool(is_refused), marks.get(each, {})) for each, place, is_refused in session.execute(entries)
    }


def entries(session: Session, opening: Opening) -> dict[uuid.UUID, RankingEntry]:
    found = select(RankingEntry).where(RankingEntry.opening_id == opening.id)
    return {each.application_id: each for each in session.exec(found.execution_options(populate_existing=True))}


def marks(session: Session, opening: Opening) -> dict[tuple[uuid.UUID, uuid.UUID], CandidateMark]:
    """By candidate and criterion."""
    found = select(CandidateMark).where(CandidateMark.opening_id == opening.id)
    fresh = session.exec(found.execution_options(populate_existing=True))
    return {(each.application_id, each.criterion_id): each for each in fresh}


# Many openings


class Row(NamedTuple):
    """An opening in an overview."""

    opening: Opening
    candidates: int
    undecided: int
    changed_at: dt.datetime | None


class Page(NamedTuple):
    """Some rows, and the cursor of the next page if there is one."""

    rows: Sequence[Row]
    after: uuid.UUID | None


def of_call(session: Session, viewer: Viewer, call: Call, after: uuid.UUID | None = None) -> Page:
    """A page of the published openings of a call."""
    return _page(session, viewer, visible_to(viewer).where(Opening.call_id == call.id), after)


def to_rank(session: Session, viewer: Viewer, after: uuid.UUID | None = None) -> Page:
    """A page of the openings of the viewer's governments whose candidates can be put in an order now."""
    own = select(Opening).join(Call, col(Call.id) == col(Opening.call_id))
    own = own.where(col(Opening.government_id).in_(viewer.governments), _takes_rankings(now()))
    return _page(session, viewer, own, after)


def _page(session: Session, viewer: Viewer, query: SelectOfScalar[Opening], after: uuid.UUID | None) -> Page:
    key = sa.tuple_(col(Opening.starts_on), col(Opening.id))
    query = query.where(Opening.status == OpeningStatus.PUBLISHED)
    if after is not None:
        last = select(col(Opening.starts_on), col(Opening.id)).where(Opening.id == after)
        query = query.where(key > last.scalar_subquery())
    ordered = query.options(*openings.ROW).order_by(col(Opening.starts_on), col(Opening.id))
    found = session.exec(ordered.limit(PAGE + 1)).all()
    shown = found[:PAGE]
    counted = _counted(session, viewer, shown)
    rows = [Row(each, *counted.get(each.id, (0, 0, None))) for each in shown]
    return Page(rows, shown[-1].id if len(found) > PAGE else None)


def _counted(
    session: Session, viewer: Viewer, shown: Sequence[Opening]
) -> dict[uuid.UUID, tuple[int, int, dt.datetime | None]]:
    """By opening, how many candidates it has, how many are undecided, and when somebody last changed its list."""
    found = _candidacies(col(Opening.id).in_([each.id for each in shown]), _is_open_to(viewer))
    undecided = sa.func.count(sa.case((_is_undecided(), 1)))
    counted = found.with_only_columns(
        col(Choice.opening_id), sa.func.count(), undecided, sa.func.max(col(RankingEntry.changed_at))
    )
    return {key: (*rest,) for key, *rest in session.execute(counted.group_by(col(Choice.opening_id)))}


def undecided(*conditions: sa.ColumnElement[bool]) -> sa.Select[*tuple[Any, ...]]:
    """The candidates of such openings who are neither placed nor refused, to be counted."""
    return _candidacies(_is_undecided(), *conditions)


def _takes_rankings(at: dt.datetime) -> sa.ColumnElement[bool]:
    """`calls.rules.accepts_rankings` in the database's words."""
    return sa.and_(
        col(Call.status) == CallStatus.PUBLISHED, col(Call.nominations_due_at) < at, col(Call.rankings_due_at) >= at
    )


def waiting_for(session: Session, viewer: Viewer) -> list[Waiting]:
    """For the home page of hosts."""
    if not viewer.governments:
        return []
    found = _candidacies(col(Opening.government_id).in_(viewer.governments), _is_open_to(viewer), _is_undecided())
    open_ones = found.join(Call, col(Call.id) == col(Opening.call_id)).where(_takes_rankings(now()))
    counted = open_ones.with_only_columns(sa.func.count(), sa.func.min(col(Call.rankings_due_at)))
    count, due_at = session.execute(counted).one()
    return [Waiting(count, N_("Candidates to rank"), "/rankings", due_at)] if count else []


# What the match takes


def lists(session: Session, call: Call) -> dict[uuid.UUID, Tiers]:
    """By opening, the tiers of its acceptable candidates, best first: nominated, and having chosen it.

    One query, whatever the size. An opening that has placed nobody is not among the keys.
    """
    found = _candidacies(col(Opening.call_id) == call.id, col(RankingEntry.place).is_not(None))
    order = col(Choice.opening_id), col(RankingEntry.place), col(Choice.application_id)
    by_place: dict[uuid.UUID, dict[int, list[uuid.UUID]]] = {}
    for opening_id, application_id, place in session.execute(found.add_columns(order[1]).order_by(*order)):
        by_place.setdefault(opening_id, {}).setdefault(place, []).append(application_id)
    return {opening_id: list(tiers.values()) for opening_id, tiers in by_place.items()}


def unsettled(session: Session, call: Call) -> dict[uuid.UUID, int]:
    """By opening, how many of its candidates are neither placed nor refused; none of them can be matched there."""
    found = _candidacies(col(Opening.call_id) == call.id, _is_undecided())
    counted = found.with_only_columns(col(Choice.opening_id), sa.func.count()).group_by(col(Choice.opening_id))
    return dict(session.execute(counted).all())


def _candidacies(*conditions: sa.ColumnElement[bool]) -> sa.Select[*tuple[Any, ...]]:
    """Each nominated applicant with each published opening they chose, and the entry there is."""
    joined = (
        sa.select(col(Choice.opening_id), col(Choice.application_id))
        .join(Opening, col(Opening.id) == col(Choice.opening_id))
        .join(Application, col(Application.id) == col(Choice.application_id))
        .outerjoin(RankingEntry, _of_this_choice())
    )
    return joined.where(
        col(Opening.status) == OpeningStatus.PUBLISHED, col(Application.status) == Status.NOMINATED, *conditions
    )


def _of_this_choice() -> sa.ColumnElement[bool]:
    return sa.and_(
        col(RankingEntry.opening_id) == col(Choice.opening_id),
        col(RankingEntry.application_id) == col(Choice.application_id),
    )


def _is_undecided() -> sa.ColumnElement[bool]:
    refused = sa.func.coalesce(col(RankingEntry.is_unacceptable), sa.false())
    return sa.and_(col(RankingEntry.place).is_(None), refused == sa.false())
