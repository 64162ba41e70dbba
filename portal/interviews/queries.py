"""Reading interview times: hosts those of their openings, candidates those that they can choose from."""

import datetime as dt
import uuid
from collections.abc import Sequence
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import aliased, joinedload
from sqlmodel import Session, and_, col, exists, or_, select
from sqlmodel.sql.expression import SelectOfScalar

from portal.accounts.viewer import Viewer
from portal.applications import queries as applications
from portal.applications.models import Application, Choice, Status
from portal.calls.models import Call, CallStatus
from portal.clock import now
from portal.errors import NotAllowed, NotFound
from portal.i18n import N_
from portal.interviews import rules
from portal.interviews.models import Slot
from portal.openings import queries as openings
from portal.openings.models import Opening
from portal.placements import hosted
from portal.waiting import Waiting

PAGE = 50
CANDIDATE = joinedload(Slot.application).options(joinedload(Application.applicant), joinedload(Application.home))
ROW = (joinedload(Slot.opening).options(*openings.ROW), CANDIDATE)
# The whole application: reading it anew empties what is not asked for, and others may hold the same one.
WHOLE = (joinedload(Slot.opening).options(*openings.ROW), joinedload(Slot.application).options(*applications.WHOLE))


def visible_to(viewer: Viewer) -> SelectOfScalar[Slot]:
    """As a host: the times of one's openings, taken or not."""
    own = hosted.hosted_by(viewer).with_only_columns(col(Opening.id))
    return select(Slot).where(col(Slot.opening_id).in_(own))


def get_visible(session: Session, viewer: Viewer, opening_id: uuid.UUID, slot_id: uuid.UUID) -> Slot:
    """Read anew. Who is kin of the candidate sees that the time is taken, and no more."""
    query = visible_to(viewer).where(Slot.opening_id == opening_id, Slot.id == slot_id).options(*WHOLE)
    found = session.exec(query.execution_options(populate_existing=True)).one_or_none()
    if found is None:
        raise NotFound
    if found.application_id is not None and found.application_id in _barred(session, viewer, [found]):
        raise NotAllowed
    return found


def lock_visible(session: Session, viewer: Viewer, opening_id: uuid.UUID, slot_id: uuid.UUID) -> Slot:
    """Held with its opening, as whoever takes, moves or removes a time of it does."""
    get_visible(session, viewer, opening_id, slot_id)
    openings.locked(session, opening_id)
    return get_visible(session, viewer, opening_id, slot_id)


class Offered(NamedTuple):
    """A time in its host's list; `is_hidden` where the viewer may not know who took it."""

    slot: Slot
    is_hidden: bool


def offered(
    session: Session, viewer: Viewer, opening: Opening, *, after: uuid.UUID | None = None
) -> tuple[list[Offered], uuid.UUID | None]:
    """A page of the opening's times, the earliest first."""
    query = visible_to(viewer).where(Slot.opening_id == opening.id)
    if after is not None:
        last = select(col(Slot.starts_at), col(Slot.id)).where(Slot.id == after)
        query = query.where(sa.tuple_(col(Slot.starts_at), col(Slot.id)) > last.scalar_subquery())
    rows = session.exec(query.options(CANDIDATE).order_by(col(Slot.starts_at), col(Slot.id)).limit(PAGE + 1)).all()
    shown = rows[:PAGE]
    barred = _barred(session, viewer, shown)
    found = [Offered(slot, slot.application_id in barred or has_left(slot)) for slot in shown]
    return found, shown[-1].id if len(rows) > PAGE else None


def has_left(slot: Slot) -> bool:
    """Hosts know of the nominated only."""
    return slot.application is not None and slot.application.status is not Status.NOMINATED


def _barred(session: Session, viewer: Viewer, slots: Sequence[Slot]) -> set[uuid.UUID | None]:
    """The candidates among these that the viewer is kin of."""
    ids = [slot.application_id for slot in slots if slot.application_id is not None]
    query = select(Application.id).where(col(Application.id).in_(ids), applications.barred(viewer))
    return set(session.exec(query).all())


def standing(session: Session, opening: Opening) -> Sequence[Slot]:
    """Every time of a locked opening that is free or taken."""
    return session.exec(_standing().where(Slot.opening_id == opening.id)).all()


def _standing() -> SelectOfScalar[Slot]:
    return select(Slot).where(col(Slot.ended_at).is_(None)).execution_options(populate_existing=True)


# As a candidate


def get_candidate(session: Session, viewer: Viewer, application_id: uuid.UUID) -> Application:
    """For the page of the candidate, which staff read too."""
    found = applications.get_visible(session, viewer, application_id)
    if not rules.may_read(viewer, found):
        raise NotAllowed
    return found


