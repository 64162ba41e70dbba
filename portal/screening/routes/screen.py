"""One essay before a screener: who wrote it, what the portal finds, what is ticked, what was decided."""

import uuid
from typing import Annotated, Any

import sqlmodel
from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from portal.accounts import queries as people
from portal.accounts.access import Relation, allow
from portal.accounts.viewer import CurrentViewer, Viewer
from portal.contests import queries as contests
from portal.contests import rules as contest_rules
from portal.contests import words as contest_words
from portal.contests.models import Edition
from portal.errors import Conflict, NotFound
from portal.essays import queries as essays
from portal.essays import rules as essay_rules
from portal.essays import words as essay_words
from portal.essays.models import Authorship, Essay
from portal.essays.rules import Step
from portal.files.downloads import download
from portal.files.models import StoredFile
from portal.i18n import N_
from portal.manuscripts import queries as manuscripts
from portal.passages import queries as passages
from portal.screening import actions, queries, rules, words
from portal.screening.forms import AnswerForm, TicksForm
from portal.screening.models import Disqualification, Item, Part
from portal.screening.routes.reading import Noted
from portal.web.forms import Sent, blank, sent
from portal.web.links import go
from portal.web.templating import page
from portal.web.transaction import Session

router = APIRouter()
KEPT = N_("What you have ticked is saved.")


@router.get("/contests/{slug}/screening/{essay_id}")
@allow(Relation.SCREENER)
def screen(
    _noted: Noted, request: Request, session: Session, viewer: CurrentViewer, slug: str, essay_id: uuid.UUID
) -> Response:
    edition = contests.get_visible(session, viewer, slug)
    essay = queries.get_screened(session, viewer, edition, essay_id)
    return screen_page(request, session, viewer, edition, essay)


def screen_page(
    request: Request, session: sqlmodel.Session, viewer: Viewer, edition: Edition, essay: Essay,
    form: Sent[Any] | None = None, status: int = 200,
) -> Response:  # fmt: skip
    """`form`: what was sent and refused; the answer to a proposal if its fields are those."""
    own = queries.author_of(session, essay)
    answer = form if form is not None and form.form is AnswerForm else blank(AnswerForm)
    return page(
        request, "screening/screen.html", status, edition=edition, essay=essay, own=own, answer=answer,
        form=form or answer, words=words, essay_words=essay_words, contest_words=contest_words,
        came_as_file=manuscripts.came_as_file(session, viewer, edition, essay.id),
        **_found(session, viewer, edition, essay, own), **_decided(session, viewer, essay, own),
    )  # fmt: skip


def _found(
    session: sqlmodel.Session, viewer: Viewer, edition: Edition, essay: Essay, own: Authorship
) -> dict[str, Any]:
    """What the portal itself finds."""
    limit = contest_rules.limit_of(edition, essay.language)
    measured = contest_rules.measured(essay.text, limit) if limit else None
    standing, telling = essays.consents_of(session, own), queries.findings(own)
    hidden = queries.redactions(session, essay)
    marked = {part: [(each.begins, each.ends) for each in telling if each.part == part] for part in Part}
    return {
        "measured": measured,
        "formal": rules.formal(own, edition, measured, standing),
        "consent": rules.consent_state(standing),
        "consent_scan": standing.scan_id,
        "age": contest_rules.age_on(own.born_on, edition.reference_on) if own.born_on else None,
        "doubt": queries.language_doubt(essay),
        "findings": len(telling),
        "pieces": {part: list(rules.pieces(text, marked[part])) for part, text in rules.words_of(essay).items()},
        "hidden": len(hidden),
        "shared": passages.count(session, essay, viewer),
        "copy": rules.fair(essay, hidden),
        "changes": _changes(session, essay),
    }


def _changes(session: sqlmodel.Session, essay: Essay) -> dict[Part, list[rules.Change]]:
    """What differs from what was sent the time before; nothing if it was sent once."""
    sent_before = [each for each in essays.submissions(session, essay) if each.digest != essay.submitted_digest]
    if not sent_before or essay.submitted_digest is None:
        return {}
    before = sent_before[-1]
    pairs = {Part.TITLE: before.title, Part.TEXT: before.text, Part.NOTES: before.notes}
    now_ = rules.words_of(essay)
    return {part: rules.changes(was, now_[part]) for part, was in pairs.items() if was != now_[part]}


