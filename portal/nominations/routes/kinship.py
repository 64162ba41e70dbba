"""A coordinator who is kin of an applicant says so, and is barred from then on."""

import uuid

from fastapi import APIRouter, Request
from fastapi.responses import Response

from portal.accounts.access import Relation, allow
from portal.accounts.viewer import CurrentViewer, Viewer
from portal.applications.models import Application
from portal.errors import NotAllowed
from portal.i18n import N_
from portal.nominations import actions, queries
from portal.web.forms import Pressed
from portal.web.links import go
from portal.web.templating import page
from portal.web.transaction import Session

router = APIRouter()
DECLARED = N_(
    "Your declaration is kept. You no longer see this application; colleagues or the secretariat decide on it."
)
LIFTED = N_("The declaration is lifted, and the coordinator was told.")


@router.get("/nominations/{application_id}/kinship")
@allow(Relation.HOME)
def show_kinship(request: Request, session: Session, viewer: CurrentViewer, application_id: uuid.UUID) -> Response:
    application = queries.get_visible(session, viewer, application_id)
    _ensure_coordinates(viewer, application)
    others = [each for each in queries.deciders(session, application) if each.id != viewer.person_id]
    return page(request, "nominations/kinship.html", application=application, others=others)


@router.post("/nominations/{application_id}/kinship")
@allow(Relation.HOME)
def declare_kinship(
    _pressed: Pressed, request: Request, session: Session, viewer: CurrentViewer, application_id: uuid.UUID
) -> Response:
    queries.get_visible(session, viewer, application_id)
    application = queries.lock_visible(session, viewer, application_id)
    _ensure_coordinates(viewer, application)
    actions.declare_kinship(session, application, by=viewer)
    return go(request, "/nominations", DECLARED)


@router.post("/nominations/{application_id}/kinship/{person_id}/lift")
@allow(Relation.SECRETARY)
def lift_kinship(
    _pressed: Pressed, request: Request, session: Session, viewer: CurrentViewer,
    application_id: uuid.UUID, person_id: uuid.UUID,
) -> Response:  # fmt: skip
    application = queries.get_visible(session, viewer, application_id)
    actions.lift_kinship(session, application, person_id, by=viewer)
    return go(request, f"/nominations/{application.id}", LIFTED)


def _ensure_coordinates(viewer: Viewer, application: Application) -> None:
    if application.home_id not in viewer.governments:
        raise NotAllowed
