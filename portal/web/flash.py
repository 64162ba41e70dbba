"""One message that survives one redirect, in a signed cookie."""

import base64
import binascii
import hashlib
import hmac
from dataclasses import dataclass

from starlette.requests import Request

from portal.settings import Settings
from portal.web import cookies

COOKIE = "flash"


@dataclass(frozen=True)
class Flash:
    kind: str
    text: str


def put(request: Request, text: str) -> None:
    settings = _settings(request)
    body = base64.urlsafe_b64encode(text.encode()).decode()
    cookies.keep(request, COOKIE, f"{body}.{_sign(settings, body)}", seconds=60, secure=settings.is_secure)


def take(request: Request) -> list[Flash]:
    """The message of the page before, once; it is gone with this answer."""
    settings = _settings(request)
    body, _dot, signature = request.cookies.get(COOKIE, "").partition(".")
    if not body or not hmac.compare_digest(signature.encode(), _sign(settings, body).encode()):
        return []
    cookies.drop(request, COOKIE, secure=settings.is_secure)
    try:
        return [Flash("success", base64.urlsafe_b64decode(body).decode())]
    except (binascii.Error, UnicodeDecodeError):
        return []


def _sign(settings: Settings, body: str) -> str:
    return hmac.new(settings.key, b"flash:" + body.encode(), hashlib.sha256).hexdigest()[:32]


def _settings(request: Request) -> Settings:
    settings: Settings = request.app.state.settings
    return settings
