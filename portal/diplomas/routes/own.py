"""An author's certificate: to download, and to say what strangers see of it."""

import io
import uuid
from typing import Annotated, Any

import sqlmodel
from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from portal.accounts.access import Relation, allow
from portal.accounts.entrance import settings
from portal.accounts.viewer import CurrentViewer, Viewer
from portal.diplomas import actions, paper, queries, rules, words
from portal.diplomas.forms import Showing
from portal.diplomas.models import Diploma
from portal.documents.certificates import OFFICES
from portal.errors import Conflict, NotAllowed
from portal.essays import queries as essays
from portal.essays.models import Authorship
from portal.i18n import N_
from portal.results import queries as results
from portal.results import rules as result_rules
from portal.web.attachments import attachment
from portal.web.forms import Sent, blank, sent
from portal.web.links import go
from portal.web.templating import page
from portal.web.transaction import Session

router = APIRouter()
SentShowing = Annotated[Sent[Showing], Depends(sent(Showing))]
SHOWN = N_("Saved. This is what strangers with the number see from now on.")


@router.get("/essays/{essay_id}/certificate")
@allow(Relation.AUTHOR, Relation.HOME)
def show_own(request: Request, session: Session, viewer: CurrentViewer, essay_id: uuid.UUID) -> Response:
    own = essays.get_own(session, viewer, essay_id)
    found = queries.of_essay(session, essay_id)
    if not found and not results.is_public(session, own.essay.edition):
        raise Conflict(words.NOT_OUT)
    valid = queries.valid(found)
    return page(
        request, "diplomas/own.html", own=own, essay=own.essay, edition=own.essay.edition, valid=valid, words=words,
        revoked=[each for each in found if each is not valid], is_holder=rules.is_holder(viewer, own),
        takes_part=own.essay.status in result_rules.ADMITTED, offices=OFFICES,
    )  # fmt: skip


@router.get("/essays/{essay_id}/certificate.pdf")
@allow(Relation.AUTHOR, Relation.HOME)
def download(request: Request, session: Session, viewer: CurrentViewer, essay_id: uuid.UUID) -> Response:
    essays.get_own(session, viewer, essay_id)
    diploma = queries.get_valid(session, essay_id)
    made = paper.pdf(diploma.content, settings(request).public_origin)
    return attachment(io.BytesIO(made), f"{diploma.number}.pdf", "application/pdf")


@router.get("/essays/{essay_id}/certificate/shown")
@allow(Relation.AUTHOR)
def show_choices(request: Request, session: Session, viewer: CurrentViewer, essay_id: uuid.UUID) -> Response:
    own, diploma = _held(session, viewer, essays.get_own(session, viewer, essay_id))
    shown = {name: getattr(diploma, name) for name in Showing.model_fields}
    return _page(request, session, own, diploma, blank(Showing, **shown))


@router.post("/essays/{essay_id}/certificate/shown")
@allow(Relation.AUTHOR)
def choose(
    form: SentShowing, request: Request, session: Session, viewer: CurrentViewer, essay_id: uuid.UUID
) -> Response:
    own, diploma = _held(session, viewer, essays.lock_own(session, viewer, essay_id))
    if form.data is None:
        return _page(request, session, own, diploma, form, 422)
    try:
        actions.choose(session, own, diploma, by=viewer, **form.data.model_dump())
    except Conflict as conflict:
        return _page(request, session, own, diploma, form.refused("", conflict.reason), 409)
    return go(request, f"/diplomas/{diploma.number}", SHOWN)


def _held(session: sqlmodel.Session, viewer: Viewer, own: Authorship) -> tuple[Authorship, Diploma]:
    if not rules.is_holder(viewer, own):
        raise NotAllowed
    return own, queries.get_valid(session, own.essay_id)


def _page(
    request: Request, session: sqlmodel.Session, own: Authorship, diploma: Diploma, form: Sent[Any], status: int = 200
) -> Response:
    name, text = queries.agreed(session, own)
    return page(
        request, "diplomas/shown.html", status, own=own, essay=own.essay, edition=own.essay.edition, diploma=diploma,
        form=form, name_agreed=name, text_agreed=text,
    )  # fmt: skip
