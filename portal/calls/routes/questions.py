"""The questions of a call: their list and how applicants see them, adding, changing, moving and removing them."""

import uuid
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from portal.accounts.access import Relation, allow
from portal.accounts.viewer import CurrentViewer
from portal.calls import actions, queries, words
from portal.calls.forms import asking
from portal.calls.forms.asking import QuestionFields, QuestionForm
from portal.calls.models import Call, Question
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
HERE = "/calls/{slug}/edit/questions"
SentQuestion = Annotated[Sent[QuestionFields], Depends(sent(QuestionForm))]


@router.get(HERE)
@allow(Relation.SECRETARY)
def list_questions(request: Request, session: Session, viewer: CurrentViewer, slug: str) -> Response:
    call = editable(session, viewer, slug)
    asked = queries.questions(session, call.id)
    return subject_page(
        request, Subject.QUESTIONS, None, call, questions=asked, words=words, preview=blank(QuestionForm)
    )


@router.get(f"{HERE}/new")
@allow(Relation.SECRETARY)
def new_question(request: Request, session: Session, viewer: CurrentViewer, slug: str) -> Response:
    call = editable(session, viewer, slug)
    return _editor(request, blank(QuestionForm, is_required=True, limit_unit="characters"), call)


@router.post(f"{HERE}/new")
@allow(Relation.SECRETARY)
def add_question(form: SentQuestion, request: Request, session: Session, viewer: CurrentViewer, slug: str) -> Response:
    call = editable(session, viewer, slug, lock=True)
    form = form.all_refused(form.data.amiss(None)) if form.data else form
    if form.data is None:
        return _editor(request, form, call)
    arrival = once.arrival(session, request, viewer.id, form.data.key)
    if arrival.earlier:
        return arrival.earlier
    actions.add_question(session, call, by=viewer, **form.data.facts())
    return arrival.done(HERE.format(slug=slug), N_("The question is added."))


@router.get(f"{HERE}/{{question_id}}")
@allow(Relation.SECRETARY)
def edit_question(
    request: Request, session: Session, viewer: CurrentViewer, slug: str, question_id: uuid.UUID
) -> Response:
    call = editable(session, viewer, slug)
    question = queries.get_question(session, call, question_id)
    return _editor(request, blank(QuestionForm, **asking.of_question(question)), call, question)


@router.post(f"{HERE}/{{question_id}}")
@allow(Relation.SECRETARY)
def save_question(
    form: SentQuestion, request: Request, session: Session, viewer: CurrentViewer, slug: str, question_id: uuid.UUID
) -> Response:
    call = editable(session, viewer, slug, lock=True)
    question = queries.lock_question(session, call, question_id)
    form = form.all_refused(form.data.amiss(question)) if form.data else form
    if form.data is None:
        return _editor(request, form, call, question)
    actions.edit_question(session, call, question, by=viewer, **form.data.facts())
    return go(request, HERE.format(slug=slug), SAVED)


@router.post(f"{HERE}/{{question_id}}/remove")
@allow(Relation.SECRETARY)
def remove_question(
    _pressed: Pressed, request: Request, session: Session, viewer: CurrentViewer, slug: str, question_id: uuid.UUID
) -> Response:
    call = editable(session, viewer, slug, lock=True)
    actions.remove_question(session, call, queries.lock_question(session, call, question_id), by=viewer)
    return go(request, HERE.format(slug=slug), N_("The question is removed."))


@router.post(f"{HERE}/{{question_id}}/{{move}}")
@allow(Relation.SECRETARY)
def move_question(
    _pressed: Pressed,
    request: Request,
    session: Session,
    viewer: CurrentViewer,
    slug: str,
    question_id: uuid.UUID,
    move: Move,
) -> Response:
    call = editable(session, viewer, slug, lock=True)
    actions.move_question(session, call, question_id, move, by=viewer)
    return go(request, HERE.format(slug=slug), N_("The order is changed."))


def _editor(request: Request, form: Sent[QuestionFields], call: Call, question: Question | None = None) -> Response:
    """With a few empty lines for options after those that stand there."""
    filled = [line for line in asking.LINES if form.values.get(f"option_{line}_en")]
    return page(
        request, "calls/question.html", 422 if form.errors else 200, form=form, call=call, question=question,
        words=words, suffixes=SUFFIXES, lines=asking.LINES[: max([*filled, 1]) + 3],
    )  # fmt: skip
