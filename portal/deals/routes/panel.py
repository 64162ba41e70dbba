"""Ordering a deal, looking at it, having it made."""

import uuid
from typing import Annotated, Any

import sqlmodel
from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from portal.accounts import queries as accounts
from portal.accounts.access import Relation, allow
from portal.accounts.viewer import CurrentViewer, Viewer
from portal.clock import now
from portal.contests import queries as contests
from portal.contests.models import Edition
from portal.contests.words import language
from portal.deals import actions, making, queries, rules, words
from portal.deals.forms import OrderForm
from portal.deals.models import Deal, DealKind
from portal.errors import Conflict
from portal.i18n import N_
from portal.judging import rules as judging
from portal.judging.models import Round
from portal.web import once
from portal.web.forms import Pressed, Sent, blank, sent
from portal.web.links import go
from portal.web.templating import page
from portal.web.transaction import Session

router = APIRouter()
SentOrder = Annotated[Sent[OrderForm], Depends(sent(OrderForm))]
ON_ITS_WAY = N_("The deal is being computed. This page shows when it is done.")
BEING_DEALT = N_("The essays are being dealt. This page shows how far it is; each judge is told once.")
DISCARDED = N_("The deal is discarded. Nobody was given anything.")


def edition_of(session: sqlmodel.Session, viewer: Viewer, slug: str, *, lock: bool = False) -> Edition:
    """The edition, for those who may look at its deals. For its judges there are none."""
    return contests.get_for(session, viewer, slug, rules.may_look, lock=lock)


def held_edition(session: sqlmodel.Session, viewer: Viewer, slug: str) -> Edition:
    """The same, locked, for whoever gives essays to its judges."""
    edition = edition_of(session, viewer, slug, lock=True)
    actions.ensure(viewer, edition)
    return edition


@router.get("/contests/{slug}/deal")
@allow(Relation.SECRETARY, Relation.AUDITOR)
def show_deals(
    request: Request, session: Session, viewer: CurrentViewer, slug: str, after: uuid.UUID | None = None
) -> Response:
    edition = edition_of(session, viewer, slug)
    return _deals_page(request, session, viewer, edition, _blank(edition), after=after)


def _blank(edition: Edition) -> Sent[OrderForm]:
    is_first = rules.is_time(edition, Round.FIRST, now())
    return blank(OrderForm, round=(Round.FIRST if is_first else Round.FINAL).value)


def _deals_page(
    request: Request, session: sqlmodel.Session, viewer: Viewer, edition: Edition, form: Sent[OrderForm],
    status: int = 200, after: uuid.UUID | None = None,
) -> Response:  # fmt: skip
    deal = queries.newest(session, viewer, edition)
    why_not = {each: actions.why_no_deal(session, edition, each) for each in Round}
    listed, following = queries.deals(session, viewer, edition, after)
    return page(
        request, "deals/list.html", status, edition=edition, deals=listed, following=following, form=form,
        rounds=[(each.value, words.ROUNDS[each]) for each in why_not if why_not[each] is None],
        why_not=why_not[Round.FIRST], **_told(session, viewer, edition, deal),
    )  # fmt: skip


def _told(session: sqlmodel.Session, viewer: Viewer, edition: Edition, deal: Deal | None) -> dict[str, Any]:
    """What a page tells of one deal."""
    people = {deal.ordered_by, deal.dealt_by} - {None} if deal else set()
    return {
        "deal": deal, "words": words, "rules": rules, "language_name": language,
        "may_order": judging.may_appoint(viewer, edition), "judges": queries.judges(session, edition),
        "categories": {str(each.id): each for each in edition.categories},
        "people": accounts.names(session, [each for each in people if each]), "Step": rules.Step,
    }  # fmt: skip


@router.post("/contests/{slug}/deal")
@allow(Relation.SECRETARY)
def order(form: SentOrder, request: Request, session: Session, viewer: CurrentViewer, slug: str) -> Response:
    edition = held_edition(session, viewer, slug)
    if form.data is None:
        return _deals_page(request, session, viewer, edition, form, 422)
    arrival = once.arrival(session, request, viewer.id, form.data.key)
    if arrival.earlier:
        return arrival.earlier
    try:
        actions.order(session, edition, form.data.round, DealKind.ROUND, by=viewer, seed=form.data.seed)
    except Conflict as conflict:
        return _deals_page(request, session, viewer, edition, form.refused("", conflict.reason), 409)
    return arrival.done(f"/contests/{slug}/deal", ON_ITS_WAY)


@router.get("/contests/{slug}/deal/{deal_id}")
@allow(Relation.SECRETARY, Relation.AUDITOR)
def show_deal(request: Request, session: Session, viewer: CurrentViewer, slug: str, deal_id: uuid.UUID) -> Response:
    edition = edition_of(session, viewer, slug)
    deal = queries.get_visible(session, viewer, edition, deal_id)
    return page(request, "deals/show.html", edition=edition, **_told(session, viewer, edition, deal))


@router.post("/contests/{slug}/deal/{deal_id}/make")
@allow(Relation.SECRETARY)
def make(
    _pressed: Pressed, request: Request, session: Session, viewer: CurrentViewer, slug: str, deal_id: uuid.UUID
) -> Response:
    edition, deal = _locked(session, viewer, slug, deal_id)
    making.make(session, edition, deal, by=viewer)
    return go(request, f"/contests/{slug}/deal", BEING_DEALT)


@router.post("/contests/{slug}/deal/{deal_id}/anew")
@allow(Relation.SECRETARY)
def compute_anew(
    _pressed: Pressed, request: Request, session: Session, viewer: CurrentViewer, slug: str, deal_id: uuid.UUID
) -> Response:
    edition, deal = _locked(session, viewer, slug, deal_id)
    actions.anew(session, edition, deal, by=viewer)
    return go(request, f"/contests/{slug}/deal", ON_ITS_WAY)


@router.post("/contests/{slug}/deal/{deal_id}/discard")
@allow(Relation.SECRETARY)
def discard(
    _pressed: Pressed, request: Request, session: Session, viewer: CurrentViewer, slug: str, deal_id: uuid.UUID
) -> Response:
    edition, deal = _locked(session, viewer, slug, deal_id)
    actions.discard(session, edition, deal, by=viewer)
    return go(request, f"/contests/{slug}/deal", DISCARDED)


def _locked(session: sqlmodel.Session, viewer: Viewer, slug: str, deal_id: uuid.UUID) -> tuple[Edition, Deal]:
    edition = held_edition(session, viewer, slug)
    return edition, queries.lock_visible(session, viewer, edition, deal_id)