def lock_candidate(session: Session, viewer: Viewer, application_id: uuid.UUID, slot_id: uuid.UUID) -> Application:
    """For a change: held with the opening of this time, the opening first."""
    application = applications.get_own(session, viewer, application_id)
    openings.locked(session, get_choosable(session, application, slot_id).opening_id)
    return applications.lock_visible(session, viewer, application_id)


def _of_choices(application: Application) -> SelectOfScalar[Slot]:
    chosen = [choice.opening_id for choice in application.choices]
    return _standing().where(col(Slot.opening_id).in_(chosen))


def get_choosable(session: Session, application: Application, slot_id: uuid.UUID) -> Slot:
    """A time of an opening that the candidate ranked, read anew: free, their own, or just taken by another."""
    found = session.exec(_of_choices(application).where(Slot.id == slot_id).options(*WHOLE)).one_or_none()
    if found is None:
        raise NotFound
    return found


def get_own(session: Session, application: Application, slot_id: uuid.UUID) -> Slot:
    found = get_choosable(session, application, slot_id)
    if found.application_id != application.id:
        raise NotFound
    return found


def own(session: Session, application: Application) -> Sequence[Slot]:
    """The interviews this candidate has, the earliest first."""
    query = _standing().where(Slot.application_id == application.id).options(*WHOLE)
    return session.exec(query.order_by(col(Slot.starts_at))).all()


class Group(NamedTuple):
    """An opening with the candidate's own time, the free ones, and what the host cancelled."""

    opening: Opening
    own: Slot | None
    free: list[Slot]
    cancelled: list[Slot]


def groups(session: Session, application: Application, at: dt.datetime) -> list[Group]:
    """By opening in the candidate's order: their own time, those that are free, and nothing about anybody else."""
    chosen = [choice.opening for choice in application.choices]
    free = and_(col(Slot.application_id).is_(None), col(Slot.starts_at) > at)
    query = select(Slot).where(
        col(Slot.opening_id).in_([opening.id for opening in chosen]),
        or_(col(Slot.application_id) == application.id, free),
    )
    found = session.exec(query.order_by(col(Slot.starts_at), col(Slot.id))).all()
    return [_group(opening, [slot for slot in found if slot.opening_id == opening.id]) for opening in chosen]


def _group(opening: Opening, slots: list[Slot]) -> Group:
    own = next((slot for slot in slots if slot.application_id and slot.ended_at is None), None)
    free = [slot for slot in slots if slot.application_id is None]
    return Group(opening, own, free, [slot for slot in slots if slot.ended_at is not None])


# For the jobs


def coming(session: Session, at: dt.datetime, last: dt.datetime) -> Sequence[Slot]:
    """The interviews until then. Not locked."""
    query = _standing().where(
        col(Slot.application_id).is_not(None), col(Slot.starts_at) > at, col(Slot.starts_at) <= last
    )
    return session.exec(query.options(*ROW).order_by(col(Slot.id))).all()


def lock_left(session: Session, at: dt.datetime) -> Sequence[Slot]:
    """The coming interviews of candidates who are not nominated any more."""
    query = _standing().join(Application, col(Slot.application_id) == col(Application.id))
    query = query.where(Application.status != Status.NOMINATED, col(Slot.starts_at) > at)
    return session.exec(query.options(*WHOLE).order_by(col(Slot.id)).limit(PAGE).with_for_update(of=Slot)).all()


def waiting_for(session: Session, viewer: Viewer) -> list[Waiting]:
    """For the home page: applications with an opening that has free times and no interview yet."""
    if not viewer.is_signed_in:
        return []
    found = session.exec(select(Application.id).where(_waits(viewer, now())).limit(PAGE)).all()
    href = f"/applications/{found[0]}/interviews" if len(found) == 1 else "/applications"
    return [Waiting(len(found), N_("Interview times to choose from"), href)] if found else []


def _waits(viewer: Viewer, at: dt.datetime) -> sa.ColumnElement[bool]:
    open_call = select(Call.id).where(
        Call.status == CallStatus.PUBLISHED, col(Call.opens_at) <= at, col(Call.rankings_due_at) >= at
    )
    own_time = aliased(Slot)
    has_one = exists().where(
        col(own_time.opening_id) == Choice.opening_id, col(own_time.application_id) == Application.id,
        col(own_time.ended_at).is_(None),
    ).correlate(Choice, Application)  # fmt: skip
    is_free = exists().where(
        col(Choice.application_id) == Application.id, col(Slot.opening_id) == Choice.opening_id,
        col(Slot.application_id).is_(None), col(Slot.starts_at) > at, ~has_one,
    )  # fmt: skip
    return and_(
        col(Application.id).in_(applications.spoken_for_by(viewer)), ~applications.barred(viewer),
        col(Application.status) == Status.NOMINATED, col(Application.call_id).in_(open_call), is_free,
    )  # fmt: skip
