"""Compressing answers for who reads gzip; most readers are far away."""

import re

from starlette.datastructures import Headers
from starlette.middleware.gzip import GZipMiddleware
from starlette.types import Receive, Scope, Send

ACCEPTED = b"accept-encoding"
NOUGHT = re.compile(r"q=0(\.0*)?")


class Compressed(GZipMiddleware):
    """Starlette's looks only for the four letters; so what is inside learns no more than whether gzip is read.

    Static files compress themselves: each form has a strong ETag, which other bytes must not share.
    """

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            scope = _in_a_word(scope)
        if scope.get("path", "").startswith("/static/"):
            await self.app(scope, receive, send)
        else:
            await super().__call__(scope, receive, send)


def _in_a_word(scope: Scope) -> Scope:
    accepted = ",".join(Headers(scope=scope).getlist(ACCEPTED.decode()))
    others = [(name, value) for name, value in scope["headers"] if name != ACCEPTED]
    return {**scope, "headers": [*others, (ACCEPTED, b"gzip" if reads_gzip(accepted) else b"identity")]}


def reads_gzip(accepted: str) -> bool:
    """Whether an Accept-Encoding names gzip, or else anything, with a weight above nought (RFC 9110, 12.5.3)."""
    weights = {}
    for each in accepted.lower().split(","):
        name, _semicolon, weight = each.partition(";")
        weights[name.strip()] = weight.replace(" ", "")
    found = weights.get("gzip", weights.get("*"))
    return found is not None and not NOUGHT.fullmatch(found)
