"""Reading placements, and the candidates among whom hosts choose."""

import datetime as dt
import uuid
from collections.abc import Sequence
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import joinedload, selectinload
from sqlmodel import Session, and_, col, false, or_, select, true
from sqlmodel.sql.expression import SelectOfScalar

from portal.accounts.viewer import Viewer
from portal.applications import queries as applications
from portal.applications import rules as application_rules
from portal.applications.models import Application, Choice, Letter, Status
from portal.applications.rules import Candidate
from portal.clock import now
from portal.errors import NotFound
from portal.i18n import N_
from portal.openings import queries as openings
from portal.openings.models import Opening
from portal.placements.models import HOLDING, Placement, PlacementStatus
from portal.waiting import Waiting

PAGE = 50
WHOLE = (
    joinedload(Placement.opening).options(*openings.ROW),
    joinedload(Placement.application).options(*applications.WHOLE),
)


def visible_to(viewer: Viewer) -> SelectOfScalar[Placement]:
    """Hosts: of their openings; candidates and their home governments: once it was offered."""
    return (
        select(Placement)
        .join(Placement.opening)
        .join(Placement.application)
        .where(_seen_by(viewer), ~applications.barred(viewer))
    )


def _seen_by(viewer: Viewer) -> sa.ColumnElement[bool]:
    if viewer.is_secretary or viewer.is_auditor:
        return true()
    if not viewer.is_signed_in:
        return false()
    was_offered = and_(col(Placement.approved_at).is_not(None), col(Placement.status) != PlacementStatus.REFUSED)
    concerned = or_(col(Application.applicant_id) == viewer.person_id, col(Application.home_id).in_(viewer.governments))
    return or_(col(Opening.government_id).in_(viewer.governments), and_(was_offered, concerned))


def get_visible(session: Session, viewer: Viewer, placement_id: uuid.UUID) -> Placement:
    """With everything its page shows, read anew."""
    query = visible_to(viewer).where(Placement.id == placement_id).options(*WHOLE)
    found = session.exec(query.execution_options(populate_existing=True)).one_or_none()
    if found is None:
        raise NotFound
    return found


def lock_visible(session: Session, viewer: Viewer, placement_id: uuid.UUID) -> Placement:
    session.exec(visible_to(viewer).where(Placement.id == placement_id).with_for_update(of=Placement)).first()
    return get_visible(session, viewer, placement_id)


def offers_to(session: Session, viewer: Viewer) -> Sequence[Placement]:
    """The viewer's own, and those to people for whom they applied from paper, the latest first: a page of them."""
    query = visible_to(viewer).where(_answered_by(viewer))
    whole = (
        joinedload(Placement.opening).options(*openings.ROW),
        joinedload(Placement.application).joinedload(Application.applicant),
    )
    return session.exec(query.options(*whole).order_by(col(Placement.proposed_at).desc()).limit(PAGE)).all()


def _answered_by(viewer: Viewer) -> sa.ColumnElement[bool]:
    """`rules.may` an answer, in the database's words."""
    entered = and_(col(Application.entered_by).is_not(None), col(Application.home_id).in_(viewer.governments))
    return or_(col(Application.applicant_id) == viewer.person_id, entered)


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
    found = session.exec(ordered.limit(PAGE + 1)).all()
    shown = found[:PAGE]
    candidates, held = _counted(session, _nominated(), shown), _counted(session, _held(), shown)
    rows = [Offering(opening, candidates.get(opening.id, 0), held.get(opening.id, 0)) for opening in shown]
    return rows, shown[-1].id if len(found) > PAGE else None


def _nominated() -> sa.Select[tuple[uuid.UUID]]:
    ranked: sa.Select[tuple[uuid.UUID]] = sa.select(col(Choice.opening_id).label("opening_id")).join(Application)
    return ranked.where(col(Application.status) == Status.NOMINATED)


def _held() -> sa.Select[tuple[uuid.UUID]]:
    return sa.select(col(Placement.opening_id).label("opening_id")).where(col(Placement.status).in_(HOLDING))


def _counted(session: Session, query: sa.Select[tuple[uuid.UUID]], of: Sequence[Opening]) -> dict[uuid.UUID, int]:
    """How many rows of the query each opening has."""
    opening_id = query.selected_columns.opening_id
    grouped = query.add_columns(sa.func.count()).where(opening_id.in_([opening.id for opening in of]))
    return dict(session.execute(grouped.group_by(opening_id)).all())


