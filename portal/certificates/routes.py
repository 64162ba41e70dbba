"""The certificate of a stay, the secretariat's list of them, and the public page that checks a number."""

import io
import uuid
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from portal.accounts import checks
from portal.accounts.access import Relation, allow
from portal.accounts.entrance import settings
from portal.accounts.viewer import CurrentViewer, Viewer
from portal.certificates import actions, paper, queries, rules
from portal.certificates.forms import IssuingMany, Showing
from portal.certificates.models import Certificate
from portal.clock import now
from portal.documents.certificates import OFFICES
from portal.documents.forms import Issuing, Revocation, signed_as
from portal.errors import Conflict, NotAllowed
from portal.i18n import N_
from portal.placements import queries as placements
from portal.placements import rules as placement_rules
from portal.placements.models import Placement
from portal.placements.rules import Step
from portal.web import once
from portal.web.attachments import attachment
from portal.web.forms import Sent, blank, sent
from portal.web.links import go
from portal.web.templating import page
from portal.web.transaction import Session

router = APIRouter()
SentIssuing = Annotated[Sent[Issuing], Depends(sent(Issuing))]
SentMany = Annotated[Sent[IssuingMany], Depends(sent(IssuingMany))]
SentRevocation = Annotated[Sent[Revocation], Depends(sent(Revocation))]
SentShowing = Annotated[Sent[Showing], Depends(sent(Showing))]
ISSUED = N_("The certificate is issued, and its holder was told.")
ISSUED_MANY = N_("The certificates are issued, and their holders were told.")
REVOKED = N_("The certificate is revoked, and its holder was told. You can issue a new one.")
SHOWN = N_("Saved. This is what strangers with the number see from now on.")


@router.get("/certificates")
@allow(Relation.SECRETARY, Relation.AUDITOR)
def list_certificates(
    request: Request, session: Session, viewer: CurrentViewer,
    after: uuid.UUID | None = None, issued: uuid.UUID | None = None,
) -> Response:  # fmt: skip
    """`after` turns the pages of the completed stays, `issued` those of the certificates."""
    return _list_page(request, session, viewer, _signed_as_before(session, IssuingMany), after, issued)


@router.post("/certificates")
@allow(Relation.SECRETARY)
def issue_many(form: SentMany, request: Request, session: Session, viewer: CurrentViewer) -> Response:
    if not viewer.is_secretary:
        raise NotAllowed
    if form.data is None:
        return _list_page(request, session, viewer, form)
    arrival = once.arrival(session, request, viewer.id, form.data.key)
    if arrival.earlier:
        return arrival.earlier
    origin = settings(request).public_origin
    actions.issue_many(session, form.data.placement_ids, form.data.by, by=viewer, origin=origin)
    return arrival.done("/certificates", ISSUED_MANY)


def _list_page(
    request: Request, session: Session, viewer: Viewer, form: Sent[Any],
    after: uuid.UUID | None = None, issued: uuid.UUID | None = None,
) -> Response:  # fmt: skip
    ready, next_after = queries.completed(session, viewer, after=after)
    certificates, next_issued = queries.issued(session, viewer, after=issued)
    return page(
        request, "certificates/list.html", 422 if form.errors else 200, ready=ready, next_after=next_after,
        certificates=certificates, next_issued=next_issued, form=form, offices=OFFICES, may_issue=viewer.is_secretary,
    )  # fmt: skip


def _signed_as_before(session: Session, form: type[Issuing]) -> Sent[Any]:
    return blank(form, **signed_as(queries.latest_signatory(session)))


@router.get("/placements/{placement_id}/certificate")
@allow(Relation.APPLICANT, Relation.HOME, Relation.HOST, Relation.SECRETARY, Relation.AUDITOR)
def show(request: Request, session: Session, viewer: CurrentViewer, placement_id: uuid.UUID) -> Response:
    placement = placements.get_visible(session, viewer, placement_id)
    return _page(request, session, viewer, placement, _signed_as_before(session, Issuing))


def _page(request: Request, session: Session, viewer: Viewer, placement: Placement, form: Sent[Any]) -> Response:
    found = queries.of_placement(session, viewer, placement)
    valid, may_issue = queries.valid(found), rules.may_issue(viewer, placement.application)
    return page(
        request, "certificates/show.html", 422 if form.errors else 200, placement=placement, valid=valid,
        revoked=[certificate for certificate in found if certificate is not valid], form=form, offices=OFFICES,
        missing=queries.what_is_missing(session, placement), is_holder=rules.is_holder(viewer, placement.application),
        can_issue=may_issue and placement_rules.why_not(Step.CERTIFY, placement, now()) is None,
        can_revoke=may_issue and valid is not None,
    )  # fmt: skip


