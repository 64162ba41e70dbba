"""Which language this request is answered in: the address, then the cookie, then the browser; and in which zone."""

from functools import lru_cache
from urllib.parse import unquote, urlencode
from zoneinfo import available_timezones

from starlette.requests import Request

from portal import i18n
from portal.web import cookies

COOKIE = "language"
ZONE = "zone"  # set by portal.js: what the browser's clock goes by
YEAR = 365 * 24 * 3600
SWITCH = "switch_language"  # the buttons in the header of a page with a form


def settle(request: Request, *, secure: bool) -> None:
    """Decides the language of this request, and remembers one that was asked for by address."""
    wanted = request.query_params.get("lang")
    if wanted in i18n.offered():
        cookies.keep(request, COOKIE, str(wanted), seconds=YEAR, secure=secure)
    i18n.use(_of(request, wanted))


def switch(request: Request, wanted: object) -> None:
    """From here on this request is answered in a language that its form asked for."""
    if wanted in i18n.offered():
        cookies.keep(request, COOKIE, str(wanted), seconds=YEAR, secure=request.app.state.settings.is_secure)
        i18n.use(str(wanted))


def _of(request: Request, asked: str | None) -> str:
    for wanted in (asked, request.cookies.get(COOKIE)):
        if wanted in i18n.offered():
            return str(wanted)
    return i18n.best_match(request.headers.get("accept-language", ""))


def zone(request: Request) -> str:
    """A visitor's own, if their browser told it and it is named after a city; else UTC, which is nobody's."""
    told = unquote(request.cookies.get(ZONE, ""))
    return told if told in _cities() else "UTC"


@lru_cache
def _cities() -> frozenset[str]:
    return frozenset(
        each for each in available_timezones() if "/" in each and not each.startswith(("Etc/", "SystemV/"))
    )


def links(request: Request) -> list[dict[str, object]]:
    """The same page in each offered language, for the header."""
    path = request.scope["path"] if request.method in {"GET", "HEAD"} else "/"
    rest = [(key, value) for key, value in request.query_params.multi_items() if key != "lang"]
    return [
        {
            "code": code,
            "name": name,
            "href": f"{path}?{urlencode([*rest, ('lang', code)])}",
            "current": code == i18n.language(),
        }
        for code, name in i18n.offered().items()
    ]
