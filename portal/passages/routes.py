"""What an essay shares with others, and two essays side by side. For screeners alone."""

import uuid
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import Response

from portal.accounts.access import Relation, allow
from portal.accounts.viewer import CurrentViewer, Viewer
from portal.contests import queries as contests
from portal.contests.models import Edition
from portal.errors import NotFound
from portal.essays import queries as essays
from portal.essays import words as essay_words
from portal.essays.models import Essay
from portal.i18n import N_
from portal.passages import actions, aligning, queries, rules
from portal.passages.folding import fold
from portal.web.forms import Pressed
from portal.web.links import go
from portal.web.templating import page
from portal.web.transaction import Session

router = APIRouter()
ASKED = N_("All essays of this edition are being compared again. Look here again in a few minutes.")


@router.get("/contests/{slug}/screening/{essay_id}/passages")
@allow(Relation.SCREENER)
def list_shared(
    request: Request, session: Session, viewer: CurrentViewer, slug: str, essay_id: uuid.UUID,
    after: uuid.UUID | None = None,
) -> Response:  # fmt: skip
    edition = contests.get_visible(session, viewer, slug)
    essay = queries.get_screened(session, viewer, edition, essay_id)
    others, following = queries.shared_page(session, essay, viewer=viewer, after=after)
    return page(
        request, "passages/list.html", edition=edition, essay=essay, others=others, following=following,
        words=essay_words, hidden=queries.hidden_count(session, essay, viewer),
        is_compared=queries.is_compared(session, essay),
    )  # fmt: skip


@router.get("/contests/{slug}/screening/{essay_id}/passages/{other_id}")
@allow(Relation.SCREENER)
def compare(
    request: Request, session: Session, viewer: CurrentViewer, slug: str, essay_id: uuid.UUID, other_id: uuid.UUID
) -> Response:
    edition = contests.get_visible(session, viewer, slug)
    essay = queries.get_screened(session, viewer, edition, essay_id)
    other = queries.get_other(session, viewer, essay, other_id)
    shown = page(
        request, "passages/compare.html", edition=edition, essay=essay, other=other, words=essay_words,
        author=essays.author_of(session, essay), other_author=_other_author(session, viewer, other.essay),
        **_side_by_side(session, essay, other.essay),
    )  # fmt: skip
    _note(request, session, essay, other.essay, by=viewer)
    return shown


def _other_author(session: Session, viewer: Viewer, other: Essay) -> Any:
    return essays.author_of(session, other) if rules.may_see_other_author(viewer, other.edition) else None


def _side_by_side(session: Session, essay: Essay, other: Essay) -> dict[str, Any]:
    """Both texts in pieces; the passages are numbered as they come in the essay that is screened."""
    texts = queries.sent_texts(session, [essay.id, other.id])
    if len(texts) < 2:
        raise NotFound
    ours, theirs = texts[essay.id].text, texts[other.id].text
    found = aligning.compare(fold(ours), fold(theirs), queries.barred_for(session, list(texts.values())))
    return {
        "passages": found.passages,
        "ours": aligning.marked(ours, [(each.begins, each.ends) for each in found.passages]),
        "theirs": aligning.marked(theirs, [(each.other_begins, each.other_ends) for each in found.passages]),
    }


def _note(request: Request, session: Session, essay: Essay, other: Essay, *, by: Viewer) -> None:
    """Who read what is written down before the page leaves, in a transaction of its own: this one only reads."""
    session.close()  # gives its connection back, so that nobody waits with one for another
    with request.app.state.database.session(writes=True) as writing:
        actions.note_reading(writing, essay, other, by=by)


@router.post("/contests/{slug}/passages")
@allow(Relation.SCREENER)
def compare_all(_form: Pressed, request: Request, session: Session, viewer: CurrentViewer, slug: str) -> Response:
    edition = _screened(session, viewer, slug)
    actions.ask_to_compare_all(session, edition, by=viewer)
    return go(request, f"/contests/{slug}/screening", ASKED)


def _screened(session: Session, viewer: Viewer, slug: str) -> Edition:
    edition = contests.get_visible(session, viewer, slug)
    if not rules.may_compare(viewer, edition):
        raise NotFound
    return edition
