"""The page of a private line."""

import datetime as dt
import uuid
from typing import Annotated

import sqlmodel
from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from portal.accounts.access import Relation, allow
from portal.accounts.viewer import CurrentViewer, Viewer
from portal.checkins.rules import today_there
from portal.clock import now
from portal.errors import Conflict
from portal.i18n import N_
from portal.placements.models import Placement
from portal.private_lines import actions, queries, rules
from portal.private_lines.forms import Words
from portal.web import once
from portal.web.forms import Sent, blank, sent
from portal.web.templating import page
from portal.web.transaction import Session

router = APIRouter()
SentWords = Annotated[Sent[Words], Depends(sent(Words))]
WRITTEN = N_("Your message is sent. Only the secretariat can read it.")
ANSWERED = N_("Your answer is sent. Only the intern and the secretariat can read it.")


@router.get("/placements/{placement_id}/private-line")
@allow(Relation.APPLICANT, Relation.SECRETARY)
def show(request: Request, session: Session, viewer: CurrentViewer, placement_id: uuid.UUID) -> Response:
    placement = queries.get_visible(session, viewer, placement_id)
    return _page(request, session, viewer, placement, blank(Words))


@router.post("/placements/{placement_id}/private-line")
@allow(Relation.APPLICANT, Relation.SECRETARY)
def write(
    form: SentWords, request: Request, session: Session, viewer: CurrentViewer, placement_id: uuid.UUID
) -> Response:
    placement = queries.lock_visible(session, viewer, placement_id)
    if form.data is None:
        return _page(request, session, viewer, placement, form)
    arrival = once.arrival(session, request, viewer.id, form.data.key)
    if arrival.earlier:
        return arrival.earlier
    actions.write(session, placement, form.data.text, by=viewer)
    told = WRITTEN if rules.is_intern(viewer, placement) else ANSWERED
    return arrival.done(f"/placements/{placement.id}/private-line", told)


def _page(
    request: Request, session: sqlmodel.Session, viewer: Viewer, placement: Placement, form: Sent[Words]
) -> Response:
    found, today = queries.messages(session, placement), today_there(placement, now())
    is_open = rules.is_open(placement, today)
    if not is_open and not found:
        raise Conflict(rules.CLOSED)
    last: dt.date = placement.ends_on + rules.AFTERWARDS
    return page(
        request, "private_lines/show.html", 422 if form.errors else 200, placement=placement, messages=found,
        is_open=is_open, form=form, is_intern=rules.is_intern(viewer, placement), last=last,
    )  # fmt: skip
