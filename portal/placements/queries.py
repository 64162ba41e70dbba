"""Reading placements."""

import datetime as dt
import uuid
from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import joinedload
from sqlmodel import Session, and_, col, false, or_, select, true
from sqlmodel.sql.expression import SelectOfScalar

from portal.accounts import queries as accounts
from portal.accounts.models import Person
from portal.accounts.viewer import Viewer
from portal.applications import queries as applications
from portal.applications.models import Application, Kinship
from portal.calls.models import Call
from portal.clock import now
from portal.consents import queries as consents
from portal.consents.models import Programme, Purpose
from portal.errors import NotFound
from portal.i18n import N_
from portal.openings import queries as openings
from portal.openings.models import Benefit, Opening
from portal.placements.models import HOLDING, Placement, PlacementStatus
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
    concerned = sa.select(col(Application.id)).where(
        or_(col(Application.applicant_id) == viewer.person_id, col(Application.home_id).in_(viewer.governments))
    )
    # Looked up in, rather than compared with row by row: of many placements only the viewer's few are read.
    of_theirs = col(Placement.application_id).in_(concerned.correlate(None))
    return or_(_is_hosted_by(viewer), and_(was_offered, of_theirs))


def _is_hosted_by(viewer: Viewer) -> sa.ColumnElement[bool]:
    hosted = sa.select(col(Opening.id)).where(col(Opening.government_id).in_(viewer.governments))
    return col(Placement.opening_id).in_(hosted.correlate(None))


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
    return col(Placement.application_id).in_(applications.spoken_for_by(viewer))


def holds(at: dt.datetime) -> sa.ColumnElement[bool]:
    """A place; an offer whose time is over does not, whether or not a job has noted it yet."""
    return and_(col(Placement.status).in_(HOLDING), ~_is_over(at))


def held_by(session: Session, application_ids: list[uuid.UUID]) -> dict[uuid.UUID, Placement]:
    query = select(Placement).where(col(Placement.application_id).in_(application_ids), holds(now()))
    return {placement.application_id: placement for placement in session.exec(query)}


def held(session: Session, application: Application) -> list[Placement]:
    """The one place that it holds, if any."""
    return list(held_by(session, [application.id]).values())


def places_taken(session: Session, opening: Opening) -> int:
    query = select(sa.func.count()).select_from(Placement).where(Placement.opening_id == opening.id, holds(now()))
    return session.exec(query).one()


def seats_taken(session: Session, opening: Opening) -> set[int]:
    """As the rows have it, which the database compares: whoever gives a seat notes what has lapsed first."""
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
    if status is PlacementStatus.LAPSED:
        return or_(col(Placement.status) == status, _is_over(at))
    return and_(col(Placement.status) == status, ~_is_over(at))


def _is_over(at: dt.datetime) -> sa.ColumnElement[bool]:
    """Never NULL, so that it can be denied."""
    expires_at = sa.func.coalesce(col(Placement.expires_at) <= at, sa.false())
    return and_(col(Placement.status) == PlacementStatus.OFFERED, expires_at)


def calls(session: Session, viewer: Viewer) -> Sequence[Call]:
    """In which the viewer sees placements."""
    seen = visible_to(viewer).with_only_columns(col(Placement.id)).where(col(Opening.call_id) == col(Call.id))
    query = select(Call).where(sa.exists(seen.correlate(Call)))
    return session.exec(query.order_by(col(Call.opens_at).desc())).all()


def open_offers(session: Session, at: dt.datetime) -> Sequence[Placement]:
    """Those that can still be answered. Not locked."""
    query = select(Placement).where(Placement.status == PlacementStatus.OFFERED, col(Placement.expires_at) > at)
    return session.exec(query.options(*ROW).order_by(col(Placement.id))).all()


def waiting_proposals(session: Session, proposed_before: dt.datetime) -> Sequence[Placement]:
    """The proposals that have waited so long. Not locked."""
    query = select(Placement).where(
        Placement.status == PlacementStatus.PROPOSED, col(Placement.proposed_at) <= proposed_before
    )
    return session.exec(query.options(*ROW).order_by(col(Placement.id))).all()


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
        Waiting(_count(session, to_answer), N_("Offers to answer"), "/placements", _first_end(session, to_answer)),
    ]
    return [waiting for waiting in found if waiting.count]


def _first_end(session: Session, offers: SelectOfScalar[Placement]) -> dt.datetime | None:
    first: dt.datetime | None = session.execute(sa.select(sa.func.min(offers.subquery().c.expires_at))).scalar_one()
    return first


def _count(session: Session, query: SelectOfScalar[Placement]) -> int:
    return session.exec(select(sa.func.count()).select_from(query.subquery())).one()


# What was consented to


def refused(placement_id: Any, purpose: Purpose) -> sa.ColumnElement[bool]:
    """Whether the consent to publishing this of a placement (a column of the query) was refused or withdrawn."""
    whose = sa.tuple_(col(Application.applicant_id), col(Application.call_id))
    return sa.exists().where(
        col(Placement.id) == placement_id, col(Application.id) == Placement.application_id,
        whose.in_(consents.refusing(purpose, Programme.INTERNSHIP)),
    )  # fmt: skip
