"""The dates that somebody has in the internships: as applicant, intern, coordinator, or in the secretariat."""

import datetime as dt
import uuid
from collections.abc import Collection, Iterable, Iterator, Sequence

from sqlalchemy.orm import joinedload
from sqlmodel import Session, and_, col, or_, select

from portal import calendars
from portal.accounts.viewer import Viewer
from portal.applications import queries as applications
from portal.applications.models import Application, Status
from portal.calls import rules as calls
from portal.calls.models import Call, CallStatus
from portal.checkins import queries as checkins
from portal.checkins import rules as checkin_rules
from portal.checkins.models import CheckIn, Side
from portal.feeds.entries import Entry
from portal.final_reports import rules as reports
from portal.final_reports.models import FinalReport, ReportStatus
from portal.i18n import _, language
from portal.interviews.models import Slot
from portal.openings.models import Opening
from portal.placements import queries as placements
from portal.placements.models import Placement, PlacementStatus
from portal.registry.models import Government

MOST = 500
COMING = {PlacementStatus.AGREED, PlacementStatus.ACTIVE}
OVER = {PlacementStatus.COMPLETED, PlacementStatus.ENDED_EARLY}
OFFICES = frozenset({"openings_due_at", "applications_due_at", "nominations_due_at", "rankings_due_at"})


def entries(session: Session, viewer: Viewer, since: dt.datetime) -> Iterator[Entry]:
    yield from _as_applicant(session, viewer, since)
    yield from _as_office(session, viewer, since)
    yield from _interviews(session, viewer, since)
    yield from _placements(session, viewer, since)


# Deadlines of calls


def _as_applicant(session: Session, viewer: Viewer, since: dt.datetime) -> Iterator[Entry]:
    query = select(Application).join(Call).where(
        Application.applicant_id == viewer.person_id, col(Call.rankings_due_at) >= since,
        col(Application.status).not_in((Status.WITHDRAWN, Status.NOT_NOMINATED)), Call.status == CallStatus.PUBLISHED,
    )  # fmt: skip
    for own in session.exec(query.options(joinedload(Application.call)).limit(MOST)):
        ranked = {"rankings_due_at"} if own.status is Status.NOMINATED else set()
        yield from _deadlines(own.call, {"applications_due_at", *ranked})
        if own.status is Status.RETURNED and own.correction_due_at:
            title = _("Correct your application: %(call)s") % {"call": own.call.title(language())}
            uid = calendars.uid(own.id, "correction")
            yield Entry(uid, title, own.correction_due_at, f"/applications/{own.id}", own.call.zone)


def _as_office(session: Session, viewer: Viewer, since: dt.datetime) -> Iterator[Entry]:
    """Coordinators: what is asked of their governments. The secretariat and auditors: everything."""
    is_staff = viewer.is_secretary or viewer.is_auditor
    if not (is_staff or viewer.governments):
        return
    own = session.exec(select(Government).where(col(Government.id).in_(viewer.governments))).all()
    running = select(Call).where(Call.status == CallStatus.PUBLISHED, col(Call.rankings_due_at) >= since)
    for call in session.exec(running.limit(MOST)):
        yield from _deadlines(call, None if is_staff else _asked_of(call, own))


def _asked_of(call: Call, governments: Sequence[Government]) -> frozenset[str]:
    nominates = any(calls.admits(call, each) for each in governments)
    return OFFICES if nominates else OFFICES - {"applications_due_at", "nominations_due_at"}


def _deadlines(call: Call, columns: Collection[str] | None) -> Iterator[Entry]:
    """These of the call's deadlines, or all."""
    told = _("%(deadline)s: %(call)s")
    for column, name, at, meaning in calls.deadlines(call):
        if columns is None or column in columns:
            title = told % {"deadline": name, "call": call.title(language())}
            yield Entry(calendars.uid(call.id, column), title, at, f"/calls/{call.slug}", call.zone, str(meaning))


# Interviews


