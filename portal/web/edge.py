"""The outermost layer, pure ASGI: language, host, size of the body, cross-origin check, headers, last-resort errors."""

import secrets

import structlog
from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from portal import i18n
from portal.errors import NotAllowed, NotFound, PortalError, TooLarge
from portal.i18n import N_
from portal.settings import LOOPBACK, Settings
from portal.web import cookies, headers, locale
from portal.web.errors import error_page
from portal.web.origin import is_cross_origin

log = structlog.get_logger()
FORM_LIMIT = 1_000_000
ANOTHER_SITE = N_("This request came from another site, so nothing was changed. Open the page here and try again.")
LARGE = N_("What you sent is larger than is accepted here. Choose a smaller file or a shorter text.")


class Edge:
    """Wraps the whole application; no exception passes it."""

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self.app = app
        self.settings = settings
        self.limit = settings.upload_limit_mb * 1_000_000 + FORM_LIMIT

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        request = Request(scope)
        request.state.reference = secrets.token_hex(4)
        locale.settle(request, secure=self.settings.is_secure)
        await self._answer(request, Counted(receive, self.limit), Dressed(request, send, self.settings))

    async def _answer(self, request: Request, receive: "Counted", send: "Dressed") -> None:
        refused = self._refusal(request)
        if refused is not None:
            await error_page(request, refused)(request.scope, receive, send)
            return
        try:
            await self.app(request.scope, receive, send)
        except Exception as error:
            # The form's content stays out of the log: the route and the reference are enough.
            log.exception("failed", reference=request.state.reference, route=_route(request.scope))
            if not send.started:
                known = error if isinstance(error, PortalError) else PortalError()
                await error_page(request, known)(request.scope, receive, send)

    def _refusal(self, request: Request) -> PortalError | None:
        if not self._knows(request.headers.get("host", "")):
            return NotFound()
        if is_cross_origin(request.method, request.headers, self.settings.public_host):
            return NotAllowed(ANOTHER_SITE)
        if _declared_length(request.headers) > self.limit:
            return TooLarge(LARGE)
        return None

    def _knows(self, host: str) -> bool:
        """Only the configured host is answered; a machine that serves itself has several names."""
        own = self.settings.public_host
        return host == own or (_name(host) in LOOPBACK and _name(own) in LOOPBACK)


class Counted:
    """`receive` with a limit on the body: a declared length can be missing or a lie."""

    def __init__(self, receive: Receive, limit: int) -> None:
        self.receive, self.left = receive, limit

    async def __call__(self) -> Message:
        message = await self.receive()
        self.left -= len(message.get("body", b""))
        if self.left < 0:
            raise TooLarge(LARGE)
        return message


class Dressed:
    """`send` with the security headers and the waiting cookies put on."""

    def __init__(self, request: Request, send: Send, settings: Settings) -> None:
        self.request, self.send, self.secure = request, send, settings.is_secure
        self.started = False

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.started = True
            self._dress(MutableHeaders(scope=message))
        await self.send(message)

    def _dress(self, answer: MutableHeaders) -> None:
        answer.update(headers.to_add(set(answer.keys()), secure=self.secure))
        if not self.request.scope["path"].startswith("/static/"):  # a file is the same for everybody
            answer.setdefault("content-language", i18n.language())
            answer.add_vary_header("Accept-Language, Cookie, HX-Request")
        for line in cookies.waiting(self.request).values():
            answer.append("set-cookie", line)


def _name(host: str) -> str:
    name, _colon, port = host.rpartition(":")
    return (name if port.isdigit() and name else host).strip("[]")


def _declared_length(found: Headers) -> int:
    declared = found.get("content-length", "")
    return int(declared) if declared.isdigit() and len(declared) < 20 else 0


def _route(scope: Scope) -> str:
    return getattr(scope.get("route"), "path", "?")
