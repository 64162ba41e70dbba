"""Confirming and refusing, with one's own account; the scan of who applied on paper."""

import uuid
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from portal.accounts.access import Relation, allow
from portal.accounts.entrance import settings
from portal.accounts.viewer import CurrentViewer, Viewer
from portal.agreements import actions, queries, rules, words
from portal.agreements.forms import Confirmation, Refusal, Scan
from portal.agreements.routes.reading import agreement_page
from portal.agreements.rules import Standing, Step
from portal.files.models import Kind
from portal.files.uploads import Uploaded, uploaded
from portal.i18n import N_
from portal.web import once
from portal.web.forms import Sent, blank, sent
from portal.web.links import go
from portal.web.templating import page
from portal.web.transaction import Session

router = APIRouter()
SentConfirmation = Annotated[Sent[Confirmation], Depends(sent(Confirmation))]
SentRefusal = Annotated[Sent[Refusal], Depends(sent(Refusal))]
SentScan = Annotated[Sent[Scan], Depends(sent(Scan))]
ScanFile = Annotated[Uploaded, Depends(uploaded("scan", Kind.PDF, Kind.PNG, Kind.JPEG))]
CONFIRMED = N_("You confirmed the agreement. You see here for whom it waits.")
REFUSED = N_("You refused the agreement. The secretariat and the other parties were told.")
KEPT = N_("The scan is kept, and the party counts as confirmed.")
NO_SCAN = N_("Choose a PDF file or a picture first.")


@router.post("/placements/{placement_id}/agreement/confirm")
@allow(Relation.APPLICANT, Relation.HOME, Relation.HOST)
def confirm(
    form: SentConfirmation, request: Request, session: Session, viewer: CurrentViewer, placement_id: uuid.UUID
) -> Response:
    arrival = once.arrival(session, request, viewer.id, form.data.key if form.data else None)
    if arrival.earlier:
        return arrival.earlier
    standing = queries.lock_visible(session, viewer, placement_id)
    actions.ensure(Step.CONFIRM, standing, by=viewer)
    typed = form.data
    if typed is None:
        return agreement_page(request, viewer, standing, form, 422)
    origin = settings(request).public_origin
    actions.confirm(session, standing, typed.party, by=viewer, name=typed.name, digest=typed.digest, origin=origin)
    return arrival.done(f"/placements/{placement_id}/agreement", CONFIRMED)


@router.get("/placements/{placement_id}/agreement/refuse")
@allow(Relation.APPLICANT, Relation.HOME, Relation.HOST)
def show_refuse(request: Request, session: Session, viewer: CurrentViewer, placement_id: uuid.UUID) -> Response:
    standing = queries.get_visible(session, viewer, placement_id)
    actions.ensure(Step.REFUSE, standing, by=viewer)
    return _refuse_page(request, viewer, standing, blank(Refusal))


@router.post("/placements/{placement_id}/agreement/refuse")
@allow(Relation.APPLICANT, Relation.HOME, Relation.HOST)
def refuse(
    form: SentRefusal, request: Request, session: Session, viewer: CurrentViewer, placement_id: uuid.UUID
) -> Response:
    standing = queries.lock_visible(session, viewer, placement_id)
    actions.ensure(Step.REFUSE, standing, by=viewer)
    if form.data is None:
        return _refuse_page(request, viewer, standing, form, 422)
    origin = settings(request).public_origin
    actions.refuse(session, standing, form.data.party, by=viewer, reason=form.data.reason, origin=origin)
    return go(request, f"/placements/{placement_id}/agreement", REFUSED)


def _refuse_page(
    request: Request, viewer: Viewer, standing: Standing, form: Sent[Refusal], status: int = 200
) -> Response:
    confirmable = rules.confirmable(viewer, standing)
    return page(
        request, "agreements/refuse.html", status, standing=standing, form=form, confirmable=confirmable, words=words
    )


@router.get("/placements/{placement_id}/agreement/scan")
@allow(Relation.HOME)
def show_scan(request: Request, session: Session, viewer: CurrentViewer, placement_id: uuid.UUID) -> Response:
    standing = queries.get_visible(session, viewer, placement_id)
    actions.ensure(Step.SCAN, standing, by=viewer)
    return _scan_page(request, standing, blank(Scan))


@router.post("/placements/{placement_id}/agreement/scan")
@allow(Relation.HOME)
def keep_scan(
    scan: ScanFile, form: SentScan, request: Request, session: Session, viewer: CurrentViewer, placement_id: uuid.UUID
) -> Response:
    standing = queries.lock_visible(session, viewer, placement_id)
    actions.ensure(Step.SCAN, standing, by=viewer)
    if scan.checked is None:
        form = form.refused("scan", scan.error or NO_SCAN)
    if form.data is None or scan.checked is None:
        return _scan_page(request, standing, form, 422)
    origin = settings(request).public_origin
    actions.keep_scan(session, standing, form.data, scan.checked, by=viewer, origin=origin)
    return go(request, f"/placements/{placement_id}/agreement", KEPT)


def _scan_page(request: Request, standing: Standing, form: Sent[Scan], status: int = 200) -> Response:
    parties = rules.on_paper(standing)
    return page(request, "agreements/scan.html", status, standing=standing, form=form, parties=parties, words=words)
