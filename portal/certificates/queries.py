"""Reading certificates: of a placement, for the secretariat's list, and by their number, for anybody."""

import uuid
from collections.abc import Sequence
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import joinedload
from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from portal.accounts.viewer import Viewer
from portal.applications.models import Application
from portal.certificates import rules
from portal.certificates.models import Certificate
from portal.documents import numbers
from portal.documents.certificates import Signatory
from portal.errors import Conflict, NotFound
from portal.final_reports.models import FinalReport, ReportStatus
from portal.i18n import N_, Lazy
from portal.openings.models import Opening
from portal.placements import queries as placements
from portal.placements.models import Placement, PlacementStatus
from portal.stays.models import Evaluation
from portal.waiting import Waiting

PAGE = 50
WHOSE = joinedload(Certificate.placement).options(
    joinedload(Placement.application).options(joinedload(Application.applicant), joinedload(Application.home)),
    joinedload(Placement.opening).options(
        joinedload(Opening.host), joinedload(Opening.government), joinedload(Opening.call)
    ),
)


def visible_to(viewer: Viewer) -> SelectOfScalar[Certificate]:
    """Those of the placements that the viewer may see."""
    seen = placements.visible_to(viewer).where(col(Placement.id) == col(Certificate.placement_id))
    return select(Certificate).where(sa.exists(seen.with_only_columns(col(Placement.id)).correlate(Certificate)))


def of_placement(session: Session, viewer: Viewer, placement: Placement) -> Sequence[Certificate]:
    """The valid one and those that were revoked, the latest first."""
    query = visible_to(viewer).where(Certificate.placement_id == placement.id)
    return session.exec(query.order_by(col(Certificate.issued_at).desc(), col(Certificate.id))).all()


def valid(found: Sequence[Certificate]) -> Certificate | None:
    return next((certificate for certificate in found if certificate.revoked_at is None), None)


def get_valid(session: Session, viewer: Viewer, placement: Placement) -> Certificate:
    """Raises Conflict, which explains, where there is none at the moment."""
    found = valid(of_placement(session, viewer, placement))
    if found is None:
        raise Conflict(rules.NONE_YET)
    return found


def lock_of_person(session: Session, person_id: uuid.UUID, call_id: uuid.UUID) -> Sequence[Certificate]:
    query = select(Certificate).join(Placement).join(Application)
    query = query.where(Application.applicant_id == person_id, Application.call_id == call_id)
    return session.exec(query.with_for_update(of=Certificate)).all()


def by_number(session: Session, typed: str) -> Certificate:
    """For anybody: the number is the key."""
    number = numbers.read(typed, rules.PREFIX)
    query = select(Certificate).where(Certificate.number == number).options(WHOSE)
    found = number and session.exec(query).one_or_none()
    if not found:
        raise NotFound
    return found


@numbers.kind(rules.PREFIX, "/certificates/")
def is_known(session: Session, number: str) -> bool:
    return session.exec(select(Certificate.id).where(Certificate.number == number)).first() is not None


def what_is_missing(session: Session, placement: Placement) -> list[Lazy]:
    """Why this stay cannot be certified yet, in sentences; nothing if it can."""
    return missing(session, [placement])[placement.id]


def missing(session: Session, stays: Sequence[Placement]) -> dict[uuid.UUID, list[Lazy]]:
    """`what_is_missing` for several."""
    ids = [placement.id for placement in stays]
    evaluated, reported = _evaluated(session, ids), _reported(session, ids)
    return {
        placement.id: [
            sentence
            for sentence, is_there in (
                (rules.NOT_COMPLETED, rules.is_completed(placement)),
                (rules.NOT_EVALUATED, placement.id in evaluated),
                (rules.NOT_REPORTED, placement.id in reported),
            )
            if not is_there
        ]
        for placement in stays
    }


class Ready(NamedTuple):
    """A completed stay without a certificate, and what it still lacks."""

    placement: Placement
    missing: list[Lazy]


def completed(
    session: Session, viewer: Viewer, *, after: uuid.UUID | None = None
) -> tuple[list[Ready], uuid.UUID | None]:
    """A page of the completed stays without a certificate, those that ended first before the others."""
    query = placements.visible_to(viewer).where(Placement.status == PlacementStatus.COMPLETED)
    order = col(Placement.ends_on), col(Placement.id)
    if after is not None:
        last = select(*order).where(Placement.id == after)
        query = query.where(sa.tuple_(*order) > last.scalar_subquery())
    whole = (
        joinedload(Placement.application).joinedload(Application.home),
        joinedload(Placement.opening).options(joinedload(Opening.host), joinedload(Opening.government)),
    )
    found = session.exec(query.options(*whole).order_by(*order).limit(PAGE + 1)).all()
    shown = found[:PAGE]
    lacking = missing(session, shown)
    rows = [Ready(placement, lacking[placement.id]) for placement in shown]
    return rows, shown[-1].id if len(found) > PAGE else None


def issued(
    session: Session, viewer: Viewer, *, after: uuid.UUID | None = None
) -> tuple[Sequence[Certificate], uuid.UUID | None]:
    """A page of all certificates, revoked ones too, the latest first."""
    query, order = visible_to(viewer), (col(Certificate.issued_at), col(Certificate.id))
    if after is not None:
        last = select(*order).where(Certificate.id == after)
        query = query.where(sa.tuple_(*order) < last.scalar_subquery())
    ordered = query.order_by(*(column.desc() for column in order))
    found = session.exec(ordered.limit(PAGE + 1)).all()
    return found[:PAGE], found[PAGE - 1].id if len(found) > PAGE else None


def latest_signatory(session: Session) -> Signatory | None:
    """Who signed last: most likely who signs next."""
    latest = session.exec(select(Certificate).order_by(col(Certificate.issued_at).desc()).limit(1)).first()
    return Signatory(latest.content["signatory"], latest.content["office"]) if latest else None


def waiting_for(session: Session, viewer: Viewer) -> list[Waiting]:
    """For the secretaries' home page."""
    if not viewer.is_secretary:
        return []
    ready = placements.visible_to(viewer).where(Placement.status == PlacementStatus.COMPLETED, *_ready())
    count = session.exec(select(sa.func.count()).select_from(ready.subquery())).one()
    return [Waiting(count, N_("Certificates to issue"), "/certificates")]


# What the stay and the final report say.


def _evaluated(session: Session, ids: Sequence[uuid.UUID]) -> set[uuid.UUID]:
    found = select(Evaluation.placement_id).where(col(Evaluation.placement_id).in_(ids))
    return set(session.exec(found))


def _reported(session: Session, ids: Sequence[uuid.UUID]) -> set[uuid.UUID]:
    found = select(FinalReport.placement_id).where(col(FinalReport.placement_id).in_(ids))
    return set(session.exec(found.where(FinalReport.status == ReportStatus.ACCEPTED)))


def _ready() -> tuple[sa.ColumnElement[bool], ...]:
    """Nothing is missing, in the database's words."""
    evaluated = sa.exists().where(col(Evaluation.placement_id) == Placement.id)
    reported = sa.exists().where(
        col(FinalReport.placement_id) == Placement.id, col(FinalReport.status) == ReportStatus.ACCEPTED
    )
    return evaluated, reported
