"""Orders that were kept, and two of them side by side."""

import uuid
from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response

from portal.accounts.access import allow
from portal.accounts.viewer import CurrentViewer
from portal.i18n import N_
from portal.judging.models import Round
from portal.standings import keeping, queries, telling
from portal.standings.comparing import compared
from portal.standings.routes.pages import STAFF, standings_page
from portal.web.transaction import Session

router = APIRouter()


@router.get("/contests/{slug}/order/kept")
@allow(*STAFF)
def list_kept(
    request: Request, session: Session, viewer: CurrentViewer, slug: str, after: uuid.UUID | None = None
) -> Response:
    edition = queries.get_visible(session, viewer, slug)
    found, following = keeping.kept(session, edition, after)
    return standings_page(
        request, "kept", viewer, edition, Round.FIRST, N_("Orders that were kept"), "kept", standings=found,
        following=following,
    )  # fmt: skip


@router.get("/contests/{slug}/order/kept/{standing_id}")
@allow(*STAFF)
def show_kept(
    request: Request, session: Session, viewer: CurrentViewer, slug: str, standing_id: uuid.UUID,
    start: Annotated[int, Query(alias="from", ge=1)] = 1,
) -> Response:  # fmt: skip
    edition = queries.get_visible(session, viewer, slug)
    standing = keeping.get_kept(session, edition, standing_id)
    earlier = keeping.kept_before(session, standing)
    groups = compared(standing.content, earlier.content if earlier else None, start=start, page=telling.PAGE)
    return standings_page(
        request, "kept_one", viewer, edition, standing.round, N_("An order that was kept"), "kept_one",
        standing=standing, earlier=earlier, groups=groups, start=start,
        judge=keeping.code_of(session, standing.judge_id),
    )  # fmt: skip
