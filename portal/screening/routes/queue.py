"""The task of screening, and what waits for those who hold it."""

import uuid
from urllib.parse import urlencode

from fastapi import APIRouter, Request
from fastapi.responses import Response

from portal.accounts.access import Relation, allow
from portal.accounts.viewer import CurrentViewer
from portal.contests import queries as contests
from portal.contests import words as contest_words
from portal.contests.models import Edition
from portal.essays import words as essay_words
from portal.i18n import N_
from portal.screening import actions, queue, words
from portal.screening.queue import Filters
from portal.screening.words import Show
from portal.web.forms import Pressed
from portal.web.links import go
from portal.web.templating import page
from portal.web.transaction import Session

router = APIRouter()
TAKEN_ON = N_("You screen this edition now: you see who wrote what.")


@router.post("/contests/{slug}/screening")
@allow(Relation.SECRETARY)
def take_on_screening(_form: Pressed, request: Request, session: Session, viewer: CurrentViewer, slug: str) -> Response:
    edition = contests.lock_visible(session, viewer, slug)
    actions.take_on_screening(session, edition, by=viewer)
    return go(request, f"/contests/{slug}/screening", TAKEN_ON)


@router.get("/contests/{slug}/screening")
@allow(Relation.SCREENER)
def show_queue(
    request: Request, session: Session, viewer: CurrentViewer, slug: str, language: str = "", category: str = "",
    show: str = "", after: uuid.UUID | None = None,
) -> Response:  # fmt: skip
    edition = contests.get_visible(session, viewer, slug)
    filters = _filters(edition, language, category, show)
    found, following = queue.waiting_essays(session, viewer, edition, filters, after=after)
    return page(
        request, "screening/queue.html", edition=edition, rows=found, following=following, filters=filters,
        counts=queue.counts(session, viewer, edition), following_query=_query(filters, following), words=words,
        essay_words=essay_words, contest_words=contest_words,
    )  # fmt: skip


def _filters(edition: Edition, language: str, category: str, show: str) -> Filters:
    """What is known of what was asked; the rest filters nothing."""
    languages = {limit.language for limit in edition.limits}
    categories = {str(each.id): each.id for each in edition.categories}
    shown = Show(show) if show in set(Show) else Show.ALL
    return Filters(language if language in languages else "", categories.get(category), shown)


def _query(filters: Filters, following: str) -> str:
    given = {"language": filters.language, "category": filters.category_id, "show": filters.show, "after": following}
    return urlencode({name: str(value) for name, value in given.items() if value})
