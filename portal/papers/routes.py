"""Entering applications from paper, and their scans."""

import uuid
from typing import Annotated, Any

import sqlmodel
from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from portal import i18n
from portal.accounts import queries as people
from portal.accounts import words as account_words
from portal.accounts.access import Relation, allow
from portal.accounts.viewer import CurrentViewer, Viewer
from portal.applications import actions as application_actions
from portal.applications import queries as applications
from portal.applications import rules as application_rules
from portal.applications import words as application_words
from portal.applications.models import Application
from portal.applications.routes.parts import editing
from portal.calls import queries as calls
from portal.calls import rules as call_rules
from portal.calls.models import Call
from portal.clock import now
from portal.errors import Conflict, NotAllowed
from portal.files.downloads import download
from portal.files.models import Kind
from portal.files.uploads import Uploaded, uploaded
from portal.i18n import N_
from portal.papers import actions, queries
from portal.papers.forms import Newcomer, Scans
from portal.papers.words import Scan
from portal.registry.models import Government
from portal.web import once
from portal.web.forms import Sent, blank, sent
from portal.web.links import go
from portal.web.templating import page
from portal.web.transaction import Session

router = APIRouter()
KINDS = (Kind.PDF, Kind.PNG, Kind.JPEG)
SentNewcomer = Annotated[Sent[Newcomer], Depends(sent(Newcomer))]
FormScan = Annotated[Uploaded, Depends(uploaded(Scan.FORM, *KINDS))]
SentScans = Annotated[Sent[Scans], Depends(sent(Scans))]
ConsentScan = Annotated[Uploaded, Depends(uploaded(Scan.CONSENT, *KINDS))]
ENTERED = N_("The application is begun. Upload the two scans, then fill in its parts from the paper.")
KEPT = N_("The scans are saved.")
NO_SCAN = N_("Choose a PDF file or a picture first.")
KNOWN = N_("This address belongs to an account. Ask the person to sign in and apply, or leave the address empty.")
NOT_ADMITTED = N_("This call does not admit applicants of your government.")
NOT_PAPER = N_("This application was not entered from paper, so it needs no scans.")
ON_LIST = N_("Choose one from the list.")


@router.get("/papers")
@allow(Relation.HOME, Relation.HOST)
def list_entered(request: Request, session: Session, viewer: CurrentViewer, after: uuid.UUID | None = None) -> Response:
    """Every coordinator is home coordinator of somebody."""
    found = queries.entered(session, viewer, after=after)
    return page(request, "papers/list.html", found=found, words=application_words)


@router.get("/calls/{slug}/paper")
@allow(Relation.HOME, Relation.HOST)
def show_enter(request: Request, session: Session, viewer: CurrentViewer, slug: str) -> Response:
    call = calls.get_visible(session, viewer, slug)
    homes = _homes(session, viewer, call)
    if not call_rules.accepts_applications(call, now()):
        raise Conflict(application_actions.NOT_OPEN)
    return _enter_page(request, call, homes, blank(Newcomer, home_id=homes[0].id, language=i18n.language()))


@router.post("/calls/{slug}/paper")
@allow(Relation.HOME, Relation.HOST)
def enter(form: SentNewcomer, request: Request, session: Session, viewer: CurrentViewer, slug: str) -> Response:
    call = calls.get_visible(session, viewer, slug)
    homes = _homes(session, viewer, call)
    arrival = once.arrival(session, request, viewer.id, form.data.key if form.data else None)
    if arrival.earlier:
        return arrival.earlier
    form = _checked(session, homes, form)
    if form.data is None:
        return _enter_page(request, call, homes, form, 422)
    home = next(home for home in homes if home.id == form.data.home_id)
    application = actions.enter(session, call, home, form.data, by=viewer)
    return arrival.done(f"/applications/{application.id}/scans", ENTERED)


def _homes(session: sqlmodel.Session, viewer: Viewer, call: Call) -> list[Government]:
    if not viewer.governments:
        raise NotAllowed
    homes = queries.homes(session, viewer, call)
    if not homes:
        raise NotAllowed(NOT_ADMITTED)
    return homes


def _checked(session: sqlmodel.Session, homes: list[Government], form: Sent[Newcomer]) -> Sent[Newcomer]:
    typed = form.data
    if typed is not None and typed.home_id not in {home.id for home in homes}:
        form = form.refused("home_id", ON_LIST)
    if typed is not None and typed.email and people.by_email(session, typed.email) is not None:
        form = form.refused("email", KNOWN)
    return form


def _enter_page(
    request: Request, call: Call, homes: list[Government], form: Sent[Newcomer], status: int = 200
) -> Response:
    choices = [(home.id, home.name(i18n.language())) for home in homes]
    languages = account_words.languages()
    return page(request, "papers/enter.html", status, call=call, homes=choices, form=form, all_languages=languages)


@router.get("/applications/{application_id}/scans")
@allow(Relation.APPLICANT)
def show_scans(request: Request, session: Session, viewer: CurrentViewer, application_id: uuid.UUID) -> Response:
    application = _filling_in(session, viewer, application_id)
    return _scans_page(request, application, blank(Scans, guardian_name=application.guardian_name))


@router.post("/applications/{application_id}/scans")
@allow(Relation.APPLICANT)
def keep_scans(
    form: SentScans, form_scan: FormScan, consent_scan: ConsentScan,
    request: Request, session: Session, viewer: CurrentViewer, application_id: uuid.UUID,
) -> Response:  # fmt: skip
    applications.lock_visible(session, viewer, application_id)
    application = _filling_in(session, viewer, application_id)
    given = {Scan.FORM: form_scan, Scan.CONSENT: consent_scan}
    form = _with_files(form, given, application)
    if form.data is None:
        return _scans_page(request, application, form, 422)
    checked = {scan: each.checked for scan, each in given.items() if each.checked is not None}
    guardian_name = form.data.guardian_name if _asks_name(application) else None
    actions.keep_scans(session, application, checked, by=viewer, guardian_name=guardian_name)
    return go(request, f"/applications/{application.id}", KEPT)


def _asks_name(application: Application) -> bool:
    return application_rules.asks_guardians_name(application, now())


def _with_files(form: Sent[Scans], given: dict[Scan, Uploaded], application: Application) -> Sent[Scans]:
    """One of them may come by itself; what is wrong with any is said beside it."""
    for scan, each in given.items():
        if each.error:
            form = form.refused(scan, each.error)
    is_named = form.data is not None and form.data.guardian_name and _asks_name(application)
    return form if is_named or any(each.present for each in given.values()) else form.refused(Scan.FORM, NO_SCAN)


def _filling_in(session: sqlmodel.Session, viewer: Viewer, application_id: uuid.UUID) -> Application:
    """For the coordinator who enters it; the applicant has signed the paper and changes no scan of it."""
    application = editing(session, viewer, application_id)
    if not application_rules.is_from_paper(application):
        raise Conflict(NOT_PAPER)
    if not application_rules.entered(viewer, application):
        raise NotAllowed
    return application


def _scans_page(request: Request, application: Application, form: Sent[Any], status: int = 200) -> Response:
    return page(
        request, "papers/scans.html", status, application=application, form=form, asks_name=_asks_name(application)
    )


@router.get("/applications/{application_id}/scans/{scan}")
@allow(Relation.HOME, Relation.SECRETARY, Relation.AUDITOR)
def read_scan(
    request: Request, session: Session, viewer: CurrentViewer, application_id: uuid.UUID, scan: Scan
) -> Response:
    return download(request, queries.scan_of(session, viewer, application_id, scan))
