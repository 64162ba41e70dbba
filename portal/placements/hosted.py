"""Openings as their hosts see them: who chose them, and how many places are taken."""

import uuid
from collections.abc import Sequence
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import joinedload, selectinload
from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from portal.accounts.viewer import Viewer
from portal.applications import queries as applications
from portal.applications import rules as application_rules
from portal.applications.models import Application, Choice, Letter, Status
from portal.applications.rules import Candidate
from portal.clock import now
from portal.errors import NotFound
from portal.openings.models import Opening
from portal.placements import queries
from portal.placements.models import Placement

CANDIDATE = (
    joinedload(Application.home),
    selectinload(Application.languages),
    applications.DOCUMENTS,
    *applications.ANSWERS,
    selectinload(Application.letters).joinedload(Letter.requested),
    selectinload(Application.choices).joinedload(Choice.opening).joinedload(Opening.government),
)


def hosted_by(viewer: Viewer) -> SelectOfScalar[Opening]:
    """The openings whose candidates the viewer may see."""
    if viewer.is_secretary or viewer.is_auditor:
        return select(Opening)
    return select(Opening).where(col(Opening.government_id).in_(viewer.governments))


def get_hosted(session: Session, viewer: Viewer, opening_id: uuid.UUID) -> Opening:
    query = hosted_by(viewer).where(Opening.id == opening_id)
    found = session.exec(query.options(joinedload(Opening.call), joinedload(Opening.government))).one_or_none()
    if found is None:
        raise NotFound
    return found


class Offering(NamedTuple):
    """An opening in its host's list."""

    opening: Opening
    candidates: int
    held: int


def offerings(
    session: Session, viewer: Viewer, *, after: uuid.UUID | None = None
) -> tuple[list[Offering], uuid.UUID | None]:
    """A page of the viewer's openings, the latest first, each with its candidates and taken places."""
    query = hosted_by(viewer).options(joinedload(Opening.call), joinedload(Opening.government))
    if after is not None:
        last = select(col(Opening.created_at), col(Opening.id)).where(Opening.id == after)
        query = query.where(sa.tuple_(col(Opening.created_at), col(Opening.id)) < last.scalar_subquery())
    ordered = query.order_by(col(Opening.created_at).desc(), col(Opening.id).desc())
    found = session.exec(ordered.limit(queries.PAGE + 1)).all()
    shown = found[: queries.PAGE]
    candidates, held = _counted(session, _nominated(), shown), _counted(session, _held(), shown)
    rows = [Offering(opening, candidates.get(opening.id, 0), held.get(opening.id, 0)) for opening in shown]
    return rows, shown[-1].id if len(found) > queries.PAGE else None


def _nominated() -> sa.Select[tuple[uuid.UUID]]:
    ranked: sa.Select[tuple[uuid.UUID]] = sa.select(col(Choice.opening_id).label("opening_id")).join(Application)
    return ranked.where(col(Application.status) == Status.NOMINATED)


def _held() -> sa.Select[tuple[uuid.UUID]]:
    return sa.select(col(Placement.opening_id).label("opening_id")).where(queries.holds(now()))


def _counted(session: Session, query: sa.Select[tuple[uuid.UUID]], of: Sequence[Opening]) -> dict[uuid.UUID, int]:
    """How many rows of the query each opening has."""
    opening_id = query.selected_columns.opening_id
    grouped = query.add_columns(sa.func.count()).where(opening_id.in_([opening.id for opening in of]))
    return dict(session.execute(grouped.group_by(opening_id)).all())


class Choosing(NamedTuple):
    """A candidate who chose an opening, at whatever rank, and the place they hold, here or elsewhere."""

    candidate: Candidate
    here: Placement | None
    is_held_elsewhere: bool


def candidates(
    session: Session, viewer: Viewer, opening: Opening, *, after: uuid.UUID | None = None
) -> tuple[list[Choosing], uuid.UUID | None]:
    """A page of the nominated who chose this opening, by name: what rank they gave it is not told to its host."""
    query = select(Application).join(Choice).options(*CANDIDATE)
    query = query.where(Choice.opening_id == opening.id, Application.status == Status.NOMINATED)
    query = query.where(~applications.barred(viewer))
    by_name = col(Application.roman_name), col(Application.id)
    if after is not None:
        last = select(*by_name).where(Application.id == after)
        query = query.where(sa.tuple_(*by_name) > last.scalar_subquery())
    found = session.exec(query.order_by(*by_name).limit(queries.PAGE + 1)).all()
    shown = found[: queries.PAGE]
    held = queries.held_by(session, [application.id for application in shown])
    rows = [_choosing(application, opening, held.get(application.id)) for application in shown]
    return rows, shown[-1].id if len(found) > queries.PAGE else None


def _choosing(application: Application, opening: Opening, held: Placement | None) -> Choosing:
    is_here = held is not None and held.opening_id == opening.id
    candidate = application_rules.candidate(application, {opening.government_id})
    return Choosing(candidate, held if is_here else None, held is not None and not is_here)
