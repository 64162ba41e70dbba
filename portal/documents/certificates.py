"""What certificates of both streets share: who signs, the digest, the data of a page, and how it becomes a PDF.

A street says what its certificates say (content, kept as JSON) and in which words; the page is the same. Pure but for
the fonts.
"""

import datetime as dt
import functools
import hashlib
import json
import tomllib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from babel.dates import format_date

from portal.documents import codes, typesetting
from portal.i18n import LANGUAGES, N_, Lazy, babel_locale

CHECK = "/certificates/check"
OFFICES: dict[str, Lazy] = {
    "secretary_general": N_("Secretary General"),
    "deputy_secretary_general": N_("Deputy Secretary General"),
}
Names = Mapping[str, str]  # by language; a missing one falls back to English
Words = dict[str, dict[str, str]]
Tongue = Callable[[str, dict[str, str]], dict[str, Any]]


class Signatory(NamedTuple):
    """In whose name it is issued; `office` is a key of the wordings."""

    name: str
    office: str


def languages(spoken: str, *others: str) -> list[str]:
    """English, the holder's, and others. Who uses the portal in English has the first of the others beside it."""
    own = [spoken] if spoken in LANGUAGES and spoken != "en" else list(others[:1])
    return list(dict.fromkeys(("en", *own, *others[1:])))


def digest(content: Mapping[str, Any]) -> str:
    """SHA-256 (hex) over canonical JSON in UTF-8."""
    said = json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(said.encode()).hexdigest()


@functools.cache
def wording(folder: Path, version: int) -> Words:
    """A certificate names the version it was issued in, and is set in it ever after."""
    return tomllib.loads((folder / f"{version}.toml").read_text())


def page(content: Mapping[str, Any], words: Words, address: str, tongue: Tongue) -> dict[str, Any]:
    """What the template prints. `address` is that of the public page; `tongue` gives the title and the body that the
    certificate has in a language with these words, and what the association is called there."""
    origin, number = address.rsplit("/", 2)[0], content["number"]
    tongues = [_tongue(language, words[language], content, tongue) for language in content["languages"]]
    return {
        "title": f"{tongues[0]['title']} {number}",
        "number": number,
        "address": address,
        "page": f"{origin}{CHECK}".removeprefix("https://"),
        "qr": codes.svg(address),
        "name": {
            "native": content["native_name"], "roman": content["roman_name"], "language": content["name_language"],
        },
        "signatory": content["signatory"],
        "tongues": tongues,
    }  # fmt: skip


def _tongue(language: str, words: dict[str, str], content: Mapping[str, Any], tongue: Tongue) -> dict[str, Any]:
    said = {key: words[key] for key in ("programme", "number", "issued", "check")}
    return {
        **said, "language": language, "home": name_in(content["home"], language), "office": words[content["office"]],
        "issued_on": day_in(language, content["issued_on"]), **tongue(language, words),
    }  # fmt: skip


def pdf(page: Mapping[str, Any], issued_on: str) -> bytes:
    """The same page gives the same bytes."""
    at = dt.datetime.combine(dt.date.fromisoformat(issued_on), dt.time(12), dt.UTC)
    return typesetting.pdf("certificate", page, at=at)


def name_in(names: Names, language: str) -> str:
    return names.get(language) or names.get("en", "")


def day_in(language: str, day: str) -> str:
    """A date in full, which no line end divides."""
    written = format_date(dt.date.fromisoformat(day), "long", locale=babel_locale(language))
    return written.replace(" ", "\N{NO-BREAK SPACE}") if language in {"en", "ru"} else written
