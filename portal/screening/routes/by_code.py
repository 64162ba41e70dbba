"""Essays by their codes, once they are admitted. Who does not screen reads what judges read, and no time."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from portal.accounts.access import Relation, allow
from portal.accounts.viewer import CurrentViewer, Viewer
from portal.contests import queries as contests
from portal.contests import rules as contest_rules
from portal.contests import words as contest_words
from portal.contests.models import Edition
from portal.errors import Conflict
from portal.essays import words as essay_words
from portal.essays.models import Essay, EssayStatus
from portal.i18n import N_
from portal.screening import actions, queries, rules
from portal.screening import words as screening_words
from portal.screening.forms import HideWordsForm
from portal.web.forms import Sent, blank, sent
from portal.web.links import go
from portal.web.templating import page
from portal.web.transaction import Session

router = APIRouter()
STAFF = (Relation.SECRETARY, Relation.AUDITOR, Relation.SCREENER)
HIDDEN_NOW = N_("The words are hidden from judges.")
NOT_THERE = N_("These words are not in what judges read. Type them exactly as they stand there.")


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
    return _essay_page(request, session, viewer, edition, essay, blank(HideWordsForm))


def _essay_page(
    request: Request, session: Session, viewer: Viewer, edition: Edition, essay: Essay, form: Sent[HideWordsForm],
    status: int = 200,
) -> Response:  # fmt: skip
    return page(
        request, "screening/essay.html", status, edition=edition, essay=essay, form=form,
        copy=queries.fair_copy(session, essay), reasons=screening_words.REASONS, words=essay_words,
        contest_words=contest_words,
        may_screen=contest_rules.may_screen(viewer, edition), screens=viewer.screens(edition.id),
        may_hide=essay.status in rules.HIDEABLE and rules.may_hide(viewer, essay, is_author=False),
    )  # fmt: skip


@router.post("/contests/{slug}/essays/{code}/hide")
@allow(Relation.SECRETARY, Relation.SCREENER)
def hide_words(
    form: Annotated[Sent[HideWordsForm], Depends(sent(HideWordsForm))],
    request: Request,
    session: Session,
    viewer: CurrentViewer,
    slug: str,
    code: str,
) -> Response:
    edition = contests.get_visible(session, viewer, slug)
    essay = queries.lock_by_code(session, viewer, edition, code)
    if form.data is None:
        return _essay_page(request, session, viewer, edition, essay, form, 422)
    found = queries.still_shown(session, essay, form.data.words)
    if not found:
        return _essay_page(request, session, viewer, edition, essay, form.refused("words", NOT_THERE), 422)
    digest, reason = essay.submitted_digest or "", form.data.reason
    try:
        actions.hide(session, essay, found, digest=digest, by=viewer, reason=reason)
    except Conflict as conflict:
        return _essay_page(request, session, viewer, edition, essay, form.refused("", conflict.reason), 409)
    return go(request, f"/contests/{slug}/essays/{code}", HIDDEN_NOW)
