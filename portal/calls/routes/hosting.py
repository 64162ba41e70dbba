"""What hosts score candidates by, and the rules of the match and of the offers: two pages of the editor."""

from collections.abc import Sequence
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from portal.accounts.access import Relation, allow
from portal.accounts.viewer import CurrentViewer
from portal.calls import actions, queries, rules
from portal.calls.forms import hosting as forms
from portal.calls.forms.hosting import CriteriaFields, CriteriaForm, OffersForm
from portal.calls.models import Call, HostCriterion
from portal.calls.routes.editor import SAVED, editable, subject_page
from portal.calls.words import Subject
from portal.forms import SUFFIXES
from portal.i18n import N_
from portal.i18n import gettext as _
from portal.registry.words import country
from portal.web.forms import Sent, blank, sent
from portal.web.links import go
from portal.web.transaction import Session

router = APIRouter()
SentCriteria = Annotated[Sent[CriteriaFields], Depends(sent(CriteriaForm))]
SentOffers = Annotated[Sent[OffersForm], Depends(sent(OffersForm))]
SPARE = 3
MOVED = N_("The order is changed.")


@router.get("/calls/{slug}/edit/criteria")
@allow(Relation.SECRETARY)
def edit_criteria(request: Request, session: Session, viewer: CurrentViewer, slug: str) -> Response:
    call = editable(session, viewer, slug)
    criteria = queries.criteria(session, call.id)
    return _criteria(request, blank(CriteriaForm, **forms.of_criteria(criteria)), call, criteria)


@router.post("/calls/{slug}/edit/criteria")
@allow(Relation.SECRETARY)
def save_criteria(form: SentCriteria, request: Request, session: Session, viewer: CurrentViewer, slug: str) -> Response:
    call = editable(session, viewer, slug, lock=True)
    criteria = queries.criteria(session, call.id)
    form = _checked(form, criteria)
    if form.data is None:
        return _criteria(request, form, call, criteria)
    actions.set_criteria(session, call, form.data.rows(), by=viewer)
    if form.data.move:
        return go(request, f"/calls/{slug}/edit/criteria", MOVED)
    return go(request, f"/calls/{slug}/edit", SAVED)


@router.get("/calls/{slug}/edit/offers")
@allow(Relation.SECRETARY)
def edit_offers(request: Request, session: Session, viewer: CurrentViewer, slug: str) -> Response:
    call = editable(session, viewer, slug)
    return _offers(request, blank(OffersForm, **forms.of_offers(call)), call)


@router.post("/calls/{slug}/edit/offers")
@allow(Relation.SECRETARY)
def save_offers(form: SentOffers, request: Request, session: Session, viewer: CurrentViewer, slug: str) -> Response:
    call = editable(session, viewer, slug, lock=True)
    if form.data is None:
        return _offers(request, form, call)
    actions.edit_call(session, call, by=viewer, **form.data.facts())
    return go(request, f"/calls/{slug}/edit", SAVED)


def _checked(form: Sent[CriteriaFields], criteria: Sequence[HostCriterion]) -> Sent[CriteriaFields]:
    if form.data is None:
        return form
    form = form.all_refused(form.data.amiss())
    if form.data and not rules.may_weigh(criteria, form.data.rows()):
        return form.refused("", actions.WEIGHTS_STAY)
    return form


def _criteria(request: Request, form: Sent[CriteriaFields], call: Call, criteria: Sequence[HostCriterion]) -> Response:
    is_locked = rules.are_marked(criteria)
    return subject_page(
        request, Subject.CRITERIA, form, call, suffixes=SUFFIXES, is_locked=is_locked,
        lines=forms.lines_shown(form.values, spare=0 if is_locked else SPARE),
    )  # fmt: skip


def _offers(request: Request, form: Sent[OffersForm], call: Call) -> Response:
    told = _("%(one)s and %(other)s")
    pairs = [("-".join(pair), told % {"one": country(pair[0]), "other": country(pair[1])}) for pair in rules.PAIRS]
    return subject_page(request, Subject.OFFERS, form, call, pairs=pairs)
