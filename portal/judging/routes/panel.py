"""The order that the marks make, and what the pages for those who appoint share."""

from fastapi import APIRouter, Request
from fastapi.responses import Response

from portal.accounts.access import Relation, allow
from portal.accounts.viewer import CurrentViewer, Viewer
from portal.contests import queries as contests
from portal.contests.models import Edition
from portal.contests.rules import may_see_essays
from portal.contests.words import language
from portal.errors import NotFound
from portal.i18n import N_
from portal.judging import queries
from portal.web.templating import page
from portal.web.transaction import Session

router = APIRouter()
STAFF = (Relation.SECRETARY, Relation.AUDITOR, Relation.SCREENER)
NOT_OFFERED = N_("Choose one from the list.")


def edition_of(session: Session, viewer: Viewer, slug: str) -> Edition:
    """The edition, for those who see its essays by code."""
    edition = contests.get_visible(session, viewer, slug)
    if not may_see_essays(viewer, edition):
        raise NotFound
    return edition


@router.get("/contests/{slug}/ranking")
@allow(*STAFF)
def show_ranking(request: Request, session: Session, viewer: CurrentViewer, slug: str) -> Response:
    edition = edition_of(session, viewer, slug)
    groups = queries.ranking(session, edition)
    return page(request, "judging/ranking.html", edition=edition, groups=groups, language_name=language)
