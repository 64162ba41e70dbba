"""An agreement as its PDF shows it: plain data for templates/documents/agreement.typ. Pure."""

import datetime as dt
from collections.abc import Callable, Mapping
from typing import Any
from zoneinfo import ZoneInfo

from portal.agreements import wording
from portal.agreements.models import Party, Signature
from portal.agreements.rules import Standing
from portal.i18n import offset

TEMPLATE = "agreement"
Words = Mapping[str, wording.Text]
Said = tuple[str, str]  # a language, and words in it


def data(standing: Standing) -> dict[str, Any]:
    """The same for the same agreement. A draft has no number yet, and says so."""
    content = standing.content
    words = {language: wording.text(content["wording"], language) for language in content["texts"]}
    return {
        "number": standing.agreement.number if standing.agreement else _joined(words, "draft"),
        "number-label": _joined(words, "number"),
        "title": content["texts"]["en"]["title"],
        "texts": [{"language": language, **text} for language, text in content["texts"].items()],
        "confirmations": _said_by_all(words, lambda said: said["confirmations"]),
        "parties": [_party(party, standing, words) for party in standing.parties],
        "proof": [
            [_joined(words, "wording"), content["wording"]],
            [_joined(words, "digest"), _grouped(standing.digest)],
        ],
    }


def _party(party: Party, standing: Standing, words: Words) -> dict[str, Any]:
    signature = standing.signed.get(party)
    role = _said_by_all(words, lambda said: said["parties"][party])
    notes = _notes(signature, standing, words) if signature else [_said_by_all(words, lambda said: said["waiting"])]
    return {"role": role, "name": signature.name if signature else "", "notes": notes}


def _notes(signature: Signature, standing: Standing, words: Words) -> list[list[Said]]:
    """Lines: when, in UTC and where the call decides, and in which way. Numbers read the same in every language."""
    zone = standing.placement.opening.call.zone
    lines = [[("en", _minute(signature.signed_at, each))] for each in dict.fromkeys(("UTC", zone))]
    return [*lines, _said_by_all(words, lambda said: said["on_paper"])] if signature.scan_id else lines


def _said_by_all(words: Words, what: Callable[[wording.Text], str]) -> list[Said]:
    return [(language, what(said)) for language, said in words.items()]


def _minute(at: dt.datetime, zone: str) -> str:
    local = at.astimezone(ZoneInfo(zone))
    return f"{local:%Y-%m-%d %H:%M} ({offset(local)})"


def _joined(words: Words, name: str) -> str:
    return " / ".join(dict.fromkeys(said[name] for said in words.values()))


def _grouped(digest: str) -> str:
    """In eights, so that it can be compared by eye."""
    return " ".join(digest[start : start + 8] for start in range(0, len(digest), 8))