class Ranked(NamedTuple):
    """A candidate in an opening's list: their choice's rank, and the place they hold, here or elsewhere."""

    candidate: Candidate
    rank: int
    here: Placement | None
    is_held_elsewhere: bool


def candidates(
    session: Session, viewer: Viewer, opening: Opening, *, after: uuid.UUID | None = None
) -> tuple[list[Ranked], uuid.UUID | None]:
    """A page of the nominated who chose this opening, the first choices first; without the viewer's kin."""
    query = select(Choice.rank, Application).join(Application)
    query = query.where(Choice.opening_id == opening.id, Application.status == Status.NOMINATED)
    query = query.where(~applications.barred(viewer))
    if after is not None:
        last = select(col(Choice.rank), col(Choice.application_id)).where(
            Choice.opening_id == opening.id, Choice.application_id == after
        )
        query = query.where(sa.tuple_(col(Choice.rank), col(Choice.application_id)) > last.scalar_subquery())
    whole = (
        joinedload(Application.home),
        selectinload(Application.languages),
        applications.DOCUMENTS,
        *applications.ANSWERS,
        selectinload(Application.letters).joinedload(Letter.requested),
        selectinload(Application.choices).joinedload(Choice.opening).joinedload(Opening.government),
    )
    ordered = query.options(*whole).order_by(col(Choice.rank), col(Choice.application_id))
    found = session.exec(ordered.limit(PAGE + 1)).all()
    shown = found[:PAGE]
    held = _held_by(session, [application.id for _rank, application in shown])
    rows = [_ranked(application, rank, opening, held.get(application.id)) for rank, application in shown]
    return rows, shown[-1][1].id if len(found) > PAGE else None


def _ranked(application: Application, rank: int, opening: Opening, held: Placement | None) -> Ranked:
    is_here = held is not None and held.opening_id == opening.id
    candidate = application_rules.candidate(application, {opening.government_id})
    return Ranked(candidate, rank, held if is_here else None, held is not None and not is_here)


def _held_by(session: Session, application_ids: list[uuid.UUID]) -> dict[uuid.UUID, Placement]:
    query = select(Placement).where(
        col(Placement.application_id).in_(application_ids), col(Placement.status).in_(HOLDING)
    )
    return {placement.application_id: placement for placement in session.exec(query)}


def holds_a_place(session: Session, application: Application) -> bool:
    return bool(_held_by(session, [application.id]))


def seats_taken(session: Session, opening: Opening) -> set[int]:
    query = select(Placement.seat).where(Placement.opening_id == opening.id, col(Placement.status).in_(HOLDING))
    return set(session.exec(query))


def lock_held(session: Session, application: Application) -> Sequence[Placement]:
    query = select(Placement).where(Placement.application_id == application.id, col(Placement.status).in_(HOLDING))
    query = query.options(*WHOLE)
    return session.exec(query.with_for_update(of=Placement).execution_options(populate_existing=True)).all()


def lock_expired(session: Session, at: dt.datetime, *conditions: sa.ColumnElement[bool]) -> Sequence[Placement]:
    """The offers whose time is over and that still hold a place."""
    query = select(Placement).where(
        Placement.status == PlacementStatus.OFFERED, col(Placement.expires_at) <= at, *conditions
    )
    whole = query.options(*WHOLE).order_by(col(Placement.id)).limit(PAGE)
    return session.exec(whole.with_for_update(of=Placement).execution_options(populate_existing=True)).all()


def waiting_for(session: Session, viewer: Viewer) -> list[Waiting]:
    """For the home page: proposals to approve, and offers to answer."""
    to_approve = visible_to(viewer).where(
        Placement.status == PlacementStatus.PROPOSED, col(Opening.government_id).in_(viewer.governments)
    )
    to_answer = visible_to(viewer).where(
        Placement.status == PlacementStatus.OFFERED,
        col(Placement.expires_at) > now(),
        _answered_by(viewer),
    )
    found = [
        Waiting(_count(session, to_approve), N_("Proposals to approve or refuse"), "/placements"),
        Waiting(_count(session, to_answer), N_("Offers to answer"), "/placements"),
    ]
    return [waiting for waiting in found if waiting.count]


def _count(session: Session, query: SelectOfScalar[Placement]) -> int:
    return session.exec(select(sa.func.count()).select_from(query.subquery())).one()
