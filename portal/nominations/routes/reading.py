"""One application as an official reads it, with what the home government keeps beside it."""

import uuid
from typing import Annotated, Any

import sqlmodel
from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from portal.accounts.access import Relation, allow
from portal.accounts.viewer import CurrentViewer, Viewer
from portal.applications import eligibility, versions
from portal.applications import queries as application_queries
from portal.applications import rules as application_rules
from portal.applications import words as applications
from portal.applications.models import Application
from portal.clock import now
from portal.errors import NotAllowed
from portal.i18n import N_
from portal.nominations import actions, listing, queries, rules, words
from portal.nominations.forms import Checklist, NoteForm
from portal.nominations.routes.asked import around, asked
from portal.web import once
from portal.web.forms import Sent, blank, sent
from portal.web.links import go
from portal.web.templating import page
from portal.web.transaction import Session

router = APIRouter()
SentNote = Annotated[Sent[NoteForm], Depends(sent(NoteForm))]
SentChecklist = Annotated[Sent[Checklist], Depends(sent(Checklist))]
NOTED = N_("The note is kept. Only coordinators of this government and the secretariat can read it.")
TICKED = N_("The checklist is saved.")


@router.get("/nominations/{application_id}")
@allow(Relation.HOME, Relation.SECRETARY, Relation.AUDITOR)
def read(request: Request, session: Session, viewer: CurrentViewer, application_id: uuid.UUID) -> Response:
    application = queries.get_visible(session, viewer, application_id)
    return _page(request, session, viewer, application, blank(NoteForm))


def _page(
    request: Request, session: sqlmodel.Session, viewer: Viewer, application: Application, form: Sent[NoteForm]
) -> Response:
    found = application_queries.versions(session, application)
    return page(
        request, "applications/review.html", 422 if form.errors else 200, application=application, form=form,
        findings=application_queries.findings(session, application), versions=found,
        differences=versions.latest_differences(found), kept=versions, eligibility=eligibility,
        rules=application_rules, parts=application_rules.parts_of(application), words=applications,
        open_pairs=application_queries.open_pairs_of(session, viewer, application),
        guardian=application_queries.guardians_word(session, application), held_back=rules.HELD_BACK,
        may_note=_may_note(viewer, application), **_beside(request, session, viewer, application),
    )  # fmt: skip


def _beside(
    request: Request, session: sqlmodel.Session, viewer: Viewer, application: Application
) -> dict[str, Any]:  # fmt: skip
    found = asked(request, session, viewer)
    ticks = queries.ticks(session, application.id)
    return {
        "asked": found,
        "neighbours": listing.neighbours(session, viewer, around(found, application), application),
        "notes": queries.notes(session, application.id),
        "checks": words.ITEMS,
        "ticks": ticks,
        "checklist": blank(Checklist, items=list(ticks)),
        "kin": queries.kin(session, application.id) if viewer.is_secretary or viewer.is_auditor else [],
        "possible": queries.possible(session, viewer, application, now()),
        "in_place": application_rules.is_in_place(viewer, application),
    }


def _may_note(viewer: Viewer, application: Application) -> bool:
    return viewer.is_secretary or application.home_id in viewer.governments


def _ensure_may_note(viewer: Viewer, application: Application) -> None:
    if not _may_note(viewer, application):
        raise NotAllowed


@router.post("/nominations/{application_id}/notes")
@allow(Relation.HOME, Relation.SECRETARY)
def add_note(
    form: SentNote, request: Request, session: Session, viewer: CurrentViewer, application_id: uuid.UUID
) -> Response:
    application = queries.get_visible(session, viewer, application_id)
    _ensure_may_note(viewer, application)
    if form.data is None:
        return _page(request, session, viewer, application, form)
    arrival = once.arrival(session, request, viewer.id, form.data.key)
    if arrival.earlier:
        return arrival.earlier
    actions.add_note(session, application, form.data.text, by=viewer)
    return arrival.done(f"/nominations/{application.id}", NOTED)


@router.post("/nominations/{application_id}/checklist")
@allow(Relation.HOME, Relation.SECRETARY)
def save_checklist(
    form: SentChecklist, request: Request, session: Session, viewer: CurrentViewer, application_id: uuid.UUID
) -> Response:
    """What the page does not offer is left out: it can only come from a page that is no longer of this version."""
    queries.get_visible(session, viewer, application_id)
    application = queries.lock_visible(session, viewer, application_id)
    _ensure_may_note(viewer, application)
    if form.data is not None:
        actions.tick(session, application, set(form.data.items), by=viewer)
    return go(request, f"/nominations/{application.id}", TICKED)
