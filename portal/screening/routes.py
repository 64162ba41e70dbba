"""What screeners see and decide; and essays by code, for the secretariat, once they are admitted."""

import uuid
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from portal.accounts.access import Relation, allow
from portal.accounts.viewer import CurrentViewer, Viewer
from portal.contests import queries as contests
from portal.contests import rules as contest_rules
from portal.contests import words as contest_words
from portal.contests.models import Edition
from portal.essays import queries as essays
from portal.essays import rules as essay_rules
from portal.essays import words as essay_words
from portal.essays.models import Essay, EssayStatus
from portal.essays.rules import Step
from portal.i18n import _
from portal.manuscripts import queries as manuscripts
from portal.screening import actions, queries
from portal.screening.forms import ReasonForm
from portal.web.forms import Pressed, Sent, blank, sent
from portal.web.links import go
from portal.web.templating import page
from portal.web.transaction import Session

router = APIRouter()
STAFF = (Relation.SECRETARY, Relation.AUDITOR, Relation.SCREENER)
SentReason = Annotated[Sent[ReasonForm], Depends(sent(ReasonForm))]


@router.post("/contests/{slug}/screening")
@allow(Relation.SECRETARY)
def take_on_screening(_form: Pressed, request: Request, session: Session, viewer: CurrentViewer, slug: str) -> Response:
    edition = contests.lock_visible(session, viewer, slug)
    actions.take_on_screening(session, edition, by=viewer)
    return go(request, f"/contests/{slug}/screening", _("You screen this edition now: you see who wrote what."))


# By code


@router.get("/contests/{slug}/essays")
@allow(*STAFF)
def list_essays(
    request: Request, session: Session, viewer: CurrentViewer, slug: str, status: str = "", after: str = ""
) -> Response:
    edition = contests.get_visible(session, viewer, slug)
    wanted = EssayStatus(status) if status in set(EssayStatus) else None
    found, following = queries.admitted(session, viewer, edition, status=wanted, after=after)
    return page(
        request, "screening/essays.html", edition=edition, essays=found, following=following, chosen=wanted,
        words=essay_words, contest_words=contest_words, may_screen=contest_rules.may_screen(viewer, edition),
    )  # fmt: skip


@router.get("/contests/{slug}/essays/{code}")
@allow(*STAFF)
def show_essay(request: Request, session: Session, viewer: CurrentViewer, slug: str, code: str) -> Response:
    edition = contests.get_visible(session, viewer, slug)
    essay = queries.get_essay(session, viewer, edition, code)
    return page(
        request, "screening/essay.html", edition=edition, essay=essay, words=essay_words, contest_words=contest_words,
        may_screen=contest_rules.may_screen(viewer, edition), screens=viewer.screens(edition.id),
        **_length_of(edition, essay),
    )  # fmt: skip


def _length_of(edition: Edition, essay: Essay) -> dict[str, Any]:
    limit = contest_rules.limit_of(edition, essay.language)
    return {"measured": contest_rules.measured(essay.text, limit) if limit else None}


# Before a code is drawn, and with the author


@router.get("/contests/{slug}/screening")
@allow(Relation.SCREENER)
def show_queue(
    request: Request, session: Session, viewer: CurrentViewer, slug: str, after: uuid.UUID | None = None
) -> Response:
    edition = contests.get_visible(session, viewer, slug)
    found, following = queries.waiting_essays(session, viewer, edition, after=after)
    return page(
        request, "screening/queue.html", edition=edition, essays=found, following=following, words=essay_words,
        contest_words=contest_words,
    )  # fmt: skip


@router.get("/contests/{slug}/screening/{essay_id}")
@allow(Relation.SCREENER)
def screen(request: Request, session: Session, viewer: CurrentViewer, slug: str, essay_id: uuid.UUID) -> Response:
    edition = contests.get_visible(session, viewer, slug)
    essay = queries.get_screened(session, viewer, edition, essay_id)
    return _screen_page(request, session, viewer, edition, essay, blank(ReasonForm))


def _screen_page(
    request: Request, session: Session, viewer: Viewer, edition: Edition, essay: Essay, form: Sent[ReasonForm],
    status: int = 200, refused: Step | None = None,
) -> Response:  # fmt: skip
    is_author = essays.wrote(session, viewer, essay)
    may = {
        step.value: essay_rules.may(viewer, step, essay, is_author=is_author) for step in essay_rules.SCREENERS_STEPS
    }
    return page(
        request, "screening/screen.html", status, edition=edition, essay=essay, form=form, may=may, refused=refused,
        author=essays.author_of(session, essay), words=essay_words, contest_words=contest_words,
        came_as_file=manuscripts.came_as_file(session, viewer, edition, essay.id),
        blank_form=blank(ReasonForm), **_length_of(edition, essay),
    )  # fmt: skip


@router.post("/contests/{slug}/screening/{essay_id}/admit")
@allow(Relation.SCREENER)
def admit_essay(
    _form: Pressed, request: Request, session: Session, viewer: CurrentViewer, slug: str, essay_id: uuid.UUID
) -> Response:
    essay = queries.lock_screened(session, viewer, contests.get_visible(session, viewer, slug), essay_id)
    actions.screen_essay(session, essay, Step.ADMIT, by=viewer)
    return go(request, f"/contests/{slug}/essays/{essay.code}", _("The essay is admitted, and its code is drawn."))


@router.post("/contests/{slug}/screening/{essay_id}/return")
@allow(Relation.SCREENER)
def return_essay(
    form: SentReason, request: Request, session: Session, viewer: CurrentViewer, slug: str, essay_id: uuid.UUID
) -> Response:
    return _with_reason(form, request, session, viewer, slug, essay_id, Step.RETURN)


@router.post("/contests/{slug}/screening/{essay_id}/disqualify")
@allow(Relation.SCREENER)
def disqualify_essay(
    form: SentReason, request: Request, session: Session, viewer: CurrentViewer, slug: str, essay_id: uuid.UUID
) -> Response:
    return _with_reason(form, request, session, viewer, slug, essay_id, Step.DISQUALIFY)


def _with_reason(
    form: Sent[ReasonForm], request: Request, session: Session, viewer: Viewer, slug: str, essay_id: uuid.UUID,
    step: Step,
) -> Response:  # fmt: skip
    edition = contests.get_visible(session, viewer, slug)
    essay = queries.lock_screened(session, viewer, edition, essay_id)
    if form.data is None:
        return _screen_page(request, session, viewer, edition, essay, form, 422, step)
    actions.screen_essay(session, essay, step, by=viewer, reason=form.data.reason)
    return go(request, f"/contests/{slug}/screening", _("Done. The author has been told, with your reason."))
