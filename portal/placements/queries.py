"""Reading placements, and the candidates among whom hosts choose."""

import datetime as dt
import uuid
from collections.abc import Sequence
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import joinedload, selectinload
from sqlmodel import Session, and_, col, false, or_, select, true
from sqlmodel.sql.expression import SelectOfScalar

from portal.accounts import queries as accounts
from portal.accounts.models import Person
from portal.accounts.viewer import Viewer
from portal.applications import queries as applications
from portal.applications import rules as application_rules
from portal.applications.models import Application, Choice, Kinship, Letter, Status
from portal.applications.rules import Candidate
from portal.calls.models import Call
from portal.clock import now
from portal.errors import NotFound
from portal.i18n import N_
from portal.openings import queries as openings
from portal.openings.models import Benefit, Opening
from portal.placements import rules
from portal.placements.models import HOLDING, Placement, PlacementStatus, ProposalReminder
from portal.waiting import Waiting

PAGE = 50
ROW = (
    joinedload(Placement.opening).options(joinedload(Opening.call), joinedload(Opening.government)),
    joinedload(Placement.application).joinedload(Application.applicant),
)
WHOLE = (
    joinedload(Placement.opening).options(*openings.ROW),
    joinedload(Placement.application).options(*applications.WHOLE),
)

CANDIDATE = (
    joinedload(Application.home),
    selectinload(Application.languages),
    applications.DOCUMENTS,
    *applications.ANSWERS,
    selectinload(Application.letters).joinedload(Letter.requested),
    selectinload(Application.choices).joinedload(Choice.opening).joinedload(Opening.government),
)
Page = tuple[Sequence[Placement], uuid.UUID | None]


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
    """Held until this transaction ends, and its application before it."""
    seen = visible_to(viewer).where(Placement.id == placement_id)
    lock_applications(session, col(Application.id).in_(seen.with_only_columns(col(Placement.application_id))))
    session.exec(seen.with_for_update(of=Placement)).first()
    return get_visible(session, viewer, placement_id)


def lock_applications(session: Session, *conditions: sa.ColumnElement[bool]) -> None:
    wanted = select(Application.id).where(*conditions).order_by(col(Application.id))
    session.exec(wanted.with_for_update(of=Application)).all()


def lock_in(session: Session, opening: Opening, *statuses: PlacementStatus) -> Sequence[Placement]:
    """The placements of a locked opening that are in these states, their applications before them."""
    wanted = select(Placement).where(Placement.opening_id == opening.id, col(Placement.status).in_(statuses))
    lock_applications(session, col(Application.id).in_(wanted.with_only_columns(col(Placement.application_id))))
    whole = wanted.options(*WHOLE).order_by(col(Placement.id)).with_for_update(of=Placement)
    return session.exec(whole.execution_options(populate_existing=True)).all()


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
    found = session.exec(query.order_by(*by_name).limit(PAGE + 1)).all()
    shown = found[:PAGE]
    held = _held_by(session, [application.id for application in shown])
    rows = [_choosing(application, opening, held.get(application.id)) for application in shown]
    return rows, shown[-1].id if len(found) > PAGE else None


def _choosing(application: Application, opening: Opening, held: Placement | None) -> Choosing:
    is_here = held is not None and held.opening_id == opening.id
    candidate = application_rules.candidate(application, {opening.government_id})
    return Choosing(candidate, held if is_here else None, held is not None and not is_here)


def _held_by(session: Session, application_ids: list[uuid.UUID]) -> dict[uuid.UUID, Placement]:
    query = select(Placement).where(
        col(Placement.application_id).in_(application_ids), col(Placement.status).in_(HOLDING)
    )
    return {placement.application_id: placement for placement in session.exec(query)}


def held(session: Session, application: Application) -> list[Placement]:
    """The one place that it holds, if any."""
    return list(_held_by(session, [application.id]).values())


def seats_taken(session: Session, opening: Opening) -> set[int]:
    query = select(Placement.seat).where(Placement.opening_id == opening.id, col(Placement.status).in_(HOLDING))
    return set(session.exec(query))


def lock_held(session: Session, application: Application) -> Sequence[Placement]:
    query = select(Placement).where(Placement.application_id == application.id, col(Placement.status).in_(HOLDING))
    query = query.options(*WHOLE)
    return session.exec(query.with_for_update(of=Placement).execution_options(populate_existing=True)).all()