def _decided(session: sqlmodel.Session, viewer: Viewer, essay: Essay, own: Authorship) -> dict[str, Any]:
    is_author = essay_rules.acts_for(viewer, own)
    ticks, proposals = queries.ticks(session, essay), queries.proposals(session, essay)
    open_ = next((each for each in proposals if each.settled_at is None), None)
    asked = {tick.ticked_by for tick in ticks.values()} | {each.proposed_by for each in proposals}
    asked |= {each.settled_by for each in proposals if each.settled_by}
    return {
        "ticks": ticks,
        "checks": list(Item),
        "proposal": open_,
        "settled": [each for each in proposals if each.settled_at is not None],
        "names": people.names(session, asked),
        "decisions": queries.decisions(session, essay, words.DEEDS),
        "may": _may(viewer, essay, open_, is_author=is_author),
    }


def _may(viewer: Viewer, essay: Essay, proposal: Disqualification | None, *, is_author: bool) -> dict[str, bool]:
    is_free = rules.screens(viewer, essay, is_author=is_author)
    steps = {
        step.value: essay_rules.may(viewer, step, essay, is_author=is_author) for step in (Step.ADMIT, Step.RETURN)
    }
    return {
        **{step: may and proposal is None for step, may in steps.items()},
        "tick": steps["admit"],
        "hide": is_free and essay.status in rules.HIDEABLE,
        "propose": is_free and proposal is None and essay.status in rules.DISQUALIFIABLE,
        "settle": proposal is not None and rules.may_settle(viewer, proposal, essay, is_author=is_author),
        "take_back": proposal is not None and is_free and proposal.proposed_by == viewer.id,
    }


@router.post("/contests/{slug}/screening/{essay_id}/ticks")
@allow(Relation.SCREENER)
def tick(
    form: Annotated[Sent[TicksForm], Depends(sent(TicksForm))],
    request: Request,
    session: Session,
    viewer: CurrentViewer,
    slug: str,
    essay_id: uuid.UUID,
) -> Response:
    edition = contests.get_visible(session, viewer, slug)
    essay = queries.lock_screened(session, viewer, edition, essay_id)
    if form.data is None:
        return screen_page(request, session, viewer, edition, essay, form, 422)
    try:
        actions.tick(session, essay, form.data.items, form.data.seen, by=viewer)
    except Conflict as conflict:
        return screen_page(request, session, viewer, edition, essay, form.refused("", conflict.reason), 409)
    return go(request, f"/contests/{slug}/screening/{essay_id}", KEPT)


@router.get("/contests/{slug}/screening/{essay_id}/scan")
@allow(Relation.SCREENER)
def show_scan(
    _noted: Noted, request: Request, session: Session, viewer: CurrentViewer, slug: str, essay_id: uuid.UUID
) -> Response:
    """The paper that a coordinator typed the essay from."""
    own = _author_of(session, viewer, slug, essay_id)
    return _scan(request, session, own.scan_id)


@router.get("/contests/{slug}/screening/{essay_id}/scan/consent")
@allow(Relation.SCREENER)
def show_consent_scan(
    _noted: Noted, request: Request, session: Session, viewer: CurrentViewer, slug: str, essay_id: uuid.UUID
) -> Response:
    """The signed paper that its author's consents were entered from."""
    own = _author_of(session, viewer, slug, essay_id)
    return _scan(request, session, essays.consents_of(session, own).scan_id)


def _author_of(session: sqlmodel.Session, viewer: Viewer, slug: str, essay_id: uuid.UUID) -> Authorship:
    edition = contests.get_visible(session, viewer, slug)
    return queries.author_of(session, queries.get_screened(session, viewer, edition, essay_id))


def _scan(request: Request, session: sqlmodel.Session, file_id: uuid.UUID | None) -> Response:
    stored = session.get(StoredFile, file_id) if file_id else None
    if stored is None:
        raise NotFound
    return download(request, stored)
