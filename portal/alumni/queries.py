"""Reading the list of alumni: public, but for what was hidden, left, or rests on a revoked certificate."""

import uuid
from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.orm import aliased, joinedload
from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from portal.accounts.viewer import Viewer
from portal.alumni.models import Alumnus
from portal.applications.models import Application
from portal.certificates.models import Certificate
from portal.consents.models import Purpose
from portal.errors import NotFound
from portal.placements import queries as placements
from portal.placements.models import Placement
from portal.registry.models import Country, Government

PAGE = 50
ROW = (joinedload(Alumnus.home), joinedload(Alumnus.host))
WHOLE = (
    *ROW,
    joinedload(Alumnus.certificate)
    .joinedload(Certificate.placement)
    .options(joinedload(Placement.application).joinedload(Application.applicant), joinedload(Placement.opening)),
)


def visible_to(viewer: Viewer) -> SelectOfScalar[Alumnus]:
    """The same for everybody; secretaries and auditors see the hidden ones as well."""
    query = select(Alumnus).join(Alumnus.certificate)
    refused = placements.refused(Certificate.placement_id, Purpose.NAME)
    query = query.where(col(Alumnus.left_at).is_(None), col(Certificate.revoked_at).is_(None), ~refused)
    return query if viewer.is_secretary or viewer.is_auditor else query.where(col(Alumnus.hidden_at).is_(None))


def alumni(
    session: Session, viewer: Viewer, *, country: Country | None = None, after: uuid.UUID | None = None
) -> tuple[Sequence[Alumnus], uuid.UUID | None]:
    """A page of the list, who joined last first, and where the next page begins."""
    query, order = visible_to(viewer), (col(Alumnus.joined_at), col(Alumnus.id))
    if country is not None:
        home = aliased(Government)
        query = query.join(home, col(home.id) == Alumnus.home_id).where(home.country == country)
    if after is not None:
        last = select(*order).where(Alumnus.id == after)
        query = query.where(sa.tuple_(*order) < last.scalar_subquery())
    ordered = query.options(*ROW).order_by(*(column.desc() for column in order))
    found = session.exec(ordered.limit(PAGE + 1)).all()
    return found[:PAGE], found[PAGE - 1].id if len(found) > PAGE else None


def lock_visible(session: Session, viewer: Viewer, alumnus_id: uuid.UUID) -> Alumnus:
    query = visible_to(viewer).where(Alumnus.id == alumnus_id).options(*WHOLE)
    locked = query.with_for_update(of=Alumnus).execution_options(populate_existing=True)
    return _one(session, locked)


def get_visible(session: Session, viewer: Viewer, alumnus_id: uuid.UUID) -> Alumnus:
    return _one(session, visible_to(viewer).where(Alumnus.id == alumnus_id).options(*WHOLE))


def of_certificate(session: Session, certificate: Certificate) -> Alumnus | None:
    """The holder's own entry, whether or not it can be seen."""
    return session.exec(select(Alumnus).where(Alumnus.certificate_id == certificate.id)).one_or_none()


def of_stay(session: Session, placement: Placement) -> Sequence[Alumnus]:
    """The entries under whichever certificate of this stay that nobody has left."""
    found = select(Alumnus).join(Alumnus.certificate).where(Certificate.placement_id == placement.id)
    return session.exec(found.where(col(Alumnus.left_at).is_(None))).all()


def hidden_before(session: Session, placement: Placement) -> Alumnus | None:
    """The entry under an earlier certificate of this stay that a secretary hid last."""
    of_stay = select(Alumnus).join(Alumnus.certificate).where(Certificate.placement_id == placement.id)
    hidden = of_stay.where(col(Alumnus.hidden_at).is_not(None)).order_by(col(Alumnus.hidden_at).desc())
    return session.exec(hidden).first()


def _one(session: Session, query: SelectOfScalar[Alumnus]) -> Alumnus:
    found = session.exec(query).one_or_none()
    if found is None:
        raise NotFound
    return found
