"""The door of the pages that check the numbers of documents: who guesses is stopped after some tries.

Looked up and counted outside the request's transaction, so that what ends in an error counts all the same.
"""

from collections.abc import Iterable

from fastapi import Request
from starlette.responses import Response

from portal.accounts import throttle
from portal.accounts.entrance import database, network
from portal.documents import numbers
from portal.documents.certificates import CHECK
from portal.errors import NotFound
from portal.i18n import N_

CHECKS = "60 per 15 minutes"
UNKNOWN = N_("There is no certificate with this number. Compare it with the paper, sign by sign, and type it again.")
HIDDEN = {"x-robots-tag": "noindex, nofollow"}


def known(request: Request, meant: Iterable[tuple[numbers.Kind, str]]) -> str:
    """The address of the public page of the first of these that there is. Raises NotFound, and after some TooMany."""
    with database(request).session(writes=False) as session:
        for kind, number in meant:
            if kind.is_known(session, number):
                return f"{kind.path}{number}"
    throttle.admit(database(request), [throttle.limit(CHECKS, "certificate-numbers", network(request))])
    raise NotFound(UNKNOWN, link=(CHECK, N_("Type the number again")))


def known_as(request: Request, prefix: str, typed: str) -> None:
    """The same for numbers of one kind."""
    known(request, (each for each in numbers.meant(typed) if each[0].prefix == prefix))


def hidden(answer: Response) -> Response:
    """No search engine keeps it."""
    answer.headers.update(HIDDEN)
    return answer
