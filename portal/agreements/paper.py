"""An agreement as its PDF shows it: plain data for templates/documents/agreement.typ. Pure."""

import datetime as dt
from collections.abc import Mapping
from typing import Any
from zoneinfo import ZoneInfo

from portal.agreements import wording
from portal.agreements.models import Party, Signature
from portal.agreements.rules import Standing
from portal.i18n import offset

TEMPLATE = "agreement"


def data(standing: Standing) -> dict[str, Any]:
    """The same for the same agreement. A draft has no number yet, and says so."""
    content = standing.content
    words = {language: wording.text(content["wording"], language) for language in content["texts"]}
    return {
        "number": standing.agreement.number if standing.agreement else _joined(words, "draft"),
        "number-label": _joined(words, "number"),
        "title": content["texts"]["en"]["title"],
        "texts": [{"language": language, **text} for language, text in content["texts"].items()],
        "confirmations": [[language, said["confirmations"]] for language, said in words.items()],
        "parties": [_party(party, standing, words) for party in standing.parties],
        "proof": [
            [_joined(words, "wording"), content["wording"]],
            [_joined(words, "digest"), standing.digest],
        ],
    }


def _party(party: Party, standing: Standing, words: Mapping[str, wording.Text]) -> dict[str, Any]:
    signature = standing.signed.get(party)
    role = [[language, said["parties"][party]] for language, said in words.items()]
    if signature is None:
        return {"role": role, "name": "", "notes": [[language, said["waiting"]] for language, said in words.items()]}
    return {"role": role, "name": signature.name, "notes": _notes(signature, standing, words)}


def _notes(signature: Signature, standing: Standing, words: Mapping[str, wording.Text]) -> list[list[str]]:
    """When, and in which way; numbers read the same in every language."""
    zone = standing.placement.opening.call.zone
    when = [["en", f"{_minute(signature.signed_at, 'UTC')} · {_minute(signature.signed_at, zone)}"]]
    paper = [[language, said["on_paper"]] for language, said in words.items()] if signature.scan_id else []
    return when + paper


def _minute(at: dt.datetime, zone: str) -> str:
    local = at.astimezone(ZoneInfo(zone))
    return f"{local:%Y-%m-%d %H:%M} ({offset(local)})"


def _joined(words: Mapping[str, wording.Text], name: str) -> str:
    return " / ".join(dict.fromkeys(said[name] for said in words.values()))