@router.post("/placements/{placement_id}/certificate")
@allow(Relation.SECRETARY)
def issue(
    form: SentIssuing, request: Request, session: Session, viewer: CurrentViewer, placement_id: uuid.UUID
) -> Response:
    placement = placements.lock_visible(session, viewer, placement_id)
    if not rules.may_issue(viewer, placement.application):
        raise NotAllowed
    if form.data is None:
        return _page(request, session, viewer, placement, form)
    arrival = once.arrival(session, request, viewer.id, form.data.key)
    if arrival.earlier:
        return arrival.earlier
    actions.issue(session, placement, form.data.by, by=viewer, origin=settings(request).public_origin)
    return arrival.done(f"/placements/{placement.id}/certificate", ISSUED)


@router.get("/placements/{placement_id}/certificate.pdf")
@allow(Relation.APPLICANT, Relation.HOME, Relation.HOST, Relation.SECRETARY, Relation.AUDITOR)
def download(request: Request, session: Session, viewer: CurrentViewer, placement_id: uuid.UUID) -> Response:
    placement = placements.get_visible(session, viewer, placement_id)
    certificate = queries.get_valid(session, viewer, placement)
    made = paper.pdf(certificate.content, settings(request).public_origin)
    return attachment(io.BytesIO(made), f"{certificate.number}.pdf", "application/pdf")


@router.get("/placements/{placement_id}/certificate/revoke")
@allow(Relation.SECRETARY)
def show_revoke(request: Request, session: Session, viewer: CurrentViewer, placement_id: uuid.UUID) -> Response:
    placement, certificate = _to_revoke(session, viewer, placements.get_visible(session, viewer, placement_id))
    return _revoke_page(request, placement, certificate, blank(Revocation))


@router.post("/placements/{placement_id}/certificate/revoke")
@allow(Relation.SECRETARY)
def revoke(
    form: SentRevocation, request: Request, session: Session, viewer: CurrentViewer, placement_id: uuid.UUID
) -> Response:
    placement, certificate = _to_revoke(session, viewer, placements.lock_visible(session, viewer, placement_id))
    if form.data is None:
        return _revoke_page(request, placement, certificate, form)
    origin = settings(request).public_origin
    actions.revoke(session, placement, certificate, by=viewer, reason=form.data.reason, origin=origin)
    return go(request, f"/placements/{placement.id}/certificate", REVOKED)


def _to_revoke(session: Session, viewer: Viewer, placement: Placement) -> tuple[Placement, Certificate]:
    if not rules.may_issue(viewer, placement.application):
        raise NotAllowed
    return placement, queries.get_valid(session, viewer, placement)


def _revoke_page(request: Request, placement: Placement, certificate: Certificate, form: Sent[Any]) -> Response:
    status = 422 if form.errors else 200
    return page(request, "certificates/revoke.html", status, placement=placement, certificate=certificate, form=form)


@router.get("/placements/{placement_id}/certificate/shown")
@allow(Relation.APPLICANT)
def show_choices(request: Request, session: Session, viewer: CurrentViewer, placement_id: uuid.UUID) -> Response:
    placement, valid = _held(session, viewer, placements.get_visible(session, viewer, placement_id))
    shown = {name: getattr(valid, name) for name in Showing.model_fields}
    return page(
        request, "certificates/shown.html", placement=placement, certificate=valid, form=blank(Showing, **shown)
    )


@router.post("/placements/{placement_id}/certificate/shown")
@allow(Relation.APPLICANT)
def choose(
    form: SentShowing, request: Request, session: Session, viewer: CurrentViewer, placement_id: uuid.UUID
) -> Response:
    placement, valid = _held(session, viewer, placements.lock_visible(session, viewer, placement_id))
    if form.data is None:
        return page(request, "certificates/shown.html", 422, placement=placement, certificate=valid, form=form)
    try:
        actions.choose(session, placement, valid, by=viewer, **form.data.model_dump())
    except Conflict as conflict:
        form = form.refused("", conflict.reason)
        return page(request, "certificates/shown.html", 409, placement=placement, certificate=valid, form=form)
    return go(request, f"/certificates/{valid.number}", SHOWN)


def _held(session: Session, viewer: Viewer, placement: Placement) -> tuple[Placement, Certificate]:
    if not rules.is_holder(viewer, placement.application):
        raise NotAllowed
    return placement, queries.get_valid(session, viewer, placement)


def known_number(request: Request, certificate_number: str) -> None:
    checks.known_as(request, rules.PREFIX, certificate_number)


KnownNumber = Annotated[None, Depends(known_number)]


@router.get("/certificates/{certificate_number}")
@allow(Relation.VISITOR)
def show_public(
    _known: KnownNumber, request: Request, session: Session, _viewer: CurrentViewer, certificate_number: str
) -> Response:
    """The same for everybody, whoever looks: nothing here depends on the viewer."""
    certificate = queries.by_number(session, certificate_number)
    shown = rules.shown(certificate, certificate.placement.opening.call.zone)
    return checks.hidden(page(request, "certificates/public.html", shown=shown))
