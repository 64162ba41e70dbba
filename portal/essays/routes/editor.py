"""The editor: saving by hand and while somebody types, and the choice when two windows wrote on."""

import uuid
from typing import Annotated, Any, TypeVar

from fastapi import APIRouter, Depends, Request
from fastapi.responses import JSONResponse, Response

from portal.accounts.access import Relation, allow
from portal.accounts.viewer import CurrentViewer
from portal.contests import rules as contest_rules
from portal.errors import Conflict
from portal.essays import actions, differences, queries, rules
from portal.essays.forms import ChoiceForm, DraftForm, Keep, TextForm
from portal.essays.models import Authorship, Essay
from portal.essays.routes.parts import NOT_OFFERED, of, writable
from portal.i18n import _
from portal.web.forms import Sent, blank, sent
from portal.web.links import go
from portal.web.templating import iso, page
from portal.web.transaction import Session

router = APIRouter()
D = TypeVar("D", bound=DraftForm)
FIELDS = ("theme_id", "language", "title", "text", "notes")


@router.get("/essays/{essay_id}/text")
@allow(Relation.AUTHOR)
def edit_text(request: Request, session: Session, viewer: CurrentViewer, essay_id: uuid.UUID) -> Response:
    own = queries.get_own(session, viewer, essay_id)
    writable(own)
    words = {name: getattr(own.essay, name) for name in FIELDS}
    form = blank(TextForm, version=own.essay.version, began=rules.mark_of(own.essay), **words)
    return _editor(request, session, own, form)


@router.post("/essays/{essay_id}/text")
@allow(Relation.AUTHOR)
def write_text(
    form: Annotated[Sent[TextForm], Depends(sent(TextForm))],
    request: Request,
    session: Session,
    viewer: CurrentViewer,
    essay_id: uuid.UUID,
) -> Response:
    own = queries.lock_own(session, viewer, essay_id)
    form = _offered(form, own.essay)
    if form.data is None:
        return _editor(request, session, own, form, 422)
    try:
        actions.write_text(session, own, form.data, by=viewer)
    except actions.Overtaken:
        return _choice(request, session, own, form.data)
    except Conflict as conflict:
        # What was typed comes back with the answer: the wrong moment must not cost anybody their text.
        return _editor(request, session, own, form.refused("", conflict.reason), 409)
    return go(request, f"/essays/{essay_id}", _("Your text is saved."))


@router.post("/essays/{essay_id}/draft")
@allow(Relation.AUTHOR)
def keep_draft(
    form: Annotated[Sent[DraftForm], Depends(sent(DraftForm))],
    session: Session,
    viewer: CurrentViewer,
    essay_id: uuid.UUID,
) -> Response:
    """What the editor sends by itself. Answers {version, began, at}, or {why}: 409 with `is_overtaken`, or 422."""
    own = queries.lock_draft(session, viewer, essay_id)
    form = _offered(form, own.essay)
    if form.data is None:
        return JSONResponse({"why": form.told()}, 422)
    try:
        actions.keep_draft(session, own, form.data, by=viewer)
    except Conflict as conflict:
        return JSONResponse({"why": str(conflict.reason), "is_overtaken": isinstance(conflict, actions.Overtaken)}, 409)
    essay = own.essay
    return JSONResponse({"version": essay.version, "began": rules.mark_of(essay), "at": iso(essay.saved_at)})


@router.post("/essays/{essay_id}/choice")
@allow(Relation.AUTHOR)
def choose(
    form: Annotated[Sent[ChoiceForm], Depends(sent(ChoiceForm))],
    request: Request,
    session: Session,
    viewer: CurrentViewer,
    essay_id: uuid.UUID,
) -> Response:
    own = queries.lock_own(session, viewer, essay_id)
    form = _offered(form, own.essay)
    if form.data is None:
        return _editor(request, session, own, form, 422)
    try:
        actions.choose(session, own, form.data, by=viewer)
    except actions.Overtaken:
        return _choice(request, session, own, form.data)
    except Conflict as conflict:
        return _editor(request, session, own, form.refused("", conflict.reason), 409)
    # "chosen" tells the editor that this browser's own copies are settled.
    return go(request, f"/essays/{essay_id}/text?chosen", _chosen(form.data.keep))


def _chosen(keep: Keep) -> str:
    if keep is Keep.MINE:
        return _("Your text of this window is kept. The other one is set aside.")
    return _("The other text is kept. The one of this window is set aside.")


@router.get("/essays/{essay_id}/set-aside")
@allow(Relation.AUTHOR)
def list_set_aside(
    request: Request, session: Session, viewer: CurrentViewer, essay_id: uuid.UUID, after: uuid.UUID | None = None
) -> Response:
    own = queries.get_own(session, viewer, essay_id)
    found, following = queries.set_aside(session, own.essay, after)
    return page(
        request, "essays/set_aside.html", own=own, essay=own.essay, edition=own.essay.edition, found=found,
        following=following,
    )  # fmt: skip


# Pages


def _editor(request: Request, session: Session, own: Authorship, form: Sent[Any], status: int = 200) -> Response:
    bounds = {limit.language: _bounds(limit.language, limit.most) for limit in own.essay.edition.limits}
    return page(request, "essays/text.html", status, form=form, bounds=bounds, **of(session, own))


def _bounds(language: str, most: int) -> dict[str, Any]:
    unit = "graphemes" if language in contest_rules.COUNTED_IN_CHARACTERS else "words"
    return {"unit": unit, "least": contest_rules.least_of(most), "most": most}


def _choice(request: Request, session: Session, own: Authorship, mine: DraftForm) -> Response:
    """Both texts, neither of them lost: 409 with what was typed."""
    essay = own.essay
    ours, theirs = differences.marked(mine.text, essay.text)
    themes = {theme.id: theme for theme in essay.edition.themes}
    return page(
        request, "essays/choice.html", 409, mine=mine, ours=ours, theirs=theirs, themes=themes,
        began=rules.mark_of(essay), **of(session, own),
    )  # fmt: skip


def _offered(form: Sent[D], essay: Essay) -> Sent[D]:
    given, edition = form.data, essay.edition
    if given and not contest_rules.offers_theme(edition, given.theme_id):
        form = form.refused("theme_id", NOT_OFFERED)
    if given and not contest_rules.offers_language(edition, given.language):
        form = form.refused("language", NOT_OFFERED)
    return form
