"""Comparing applications that may be one person's."""

import uuid
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from portal.accounts.access import Relation, allow
from portal.accounts.viewer import CurrentViewer
from portal.applications import words
from portal.errors import Conflict, NotAllowed
from portal.i18n import N_
from portal.namesakes import actions, queries, rules
from portal.namesakes.forms import Settling
from portal.web.forms import Sent, sent
from portal.web.links import go
from portal.web.templating import page
from portal.web.transaction import Session

router = APIRouter()
SentSettling = Annotated[Sent[Settling], Depends(sent(Settling))]
NOT_SAID = N_("It was not said whether they are one person. Go back and press one of the two buttons.")
ONE_PERSON = N_("Noted: the two applications are the same person's. Nothing was merged; decide now what follows.")
TWO_PEOPLE = N_("Noted: they are two people. The pair will not be shown again.")


@router.get("/namesakes")
@allow(Relation.SECRETARY, Relation.AUDITOR)
def list_namesakes(
    request: Request, session: Session, viewer: CurrentViewer,
    after: uuid.UUID | None = None, settled: uuid.UUID | None = None,
) -> Response:  # fmt: skip
    """`after` turns the pages of the open pairs, `settled` those of the settled ones."""
    return page(
        request, "namesakes/list.html", words=words, may_settle=rules.may_settle(viewer),
        waiting=queries.open_pairs(session, viewer, after=after),
        settled=queries.settled_pairs(session, viewer, after=settled),
    )  # fmt: skip


@router.post("/namesakes/{namesake_id}/settle")
@allow(Relation.SECRETARY)
def settle(
    form: SentSettling, request: Request, session: Session, viewer: CurrentViewer, namesake_id: uuid.UUID
) -> Response:
    namesake = queries.lock_visible(session, viewer, namesake_id)
    if not rules.may_settle(viewer):
        raise NotAllowed
    if form.data is None:
        raise Conflict(NOT_SAID)
    actions.settle(session, namesake, is_same=form.data.is_same, by=viewer)
    return go(request, "/namesakes", ONE_PERSON if form.data.is_same else TWO_PEOPLE)
