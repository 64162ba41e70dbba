"""The task list of one stay, and the list of those that the viewer may see."""

import uuid

import sqlmodel
from fastapi import APIRouter, Request
from fastapi.responses import Response

from portal.accounts.access import Relation, allow
from portal.accounts.viewer import CurrentViewer, Viewer
from portal.checkins import queries as checkins
from portal.checkins.rules import today_there
from portal.clock import now
from portal.placements import words as placement_words
from portal.placements.models import Placement
from portal.stays import queries, tasks, words
from portal.stays.forms import Shown
from portal.stays.rules import Facts
from portal.web.forms import blank
from portal.web.templating import page
from portal.web.transaction import Session

router = APIRouter()


@router.get("/stays")
@allow(Relation.PERSON)
def list_stays(
    request: Request, session: Session, viewer: CurrentViewer, show: str = "", after: uuid.UUID | None = None
) -> Response:
    shown = words.shown(show, messages=viewer.is_secretary)
    found, next_after = queries.listed(session, viewer, shown=shown, after=after)
    return page(
        request, "stays/list.html", stays=found, next_after=next_after, shown=shown, words=words,
        form=blank(Shown, show=shown),
        choices=words.choices(messages=viewer.is_secretary), placement_words=placement_words,
    )  # fmt: skip


@router.get("/placements/{placement_id}/stay")
@allow(Relation.APPLICANT, Relation.HOME, Relation.HOST, Relation.SECRETARY, Relation.AUDITOR)
def show(request: Request, session: Session, viewer: CurrentViewer, placement_id: uuid.UUID) -> Response:
    placement = queries.get_visible(session, viewer, placement_id)
    return _stay_page(request, session, viewer, placement, queries.facts(session, placement))


def _stay_page(
    request: Request, session: sqlmodel.Session, viewer: Viewer, placement: Placement, facts: Facts
) -> Response:
    at = now()
    standings = checkins.standings(session, viewer, placement, at)
    return page(
        request, "stays/show.html", placement=placement, opening=placement.opening, stay=facts.stay, words=words,
        sections=tasks.sections(viewer, placement, facts, standings, today_there(placement, at)),
        placement_words=placement_words,
    )  # fmt: skip
