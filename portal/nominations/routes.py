"""The home coordinators' list, and a page for each decision."""

import uuid
from typing import Annotated, Any

import sqlmodel
from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from portal.accounts.access import Relation, allow
from portal.accounts.viewer import CurrentViewer
from portal.applications import actions as applications
from portal.applications import words
from portal.applications.models import Application, Status
from portal.applications.queries import get_visible, lock_visible
from portal.applications.rules import Step
from portal.forms import Form
from portal.i18n import N_
from portal.nominations import actions, queries
from portal.nominations.forms import Filters, Nomination, Reason
from portal.web.forms import Sent, blank, sent
from portal.web.links import go
from portal.web.templating import page
from portal.web.transaction import Session

router = APIRouter()
SentReason = Annotated[Sent[Reason], Depends(sent(Reason))]
SentNomination = Annotated[Sent[Nomination], Depends(sent(Nomination))]
FORMS: dict[Step, type[Form]] = {Step.RETURN: Reason, Step.NOMINATE: Nomination, Step.REFUSE: Reason}
RETURNED = N_("The application is returned, and the applicant was told why.")
NOMINATED = N_("The application is nominated, and the applicant was told.")
REFUSED = N_("The application is not nominated, and the applicant was told why.")


@router.get("/nominations")
@allow(Relation.HOME, Relation.HOST, Relation.SECRETARY, Relation.AUDITOR)
def list_nominations(
    request: Request, session: Session, viewer: CurrentViewer,
    call: str = "", status: str = "", after: uuid.UUID | None = None,
) -> Response:  # fmt: skip
    """Every coordinator is home coordinator of somebody. Filters that name nothing are as good as none."""
    calls = queries.calls(session, viewer)
    chosen = next((each for each in calls if each.slug == call), None)
    wanted = next((each for each in Status if each.value == status), None)
    found = queries.listed(session, viewer, call_id=chosen.id if chosen else None, status=wanted, after=after)
    return page(
        request, "nominations/list.html", found=found, calls=calls, call=chosen, state=wanted, words=words,
        filters=blank(Filters, call=call, status=status),
    )  # fmt: skip


def _show(step: Step) -> None:
    @router.get(f"/applications/{{application_id}}/{step}", name=f"show_{step}")
    @allow(Relation.HOME)
    def show(request: Request, session: Session, viewer: CurrentViewer, application_id: uuid.UUID) -> Response:
        application = get_visible(session, viewer, application_id)
        applications.ensure(step, application, by=viewer)
        return _page(request, session, application, step, blank(FORMS[step]))


for each in FORMS:
    _show(each)


def _page(
    request: Request, session: sqlmodel.Session, application: Application, step: Step, form: Sent[Any]
) -> Response:
    free = queries.free_merits(session, application)
    status = 422 if form.errors else 200
    return page(request, f"nominations/{step}.html", status, application=application, form=form, free_merits=free)


@router.post("/applications/{application_id}/return")
@allow(Relation.HOME)
def return_once(
    form: SentReason, request: Request, session: Session, viewer: CurrentViewer, application_id: uuid.UUID
) -> Response:
    application = lock_visible(session, viewer, application_id)
    applications.ensure(Step.RETURN, application, by=viewer)
    if form.data is None:
        return _page(request, session, application, Step.RETURN, form)
    actions.return_once(session, application, by=viewer, reason=form.data.reason)
    return go(request, f"/applications/{application.id}", RETURNED)


@router.post("/applications/{application_id}/nominate")
@allow(Relation.HOME)
def nominate(
    form: SentNomination, request: Request, session: Session, viewer: CurrentViewer, application_id: uuid.UUID
) -> Response:
    application = lock_visible(session, viewer, application_id)
    applications.ensure(Step.NOMINATE, application, by=viewer)
    if form.data is None:
        return _page(request, session, application, Step.NOMINATE, form)
    actions.nominate(session, application, by=viewer, merit=form.data.merit)
    return go(request, f"/applications/{application.id}", NOMINATED)


@router.post("/applications/{application_id}/refuse")
@allow(Relation.HOME)
def refuse(
    form: SentReason, request: Request, session: Session, viewer: CurrentViewer, application_id: uuid.UUID
) -> Response:
    application = lock_visible(session, viewer, application_id)
    applications.ensure(Step.REFUSE, application, by=viewer)
    if form.data is None:
        return _page(request, session, application, Step.REFUSE, form)
    actions.refuse(session, application, by=viewer, reason=form.data.reason)
    return go(request, f"/applications/{application.id}", REFUSED)
