"""A coordinator hands the role over to a successor."""

import datetime as dt
import uuid
from typing import Annotated

import sqlmodel
from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from portal import i18n
from portal.accounts import entrance, words
from portal.accounts import queries as people
from portal.accounts.access import Relation, allow
from portal.accounts.viewer import CurrentViewer, Viewer
from portal.clock import today
from portal.i18n import N_
from portal.invitations import actions, queries, rules
from portal.invitations.forms import HandOverForm
from portal.web import once
from portal.web.forms import Pressed, Sent, blank, sent
from portal.web.links import go
from portal.web.templating import page
from portal.web.transaction import Session

router = APIRouter()
SentHandOver = Annotated[Sent[HandOverForm], Depends(sent(HandOverForm))]
PAGE = "/account/hand-over"
IS_SENT = N_("The invitation is sent, and the secretariat was told. Your role goes on until your successor accepts.")
TAKEN_BACK = N_("The invitation is taken back. Your role goes on as before.")
YOURSELF = N_("This is your own address. Enter that of your successor.")
COLLEAGUE = N_("This person coordinates this government already. Ask the secretariat to end your role instead.")
NOT_YOURS = N_("Choose one from the list.")


@router.get("/account/hand-over")
@allow(Relation.HOME, Relation.HOST)
def show_hand_over(request: Request, session: Session, viewer: CurrentViewer) -> Response:
    return _page(request, session, viewer, blank(HandOverForm, language=i18n.language()))


@router.post("/account/hand-over")
@allow(Relation.HOME, Relation.HOST)
def hand_over(form: SentHandOver, request: Request, session: Session, viewer: CurrentViewer) -> Response:
    arrival = once.arrival(session, request, viewer.id, form.data.key if form.data else None)
    if arrival.earlier:
        return arrival.earlier
    form = _checked(session, viewer, form)
    if form.data is None:
        return _page(request, session, viewer, form)
    typed, origin = form.data, entrance.settings(request).public_origin
    grant = queries.lock_own_grant(session, viewer, typed.grant)
    actions.hand_over(
        session, grant, typed.email, typed.begins_on, by=viewer, language=typed.language, origin=origin
    )  # fmt: skip
    return arrival.done(PAGE, IS_SENT)


def _checked(session: sqlmodel.Session, viewer: Viewer, form: Sent[HandOverForm]) -> Sent[HandOverForm]:
    """With what only the database can find wrong."""
    if form.data is None:
        return form
    typed = form.data
    grant = next((each for each in queries.own_grants(session, viewer) if each.id == typed.grant), None)
    if grant is None or grant.government_id is None:
        return form.refused("grant", NOT_YOURS)
    successor = people.by_email(session, typed.email)
    if successor and successor.id == viewer.person_id:
        return form.refused("email", YOURSELF)
    if successor and successor in people.coordinators(session, grant.government_id):
        return form.refused("email", COLLEAGUE)
    wrong = rules.why_no_handover(grant, typed.begins_on, today())
    return form.refused("begins_on", wrong) if wrong else form


@router.post("/account/hand-over/{invitation_id}/revoke")
@allow(Relation.HOME, Relation.HOST)
def take_back_hand_over(
    _pressed: Pressed, request: Request, session: Session, viewer: CurrentViewer, invitation_id: uuid.UUID
) -> Response:
    actions.revoke(session, queries.lock_visible(session, viewer, invitation_id), by=viewer)
    return go(request, PAGE, TAKEN_BACK)


def _page(request: Request, session: sqlmodel.Session, viewer: Viewer, form: Sent[HandOverForm]) -> Response:
    grants = queries.own_grants(session, viewer)
    coming = queries.coming_successors(session, grants)
    return page(
        request, "invitations/hand_over.html", 422 if form.errors else 200, form=form, grants=grants, coming=coming,
        all_languages=words.languages(), tomorrow=today() + dt.timedelta(days=1),
    )  # fmt: skip
