"""The part with the call's own questions, and the files that answer some of them."""

import uuid
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from portal.accounts.access import Relation, allow
from portal.accounts.viewer import CurrentViewer, Viewer
from portal.applications import actions, forms, queries, rules
from portal.applications.models import Application
from portal.applications.routes.parts import SAVED, STALE, editing
from portal.applications.words import PARTS, Part
from portal.calls.models import QuestionKind
from portal.errors import NotFound
from portal.files import actions as files
from portal.files.downloads import download
from portal.files.rules import FORMATS, titles
from portal.files.uploads import Uploaded, uploaded
from portal.i18n import N_, language
from portal.web.forms import Body, Pressed, Sent, blank, check
from portal.web.links import go
from portal.web.templating import page
from portal.web.transaction import Session

router = APIRouter()
File = Annotated[Uploaded, Depends(uploaded("file", *rules.ANSWER_KINDS))]
NO_FILE = N_("Choose a file first.")
REMOVED = N_("The file is removed.")


def _editing(session: Session, viewer: Viewer, application_id: uuid.UUID) -> Application:
    application = editing(session, viewer, application_id)
    if not application.questions:
        raise NotFound
    return application


def _form_of(application: Application) -> type[forms.PartForm]:
    return forms.questions_form(application.questions, language())


def _standing(application: Application) -> Sent[Any]:
    return blank(_form_of(application), **rules.values(application, Part.QUESTIONS))


def _questions_page(
    request: Request, application: Application, form: Sent[Any], status: int = 200, *, is_stale: bool = False
) -> Response:
    asked = rules.asked(application)
    return page(
        request, "applications/questions.html", status, application=application, form=form, is_stale=is_stale,
        written=[each for each in asked if each.question.kind is not QuestionKind.FILE],
        filed=[each for each in asked if each.question.kind is QuestionKind.FILE],
        title=PARTS[Part.QUESTIONS], version=rules.written_version(application), rules=rules, forms=forms,
        accept=",".join(end for kind in rules.ANSWER_KINDS for end in FORMATS[kind].extensions),
        kinds=titles(rules.ANSWER_KINDS),
    )  # fmt: skip


@router.get("/applications/{application_id}/questions")
@allow(Relation.APPLICANT)
def show_questions(request: Request, session: Session, viewer: CurrentViewer, application_id: uuid.UUID) -> Response:
    application = _editing(session, viewer, application_id)
    return _questions_page(request, application, _standing(application))


@router.post("/applications/{application_id}/questions")
@allow(Relation.APPLICANT)
def save_questions(
    body: Body, request: Request, session: Session, viewer: CurrentViewer, application_id: uuid.UUID
) -> Response:
    application = _locked(session, viewer, application_id)
    form = check(_form_of(application), body)
    if form.data is None:
        return _questions_page(request, application, form, 422)
    if rules.answers_are_stale(application, form.data):
        return _questions_page(request, application, form.refused("", STALE), 409, is_stale=True)
    actions.answer(session, application, forms.answers(application.questions, form.data), by=viewer)
    return go(request, f"/applications/{application.id}", SAVED)


def _locked(session: Session, viewer: Viewer, application_id: uuid.UUID) -> Application:
    application = queries.lock_visible(session, viewer, application_id)
    queries.lock_unanswered(session, application)
    return _editing(session, viewer, application_id)


@router.post("/applications/{application_id}/questions/{question_id}/file")
@allow(Relation.APPLICANT)
def save_file(
    file: File, request: Request, session: Session, viewer: CurrentViewer, application_id: uuid.UUID,
    question_id: uuid.UUID,
) -> Response:  # fmt: skip
    application = _locked(session, viewer, application_id)
    question = queries.get_file_question(application, question_id).question
    if file.checked is None:
        sentence = file.error if file.present else NO_FILE
        form = _standing(application).refused(rules.question_field(question), sentence)
        return _questions_page(request, application, form, 422)
    stored = files.keep(session, file.checked, owner_id=viewer.id)
    actions.answer_with_file(session, application, question, stored, by=viewer)
    return go(request, f"/applications/{application.id}/questions", SAVED)


@router.post("/applications/{application_id}/questions/{question_id}/remove")
@allow(Relation.APPLICANT)
def remove_file(
    _pressed: Pressed, request: Request, session: Session, viewer: CurrentViewer, application_id: uuid.UUID,
    question_id: uuid.UUID,
) -> Response:  # fmt: skip
    application = _locked(session, viewer, application_id)
    found = queries.get_file_question(application, question_id).answer
    if found is not None:
        actions.take_answer_back(session, application, found, by=viewer)
    return go(request, f"/applications/{application.id}/questions", REMOVED)


@router.get("/applications/{application_id}/questions/{question_id}/file")
@allow(Relation.APPLICANT, Relation.HOME, Relation.HOST, Relation.SECRETARY, Relation.AUDITOR)
def show_file(
    request: Request, session: Session, viewer: CurrentViewer, application_id: uuid.UUID, question_id: uuid.UUID
) -> Response:
    application = queries.get_visible(session, viewer, application_id)
    return download(request, queries.get_answer_file(viewer, application, question_id))
