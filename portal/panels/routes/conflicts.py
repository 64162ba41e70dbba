"""A judge declares, after accepting, a government that they have ties with.

Nothing here looks at an essay, and nothing on any page changes by it: what a judge has stays, so that declaring
tells nobody where an essay comes from.
"""

from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from portal.accounts import queries as people
from portal.accounts.access import Relation, allow
from portal.accounts.viewer import CurrentViewer, Viewer
from portal.errors import Conflict
from portal.i18n import N_, language
from portal.panels import actions, queries
from portal.panels.forms import NOT_OFFERED, ConflictForm
from portal.panels.routes.asking import choices
from portal.web.forms import Sent, blank, sent
from portal.web.links import go
from portal.web.templating import page
from portal.web.transaction import Session

router = APIRouter()
SentConflict = Annotated[Sent[ConflictForm], Depends(sent(ConflictForm))]
DECLARED = N_("It is declared. You are given no more essays from there.")


@router.get("/judging/conflicts")
@allow(Relation.JUDGE)
def show_conflicts(request: Request, session: Session, viewer: CurrentViewer) -> Response:
    return _page(request, session, viewer, blank(ConflictForm))


@router.post("/judging/conflicts")
@allow(Relation.JUDGE)
def declare_conflict(form: SentConflict, request: Request, session: Session, viewer: CurrentViewer) -> Response:
    mine = {edition.id: (judge, edition) for judge, edition in queries.own(session, viewer)}
    if form.data and form.data.edition_id not in mine:
        form = form.refused("edition_id", NOT_OFFERED)
    government = people.government(session, form.data.government_id) if form.data else None
    if form.data and government is None:
        form = form.refused("government_id", NOT_OFFERED)
    if form.data is None or government is None:
        return _page(request, session, viewer, form, 422)
    judge, edition = mine[form.data.edition_id]
    try:
        actions.declare(session, judge, edition, government, form.data.reason, by=viewer)
    except Conflict as conflict:
        return _page(request, session, viewer, form.refused("government_id", conflict.reason), 409)
    return go(request, "/judging/conflicts", DECLARED)


def _page(request: Request, session: Session, viewer: Viewer, form: Sent[ConflictForm], status: int = 200) -> Response:
    mine = queries.own(session, viewer)
    declared = [each for each in queries.declared(session, [judge.id for judge, _ in mine]) if each.government]
    titles = {judge.id: edition.title(language()) for judge, edition in mine}
    return page(
        request, "panels/conflicts.html", status, form=form, declared=declared, titles=titles,
        editions=[(edition.id, edition.title(language())) for _, edition in mine],
        governments=choices(session)["governments"],
    )  # fmt: skip
