"""Error pages: in the reader's language, saying what to do, with a reference number and nothing else."""

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from sqlalchemy.exc import DataError
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse, RedirectResponse, Response

from portal.errors import Conflict, NotAllowed, NotFound, NotSignedIn, PortalError, TooLarge, TooMany
from portal.i18n import N_, Lazy
from portal.web.links import sign_in_first
from portal.web.templating import page

TITLES: dict[int, Lazy] = {
    400: N_("That request could not be read"),
    401: N_("Sign in first"),
    403: N_("This is not yours to do"),
    404: N_("Page not found"),
    405: N_("That cannot be done here"),
    409: N_("This is not possible at the moment"),
    413: N_("That is too large"),
    429: N_("Too many attempts"),
    500: N_("Something went wrong on our side"),
}
ADVICE: dict[int, Lazy] = {
    400: N_("Go back, reload the page and try again."),
    401: N_("You are not signed in, or you were signed out after a pause. Sign in, go back and send it again."),
    403: N_("Your account may see this, but another role decides it. Ask the secretariat if you think this is wrong."),
    404: N_("Check the address. If you followed a link, what it led to may not be open to your account."),
    405: N_("Go back and use the buttons on the page."),
    409: N_("The state has changed, or a date has passed. Go back and reload the page to see where things stand."),
    413: N_("Choose a smaller file or a shorter text, then send it again."),
    429: N_("Wait a few minutes, then try again."),
    500: N_("Nothing was changed. Try again in a minute; if it goes on, send the secretariat the reference below."),
}


def install(app: FastAPI) -> None:
    app.add_exception_handler(PortalError, _portal_error)  # type: ignore[arg-type]
    app.add_exception_handler(RequestValidationError, _bad_address)
    app.add_exception_handler(HTTPException, _http_error)  # type: ignore[arg-type]
    app.add_exception_handler(DataError, _data_error)  # type: ignore[arg-type]


def error_page(request: Request, error: PortalError) -> Response:
    """The page, or JSON under /api."""
    if request.scope["path"].startswith("/api/"):
        return JSONResponse({"error": str(TITLES[error.status]), "reference": _reference(request)}, error.status)
    if error.status == 401 and request.method in {"GET", "HEAD"}:
        return RedirectResponse(sign_in_first(request), 303)
    context = {
        "title": TITLES[error.status],
        "advice": error.reason or ADVICE[error.status],
        "reference": _reference(request),
        "code": error.status,
        "link": error.link,
    }
    return page(request, "error.html", error.status, **context)


def _portal_error(request: Request, error: PortalError) -> Response:
    return error_page(request, error)


def _bad_address(request: Request, _error: Exception) -> Response:
    return error_page(request, NotFound())


def _data_error(request: Request, error: DataError) -> Response:
    """No text of ours holds NUL, and PostgreSQL refuses even to look for one: there is no such thing."""
    if "NUL" not in str(error.orig):
        raise error
    return error_page(request, NotFound())


def _http_error(request: Request, error: HTTPException) -> Response:
    known = {kind.status: kind for kind in (NotSignedIn, NotAllowed, NotFound, Conflict, TooLarge, TooMany)}
    plain = known.get(error.status_code, PortalError)()
    plain.status = error.status_code if error.status_code in TITLES else 400 if error.status_code < 500 else 500
    answer = error_page(request, plain)
    answer.headers.update(error.headers or {})
    return answer


def _reference(request: Request) -> str:
    return str(getattr(request.state, "reference", ""))