def hosts_of(session: Session, placement: Placement) -> list[Person]:
    """The coordinators of the host who may act on it: not the candidate, and nobody who is kin."""
    application = placement.application
    kin = set(session.exec(select(Kinship.person_id).where(Kinship.application_id == application.id)))
    office = accounts.coordinators(session, placement.opening.government_id)
    return [person for person in office if person.id not in kin | {application.applicant_id}]


def benefits(session: Session, opening: Opening) -> Sequence[Benefit]:
    query = select(Benefit).where(Benefit.opening_id == opening.id)
    return session.exec(query.order_by(col(Benefit.position))).all()


def listed(
    session: Session, viewer: Viewer, *, call: str = "", status: str = "", after: uuid.UUID | None = None
) -> Page:
    """A page of the placements that the viewer may see, the latest first, of one call and in one state if named."""
    query = visible_to(viewer).options(*ROW)
    if call:
        query = query.where(col(Opening.call_id).in_(select(Call.id).where(Call.slug == call)))
    if status in set(PlacementStatus):
        query = query.where(_is_in(PlacementStatus(status), now()))
    latest = col(Placement.proposed_at), col(Placement.id)
    if after is not None:
        last = select(*latest).where(Placement.id == after)
        query = query.where(sa.tuple_(*latest) < last.scalar_subquery())
    found = session.exec(query.order_by(*(column.desc() for column in latest)).limit(PAGE + 1)).all()
    return found[:PAGE], found[PAGE - 1].id if len(found) > PAGE else None


def _is_in(status: PlacementStatus, at: dt.datetime) -> sa.ColumnElement[bool]:
    """`rules.status_at`, in the database's words."""
    is_over = and_(col(Placement.status) == PlacementStatus.OFFERED, col(Placement.expires_at) <= at)
    if status is PlacementStatus.LAPSED:
        return or_(col(Placement.status) == status, is_over)
    return and_(col(Placement.status) == status, ~is_over)


def calls(session: Session, viewer: Viewer) -> Sequence[Call]:
    """In which the viewer sees placements."""
    seen = visible_to(viewer).with_only_columns(col(Opening.call_id))
    return session.exec(select(Call).where(col(Call.id).in_(seen)).order_by(col(Call.opens_at).desc())).all()


def open_offers(session: Session, at: dt.datetime) -> Sequence[Placement]:
    """Those that can still be answered and of which a reminder may be due. Not locked."""
    query = select(Placement).where(Placement.status == PlacementStatus.OFFERED, col(Placement.expires_at) > at)
    return session.exec(query.where(col(Placement.reminded_last_day_at).is_(None)).order_by(col(Placement.id))).all()


def waiting_proposals(session: Session, proposed_before: dt.datetime) -> Sequence[uuid.UUID]:
    """The proposals that have waited so long, and of which not every reminder was sent. Not locked."""
    sent = col(ProposalReminder.placement_id) == col(Placement.id), col(ProposalReminder.days) == rules.PATIENCE[-1]
    query = select(Placement.id).where(
        Placement.status == PlacementStatus.PROPOSED,
        col(Placement.proposed_at) <= proposed_before,
        ~sa.exists().where(*sent),
    )
    return session.exec(query.order_by(col(Placement.id))).all()


def reminders_sent(session: Session, placement: Placement) -> set[int]:
    """After how many days each."""
    return set(session.exec(select(ProposalReminder.days).where(ProposalReminder.placement_id == placement.id)))


def lock_whole(session: Session, placement_id: uuid.UUID) -> Placement:
    """For what nobody asked for."""
    query = select(Placement).where(Placement.id == placement_id).options(*WHOLE)
    return session.exec(query.with_for_update(of=Placement).execution_options(populate_existing=True)).one()


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
        Waiting(_count(session, to_approve), N_("Proposals to approve or refuse"), "/placements?status=proposed"),
        Waiting(_count(session, to_answer), N_("Offers to answer"), "/placements"),
    ]
    return [waiting for waiting in found if waiting.count]


def _count(session: Session, query: SelectOfScalar[Placement]) -> int:
    return session.exec(select(sa.func.count()).select_from(query.subquery())).one()
