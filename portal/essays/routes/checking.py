"""What an author sees before sending: every check with its sentence, and the essay as its judges will read it."""

import uuid

from fastapi import APIRouter, Request
from fastapi.responses import Response

from portal.accounts.access import Relation, allow
from portal.accounts.viewer import CurrentViewer
from portal.clock import now
from portal.contests import words as contest_words
from portal.errors import Conflict
from portal.essays import actions, checks, queries, rules, telling, words
from portal.web.templating import page
from portal.web.transaction import Session

router = APIRouter()


@router.get("/essays/{essay_id}/check")
@allow(Relation.AUTHOR)
def check_essay(request: Request, session: Session, viewer: CurrentViewer, essay_id: uuid.UUID) -> Response:
    own = queries.get_own(session, viewer, essay_id)
    essay, edition = own.essay, own.essay.edition
    why_not = rules.why_not_written(essay, edition, now())
    if why_not:
        raise Conflict(why_not)
    missing = actions.missing(session, own)
    parts = {part: getattr(essay, part) for part in telling.PARTS}
    passages = telling.find(queries.known(session, own), **parts)
    return page(
        request, "essays/check.html", own=own, essay=essay, edition=edition, missing=missing,
        lines=checks.lines(own, essay, edition, missing, passages), marked=telling.marked(passages, **parts),
        passages=[(passage, parts[passage.part][passage.begins : passage.ends]) for passage in passages],
        states=checks.CHECKED, words=words, contest_words=contest_words,
    )  # fmt: skip
