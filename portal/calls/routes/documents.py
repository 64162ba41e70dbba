"""The documents a call asks for: their list, adding, changing, moving and removing them."""

import uuid
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from portal.accounts.access import Relation, allow
from portal.accounts.viewer import CurrentViewer
from portal.calls import actions, queries, words
from portal.calls.forms import asking
from portal.calls.forms.asking import DocumentForm, NewDocumentForm
from portal.calls.models import Call, RequestedDocument
from portal.calls.routes.editor import SAVED, editable, subject_page
from portal.calls.rules import Move
from portal.calls.words import Subject
from portal.forms import SUFFIXES
from portal.i18n import N_
from portal.web import once
from portal.web.forms import Pressed, Sent, blank, sent
from portal.web.links import go
from portal.web.templating import page
from portal.web.transaction import Session

router = APIRouter()
HERE = "/calls/{slug}/edit/documents"
SentNew = Annotated[Sent[NewDocumentForm], Depends(sent(NewDocumentForm))]
SentDocument = Annotated[Sent[DocumentForm], Depends(sent(DocumentForm))]


@router.get(HERE)
@allow(Relation.SECRETARY)
def list_documents(request: Request, session: Session, viewer: CurrentViewer, slug: str) -> Response:
    call = editable(session, viewer, slug)
    asked = queries.documents(session, call.id)
    return subject_page(request, Subject.DOCUMENTS, None, call, documents=asked, words=words)


@router.get(f"{HERE}/new")
@allow(Relation.SECRETARY)
def new_document(request: Request, session: Session, viewer: CurrentViewer, slug: str) -> Response:
    call = editable(session, viewer, slug)
    return _editor(request, blank(NewDocumentForm, is_required=True), call)


@router.post(f"{HERE}/new")
@allow(Relation.SECRETARY)
def add_document(form: SentNew, request: Request, session: Session, viewer: CurrentViewer, slug: str) -> Response:
    call = editable(session, viewer, slug, lock=True)
    form = form.all_refused(form.data.amiss(form.data.purpose)) if form.data else form
    if form.data is None:
        return _editor(request, form, call)
    arrival = once.arrival(session, request, viewer.id, form.data.key)
    if arrival.earlier:
        return arrival.earlier
    purpose = form.data.purpose
    actions.add_document(session, call, by=viewer, purpose=purpose, **form.data.facts(purpose))
    return arrival.done(HERE.format(slug=slug), N_("The document is added."))


@router.get(f"{HERE}/{{requested_id}}")
@allow(Relation.SECRETARY)
def edit_document(
    request: Request, session: Session, viewer: CurrentViewer, slug: str, requested_id: uuid.UUID
) -> Response:
    call = editable(session, viewer, slug)
    document = queries.get_document(session, call, requested_id)
    return _editor(request, blank(DocumentForm, **asking.of_document(document)), call, document)


@router.post(f"{HERE}/{{requested_id}}")
@allow(Relation.SECRETARY)
def save_document(
    form: SentDocument, request: Request, session: Session, viewer: CurrentViewer, slug: str, requested_id: uuid.UUID
) -> Response:
    call = editable(session, viewer, slug, lock=True)
    document = queries.get_document(session, call, requested_id)
    form = form.all_refused(form.data.amiss(document.purpose)) if form.data else form
    if form.data is None:
        return _editor(request, form, call, document)
    actions.edit_document(session, call, document, by=viewer, **form.data.facts(document.purpose))
    return go(request, HERE.format(slug=slug), SAVED)


@router.post(f"{HERE}/{{requested_id}}/remove")
@allow(Relation.SECRETARY)
def remove_document(
    _pressed: Pressed, request: Request, session: Session, viewer: CurrentViewer, slug: str, requested_id: uuid.UUID
) -> Response:
    call = editable(session, viewer, slug, lock=True)
    actions.remove_document(session, call, queries.get_document(session, call, requested_id), by=viewer)
    return go(request, HERE.format(slug=slug), N_("The document is removed."))


@router.post(f"{HERE}/{{requested_id}}/{{move}}")
@allow(Relation.SECRETARY)
def move_document(
    _pressed: Pressed,
    request: Request,
    session: Session,
    viewer: CurrentViewer,
    slug: str,
    requested_id: uuid.UUID,
    move: Move,
) -> Response:
    call = editable(session, viewer, slug, lock=True)
    actions.move_document(session, call, requested_id, move, by=viewer)
    return go(request, HERE.format(slug=slug), N_("The order is changed."))


def _editor(
    request: Request,
    form: Sent[NewDocumentForm] | Sent[DocumentForm],
    call: Call,
    document: RequestedDocument | None = None,
) -> Response:
    status = 422 if form.errors else 200
    return page(
        request, "calls/document.html", status, form=form, call=call, document=document, words=words,
        suffixes=SUFFIXES,
    )  # fmt: skip
