"""The times that a candidate can choose from, and the one that they chose."""

import uuid

import sqlmodel
from fastapi import APIRouter, Request
from fastapi.responses import Response

from portal import calendars
from portal.accounts.access import Relation, allow
from portal.accounts.viewer import CurrentViewer, Viewer
from portal.applications.models import Application
from portal.calendars import Moment
from portal.clock import now
from portal.errors import Conflict
from portal.i18n import N_
from portal.i18n import gettext as _
from portal.interviews import actions, queries, rules, words
from portal.web.forms import Pressed
from portal.web.links import go
from portal.web.templating import page
from portal.web.transaction import Session

router = APIRouter()
PICKED = N_("The interview is yours. You and the host were told by mail.")
GIVEN_BACK = N_("You gave the time back, and the host was told. You can choose another one.")


@router.get("/applications/{application_id}/interviews")
@allow(Relation.APPLICANT, Relation.SECRETARY, Relation.AUDITOR)
def list_interviews(request: Request, session: Session, viewer: CurrentViewer, application_id: uuid.UUID) -> Response:
    return _page(request, session, viewer, queries.get_candidate(session, viewer, application_id))


def _page(
    request: Request, session: sqlmodel.Session, viewer: Viewer, application: Application, status: int = 200,
    *, refused: object = None,
) -> Response:  # fmt: skip
    at = now()
    why_not = rules.why_no_choice(application, at)
    return page(
        request, "interviews/choose.html", status, application=application, refused=refused, why_not=why_not,
        groups=queries.groups(session, application, at), at=at, rules=rules, words=words,
        is_candidate=rules.is_candidate(viewer, application),
    )  # fmt: skip


@router.post("/applications/{application_id}/interviews/{slot_id}/pick")
@allow(Relation.APPLICANT)
def pick(
    _pressed: Pressed, request: Request, session: Session, viewer: CurrentViewer, application_id: uuid.UUID,
    slot_id: uuid.UUID,
) -> Response:  # fmt: skip
    """Who comes too late reads so, and sees what is still free."""
    application = queries.lock_candidate(session, viewer, application_id, slot_id)
    slot = queries.get_choosable(session, application, slot_id)
    try:
        actions.pick(session, application, slot, by=viewer)
    except Conflict as conflict:
        return _page(request, session, viewer, application, 409, refused=conflict.reason)
    return go(request, f"/applications/{application_id}/interviews", PICKED)


@router.post("/applications/{application_id}/interviews/{slot_id}/give-back")
@allow(Relation.APPLICANT)
def give_back(
    _pressed: Pressed, request: Request, session: Session, viewer: CurrentViewer, application_id: uuid.UUID,
    slot_id: uuid.UUID,
) -> Response:  # fmt: skip
    application = queries.lock_candidate(session, viewer, application_id, slot_id)
    slot = queries.get_choosable(session, application, slot_id)
    actions.give_back(session, application, slot, by=viewer)
    return go(request, f"/applications/{application_id}/interviews", GIVEN_BACK)


@router.get("/applications/{application_id}/interviews/{slot_id}/calendar.ics")
@allow(Relation.APPLICANT, Relation.SECRETARY, Relation.AUDITOR)
def show_calendar(
    request: Request, session: Session, viewer: CurrentViewer, application_id: uuid.UUID, slot_id: uuid.UUID
) -> Response:
    """One name for the interviews of an opening: the file of a later time moves the earlier one."""
    application = queries.get_candidate(session, viewer, application_id)
    slot = queries.get_own(session, application, slot_id)
    title = _("Interview: %(opening)s") % {"opening": slot.opening.title}
    url = f"{request.app.state.settings.public_origin}/applications/{application_id}/interviews"
    text = f"{slot.place}\n{slot.note}".strip()
    uid = calendars.uid(f"interview-{slot.opening_id}", application.id)
    moment = Moment(uid, title, slot.starts_at, url, text, slot.ends_at)
    headers = {"Content-Disposition": 'attachment; filename="interview.ics"', "Cache-Control": "no-store"}
    return Response(calendars.calendar(title, [moment]), media_type=calendars.TYPE, headers=headers)
