"""A judge trains on anchor essays. Every route here takes a BlindSession; other judges appear without their names."""

import uuid
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from portal.accounts.access import Relation, allow
from portal.accounts.viewer import CurrentViewer
from portal.contests.words import language
from portal.i18n import N_
from portal.judging import words
from portal.judging.blindness import BlindSession
from portal.judging.forms import MarksBase, MarksForm
from portal.judging.reading import Line
from portal.judging.routes.desk import complete, points
from portal.trainings import actions, queries
from portal.trainings.queries import Comparison, Reading
from portal.web.forms import Sent, blank, sent
from portal.web.links import go
from portal.web.templating import page

router = APIRouter()
HERE = "/judging/training/{anchor_id}"
SentMarks = Annotated[Sent[MarksBase], Depends(sent(MarksForm))]
SAVED = N_("Your points are saved. You see how they compare once you submit them.")
SUBMITTED = N_("Your points are submitted. See below how they compare.")


@router.get("/judging/training")
@allow(Relation.JUDGE)
def show_training(request: Request, session: BlindSession, viewer: CurrentViewer) -> Response:
    anchors = queries.desk(session, viewer)
    return page(request, "trainings/desk.html", anchors=anchors, words=words, language_name=language)


@router.get(HERE)
@allow(Relation.JUDGE)
def read_anchor(request: Request, session: BlindSession, viewer: CurrentViewer, anchor_id: uuid.UUID) -> Response:
    reading = queries.get_reading(session, viewer, anchor_id)
    rubric = queries.rubric(session, reading)
    compared = queries.comparison(session, reading, rubric)
    return _page(request, reading, rubric, blank(MarksForm, **points(rubric)), compared=compared)


def _page(
    request: Request, reading: Reading, rubric: list[Line], form: Sent[MarksBase], status: int = 200,
    compared: Comparison | None = None,
) -> Response:  # fmt: skip
    return page(
        request, "trainings/read.html", status, reading=reading, rubric=rubric, form=form, words=words,
        compared=compared, language_name=language,
    )  # fmt: skip


@router.post(HERE)
@allow(Relation.JUDGE)
def save_marks(
    form: SentMarks, request: Request, session: BlindSession, viewer: CurrentViewer, anchor_id: uuid.UUID
) -> Response:
    reading = queries.get_reading(session, viewer, anchor_id)
    rubric = queries.rubric(session, reading)
    if form.data is None:
        return _page(request, reading, rubric, form, 422)
    actions.save_marks(session, reading, rubric, form.data)
    return go(request, HERE.format(anchor_id=anchor_id), SAVED)


@router.post(f"{HERE}/lock")
@allow(Relation.JUDGE)
def lock_marks(
    form: SentMarks, request: Request, session: BlindSession, viewer: CurrentViewer, anchor_id: uuid.UUID
) -> Response:
    """Saves what the page holds, then locks it: what was typed last counts."""
    reading = queries.get_reading(session, viewer, anchor_id)
    rubric = queries.rubric(session, reading)
    form = form if reading.is_locked else complete(form, rubric)
    if form.data is None:
        return _page(request, reading, rubric, form, 422)
    actions.lock_marks(session, reading, rubric, form.data, by=viewer)
    return go(request, HERE.format(anchor_id=anchor_id), SUBMITTED)
