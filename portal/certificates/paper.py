"""The certificate as a PDF: its content in the words of its own version of the wording. Pure but for the fonts."""

import datetime as dt
import functools
import tomllib
from pathlib import Path
from typing import Any

from babel.dates import format_date

from portal.documents import codes, typesetting
from portal.i18n import babel_locale
from portal.registry.sources import organisation

WORDINGS = Path(__file__).parent / "wordings"
Words = dict[str, dict[str, str]]


def pdf(content: dict[str, Any], origin: str) -> bytes:
    """The same content and the same address of the portal give the same bytes."""
    day = dt.date.fromisoformat(content["issued_on"])
    at = dt.datetime.combine(day, dt.time(12), dt.UTC)
    return typesetting.pdf("certificate", page(content, origin), at=at)


def page(content: dict[str, Any], origin: str) -> dict[str, Any]:
    """What the template prints."""
    words, number = wording(content["wording"]), content["number"]
    address = f"{origin}/certificates/{number}"
    return {
        "title": f"{words['en']['title']} {number}",
        "number": number,
        "address": address,
        "page": f"{origin}/certificates/check".removeprefix("https://"),
        "qr": codes.svg(address),
        "name": {
            "native": content["native_name"], "roman": content["roman_name"], "language": content["name_language"],
        },
        "signatory": content["signatory"],
        "tongues": [_tongue(language, words[language], content) for language in content["languages"]],
    }  # fmt: skip


@functools.cache
def wording(version: int) -> Words:
    return tomllib.loads((WORDINGS / f"{version}.toml").read_text())


def _tongue(language: str, words: dict[str, str], content: dict[str, Any]) -> dict[str, str]:
    body = words["body"].format(
        opening=content["opening"], host=content["host"], government=_name(content["government"], language),
        first=day_in(language, content["starts_on"]), last=day_in(language, content["ends_on"]),
        hours=content["hours"],
    )  # fmt: skip
    said = {key: words[key] for key in ("title", "programme", "number", "issued", "check")}
    return {
        **said, "language": language, "body": body, "association": _name(organisation()["names"], language),
        "home": _name(content["home"], language), "office": words[content["office"]],
        "issued_on": day_in(language, content["issued_on"]),
    }  # fmt: skip


def _name(names: dict[str, str], language: str) -> str:
    return names.get(language) or names["en"]


def day_in(language: str, day: str) -> str:
    """A date in full, which no line end divides."""
    written = format_date(dt.date.fromisoformat(day), "long", locale=babel_locale(language))
    return written.replace(" ", "\N{NO-BREAK SPACE}") if language in {"en", "ru"} else written
