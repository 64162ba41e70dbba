"""Reading the line: the intern's own, and the secretariat all of them."""

import uuid
from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.orm import aliased
from sqlmodel import Session, and_, col, exists, or_, select

from portal.accounts.viewer import Viewer
from portal.applications.models import Application
from portal.errors import NotFound
from portal.i18n import N_
from portal.openings.models import Opening
from portal.placements import queries as placements
from portal.placements.models import Placement
from portal.private_lines import rules
from portal.private_lines.models import PrivateMessage
from portal.waiting import Waiting


def get_visible(session: Session, viewer: Viewer, placement_id: uuid.UUID) -> Placement:
    """For others there is no such page."""
    return _ensured(viewer, placements.get_visible(session, viewer, placement_id))


def lock_visible(session: Session, viewer: Viewer, placement_id: uuid.UUID) -> Placement:
    return _ensured(viewer, placements.lock_visible(session, viewer, placement_id))


def _ensured(viewer: Viewer, placement: Placement) -> Placement:
    if not rules.reads(viewer, placement):
        raise NotFound
    return placement


def messages(session: Session, placement: Placement) -> Sequence[PrivateMessage]:
    query = select(PrivateMessage).where(PrivateMessage.placement_id == placement.id)
    return session.exec(query.order_by(col(PrivateMessage.written_at), col(PrivateMessage.id))).all()


def ends_with(*, intern: bool) -> sa.ColumnElement[bool]:
    """The last word on a placement's line is the intern's, or the secretariat's."""
    later = aliased(PrivateMessage)
    answered = exists().where(
        col(later.placement_id) == PrivateMessage.placement_id, col(later.from_intern).is_not(intern),
        col(later.written_at) > PrivateMessage.written_at,
    )  # fmt: skip
    own = col(PrivateMessage.placement_id) == Placement.id, col(PrivateMessage.from_intern).is_(intern)
    return exists().where(*own, ~answered)


def awaiting(viewer: Viewer) -> sa.ColumnElement[bool]:
    """The stays whose intern waits for an answer that this viewer may give."""
    involved = or_(
        col(Opening.government_id).in_(viewer.governments),
        and_(col(Application.home_id).is_not(None), col(Application.home_id).in_(viewer.governments)),
    )
    return and_(~involved, col(Application.applicant_id) != viewer.person_id, ends_with(intern=True))


def waiting_for(session: Session, viewer: Viewer) -> list[Waiting]:
    """For secretaries."""
    if not viewer.is_secretary:
        return []
    query = placements.visible_to(viewer).where(awaiting(viewer))
    number = session.exec(select(sa.func.count()).select_from(query.subquery())).one()
    return [Waiting(number, N_("Messages from interns"), "/stays?show=messages")]
