"""A judge's desk. Every route here takes a BlindSession; nothing of it says who wrote what, or when."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from fastapi.responses import JSONResponse, Response
from sqlmodel import Session

from portal.accounts.access import Relation, allow
from portal.accounts.viewer import CurrentViewer, Viewer
from portal.contests.words import language
from portal.errors import Conflict
from portal.i18n import _
from portal.i18n import language as readers_language
from portal.judging import actions, reading, words
from portal.judging.blindness import BlindSession
from portal.judging.forms import MISSING, WORDS, MarksBase, MarksForm
from portal.judging.reading import Line, Pile, Reading
from portal.web.forms import Sent, blank, sent
from portal.web.links import go
from portal.web.templating import page

router = APIRouter()
TEXTS = ("comment", "private_note")


@dataclass(frozen=True)
class SentMarks(Sent[MarksBase]):
    """Fields of points are called as the rubric calls their criteria."""

    criteria: Mapping[str, str] = field(default_factory=dict)

    def label(self, name: str) -> str:
        return self.criteria.get(name) or super().label(name)


SentForm = Annotated[Sent[MarksBase], Depends(sent(MarksForm))]


@router.get("/judging")
@allow(Relation.JUDGE)
def show_desk(
    request: Request,
    session: BlindSession,
    viewer: CurrentViewer,
    edition: str = "",
    part: str = "",
    after: str = "",
) -> Response:
    """`edition` and `part`, a round, choose the pile that is shown whole; else it is the most urgent."""
    piles = reading.piles(session, viewer)
    chosen = next((each for each in piles if (each.slug, each.round.value) == (edition, part)), next(iter(piles), None))
    essays, following = reading.desk(session, viewer, after, chosen)
    return page(
        request, "judging/desk.html", piles=piles, chosen=chosen, essays=essays, following=following, words=words,
        language_name=language,
    )  # fmt: skip


@router.get("/judging/{alias}")
@allow(Relation.JUDGE)
def read_essay(request: Request, session: BlindSession, viewer: CurrentViewer, alias: str) -> Response:
    found = reading.get_reading(session, viewer, alias)
    rubric = reading.rubric(session, found)
    return _reading_page(request, session, viewer, found, rubric, blank(MarksForm))


def _reading_page(
    request: Request, session: Session, viewer: Viewer, found: Reading, rubric: list[Line], form: Sent[MarksBase],
    status: int = 200,
) -> Response:  # fmt: skip
    """What was typed stands there; where nothing was, what is kept."""
    kept = blank(MarksForm, comment=found.comment, private_note=found.private_note, **points(rubric))
    shown = SentMarks(form.form, form.data, {**kept.values, **form.values}, form.errors, _criteria(rubric))
    before, following = reading.neighbours(session, viewer, found)
    return page(
        request, "judging/read.html", status, reading=found, rubric=rubric, form=shown, words=words, longest=WORDS,
        before=before, following=following, others=reading.others_points(session, found), language_name=language,
    )  # fmt: skip


def points(rubric: list[Line]) -> dict[str, Any]:
    """What stands in the fields of points."""
    return {f"points_{line.position}": line.points for line in rubric}


def _criteria(rubric: list[Line]) -> dict[str, str]:
    named = {f"points_{line.position}": line.names for line in rubric}
    return {name: names.get(readers_language()) or names["en"] for name, names in named.items()}


@router.post("/judging/{alias}")
@allow(Relation.JUDGE)
def save_marks(form: SentForm, request: Request, session: BlindSession, viewer: CurrentViewer, alias: str) -> Response:
    """Saves what came and leaves the rest: a page with script sends each change by itself, and reads JSON.

    Of two windows of one judge the last one wins, criterion by criterion. JSON: {given, of}, or {why}: 409, 422.
    """
    found = reading.lock_reading(session, viewer, alias)
    rubric = reading.rubric(session, found)
    status = 422
    if form.data is not None:
        try:
            actions.save_marks(session, found, rubric, form.data, **_texts(form))
        except Conflict as conflict:
            form, status = form.refused("", conflict.reason), 409
    if "application/json" in request.headers.get("accept", ""):
        return _told(session, found, rubric, form, status)
    if form.data is None:
        return _reading_page(request, session, viewer, found, rubric, form, status)
    return go(request, f"/judging/{alias}", _("Your marks are saved. They count once you submit them."))


def _told(session: Session, found: Reading, rubric: list[Line], form: Sent[MarksBase], status: int) -> Response:
    if form.data is None:
        named = SentMarks(form.form, None, form.values, form.errors, _criteria(rubric))
        return JSONResponse({"why": named.told()}, status)
    given = reading.rubric(session, found)
    return JSONResponse({"given": sum(line.points is not None for line in given), "of": len(given)})


@router.post("/judging/{alias}/lock")
@allow(Relation.JUDGE)
def lock_marks(form: SentForm, request: Request, session: BlindSession, viewer: CurrentViewer, alias: str) -> Response:
    """Saves what the page holds, then locks it: what was typed last counts."""
    found = reading.lock_reading(session, viewer, alias)
    rubric = reading.rubric(session, found)
    form = complete(form, rubric) if found.may_mark else form
    if form.data is None:
        return _reading_page(request, session, viewer, found, rubric, form, 422)
    try:
        actions.save_marks(session, found, rubric, form.data, **_texts(form))
        actions.lock_marks(session, found, by=viewer)
    except Conflict as conflict:
        return _reading_page(request, session, viewer, found, rubric, form.refused("", conflict.reason), 409)
    return go(request, _desk_of(found), _("Your marks are submitted. Thank you."))


def _desk_of(pile: Reading | Pile) -> str:
    return f"/judging?edition={pile.slug}&part={pile.round.value}"


def complete(form: Sent[MarksBase], rubric: list[Line]) -> Sent[MarksBase]:
    """With points asked for on every criterion that has none, sent or kept."""
    given = form.data
    if given is None:
        return form
    missing = (line for line in rubric if given.points(line.position) is None and line.points is None)
    return form.all_refused({f"points_{line.position}": MISSING for line in missing})


def _texts(form: Sent[MarksBase]) -> dict[str, str | None]:
    """An emptied field empties what stood in it; a request without the field leaves it."""
    return {name: getattr(form.data, name) or "" for name in TEXTS if name in form.values}
