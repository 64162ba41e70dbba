"""The documents and questions of the call, and what the people of the stories answer."""

from typing import Any

from sqlmodel import Session

from portal.accounts.viewer import Viewer
from portal.applications import actions as applications
from portal.applications.models import Application
from portal.calls import actions as calls
from portal.calls.forms.asking import NewDocumentForm, QuestionForm
from portal.calls.models import Call, QuestionKind
from portal.demonstration.texts import read

ANSWERS: dict[QuestionKind, Any] = {QuestionKind.YES_NO: True, QuestionKind.SEVERAL: ["b", "c"]}


def ask(session: Session, call: Call, *, by: Viewer) -> None:
    data = read("asking")
    for row in data["documents"]:
        form = NewDocumentForm.model_validate(row)
        calls.add_document(session, call, by=by, purpose=form.purpose, **form.facts(form.purpose))
        session.flush()
    for row in data["questions"]:
        calls.add_question(session, call, by=by, **QuestionForm.model_validate(row).facts())
        session.flush()


def answer(session: Session, application: Application, *, by: Viewer) -> None:
    given = {each.id: ANSWERS[each.kind] for each in application.questions if each.kind in ANSWERS}
    applications.answer(session, application, given, by=by)
