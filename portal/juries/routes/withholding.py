"""Withholding places of an award, and the second person's word."""

from typing import Annotated

import sqlmodel
from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from portal.accounts.access import Relation, allow
from portal.accounts.viewer import CurrentViewer, Viewer
from portal.contests.models import Edition
from portal.errors import Conflict
from portal.i18n import N_
from portal.juries import queries, withholding
from portal.juries.forms import GroupForm, HeldForm, WithheldForm
from portal.juries.groups import Group, Row
from portal.juries.routes.deciding import group_of, group_page, group_path, of_meeting
from portal.web.forms import Sent, sent
from portal.web.links import go
from portal.web.transaction import Session

router = APIRouter()
SentHeld = Annotated[Sent[HeldForm], Depends(sent(HeldForm))]
WITHHELD = N_("It is withheld, once a second person has confirmed it.")
CONFIRMED = N_("You have confirmed that it is withheld.")
TAKEN_BACK = N_("It is withheld no longer.")
NOT_OFFERED = N_("Choose one from the list.")


@router.post("/contests/{slug}/jury/withheld")
@allow(Relation.JURY)
def withhold(
    form: Annotated[Sent[WithheldForm], Depends(sent(WithheldForm))],
    where: Annotated[Sent[GroupForm], Depends(sent(GroupForm))],
    request: Request,
    session: Session,
    viewer: CurrentViewer,
    slug: str,
) -> Response:
    edition = queries.lock_visible(session, viewer, slug)
    group = group_of(of_meeting(session, edition), where.data)
    given = form.data
    row = next((each for each in group.rows if given and each.award.id == given.award_id), None)
    if given is not None and row is None:
        form = form.refused("award_id", NOT_OFFERED)
    if given is not None and row is not None and not withholding.is_left(row, given.number):
        form = form.refused("number", withholding.TOO_MANY)
    if form.data is None or row is None:
        return group_page(request, session, viewer, edition, group, form=form, status=422)
    number, reason = form.data.number, form.data.reason
    try:
        withholding.withhold(session, edition, group, row, number, reason, by=viewer)
    except Conflict as conflict:
        refused = form.refused("", conflict.reason)
        return group_page(request, session, viewer, edition, group, form=refused, status=409)
    return go(request, group_path(edition, group), WITHHELD)


@router.post("/contests/{slug}/jury/withheld/confirm")
@allow(Relation.JURY)
def confirm_withheld(form: SentHeld, request: Request, session: Session, viewer: CurrentViewer, slug: str) -> Response:
    edition, group, row = _row(session, viewer, slug, form)
    try:
        withholding.confirm(session, edition, row, seen=form.data.seen if form.data else "", by=viewer)
    except Conflict as conflict:
        return group_page(request, session, viewer, edition, group, refused=conflict.reason, status=409)
    return go(request, group_path(edition, group), CONFIRMED)


@router.post("/contests/{slug}/jury/withheld/take-back")
@allow(Relation.JURY)
def take_back(form: SentHeld, request: Request, session: Session, viewer: CurrentViewer, slug: str) -> Response:
    edition, group, row = _row(session, viewer, slug, form)
    try:
        withholding.take_back(session, edition, row, by=viewer)
    except Conflict as conflict:
        return group_page(request, session, viewer, edition, group, refused=conflict.reason, status=409)
    return go(request, group_path(edition, group), TAKEN_BACK)


def _row(session: sqlmodel.Session, viewer: Viewer, slug: str, form: Sent[HeldForm]) -> tuple[Edition, Group, Row]:
    edition = queries.lock_visible(session, viewer, slug)
    group = group_of(of_meeting(session, edition), form.data)
    row = next((each for each in group.rows if form.data and each.award.id == form.data.award_id), None)
    if row is None:
        raise Conflict(withholding.NOT_WITHHELD)
    return edition, group, row
