"""Applying, part by part, and reading an application.

Withdrawing is an entrance of the placements, since it also gives back a place that is held.
"""

import uuid
from collections.abc import Callable
from typing import Annotated, Any

import sqlmodel
from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from portal.accounts.access import Relation, allow
from portal.accounts.viewer import CurrentViewer, Viewer
from portal.applications import actions, eligibility, queries, rules, words
from portal.applications.forms import FORMS, Keyed
from portal.applications.models import Application
from portal.applications.rules import Step
from portal.applications.words import Part
from portal.calls import queries as calls
from portal.clock import now
from portal.errors import Conflict
from portal.files import actions as files
from portal.files.downloads import download
from portal.files.models import Kind
from portal.files.uploads import Uploaded, uploaded
from portal.i18n import N_
from portal.registry import words as registry_words
from portal.registry.models import Country
from portal.web import once
from portal.web.forms import Pressed, Sent, blank, sent
from portal.web.links import go
from portal.web.templating import page
from portal.web.transaction import Session

router = APIRouter()
SentKeyed = Annotated[Sent[Keyed], Depends(sent(Keyed))]
CV = Annotated[Uploaded, Depends(uploaded("cv", Kind.PDF))]
SAVED = N_("Saved. You can go on now or later.")
NO_RECEIPT = N_("This application was not submitted yet, so there is no receipt. Check your answers and submit it.")
STALE = N_("This was changed somewhere else after you opened the page. Compare both below, then save again.")
NO_FILE = N_("Choose a PDF file first.")


@router.get("/calls/{slug}/apply")
@allow(Relation.PERSON)
def show_start(request: Request, session: Session, viewer: CurrentViewer, slug: str) -> Response:
    call = calls.get_visible(session, viewer, slug)
    found = queries.started(session, viewer.id, call.id)
    if found is not None:
        return go(request, f"/applications/{found.id}")
    return page(request, "applications/start.html", call=call)


@router.post("/calls/{slug}/apply")
@allow(Relation.PERSON)
def start(_pressed: Pressed, request: Request, session: Session, viewer: CurrentViewer, slug: str) -> Response:
    """Needs no key: a person has one application in a call, however often this arrives."""
    application = actions.start(session, viewer, calls.get_visible(session, viewer, slug))
    return go(request, f"/applications/{application.id}")


@router.get("/applications")
@allow(Relation.PERSON)
def list_own(request: Request, session: Session, viewer: CurrentViewer, after: uuid.UUID | None = None) -> Response:
    found = queries.own(session, viewer, after=after)
    return page(request, "applications/list.html", found=found, words=words)


@router.get("/applications/{application_id}")
@allow(Relation.APPLICANT, Relation.HOME, Relation.HOST, Relation.SECRETARY, Relation.AUDITOR)
def show(request: Request, session: Session, viewer: CurrentViewer, application_id: uuid.UUID) -> Response:
    application = queries.get_visible(session, viewer, application_id)
    if application.applicant_id == viewer.person_id:
        return _own_page(request, viewer, application)
    if queries.is_seen_whole(viewer, application):
        return _reviewed(request, viewer, application)
    candidate = rules.candidate(application, viewer.governments)
    return page(request, "applications/candidate.html", candidate=candidate, words=words)


def _own_page(request: Request, viewer: Viewer, application: Application) -> Response:
    return page(
        request, "applications/tasks.html", application=application, rules=rules, words=words, Part=Part,
        possible=rules.possible(viewer, application, now()),
    )  # fmt: skip


def _reviewed(request: Request, viewer: Viewer, application: Application) -> Response:
    """What home coordinators decide on, and staff read."""
    return page(
        request, "applications/review.html", application=application, words=words, eligibility=eligibility, Part=Part,
        findings=eligibility.findings(application), possible=rules.possible(viewer, application, now()),
    )  # fmt: skip


def _editing(session: sqlmodel.Session, viewer: Viewer, application_id: uuid.UUID) -> Application:
    application = queries.get_own(session, viewer, application_id)
    reason = rules.why_not(Step.SAVE, application, now())
    if reason is not None:
        raise Conflict(reason)
    return application


def _part_page(
    request: Request, session: sqlmodel.Session, application: Application, part: Part, form: Sent[Any],
    status: int = 200, *, is_stale: bool = False,
) -> Response:  # fmt: skip
    needs: dict[Part, Callable[[], dict[str, Any]]] = {
        Part.HOME: lambda: {
            "governments": queries.governments(session),
            "countries": {code: registry_words.country(code) for code in Country},
        },
        Part.OPENINGS: lambda: {"choosable": queries.choosable(session, application)},
    }
    return page(
        request, "applications/part.html", status, application=application, part=part, form=form, words=words,
        rules=rules, version=rules.version(rules.values(application, part)), is_stale=is_stale,
        **(needs[part]() if part in needs else {}),
    )  # fmt: skip


