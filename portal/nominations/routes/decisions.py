"""A page for each decision of a home government, or of the secretariat in its place."""

import datetime as dt
import uuid
from typing import Annotated, Any

import sqlmodel
from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response
from pydantic_core import PydanticCustomError

from portal.accounts.access import Relation, allow
from portal.accounts.viewer import CurrentViewer, Viewer
from portal.applications import rules as application_rules
from portal.applications import words as applications
from portal.applications.models import Application
from portal.applications.queries import get_visible
from portal.applications.rules import Step
from portal.clock import now
from portal.forms import at_local, to_local
from portal.i18n import N_
from portal.nominations import actions, queries, rules
from portal.nominations.forms import Nomination, Refusal, Return
from portal.registry.models import Government
from portal.web.forms import NoFields, Sent, blank, sent
from portal.web.links import go
from portal.web.templating import page
from portal.web.transaction import Session

router = APIRouter()
SentReturn = Annotated[Sent[Return], Depends(sent(Return))]
SentNomination = Annotated[Sent[Nomination], Depends(sent(Nomination))]
SentRefusal = Annotated[Sent[Refusal], Depends(sent(Refusal))]
RETURNED = N_("The application is returned, and the applicant was told what to correct and by when.")
NOMINATED = N_("The application is nominated, on the last place of your order. The applicant was told.")
REFUSED = N_("The application is not nominated, and the applicant was told why.")


def _page(
    request: Request, session: sqlmodel.Session, viewer: Viewer, application: Application, step: Step, form: Sent[Any]
) -> Response:
    home = session.get_one(Government, application.home_id)
    return page(
        request, f"nominations/{step}.html", 422 if form.errors else 200, application=application, form=form,
        words=applications, left=queries.places_left(session, application.call, home),
        in_place=application_rules.is_in_place(viewer, application),
    )  # fmt: skip


def _show(
    request: Request, session: sqlmodel.Session, viewer: Viewer, application_id: uuid.UUID, step: Step
) -> Response:  # fmt: skip
    application = get_visible(session, viewer, application_id)
    actions.ensure(session, step, application, by=viewer)
    return _page(request, session, viewer, application, step, _empty(step, application))


def _empty(step: Step, application: Application) -> Sent[Any]:
    if step is Step.RETURN:
        due_at = rules.usual_correction(application.call, now())
        return blank(Return, due_at=to_local(due_at, application.call.zone))
    return blank(Refusal if step is Step.REFUSE else NoFields)


@router.get("/applications/{application_id}/return")
@allow(Relation.HOME, Relation.SECRETARY)
def show_return(request: Request, session: Session, viewer: CurrentViewer, application_id: uuid.UUID) -> Response:
    return _show(request, session, viewer, application_id, Step.RETURN)


@router.get("/applications/{application_id}/nominate")
@allow(Relation.HOME, Relation.SECRETARY)
def show_nominate(request: Request, session: Session, viewer: CurrentViewer, application_id: uuid.UUID) -> Response:
    return _show(request, session, viewer, application_id, Step.NOMINATE)


@router.get("/applications/{application_id}/refuse")
@allow(Relation.HOME, Relation.SECRETARY)
def show_refuse(request: Request, session: Session, viewer: CurrentViewer, application_id: uuid.UUID) -> Response:
    return _show(request, session, viewer, application_id, Step.REFUSE)


@router.get("/applications/{application_id}/take-back")
@allow(Relation.HOME, Relation.SECRETARY)
def show_take_back(request: Request, session: Session, viewer: CurrentViewer, application_id: uuid.UUID) -> Response:
    return _show(request, session, viewer, application_id, Step.TAKE_BACK)


@router.post("/applications/{application_id}/return")
@allow(Relation.HOME, Relation.SECRETARY)
def return_once(
    form: SentReturn, request: Request, session: Session, viewer: CurrentViewer, application_id: uuid.UUID
) -> Response:
    application = queries.lock_visible(session, viewer, application_id)
    actions.ensure(session, Step.RETURN, application, by=viewer)
    form, due_at = _with_due(form, application)
    if form.data is None:
        return _page(request, session, viewer, application, Step.RETURN, form)
    actions.return_once(session, application, by=viewer, reason=form.data.reason, due_at=due_at)
    return go(request, f"/nominations/{application.id}", RETURNED)


def _with_due(form: Sent[Return], application: Application) -> tuple[Sent[Return], dt.datetime | None]:
    """The time for the correction, as clocks in the call's zone show it, if it is one that can be given."""
    if form.data is None:
        return form, None
    try:
        due_at = at_local(form.data.due_at, application.call.zone)
    except PydanticCustomError as error:
        return form.refused("due_at", (error.context or {})["sentence"]), None
    wrong = rules.wrong_correction(application.call, due_at, now())
    return (form.refused("due_at", wrong) if wrong else form), due_at


@router.post("/applications/{application_id}/nominate")
@allow(Relation.HOME, Relation.SECRETARY)
def nominate(
    form: SentNomination, request: Request, session: Session, viewer: CurrentViewer, application_id: uuid.UUID
) -> Response:
    application = queries.lock_visible(session, viewer, application_id)
    actions.nominate(session, application, by=viewer)
    assert application.home is not None, "it was submitted"
    order = f"/nominations/order/{application.call.slug}/{application.home.code}"
    is_from_order = form.data is not None and form.data.at == "order"
    return go(request, order if is_from_order else f"/nominations/{application.id}", NOMINATED)


@router.post("/applications/{application_id}/refuse")
@allow(Relation.HOME, Relation.SECRETARY)
def refuse(
    form: SentRefusal, request: Request, session: Session, viewer: CurrentViewer, application_id: uuid.UUID
) -> Response:
    application = queries.lock_visible(session, viewer, application_id)
    actions.ensure(session, Step.REFUSE, application, by=viewer)
    if form.data is None:
        return _page(request, session, viewer, application, Step.REFUSE, form)
    actions.refuse(session, application, by=viewer, reason=form.data.reason, code=form.data.code)
    return go(request, f"/nominations/{application.id}", REFUSED)
