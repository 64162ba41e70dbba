"""What everybody reads from the instant on: who was awarded, and the essays whose authors agreed to it."""

from fastapi import APIRouter, Request
from fastapi.responses import Response

from portal.accounts.access import Relation, allow
from portal.accounts.viewer import CurrentViewer
from portal.contests import queries as contests
from portal.contests import words as contest_words
from portal.results import gallery, queries, words
from portal.web.templating import page
from portal.web.transaction import Session

router = APIRouter()
HIDDEN = {"x-robots-tag": "noindex, nofollow"}


@router.get("/contests/{slug}/results")
@allow(Relation.VISITOR)
def show_results(request: Request, session: Session, viewer: CurrentViewer, slug: str, after: str = "") -> Response:
    edition = contests.get_visible(session, viewer, slug)
    if not queries.is_public(session, edition):
        return page(request, "results/not_out.html", edition=edition)
    lines, following = gallery.lines(session, edition, after)
    return _kept_from_searching(
        page(
            request, "results/gallery.html", edition=edition, groups=gallery.grouped(lines), following=following,
            languages=gallery.languages(session, lines), after=after, words=words, language_name=contest_words.language,
            kept=[] if after else gallery.kept(session, edition),
            members=[] if after else queries.members(session, edition),
        ),
        is_minor=any(line.is_minor and (line.is_named or line.shows_text) for line in lines),
    )  # fmt: skip


@router.get("/contests/{slug}/results/{code}")
@allow(Relation.VISITOR)
def read_essay(
    request: Request, session: Session, viewer: CurrentViewer, slug: str, code: str, text: str = ""
) -> Response:
    """`text` is the language to read it in."""
    edition = contests.get_visible(session, viewer, slug)
    found = gallery.read(session, edition, code)
    translation = found.in_language(text)
    return _kept_from_searching(
        page(
            request, "results/essay.html", edition=edition, found=found, line=found.line, translation=translation,
            words=words, language_name=contest_words.language,
        ),
        is_minor=found.line.is_minor,
    )  # fmt: skip


def _kept_from_searching(answer: Response, *, is_minor: bool) -> Response:
    """What tells of somebody under age is for readers, not for search engines."""
    if is_minor:
        answer.headers.update(HIDDEN)
    return answer
