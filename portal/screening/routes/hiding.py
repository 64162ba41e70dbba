"""Hiding from judges what tells who wrote an essay, and showing it again until they read it."""

import uuid
from typing import Annotated, Any

import sqlmodel
from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from portal.accounts.access import Relation, allow
from portal.accounts.viewer import CurrentViewer, Viewer
from portal.contests import queries as contests
from portal.contests.models import Edition
from portal.errors import Conflict
from portal.essays import rules as essay_rules
from portal.essays.models import Essay
from portal.i18n import N_
from portal.screening import actions, queries, rules, words
from portal.screening.forms import HideForm, ShowForm
from portal.screening.models import Part
from portal.screening.routes.reading import Noted
from portal.screening.rules import Range
from portal.web.forms import Sent, blank, sent
from portal.web.links import go
from portal.web.templating import page
from portal.web.transaction import Session

router = APIRouter()
HIDDEN_NOW = N_("It is hidden. Judges read ▇▇▇ in its place.")
SHOWN_NOW = N_("It is no longer hidden.")
NOT_THERE = N_("These words are not in the essay, or are hidden already. Type them exactly as they stand there.")
Places = list[tuple[Part, Range]]


@router.get("/contests/{slug}/screening/{essay_id}/hiding")
@allow(Relation.SCREENER)
def before_hiding(
    _noted: Noted, request: Request, session: Session, viewer: CurrentViewer, slug: str, essay_id: uuid.UUID
) -> Response:
    edition = contests.get_visible(session, viewer, slug)
    essay = queries.get_screened(session, viewer, edition, essay_id)
    return _hiding_page(request, session, viewer, edition, essay, blank(HideForm))


def _hiding_page(
    request: Request, session: sqlmodel.Session, viewer: Viewer, edition: Edition, essay: Essay, form: Sent[Any],
    status: int = 200, chosen: Places | None = None,
) -> Response:  # fmt: skip
    """`chosen`: where the typed words stand, for the screener to choose from."""
    own, texts = queries.author_of(session, essay), rules.words_of(essay)
    kept = queries.redactions(session, essay)
    ranges = rules.ranges_of(kept)
    may = rules.screens(viewer, essay, is_author=essay_rules.acts_for(viewer, own))
    open_ = [(each.part, (each.begins, each.ends)) for each in queries.findings(own)]
    return page(
        request, "screening/hiding.html", status, edition=edition, essay=essay, form=form, words=words,
        pieces={part: list(rules.pieces(text, ranges[part])) for part, text in texts.items()},
        found=_shown(texts, _outside(open_, ranges)), chosen=_shown(texts, chosen or []),
        kept=[(each.id, each.part, rules.surroundings(texts[each.part], (each.begins, each.ends))) for each in kept],
        copy=rules.fair(essay, kept), needs_reason=rules.needs_reason(essay),
        may_hide=may and essay.status in rules.HIDEABLE, may_show=may and essay.status in rules.SHOWABLE,
    )  # fmt: skip


def _outside(found: Places, ranges: dict[Part, list[Range]]) -> Places:
    return [(part, place) for part, place in found if rules.outside([place], ranges[part])]


def _shown(texts: dict[Part, str], found: Places) -> list[tuple[str, Part, tuple[str, str, str]]]:
    """Each place as a form sends it, and with what stands around it."""
    return [
        (f"{part}:{begins}-{ends}", part, rules.surroundings(texts[part], (begins, ends)))
        for part, (begins, ends) in found
    ]


@router.post("/contests/{slug}/screening/{essay_id}/hiding")
@allow(Relation.SCREENER)
def hide(
    form: Annotated[Sent[HideForm], Depends(sent(HideForm))],
    request: Request,
    session: Session,
    viewer: CurrentViewer,
    slug: str,
    essay_id: uuid.UUID,
) -> Response:
    edition = contests.get_visible(session, viewer, slug)
    essay = queries.lock_screened(session, viewer, edition, essay_id)
    if form.data is None:
        return _hiding_page(request, session, viewer, edition, essay, form, 422)
    given = form.data
    found = queries.still_shown(session, essay, given.words) if given.words and not given.ranges else given.ranges
    if not found:
        return _hiding_page(request, session, viewer, edition, essay, form.refused("words", NOT_THERE), 422)
    if given.choose and not given.ranges:
        return _hiding_page(request, session, viewer, edition, essay, form, chosen=found)
    try:
        actions.hide(session, essay, found, digest=given.digest, by=viewer, reason=given.reason)
    except Conflict as conflict:
        return _hiding_page(request, session, viewer, edition, essay, form.refused("", conflict.reason), 409)
    return go(request, f"/contests/{slug}/screening/{essay_id}/hiding", HIDDEN_NOW)


@router.post("/contests/{slug}/screening/{essay_id}/showing")
@allow(Relation.SCREENER)
def show(
    form: Annotated[Sent[ShowForm], Depends(sent(ShowForm))],
    request: Request,
    session: Session,
    viewer: CurrentViewer,
    slug: str,
    essay_id: uuid.UUID,
) -> Response:
    edition = contests.get_visible(session, viewer, slug)
    essay = queries.lock_screened(session, viewer, edition, essay_id)
    if form.data is None:
        return _hiding_page(request, session, viewer, edition, essay, form, 422)
    try:
        actions.show(session, essay, form.data.redactions, by=viewer)
    except Conflict as conflict:
        return _hiding_page(request, session, viewer, edition, essay, form.refused("", conflict.reason), 409)
    return go(request, f"/contests/{slug}/screening/{essay_id}/hiding", SHOWN_NOW)
