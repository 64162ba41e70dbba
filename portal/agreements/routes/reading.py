"""What waits for the viewer, the agreement itself, its PDF, and scans of signed paper."""

import io
import uuid
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import Response

from portal import i18n
from portal.accounts.access import Relation, allow
from portal.accounts.viewer import CurrentViewer, Viewer
from portal.agreements import paper, queries, rules, words
from portal.agreements.forms import Confirmation
from portal.agreements.models import Party
from portal.agreements.rules import Standing
from portal.applications import queries as applications
from portal.clock import now
from portal.documents import typesetting
from portal.files.downloads import download
from portal.web.attachments import attachment
from portal.web.forms import Sent, blank
from portal.web.templating import page
from portal.web.transaction import Session

router = APIRouter()


@router.get("/agreements")
@allow(Relation.PERSON)
def list_waiting(request: Request, session: Session, viewer: CurrentViewer, after: uuid.UUID | None = None) -> Response:
    found, next_after = queries.waiting(session, viewer, after=after)
    return page(request, "agreements/list.html", found=found, next_after=next_after)


@router.get("/placements/{placement_id}/agreement")
@allow(Relation.APPLICANT, Relation.HOME, Relation.HOST, Relation.SECRETARY, Relation.AUDITOR)
def show(request: Request, session: Session, viewer: CurrentViewer, placement_id: uuid.UUID) -> Response:
    return agreement_page(request, viewer, queries.get_readable(session, viewer, placement_id))


@router.get("/placements/{placement_id}/agreement.pdf")
@allow(Relation.APPLICANT, Relation.HOME, Relation.HOST, Relation.SECRETARY, Relation.AUDITOR)
def read_pdf(request: Request, session: Session, viewer: CurrentViewer, placement_id: uuid.UUID) -> Response:
    return pdf(queries.get_readable(session, viewer, placement_id))


@router.get("/placements/{placement_id}/agreement/scans/{party}")
@allow(Relation.APPLICANT, Relation.HOME, Relation.SECRETARY, Relation.AUDITOR)
def read_scan(
    request: Request, session: Session, viewer: CurrentViewer, placement_id: uuid.UUID, party: Party
) -> Response:
    return download(request, queries.get_scan(session, viewer, placement_id, party))


def pdf(standing: Standing) -> Response:
    number = standing.agreement.number if standing.agreement else "draft"
    file = io.BytesIO(typesetting.pdf(paper.TEMPLATE, paper.data(standing)))
    return attachment(file, f"agreement-{number}.pdf", "application/pdf")


def agreement_page(
    request: Request, viewer: Viewer, standing: Standing, form: Sent[Any] | None = None, status: int = 200
) -> Response:
    """`form` is the confirmation, as it was sent or to be filled in."""
    confirmable = rules.confirmable(viewer, standing)
    application = standing.placement.application
    blank_one = blank(Confirmation, party=confirmable[0] if len(confirmable) == 1 else None)
    return page(
        request, "agreements/show.html", status, standing=standing, rules=rules, words=words, at=now(),
        form=form or blank_one, confirmable=confirmable, possible=rules.possible(viewer, standing),
        sees_scans=applications.is_seen_whole(viewer, application), **texts(standing),
    )  # fmt: skip


def texts(standing: Standing) -> dict[str, Any]:
    """The text in the reader's language, if it has that one, and the others."""
    given = dict(standing.content["texts"])
    first = i18n.language() if i18n.language() in given else i18n.SOURCE
    return {"first": first, "text": given.pop(first), "other_texts": given}
