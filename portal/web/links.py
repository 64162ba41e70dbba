"""Addresses within the portal; none is ever made from the Host header."""

from urllib.parse import urlencode, urlsplit

from starlette.requests import Request
from starlette.responses import RedirectResponse

from portal.web import flash


def go(request: Request, path: str, message: object = None) -> RedirectResponse:
    """The answer to a change: see the page at `path`, with `message` at its top."""
    if message is not None:
        flash.put(request, str(message))
    return RedirectResponse(path, 303)


def sign_in_first(request: Request) -> str:
    query = request.scope["query_string"].decode("latin-1")
    here = request.scope["path"] + (f"?{query}" if query else "")
    return f"/sign-in?{urlencode({'next': here})}"


def within(path: str, otherwise: str = "/") -> str:
    """`path` if it is an address of this portal, else `otherwise`: no open redirect."""
    parts = urlsplit(path.replace("\\", "/"))
    plain = all(32 < ord(c) < 127 for c in path)
    inside = path.startswith("/") and not path.startswith(("//", "/\\")) and not parts.scheme and not parts.netloc
    return path if inside and plain else otherwise