def _interviews(session: Session, viewer: Viewer, since: dt.datetime) -> Iterator[Entry]:
    """Where they take place stands in the portal: the host's own words may name people."""
    is_own = col(Application.applicant_id) == viewer.person_id
    hosted = and_(col(Opening.government_id).in_(viewer.governments), ~applications.barred(viewer))
    query = select(Slot).join(Slot.opening).join(Slot.application).where(
        col(Slot.ended_at).is_(None), col(Slot.starts_at) >= since, Application.status == Status.NOMINATED,
        or_(is_own, hosted),
    )  # fmt: skip
    whole = joinedload(Slot.opening).joinedload(Opening.government), joinedload(Slot.application)
    for slot in session.exec(query.options(*whole).limit(MOST)):
        yield _interview(viewer, slot)


def _interview(viewer: Viewer, slot: Slot) -> Entry:
    assert slot.application is not None, "it was taken"
    title = _("Interview: %(opening)s") % {"opening": slot.opening.title}
    zone, text = slot.opening.government.zone, _("The portal says where.")
    if slot.application.applicant_id == viewer.person_id:
        uid = calendars.uid(f"interview-{slot.opening_id}", slot.application_id)
        path = f"/applications/{slot.application_id}/interviews"
    else:
        uid, path = calendars.uid("interview", slot.id), f"/openings/{slot.opening_id}/interviews"
    return Entry(uid, title, slot.starts_at, path, zone, text, slot.ends_at)


# Offers and stays


def _placements(session: Session, viewer: Viewer, since: dt.datetime) -> Iterator[Entry]:
    is_own = col(Application.applicant_id) == viewer.person_id
    hosted = and_(col(Opening.government_id).in_(viewer.governments), col(Placement.status).in_(COMING))
    offered = and_(Placement.status == PlacementStatus.OFFERED, col(Placement.expires_at) >= since)
    # A report is due some weeks after the last day.
    staying = and_(col(Placement.status).in_(COMING | OVER), col(Placement.ends_on) >= since.date() - reports.DUE_AFTER)
    query = placements.visible_to(viewer).where(or_(is_own, hosted), or_(offered, staying))
    whole = joinedload(Placement.opening).joinedload(Opening.government), joinedload(Placement.application)
    found = session.exec(query.options(*whole).order_by(col(Placement.starts_on)).limit(MOST)).all()
    given, reported = checkins.given(session, [each.id for each in found]), _reported(session, found)
    for each in found:
        yield from _of_placement(viewer, each, given[each.id], is_reported=each.id in reported)


def _reported(session: Session, found: Sequence[Placement]) -> set[uuid.UUID]:
    """Whose reports were sent in, and not returned."""
    sent = select(FinalReport.placement_id).where(
        col(FinalReport.placement_id).in_([each.id for each in found]),
        col(FinalReport.status).in_((ReportStatus.SUBMITTED, ReportStatus.ACCEPTED)),
    )
    return set(session.exec(sent))


def _of_placement(
    viewer: Viewer, placement: Placement, given: Iterable[CheckIn], *, is_reported: bool
) -> Iterator[Entry]:
    is_own = placement.application.applicant_id == viewer.person_id
    if placement.status is PlacementStatus.OFFERED and placement.expires_at:
        title = _("Answer the offer: %(opening)s") % {"opening": placement.opening.title}
        uid, zone = calendars.uid(placement.id, "offer"), placement.opening.government.zone
        yield Entry(uid, title, placement.expires_at, f"/placements/{placement.id}", zone)
        return
    yield _day(placement, "starts", _("The stay begins: %(opening)s"), placement.starts_on)
    yield _day(placement, "ends", _("Last day of the stay: %(opening)s"), placement.ends_on)
    side = Side.INTERN if is_own else Side.HOST
    yield from _check_ins(placement, {each.number for each in given if each.side is side})
    if is_own and not is_reported:
        yield _day(placement, "report", _("Your final report is due: %(opening)s"), reports.due_on(placement))


def _check_ins(placement: Placement, filled: Collection[int]) -> Iterator[Entry]:
    if placement.status not in COMING:
        return
    for due in checkin_rules.schedule(placement.starts_on, placement.ends_on):
        if due.number not in filled:
            yield _day(placement, f"check-in-{due.number}", _("A check-in is due: %(opening)s"), due.due_on)


def _day(placement: Placement, name: str, told: str, on: dt.date) -> Entry:
    """A day counts where the stay takes place."""
    title, zone = told % {"opening": placement.opening.title}, placement.opening.government.zone
    return Entry(calendars.uid(placement.id, name), title, on, f"/placements/{placement.id}/stay", zone)
