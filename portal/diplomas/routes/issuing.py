"""The secretariat issues certificates once the results are public, by the essays' codes, and revokes them."""

import uuid
from typing import Annotated, Any

import sqlmodel
from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from portal.accounts.access import Relation, allow
from portal.accounts.entrance import settings
from portal.accounts.viewer import CurrentViewer, Viewer
from portal.contests import queries as contests
from portal.contests.models import Edition
from portal.contests.rules import may_see_author
from portal.contests.words import language as language_name
from portal.diplomas import actions, queries, rules, words
from portal.diplomas.forms import IssuingMany
from portal.diplomas.models import Diploma
from portal.documents.certificates import OFFICES
from portal.documents.forms import Revocation, signed_as
from portal.errors import Conflict, NotAllowed
from portal.i18n import N_
from portal.results import queries as results
from portal.web import once
from portal.web.forms import Sent, blank, sent
from portal.web.links import go
from portal.web.templating import page
from portal.web.transaction import Session

router = APIRouter()
SentMany = Annotated[Sent[IssuingMany], Depends(sent(IssuingMany))]
SentRevocation = Annotated[Sent[Revocation], Depends(sent(Revocation))]
ISSUED = N_("The certificates are issued, and their holders were told.")
ORDERED = N_("All certificates are being issued. Their holders are told one after another.")
REVOKED = N_("The certificate is revoked, and its holder was told. You can issue a new one.")
NONE_CHOSEN = N_("Choose at least one essay.")


def edition_of(session: sqlmodel.Session, viewer: Viewer, slug: str, *, lock: bool = False) -> Edition:
    """The edition, for those who see its certificates."""
    return contests.get_for(session, viewer, slug, rules.may_list, lock=lock)


@router.get("/contests/{slug}/certificates")
@allow(Relation.SECRETARY, Relation.AUDITOR)
def list_certificates(
    request: Request, session: Session, viewer: CurrentViewer, slug: str,
    after: str = "", issued: uuid.UUID | None = None, watching: bool = False,
) -> Response:  # fmt: skip
    """`after` turns the pages of the essays, `issued` those of the certificates; `watching` looks again by itself."""
    edition = edition_of(session, viewer, slug)
    return _page(request, session, viewer, edition, _signed_as_before(session), after, issued, watching=watching)


def _signed_as_before(session: sqlmodel.Session) -> Sent[Any]:
    return blank(IssuingMany, **signed_as(queries.latest_signatory(session)))


def _page(
    request: Request, session: sqlmodel.Session, viewer: Viewer, edition: Edition, form: Sent[Any],
    after: str = "", issued: uuid.UUID | None = None, *, watching: bool = False, status: int = 200,
) -> Response:  # fmt: skip
    if not results.is_public(session, edition):
        raise Conflict(words.NOT_OUT, link=(f"/contests/{edition.slug}", N_("Back to the contest")))
    ready, next_after = queries.ready(session, viewer, edition, after)
    made, next_issued = queries.issued(session, viewer, edition, issued)
    return page(
        request, "diplomas/list.html", status, edition=edition, form=form, words=words, ready=ready, issued=made,
        next_after=next_after, next_issued=next_issued, figures=queries.figures(session, edition), offices=OFFICES,
        names=may_see_author(viewer, edition), may_issue=rules.may_issue(viewer, edition), watching=watching,
        language_name=language_name,
    )  # fmt: skip


@router.post("/contests/{slug}/certificates")
@allow(Relation.SECRETARY)
def issue_many(form: SentMany, request: Request, session: Session, viewer: CurrentViewer, slug: str) -> Response:
    edition = edition_of(session, viewer, slug, lock=True)
    if not rules.may_issue(viewer, edition):
        raise NotAllowed
    if form.data and not form.data.all and not form.data.essay_ids:
        form = form.refused("essay_ids", NONE_CHOSEN)
    if form.data is None:
        return _page(request, session, viewer, edition, form, status=422)
    arrival = once.arrival(session, request, viewer.id, form.data.key)
    if arrival.earlier:
        return arrival.earlier
    here = f"/contests/{slug}/certificates"
    if form.data.all:
        actions.order_all(session, edition, form.data.by, by=viewer)
        return arrival.done(f"{here}?watching=true", ORDERED)
    origin = settings(request).public_origin
    actions.issue_many(session, edition, form.data.essay_ids, form.data.by, by=viewer, origin=origin)
    return arrival.done(here, ISSUED)


@router.get("/contests/{slug}/certificates/{diploma_id}/revoke")
@allow(Relation.SECRETARY)
def show_revoke(
    request: Request, session: Session, viewer: CurrentViewer, slug: str, diploma_id: uuid.UUID
) -> Response:
    edition = edition_of(session, viewer, slug)
    diploma = queries.get_visible(session, viewer, edition, diploma_id)
    return _revoke_page(request, edition, diploma, blank(Revocation))


@router.post("/contests/{slug}/certificates/{diploma_id}/revoke")
@allow(Relation.SECRETARY)
def revoke(
    form: SentRevocation, request: Request, session: Session, viewer: CurrentViewer, slug: str, diploma_id: uuid.UUID
) -> Response:
    edition = edition_of(session, viewer, slug)
    diploma = queries.lock_visible(session, viewer, edition, diploma_id)
    if form.data is None:
        return _revoke_page(request, edition, diploma, form)
    origin = settings(request).public_origin
    actions.revoke(session, edition, diploma, by=viewer, reason=form.data.reason, origin=origin)
    return go(request, f"/contests/{slug}/certificates", REVOKED)


def _revoke_page(request: Request, edition: Edition, diploma: Diploma, form: Sent[Any]) -> Response:
    if diploma.revoked_at is not None:
        raise Conflict(words.REVOKED_ALREADY)
    return page(
        request, "diplomas/revoke.html", 422 if form.errors else 200, edition=edition, diploma=diploma, form=form
    )
