"""What all pages about an order share."""

from typing import Any

from fastapi import Request
from fastapi.responses import Response

from portal.accounts.access import Relation
from portal.accounts.viewer import Viewer
from portal.contests import words as contest_words
from portal.contests.models import Edition
from portal.contests.words import language
from portal.judging import rules as judging
from portal.judging.models import Round
from portal.standings import rules, telling, words
from portal.web.templating import page

STAFF = (Relation.SECRETARY, Relation.AUDITOR, Relation.SCREENER)


def round_of(edition: Edition, asked: str) -> Round:
    """A round that the edition does not have is as good as none."""
    return next((each for each in judging.rounds(edition) if each.value == asked), Round.FIRST)


def standings_page(
    request: Request, name: str, viewer: Viewer, edition: Edition, round_: Round, title: str, here: str,
    status: int = 200, **context: Any,
) -> Response:  # fmt: skip
    return page(
        request, f"standings/{name}.html", status, edition=edition, round_=round_, rounds=judging.rounds(edition),
        title=title, here=here, words=words, contest_words=contest_words, language_name=language, shown=telling.shown,
        percent=telling.percent, not_identified=telling.NOT_IDENTIFIED, not_defined=telling.NOT_DEFINED,
        page_size=telling.PAGE, may_take_away=rules.may_take_away(viewer, edition), **context,
    )  # fmt: skip
