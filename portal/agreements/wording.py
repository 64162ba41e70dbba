"""The text of the agreement: sentences that are data, so that what was signed never changes. Pure.

A version of the wording is a folder of texts, one file a language, and is never edited once somebody has signed it:
new sentences are a new version.
"""

import datetime as dt
import hashlib
import json
from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

from babel.dates import format_date
from babel.numbers import format_currency

from portal.i18n import SOURCE, babel_locale

VERSION = "2027-2"
FOLDER = Path(__file__).parent / "texts"
Text = Mapping[str, Any]


@lru_cache
def text(version: str, language: str) -> Text:
    found: Text = json.loads((FOLDER / version / f"{language}.json").read_text())
    return found


def languages(*wanted: str) -> list[str]:
    """English, then the others once each, in the order given."""
    return list(dict.fromkeys((SOURCE, *wanted)))


def content(facts: Mapping[str, Any], wanted: Sequence[str], *, needs_guardian: bool) -> dict[str, Any]:
    """What the parties confirm, as plain data: the facts, and the whole text in each language."""
    texts = {language: _filled(text(VERSION, language), facts, language) for language in wanted}
    return {"wording": VERSION, "needs_guardian": needs_guardian, "facts": dict(facts), "texts": texts}


def digest(content: Mapping[str, Any]) -> str:
    """SHA-256 (hex) of the content as canonical JSON in UTF-8."""
    canonical = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()


def is_outdated(agreed: Mapping[str, Any], today: Mapping[str, Any]) -> bool:
    """Whether what the text tells of is not so any more; that there is a newer wording changes nothing."""
    return any(agreed[part] != today[part] for part in ("facts", "needs_guardian")) or [*agreed["texts"]] != [
        *today["texts"]
    ]


def _filled(words: Text, facts: Mapping[str, Any], language: str) -> dict[str, Any]:
    values = {**facts, **_said(words, facts, language)}
    rows = [[label, str(_in(values[name], language))] for name, label in words["rows"].items()]
    return {"title": words["title"], "intro": words["intro"], "rows": rows, "sections": words["sections"]}


def _said(words: Text, facts: Mapping[str, Any], language: str) -> dict[str, str]:
    """The facts that every language words in its own way."""
    benefits = [_benefit(words, each, language) for each in facts["benefits"]]
    note = [facts["benefits_note"]] if facts["benefits_note"] else []
    return {
        "presence": words["presence"][facts["presence"]],
        "starts_on": _day(facts["starts_on"], language),
        "ends_on": _day(facts["ends_on"], language),
        "benefits": "\n".join([*benefits, *note]) or words["no_benefits"],
    }


def _in(value: Any, language: str) -> Any:
    """A name that each language has its own form of is given as a mapping."""
    return value[language] if isinstance(value, Mapping) else value


def _day(iso: str, language: str) -> str:
    return format_date(dt.date.fromisoformat(iso), "long", locale=babel_locale(language))


def _benefit(words: Text, benefit: Mapping[str, Any], language: str) -> str:
    sentence: str = words["benefit_noted" if benefit["note"] else "benefit"]
    what, payer = words["whats"][benefit["what"]], words["payers"][benefit["payer"]]
    return sentence.format(what=what, note=benefit["note"], amount=_amount(words, benefit, language), payer=payer)


def _amount(words: Text, benefit: Mapping[str, Any], language: str) -> str:
    if benefit["amount"] is None:
        return str(words["in_kind"])
    money = format_currency(
        benefit["amount"], benefit["currency"], "¤¤ #,##0", locale=babel_locale(language), currency_digits=False
    )
    return str(words["pers"][benefit["per"]].format(amount=money))
