"""An author's own result."""

import uuid

from fastapi import APIRouter, Request
from fastapi.responses import Response

from portal.accounts.access import Relation, allow
from portal.accounts.viewer import CurrentViewer
from portal.contests import words as contest_words
from portal.errors import Conflict
from portal.essays import queries as essays
from portal.results import own as results
from portal.results import queries, words
from portal.web.templating import page
from portal.web.transaction import Session

router = APIRouter()


@router.get("/essays/{essay_id}/result")
@allow(Relation.AUTHOR)
def show_own_result(request: Request, session: Session, viewer: CurrentViewer, essay_id: uuid.UUID) -> Response:
    own = essays.get_own(session, viewer, essay_id)
    edition = own.essay.edition
    if not queries.is_public(session, edition):
        raise Conflict(words.NOT_OUT)
    result = results.result(session, edition, own.essay)
    if result is None:
        raise Conflict(words.NO_RESULT)
    return page(
        request, "results/own.html", own=own, essay=own.essay, edition=edition, result=result, words=words,
        language_name=contest_words.language,
    )  # fmt: skip
