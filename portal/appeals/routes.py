"""An author's appeal, and the secretariat's list of them."""

import datetime as dt
import uuid
from typing import Annotated, Any

import sqlmodel
from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from portal.accounts.access import Relation, allow
from portal.accounts.viewer import CurrentViewer, Viewer
from portal.appeals import actions, queries, rules, words
from portal.appeals.forms import AppealForm, RulingForm
from portal.appeals.models import Appeal
from portal.clock import now
from portal.contests import queries as contests
from portal.contests.models import Edition
from portal.errors import Conflict
from portal.essays import queries as essays
from portal.essays.models import Authorship
from portal.i18n import N_
from portal.results import queries as results
from portal.web import once
from portal.web.forms import Sent, blank, sent
from portal.web.links import go
from portal.web.templating import page
from portal.web.transaction import Session

router = APIRouter()
SentAppeal = Annotated[Sent[AppealForm], Depends(sent(AppealForm))]
SentRuling = Annotated[Sent[RulingForm], Depends(sent(RulingForm))]
SENT = N_("Your appeal is sent. Somebody who had no part in the result decides about it, and you get a mail.")
DECIDED = N_("The appeal is decided, and its author has been told.")


@router.get("/essays/{essay_id}/appeal")
@allow(Relation.AUTHOR, Relation.HOME)
def show_own(request: Request, session: Session, viewer: CurrentViewer, essay_id: uuid.UUID) -> Response:
    own = essays.get_own(session, viewer, essay_id)
    return _own_page(request, session, own, blank(AppealForm))


@router.post("/essays/{essay_id}/appeal")
@allow(Relation.AUTHOR, Relation.HOME)
def appeal(
    form: SentAppeal, request: Request, session: Session, viewer: CurrentViewer, essay_id: uuid.UUID
) -> Response:
    own = essays.lock_own(session, viewer, essay_id)
    if form.data is None:
        return _own_page(request, session, own, form, 422)
    arrival = once.arrival(session, request, viewer.id, form.data.key)
    if arrival.earlier:
        return arrival.earlier
    edition = own.essay.edition
    try:
        actions.appeal(session, own, edition, _published_at(session, edition), form.data.text, by=viewer)
    except Conflict as conflict:  # what was typed is not lost
        return _own_page(request, session, own, form.refused("", conflict.reason), 409)
    return arrival.done(f"/essays/{essay_id}/appeal", SENT)


def _published_at(session: sqlmodel.Session, edition: Edition) -> dt.datetime | None:
    """None until the results are public: nobody learns from an appeal when they will be."""
    return results.published_at(session, edition) if results.is_public(session, edition) else None


def _own_page(
    request: Request, session: sqlmodel.Session, own: Authorship, form: Sent[AppealForm], status: int = 200
) -> Response:
    edition, made = own.essay.edition, queries.of_essay(session, own.essay_id)
    published_at = _published_at(session, edition)
    if published_at is None:
        raise Conflict(rules.TOO_EARLY)
    return page(
        request, "appeals/own.html", status, own=own, essay=own.essay, edition=edition,
        appeal=made, form=form, why_not=rules.why_no_appeal(own.essay, edition, published_at, now()), words=words,
        until=rules.last_moment(edition, published_at),
    )  # fmt: skip


@router.get("/contests/{slug}/appeals")
@allow(Relation.SECRETARY, Relation.AUDITOR)
def list_appeals(
    request: Request, session: Session, viewer: CurrentViewer, slug: str, after: uuid.UUID | None = None
) -> Response:
    edition = contests.get_visible(session, viewer, slug)
    appeals, following = queries.page_of(session, viewer, edition, after)
    return page(
        request, "appeals/list.html", edition=edition, appeals=appeals, following=following, words=words
    )  # fmt: skip


@router.get("/contests/{slug}/appeals/{appeal_id}")
@allow(Relation.SECRETARY, Relation.AUDITOR)
def show(request: Request, session: Session, viewer: CurrentViewer, slug: str, appeal_id: uuid.UUID) -> Response:
    edition = contests.get_visible(session, viewer, slug)
    found = queries.get_visible(session, viewer, edition, appeal_id)
    return _page(request, session, viewer, edition, found, blank(RulingForm))


@router.post("/contests/{slug}/appeals/{appeal_id}")
@allow(Relation.SECRETARY)
def decide(
    form: SentRuling, request: Request, session: Session, viewer: CurrentViewer, slug: str, appeal_id: uuid.UUID
) -> Response:
    edition = contests.get_visible(session, viewer, slug)
    found = queries.lock_visible(session, viewer, edition, appeal_id)
    if form.data is None:
        return _page(request, session, viewer, edition, found, form)
    actions.decide(session, found, edition, form.data.ruling, form.data.answer, by=viewer)
    return go(request, f"/contests/{slug}/appeals/{appeal_id}", DECIDED)


def _page(
    request: Request, session: sqlmodel.Session, viewer: Viewer, edition: Edition, appeal: Appeal, form: Sent[Any]
) -> Response:
    involved = queries.involved(session, edition, appeal.essay)
    return page(
        request, "appeals/show.html", 422 if form.errors else 200, edition=edition, appeal=appeal, form=form,
        words=words, may_decide=rules.may_decide(viewer, appeal, edition, involved),
        had_a_part=viewer.is_secretary and rules.had_a_part(viewer, involved),
    )  # fmt: skip
