"""Awards to member governments, by the part that their young people took."""

from typing import Annotated

import sqlmodel
from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from portal.accounts.access import Relation, allow
from portal.accounts.viewer import CurrentViewer, Viewer
from portal.contests.models import Edition
from portal.errors import Conflict
from portal.i18n import N_
from portal.results import actions, queries, rules
from portal.results.forms import MembersForm
from portal.results.routes.publication import edition_of
from portal.web.forms import Sent, blank, sent
from portal.web.links import go
from portal.web.templating import page
from portal.web.transaction import Session

router = APIRouter()
GIVEN = N_("The awards to members are saved. They come out with the results.")


@router.get("/contests/{slug}/members")
@allow(Relation.SECRETARY, Relation.AUDITOR)
def show_members(request: Request, session: Session, viewer: CurrentViewer, slug: str) -> Response:
    """Proposed are the first by number, until some are chosen."""
    edition = edition_of(session, viewer, slug)
    given = queries.members(session, edition)
    chosen = [each.government_id for each in given] or [
        part.government.id for part in queries.parts(session, edition)[: rules.FIRST_MEMBERS]
    ]
    form = blank(MembersForm, government_ids=chosen, reason=given[0].reason if given else "")
    return _page(request, session, viewer, edition, form)


def _page(
    request: Request, session: sqlmodel.Session, viewer: Viewer, edition: Edition, form: Sent[MembersForm],
    status: int = 200,
) -> Response:  # fmt: skip
    is_decided = queries.is_decided(session, edition)
    return page(
        request, "results/members.html", status, edition=edition, form=form, is_decided=is_decided,
        parts=queries.parts(session, edition) if is_decided else [], given=queries.members(session, edition),
        may_give=rules.may_publish(viewer, edition) and actions.why_no_members(session, edition) is None,
    )  # fmt: skip


@router.post("/contests/{slug}/members")
@allow(Relation.SECRETARY)
def give_members(
    form: Annotated[Sent[MembersForm], Depends(sent(MembersForm))],
    request: Request,
    session: Session,
    viewer: CurrentViewer,
    slug: str,
) -> Response:
    edition = edition_of(session, viewer, slug, lock=True)
    why_not = actions.why_no_members(session, edition)
    if why_not is not None:
        return _page(request, session, viewer, edition, form.refused("", why_not), 409)
    form = form.all_refused(actions.amiss(session, edition, form.data)) if form.data else form
    if form.data is None:
        return _page(request, session, viewer, edition, form, 422)
    try:
        actions.give_members(session, edition, form.data, by=viewer)
    except Conflict as conflict:
        return _page(request, session, viewer, edition, form.refused("", conflict.reason), 409)
    return go(request, f"/contests/{slug}/members", GIVEN)
