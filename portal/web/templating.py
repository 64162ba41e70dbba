"""Pages: one Jinja environment, the languages by context variable, and what every page may use."""

import datetime as dt
import uuid
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from jinja2 import ChoiceLoader, Environment, FileSystemLoader, PackageLoader, PrefixLoader, select_autoescape
from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from portal import i18n
from portal.clock import now
from portal.web import flash, locale
from portal.web.static import static

TEMPLATES = Path(__file__).parent.parent.parent / "templates"


@lru_cache
def environment() -> Environment:
    govuk = PackageLoader("govuk_frontend_jinja")
    loader = ChoiceLoader([FileSystemLoader(TEMPLATES), PrefixLoader({"govuk_frontend_jinja": govuk})])
    made = Environment(
        loader=loader,
        autoescape=select_autoescape(default=True, default_for_string=True),
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n", "jinja2.ext.do"],
    )
    made.install_gettext_callables(i18n.gettext, i18n.ngettext, newstyle=True)  # type: ignore[attr-defined]
    made.filters.update(day=i18n.day, month=i18n.month, instant=i18n.instant, deadline=i18n.deadline, city=i18n.city)
    made.filters.update(duration=i18n.duration, listing=i18n.listing, number=i18n.number)
    made.filters.update(said=said)
    made.globals.update(static=static, new_key=uuid.uuid4, now=now, language_names=i18n.LANGUAGES)
    made.globals.update(between=i18n.between)
    return made


def render(name: str, **context: Any) -> str:
    return environment().get_template(name).render(language=i18n.language(), **context)


def page(request: Request, name: str, status: int = 200, **context: Any) -> Response:
    """A whole page. A fragment for htmx is a template whose name begins with an underscore."""
    return HTMLResponse(render(name, **_common(request), **context), status)


def _common(request: Request) -> dict[str, Any]:
    viewer = getattr(request.state, "viewer", None)
    state = request.app.state
    return {
        "request": request,
        "path": request.scope["path"],
        "viewer": viewer,
        "languages": locale.links(request),
        "navigation": state.navigation(viewer, request.scope["path"]),
        "flashes": flash.take(request),
        "demonstration": state.settings.demonstration,
        "zone": viewer.zone if viewer is not None and viewer.is_signed_in else locale.zone(request),
    }


def said(text: str | Mapping[str, str] | None, written: str = "") -> Markup | str:
    """What somebody wrote, marked with its language where the page has another; by its letters if nobody said which.

    Of texts by language it is the reader's, else the one that is always there.
    """
    here = i18n.language()
    if isinstance(text, Mapping):
        written = here if text.get(here) else i18n.SOURCE
        text = text.get(written, "")
    code = written or i18n.written_in(text or "", here)
    return text or "" if not text or code in ("", here) else Markup('<span lang="{}">{}</span>').format(code, text)


def iso(at: dt.datetime) -> str:
    return at.astimezone(dt.UTC).isoformat(timespec="seconds")
