"""Cookies to set with the answer, whoever makes the answer."""

from http.cookies import SimpleCookie

from starlette.requests import Request


def keep(request: Request, name: str, value: str, *, seconds: int | None, secure: bool) -> None:
    """Asks the edge to set a cookie; `seconds` None lets it end with the browser's session."""
    jar: SimpleCookie = SimpleCookie()
    jar[name] = value
    for attribute, given in {"path": "/", "httponly": True, "samesite": "Lax", "secure": secure}.items():
        jar[name][attribute] = given
    if seconds is not None:
        jar[name]["max-age"] = seconds
    waiting(request)[name] = jar[name].OutputString()


def drop(request: Request, name: str, *, secure: bool) -> None:
    keep(request, name, "", seconds=0, secure=secure)


def waiting(request: Request) -> dict[str, str]:
    """Set-Cookie lines by cookie name; the last word on a name counts."""
    found: dict[str, str] = request.scope.setdefault("state", {}).setdefault("cookies", {})
    return found