def _routes_of(part: Part) -> None:
    """The page of one part and its saving: the same for all but the documents."""
    form_of = FORMS[part]

    @router.get(f"/applications/{{application_id}}/{part}", name=f"show_{part}")
    @allow(Relation.APPLICANT)
    def show_part(request: Request, session: Session, viewer: CurrentViewer, application_id: uuid.UUID) -> Response:
        application = _editing(session, viewer, application_id)
        return _part_page(request, session, application, part, blank(form_of, **rules.values(application, part)))

    @router.post(f"/applications/{{application_id}}/{part}", name=f"save_{part}")
    @allow(Relation.APPLICANT)
    def save_part(
        form: Annotated[Sent[Any], Depends(sent(form_of))],
        request: Request, session: Session, viewer: CurrentViewer, application_id: uuid.UUID,
    ) -> Response:  # fmt: skip
        queries.lock_visible(session, viewer, application_id)
        application = _editing(session, viewer, application_id)
        if form.data is None:
            return _part_page(request, session, application, part, form, 422)
        if rules.is_stale(application, part, form.data):
            return _part_page(request, session, application, part, form.refused("", STALE), 409, is_stale=True)
        for name, sentence in queries.objections(session, application, part, form.data).items():
            form = form.refused(name, sentence)
        if form.data is None:
            return _part_page(request, session, application, part, form, 422)
        actions.save(session, application, part, form.data, by=viewer)
        return go(request, f"/applications/{application.id}", SAVED)


for each in Part:
    if each is not Part.DOCUMENTS:
        _routes_of(each)


@router.get("/applications/{application_id}/documents")
@allow(Relation.APPLICANT)
def show_documents(request: Request, session: Session, viewer: CurrentViewer, application_id: uuid.UUID) -> Response:
    application = _editing(session, viewer, application_id)
    return _part_page(request, session, application, Part.DOCUMENTS, blank(FORMS[Part.DOCUMENTS]))


@router.post("/applications/{application_id}/documents")
@allow(Relation.APPLICANT)
def save_documents(
    cv: CV, request: Request, session: Session, viewer: CurrentViewer, application_id: uuid.UUID
) -> Response:
    queries.lock_visible(session, viewer, application_id)
    application = _editing(session, viewer, application_id)
    if cv.checked is None:
        form = blank(FORMS[Part.DOCUMENTS]).refused("cv", cv.error if cv.present else NO_FILE)
        return _part_page(request, session, application, Part.DOCUMENTS, form, 422)
    stored = files.keep(session, cv.checked, owner_id=viewer.id)
    actions.keep_cv(session, application, stored, by=viewer)
    return go(request, f"/applications/{application.id}/documents", SAVED)


@router.get("/applications/{application_id}/cv")
@allow(Relation.APPLICANT, Relation.HOME, Relation.HOST, Relation.SECRETARY, Relation.AUDITOR)
def show_cv(request: Request, session: Session, viewer: CurrentViewer, application_id: uuid.UUID) -> Response:
    return download(request, queries.cv_of(queries.get_visible(session, viewer, application_id)))


@router.get("/applications/{application_id}/check")
@allow(Relation.APPLICANT)
def check(request: Request, session: Session, viewer: CurrentViewer, application_id: uuid.UUID) -> Response:
    application = _editing(session, viewer, application_id)
    found = eligibility.findings(application)
    return page(
        request, "applications/check.html", application=application, findings=found, words=words,
        missing=rules.unfinished(application), eligibility=eligibility, is_eligible=eligibility.is_eligible(found),
        why_not=rules.why_not(Step.SUBMIT, application, now()), Part=Part,
    )  # fmt: skip


@router.post("/applications/{application_id}/submit")
@allow(Relation.APPLICANT)
def submit(
    form: SentKeyed, request: Request, session: Session, viewer: CurrentViewer, application_id: uuid.UUID
) -> Response:
    arrival = once.arrival(session, request, viewer.id, form.data.key if form.data else None)
    if arrival.earlier:
        return arrival.earlier
    application = queries.lock_visible(session, viewer, application_id)
    try:
        actions.submit(session, application, by=viewer)
    except Conflict as conflict:
        return page(request, "applications/refused.html", 409, application=application, reason=conflict.reason)
    return arrival.done(f"/applications/{application.id}/receipt")


@router.get("/applications/{application_id}/receipt")
@allow(Relation.APPLICANT)
def receipt(request: Request, session: Session, viewer: CurrentViewer, application_id: uuid.UUID) -> Response:
    application = queries.get_own(session, viewer, application_id)
    if application.submitted_at is None:
        raise Conflict(NO_RECEIPT)
    return page(request, "applications/receipt.html", application=application)
