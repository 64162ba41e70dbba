"""The part in which documents are given, each by its own upload, and reading them."""

import uuid
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from portal.accounts.access import Relation, allow
from portal.accounts.viewer import CurrentViewer
from portal.applications import actions, queries, rules, words
from portal.applications.forms import Documents
from portal.applications.models import Application
from portal.applications.routes.parts import editing
from portal.files import actions as files
from portal.files import rules as file_rules
from portal.files.downloads import download
from portal.files.uploads import Uploaded, uploaded
from portal.i18n import N_
from portal.web.forms import Pressed, Sent, blank, sent
from portal.web.links import go
from portal.web.templating import page
from portal.web.transaction import Session

router = APIRouter()
Given = Annotated[Uploaded, Depends(uploaded("file", *rules.PHOTOGRAPHED))]
SentDocuments = Annotated[Sent[Documents], Depends(sent(Documents))]
NO_FILE = N_("Choose a file first.")
ADDED = N_("The document is added. You can go on now or later.")
REMOVED = N_("The document is removed.")


@router.get("/applications/{application_id}/documents")
@allow(Relation.APPLICANT)
def show_documents(request: Request, session: Session, viewer: CurrentViewer, application_id: uuid.UUID) -> Response:
    return _page(request, editing(session, viewer, application_id), blank(Documents))


@router.post("/applications/{application_id}/documents")
@allow(Relation.APPLICANT)
def give_document(
    form: SentDocuments, given: Given, request: Request, session: Session, viewer: CurrentViewer,
    application_id: uuid.UUID,
) -> Response:  # fmt: skip
    queries.lock_visible(session, viewer, application_id)
    application = editing(session, viewer, application_id)
    if form.data is None:
        return _page(request, application, form, 422)
    requested = queries.get_requested(application, form.data.requested_id).requested
    kinds = rules.ACCEPTED[requested.purpose]
    if given.checked is None or given.checked.kind not in kinds:
        return _page(request, application, form.refused("file", given.wrong_for(kinds) or NO_FILE), 422)
    stored = files.keep(session, given.checked, owner_id=application.applicant_id)
    actions.give_document(session, application, requested.id, stored, by=viewer)
    return go(request, f"/applications/{application.id}/documents", ADDED)


@router.post("/applications/{application_id}/documents/{document_id}/remove")
@allow(Relation.APPLICANT)
def remove_document(
    _pressed: Pressed, request: Request, session: Session, viewer: CurrentViewer, application_id: uuid.UUID,
    document_id: uuid.UUID,
) -> Response:  # fmt: skip
    queries.lock_visible(session, viewer, application_id)
    application = editing(session, viewer, application_id)
    document = queries.get_document(viewer, application, document_id)
    actions.remove_document(session, application, document, by=viewer)
    return go(request, f"/applications/{application.id}/documents", REMOVED)


@router.get("/applications/{application_id}/documents/{document_id}")
@allow(Relation.APPLICANT, Relation.HOME, Relation.HOST, Relation.SECRETARY, Relation.AUDITOR)
def show_document(
    request: Request, session: Session, viewer: CurrentViewer, application_id: uuid.UUID, document_id: uuid.UUID
) -> Response:
    application = queries.get_visible(session, viewer, application_id)
    return download(request, queries.get_document(viewer, application, document_id).file)


def _page(request: Request, application: Application, form: Sent[Documents], status: int = 200) -> Response:
    return page(
        request, "applications/documents.html", status, application=application, form=form, words=words,
        wanted=rules.wanted(application), accepted=rules.ACCEPTED, untouched=blank(Documents), files=file_rules,
        limit_mb=request.app.state.settings.upload_limit_mb,
    )  # fmt: skip
