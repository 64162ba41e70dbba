"""Starting, reading, checking and submitting an application."""

import uuid
from typing import Annotated

import sqlmodel
from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from portal.accounts.access import Relation, allow
from portal.accounts.viewer import CurrentViewer
from portal.applications import actions, eligibility, queries, rules, versions, words
from portal.applications.forms import Keyed
from portal.applications.models import Application
from portal.applications.routes.parts import editing
from portal.applications.rules import Step
from portal.calls import queries as calls
from portal.clock import now
from portal.errors import Conflict, NotFound
from portal.i18n import N_
from portal.web import once
from portal.web.forms import Pressed, Sent, pressed
from portal.web.links import go
from portal.web.templating import page
from portal.web.transaction import Session

router = APIRouter()
SentKeyed = Annotated[Sent[Keyed], Depends(pressed(Keyed))]
NO_RECEIPT = N_("This application was not submitted yet, so there is no receipt. Check your answers and submit it.")


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
    possible = rules.possible(viewer, application, now())
    if application.applicant_id == viewer.person_id or Step.SAVE in possible:
        return _own_page(request, session, application, possible)
    if queries.is_seen_whole(viewer, application):
        return go(request, f"/nominations/{application.id}")  # where officials read, and decide
    candidate = rules.candidate(application, viewer.governments)
    return page(request, "applications/candidate.html", candidate=candidate, words=words)


def _own_page(request: Request, session: sqlmodel.Session, application: Application, possible: set[Step]) -> Response:
    """From the first saved part on it says whether the conditions are met."""
    is_begun = any(rules.is_begun(application, part) for part in rules.parts_of(application))
    return page(
        request, "applications/tasks.html", application=application, rules=rules, words=words,
        parts=rules.parts_of(application),
        possible=possible, eligibility=eligibility,
        findings=queries.findings(session, application) if is_begun else [],
        guardian=queries.guardians_word(session, application),
        versions=queries.versions(session, application),
    )  # fmt: skip


@router.get("/applications/{application_id}/check")
@allow(Relation.APPLICANT)
def check(request: Request, session: Session, viewer: CurrentViewer, application_id: uuid.UUID) -> Response:
    application = editing(session, viewer, application_id)
    found = queries.findings(session, application)
    return page(
        request, "applications/check.html", application=application, findings=found, words=words, rules=rules,
        missing=rules.unfinished(application), eligibility=eligibility, is_eligible=eligibility.is_eligible(found),
        why_not=rules.why_not(Step.SUBMIT, application, now()), parts=rules.parts_of(application),
        lacks_scans=rules.lacks_scans(application),
        lacks_guardian=rules.lacks_guardian(application, queries.standing(session, application)),
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


@router.get("/applications/{application_id}/versions/{number}")
@allow(Relation.APPLICANT, Relation.HOME, Relation.SECRETARY, Relation.AUDITOR)
def show_version(
    request: Request, session: Session, viewer: CurrentViewer, application_id: uuid.UUID, number: int
) -> Response:
    """What was submitted then. Hosts see a candidate, and no versions."""
    application = queries.get_visible(session, viewer, application_id)
    found = {version.number: version for version in queries.versions(session, application)}
    if number not in found or not queries.is_seen_whole(viewer, application):
        raise NotFound
    return page(
        request, "applications/version.html", application=application, version=found[number], words=words,
        parts=rules.parts_of(application),
        differences=versions.between(found.get(number - 1), found[number]), kept=versions,
    )  # fmt: skip
