"""The entrances: an author's file for an essay, and the original for those who screen it."""

import uuid
from typing import Annotated, Any

import sqlmodel
from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from portal.accounts.access import Relation, allow
from portal.accounts.viewer import CurrentViewer
from portal.clock import now
from portal.contests import queries as contests
from portal.contests import rules as contest_rules
from portal.errors import Conflict, NotFound
from portal.essays import queries as essays
from portal.essays import rules as essay_rules
from portal.essays.models import Authorship
from portal.files import rules as file_rules
from portal.files.downloads import download
from portal.files.uploads import Uploaded, uploaded
from portal.i18n import _
from portal.manuscripts import actions, queries, rules
from portal.manuscripts.forms import ConfirmForm, FileForm
from portal.web.forms import Pressed, Sent, blank, sent
from portal.web.links import go
from portal.web.templating import page
from portal.web.transaction import Session

router = APIRouter()
Given = Annotated[Uploaded, Depends(uploaded("file", *rules.KINDS, read=True))]


# The author's


@router.get("/essays/{essay_id}/file")
@allow(Relation.AUTHOR)
def show_file(request: Request, session: Session, viewer: CurrentViewer, essay_id: uuid.UUID) -> Response:
    own = essays.get_own(session, viewer, essay_id)
    why_not = _why_not(own)
    if why_not and queries.own_uploads(session, own) == (None, None):
        raise Conflict(why_not)
    return _page(request, session, own, blank(FileForm))


@router.post("/essays/{essay_id}/file")
@allow(Relation.AUTHOR)
def give_file(given: Given, request: Request, session: Session, viewer: CurrentViewer, essay_id: uuid.UUID) -> Response:
    own, form = essays.lock_own(session, viewer, essay_id), blank(FileForm)
    why_not = _why_not(own)
    if why_not:
        return _page(request, session, own, form.refused("", why_not), 409)
    if given.checked is None or given.prose is None:
        return _page(request, session, own, form.refused("file", given.error or rules.NO_FILE), 422)
    try:
        actions.receive(session, own, given.checked, given.prose, by=viewer)
    except Conflict as conflict:
        return _page(request, session, own, form.refused("file", conflict.reason), 409)
    return go(request, f"/essays/{essay_id}/file")


@router.post("/essays/{essay_id}/file/confirm")
@allow(Relation.AUTHOR)
def confirm_text(
    form: Annotated[Sent[ConfirmForm], Depends(sent(ConfirmForm))],
    request: Request,
    session: Session,
    viewer: CurrentViewer,
    essay_id: uuid.UUID,
) -> Response:
    own = essays.lock_own(session, viewer, essay_id)
    if form.data is None:
        return _page(request, session, own, form.refused("", rules.REPLACED), 409)
    try:
        actions.confirm(session, own, form.data.manuscript_id, version=form.data.version, by=viewer)
    except Conflict as conflict:
        return _page(request, session, own, form.refused("", conflict.reason), 409)
    return go(
        request, f"/essays/{essay_id}/text", _("The text of your file is in your essay. You can still change it.")
    )


@router.post("/essays/{essay_id}/file/remove")
@allow(Relation.AUTHOR)
def type_instead(
    _form: Pressed, request: Request, session: Session, viewer: CurrentViewer, essay_id: uuid.UUID
) -> Response:
    own = essays.lock_own(session, viewer, essay_id)
    actions.take_back(session, own, by=viewer)
    return go(request, f"/essays/{essay_id}/text")


@router.get("/essays/{essay_id}/file/original")
@allow(Relation.AUTHOR)
def own_original(request: Request, session: Session, viewer: CurrentViewer, essay_id: uuid.UUID) -> Response:
    """What waits for confirmation, else what was confirmed."""
    pending, confirmed = queries.own_uploads(session, essays.get_own(session, viewer, essay_id))
    found = pending or confirmed
    if found is None:
        raise NotFound
    return download(request, found.file)


def _why_not(own: Authorship) -> Any:
    return essay_rules.why_not_written(own.essay, own.essay.edition, now())


def _page(request: Request, session: sqlmodel.Session, own: Authorship, form: Sent[Any], status: int = 200) -> Response:
    pending, confirmed = queries.own_uploads(session, own)
    limit = contest_rules.limit_of(own.essay.edition, own.essay.language)
    return page(
        request, "manuscripts/file.html", status, form=form, essay=own.essay, edition=own.essay.edition,
        pending=pending, confirmed=confirmed, may_write=_why_not(own) is None, files=file_rules, kinds=rules.KINDS,
        measured=contest_rules.measured(pending.manuscript.text, limit) if pending and limit else None,
        limit_mb=request.app.state.settings.upload_limit_mb,
    )  # fmt: skip


# For screeners: posted, so that it is in the history


@router.post("/contests/{slug}/screening/{essay_id}/manuscript")
@allow(Relation.SCREENER)
def read_original(
    _pressed: Pressed, request: Request, session: Session, viewer: CurrentViewer, slug: str, essay_id: uuid.UUID
) -> Response:
    edition = contests.get_visible(session, viewer, slug)
    stored = queries.get_original(session, viewer, edition, essay_id)
    actions.note_reading(session, essay_id, by=viewer)
    return download(request, stored)
