"""A judge's desk. Every route here takes a BlindSession; nothing of it says who wrote what, or when."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from portal.accounts.access import Relation, allow
from portal.accounts.viewer import CurrentViewer
from portal.contests.words import language
from portal.errors import Conflict
from portal.i18n import N_, _
from portal.judging import actions, queries, words
from portal.judging.blindness import BlindSession
from portal.judging.forms import MarksBase, MarksForm
from portal.judging.queries import Line, Reading
from portal.web.forms import Sent, blank, sent
from portal.web.links import go
from portal.web.templating import page

router = APIRouter()
MISSING = N_("Choose 1 to 10 points.")


@router.get("/judging")
@allow(Relation.JUDGE)
def show_desk(request: Request, session: BlindSession, viewer: CurrentViewer, after: str = "") -> Response:
    essays, following = queries.desk(session, viewer, after)
    return page(request, "judging/desk.html", essays=essays, following=following, words=words, language_name=language)


@router.get("/judging/{alias}")
@allow(Relation.JUDGE)
def read_essay(request: Request, session: BlindSession, viewer: CurrentViewer, alias: str) -> Response:
    reading = queries.get_reading(session, viewer, alias)
    rubric = queries.rubric(session, reading)
    points = {f"points_{line.position}": line.points for line in rubric}
    return _reading_page(request, reading, rubric, blank(MarksForm, comment=reading.comment, **points))


def _reading_page(
    request: Request, reading: Reading, rubric: list[Line], form: Sent[MarksBase], status: int = 200
) -> Response:
    return page(
        request, "judging/read.html", status, reading=reading, rubric=rubric, form=form, words=words,
        language_name=language,
    )  # fmt: skip


@router.post("/judging/{alias}")
@allow(Relation.JUDGE)
def save_marks(
    form: Annotated[Sent[MarksBase], Depends(sent(MarksForm))],
    request: Request,
    session: BlindSession,
    viewer: CurrentViewer,
    alias: str,
) -> Response:
    reading = queries.lock_reading(session, viewer, alias)
    rubric = queries.rubric(session, reading)
    if form.data is None:
        return _reading_page(request, reading, rubric, form, 422)
    try:
        actions.save_marks(session, reading, rubric, form.data, comment=_comment(form))
    except Conflict as conflict:
        return _reading_page(request, reading, rubric, form.refused("", conflict.reason), 409)
    return go(request, f"/judging/{alias}", _("Your marks are saved. They count once you submit them."))


@router.post("/judging/{alias}/lock")
@allow(Relation.JUDGE)
def lock_marks(
    form: Annotated[Sent[MarksBase], Depends(sent(MarksForm))],
    request: Request,
    session: BlindSession,
    viewer: CurrentViewer,
    alias: str,
) -> Response:
    """Saves what the page holds, then locks it: what was typed last counts."""
    reading = queries.lock_reading(session, viewer, alias)
    rubric = queries.rubric(session, reading)
    form = _complete(form, rubric) if reading.may_mark else form
    if form.data is None:
        return _reading_page(request, reading, rubric, form, 422)
    try:
        actions.save_marks(session, reading, rubric, form.data, comment=_comment(form))
        actions.lock_marks(session, reading, by=viewer)
    except Conflict as conflict:
        return _reading_page(request, reading, rubric, form.refused("", conflict.reason), 409)
    return go(request, "/judging", _("Your marks are submitted. Thank you."))


def _complete(form: Sent[MarksBase], rubric: list[Line]) -> Sent[MarksBase]:
    given = form.data
    for line in rubric:
        if given and given.points(line.position) is None and line.points is None:
            form = form.refused(f"points_{line.position}", MISSING)
    return form


def _comment(form: Sent[MarksBase]) -> str | None:
    """An emptied field empties the comment; a request without the field leaves it."""
    given = form.data.comment if form.data else None
    return given or ("" if "comment" in form.values else None)
