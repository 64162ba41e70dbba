"""Reading final reports: those of placements one may see, and the published ones."""

import datetime as dt
import uuid
from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.orm import joinedload
from sqlmodel import Session, col, exists, or_, select
from sqlmodel.sql.expression import SelectOfScalar

from portal.accounts.viewer import Viewer
from portal.applications import queries as applications
from portal.clock import now
from portal.consents.models import Purpose as Consented
from portal.errors import NotFound
from portal.final_reports import rules
from portal.final_reports.models import FinalReport, ReportStatus
from portal.i18n import N_
from portal.openings.models import Opening
from portal.placements import queries as placements
from portal.placements.models import Placement, PlacementStatus
from portal.registry.models import Country, Government
from portal.waiting import Waiting

PAGE = 50
OF_STAY = joinedload(FinalReport.placement).options(
    joinedload(Placement.opening).joinedload(Opening.government), joinedload(Placement.application)
)


def visible_to(viewer: Viewer) -> SelectOfScalar[FinalReport]:
    """Of the placements that this person may see; what of one is readable, `rules.is_readable` says."""
    seen = placements.visible_to(viewer).where(col(Placement.id) == col(FinalReport.placement_id))
    return select(FinalReport).where(sa.exists(seen.with_only_columns(col(Placement.id)).correlate(FinalReport)))


def of(session: Session, placement: Placement) -> FinalReport | None:
    """The report on a placement, with its file, read anew."""
    query = select(FinalReport).where(FinalReport.placement_id == placement.id).options(joinedload(FinalReport.file))
    return session.exec(query.execution_options(populate_existing=True)).one_or_none()


def accepted(session: Session, placement: Placement) -> FinalReport | None:
    """What a certificate asks for."""
    found = of(session, placement)
    return found if found is not None and found.status is ReportStatus.ACCEPTED else None


def sent_in(
    session: Session, viewer: Viewer, *, status: ReportStatus | None = None, after: uuid.UUID | None = None
) -> tuple[Sequence[FinalReport], uuid.UUID | None]:
    """A page of what was submitted to the secretariat, the oldest first."""
    was_sent = col(FinalReport.submitted_at).is_not(None), FinalReport.status != ReportStatus.DRAFT
    query = visible_to(viewer).where(*was_sent).options(OF_STAY)
    query = query.where(FinalReport.status == status) if status else query
    if after is not None:
        last = select(col(FinalReport.submitted_at), col(FinalReport.id)).where(FinalReport.id == after)
        query = query.where(sa.tuple_(col(FinalReport.submitted_at), col(FinalReport.id)) > last.scalar_subquery())
    ordered = query.order_by(col(FinalReport.submitted_at), col(FinalReport.id))
    rows = session.exec(ordered.limit(PAGE + 1)).all()
    return rows[:PAGE], rows[PAGE - 1].id if len(rows) > PAGE else None


# The public pages


def public() -> SelectOfScalar[FinalReport]:
    """`rules.is_public` in the database's words, without those whose guardian, or who themselves, refused it since."""
    return select(FinalReport).where(
        col(FinalReport.published_at).is_not(None), col(FinalReport.taken_down_at).is_(None),
        col(FinalReport.may_publish).is_(True), FinalReport.status == ReportStatus.ACCEPTED,
        ~placements.refused(FinalReport.placement_id, Consented.TEXT),
    )  # fmt: skip


def experiences(
    session: Session, *, country: Country | None = None, language: str | None = None, after: uuid.UUID | None = None
) -> tuple[Sequence[FinalReport], uuid.UUID | None]:
    """A page of the published reports, the latest first."""
    query = public().options(OF_STAY)
    if country:
        query = query.where(_hosted_in(country))
    if language:
        query = query.where(FinalReport.language == language)
    if after is not None:
        last = select(col(FinalReport.published_at), col(FinalReport.id)).where(FinalReport.id == after)
        query = query.where(sa.tuple_(col(FinalReport.published_at), col(FinalReport.id)) < last.scalar_subquery())
    ordered = query.order_by(col(FinalReport.published_at).desc(), col(FinalReport.id).desc())
    rows = session.exec(ordered.limit(PAGE + 1)).all()
    return rows[:PAGE], rows[PAGE - 1].id if len(rows) > PAGE else None


def _hosted_in(country: Country) -> sa.ColumnElement[bool]:
    return exists().where(
        col(Placement.id) == FinalReport.placement_id, col(Opening.id) == Placement.opening_id,
        col(Government.id) == Opening.government_id, col(Government.country) == country,
    )  # fmt: skip


def get_public(session: Session, report_id: uuid.UUID) -> FinalReport:
    found = session.exec(public().where(FinalReport.id == report_id).options(OF_STAY)).one_or_none()
    if found is None:
        raise NotFound
    return found


# What waits, and for whom


UNSENT = or_(
    ~exists().where(col(FinalReport.placement_id) == Placement.id),
    exists().where(
        col(FinalReport.placement_id) == Placement.id,
        col(FinalReport.status).in_([ReportStatus.DRAFT, ReportStatus.RETURNED]),
    ),
)


def unsent(session: Session, first: dt.date, last: dt.date) -> Sequence[Placement]:
    """The stays that ended within these days and whose report is still to come. Not locked."""
    query = select(Placement).where(
        col(Placement.status).in_(rules.STARTED), col(Placement.ends_on).between(first, last), UNSENT
    )
    return session.exec(query.options(*placements.ROW).order_by(col(Placement.id))).all()


def waiting_for(session: Session, viewer: Viewer) -> list[Waiting]:
    """For the home page: one's own report to write, and reports to read for the secretariat."""
    if not viewer.is_signed_in:
        return []
    found = [_to_write(session, viewer)]
    if viewer.is_secretary:
        to_read = visible_to(viewer).where(FinalReport.status == ReportStatus.SUBMITTED)
        number = session.exec(select(sa.func.count()).select_from(to_read.subquery())).one()
        found.append(Waiting(number, N_("Final reports to read"), "/final-reports?state=submitted"))
    return [waiting for waiting in found if waiting.count]


def _to_write(session: Session, viewer: Viewer) -> Waiting:
    own = col(Placement.application_id).in_(applications.spoken_for_by(viewer))
    is_time = or_(
        col(Placement.status) != PlacementStatus.ACTIVE, col(Placement.ends_on) <= now().date() + rules.LAST_WEEK
    )
    query = placements.visible_to(viewer).where(own, col(Placement.status).in_(rules.STARTED), is_time, UNSENT)
    ids = session.execute(query.with_only_columns(col(Placement.id)).limit(PAGE)).scalars().all()
    href = f"/placements/{ids[0]}/report" if len(ids) == 1 else "/placements"
    return Waiting(len(ids), N_("Final report to write"), href)
