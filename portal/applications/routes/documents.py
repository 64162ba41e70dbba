"""The part in which files are given, and reading them."""

import uuid
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from portal.accounts.access import Relation, allow
from portal.accounts.viewer import CurrentViewer
from portal.applications import actions, queries
from portal.applications.forms import FORMS
from portal.applications.routes.parts import SAVED, editing, part_page
from portal.applications.words import Part
from portal.files import actions as files
from portal.files.downloads import download
from portal.files.models import Kind
from portal.files.uploads import Uploaded, uploaded
from portal.i18n import N_
from portal.web.forms import blank
from portal.web.links import go
from portal.web.transaction import Session

router = APIRouter()
CV = Annotated[Uploaded, Depends(uploaded("cv", Kind.PDF))]
NO_FILE = N_("Choose a PDF file first.")


@router.get("/applications/{application_id}/documents")
@allow(Relation.APPLICANT)
def show_documents(request: Request, session: Session, viewer: CurrentViewer, application_id: uuid.UUID) -> Response:
    application = editing(session, viewer, application_id)
    return part_page(request, session, application, Part.DOCUMENTS, blank(FORMS[Part.DOCUMENTS]))


@router.post("/applications/{application_id}/documents")
@allow(Relation.APPLICANT)
def save_documents(
    cv: CV, request: Request, session: Session, viewer: CurrentViewer, application_id: uuid.UUID
) -> Response:
    queries.lock_visible(session, viewer, application_id)
    application = editing(session, viewer, application_id)
    if cv.checked is None:
        form = blank(FORMS[Part.DOCUMENTS]).refused("cv", cv.error if cv.present else NO_FILE)
        return part_page(request, session, application, Part.DOCUMENTS, form, 422)
    stored = files.keep(session, cv.checked, owner_id=application.applicant_id)
    actions.keep_cv(session, application, stored, by=viewer)
    return go(request, f"/applications/{application.id}/documents", SAVED)


@router.get("/applications/{application_id}/cv")
@allow(Relation.APPLICANT, Relation.HOME, Relation.HOST, Relation.SECRETARY, Relation.AUDITOR)
def show_cv(request: Request, session: Session, viewer: CurrentViewer, application_id: uuid.UUID) -> Response:
    return download(request, queries.cv_of(queries.get_visible(session, viewer, application_id)))
