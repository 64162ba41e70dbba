"""What a guardian, or somebody of age, reads before deciding: sentences that are data, in all six languages. Pure.

A version is a folder of texts, one file a language. Once somebody has decided under a version its files are never
edited again, not even to mend a comma: the digest that is kept with each decision is that of these very sentences.
New sentences are a new folder, and `VERSION` names it.
"""

import datetime as dt
import enum
import hashlib
import json
import uuid
from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

from portal import i18n
from portal.consents.models import Programme, Purpose
from portal.i18n import LANGUAGES, SOURCE

VERSION = "2026-1"
FOLDER = Path(__file__).parent / "texts"
Text = Mapping[str, Any]


class Reader(enum.StrEnum):
    """Who reads: a minor's guardian, or the person, who then is spoken to."""

    GUARDIAN = "guardian"
    OWN = "own"


class About(NamedTuple):
    """Somebody's part in an edition or a call, as the text tells of it; `titles` map language codes."""

    programme: Programme
    person: str
    titles: Mapping[str, str]
    zone: str
    edition_id: uuid.UUID | None = None

    def title(self, language: str) -> str:
        return self.titles.get(language) or self.titles[SOURCE]


class Section(NamedTuple):
    heading: str
    paragraphs: Sequence[str]


class Question(NamedTuple):
    text: str
    hint: str


class Reading(NamedTuple):
    """The whole text as it is read. `digest` is SHA-256 (hex) of the sentences before names are filled in."""

    language: str
    title: str
    lead: str
    sections: Sequence[Section]
    questions: Mapping[Purpose, Question]
    digest: str


@lru_cache
def text(language: str, version: str = VERSION) -> Text:
    """All sentences of a version; in English for a language that is none of the six."""
    known = language if language in LANGUAGES else SOURCE
    found: Text = json.loads((FOLDER / version / f"{known}.json").read_text(encoding="utf-8"))
    return found


def reading(about: About, language: str, reader: Reader, *, guardian: str = "", version: str = VERSION) -> Reading:
    bare = _shown(text(language, version), about.programme, reader)
    words = {"person": about.person, "guardian": guardian, "title": about.title(language)}
    filled = _filled(bare, words)
    return Reading(
        language, filled["title"], filled["lead"], [Section(*each) for each in filled["sections"]],
        {Purpose(name): Question(*each) for name, each in filled["questions"].items()}, _digest(bare),
    )  # fmt: skip


def digest(language: str, programme: Programme, reader: Reader, version: str = VERSION) -> str:
    return _digest(_shown(text(language, version), programme, reader))


def purposes(language: str, programme: Programme) -> Mapping[Purpose, str]:
    """What the purposes are called in short."""
    return {Purpose(name): each for name, each in text(language)["purposes"][programme.value].items()}


def instant(at: dt.datetime, zone: str, language: str) -> str:
    """As `i18n.instant`, in the language of the text."""
    with i18n.speaking(language):
        return i18n.instant(at, zone)


def _shown(words: Text, programme: Programme, reader: Reader) -> dict[str, Any]:
    """The sentences that this reader sees about this programme, in their order."""
    hints, questions = words["hints"], words["questions"][reader.value][programme.value]
    return {
        **words["lead"][reader.value][programme.value],
        "sections": [[each["heading"], _paragraphs(each, programme, reader)] for each in words["sections"]],
        "questions": {
            purpose.value: [
                questions[purpose.value],
                hints["take_part"][programme.value] if purpose is Purpose.TAKE_PART else hints["others"],
            ]
            for purpose in Purpose
        },
    }


def _paragraphs(section: Mapping[str, str], programme: Programme, reader: Reader) -> list[str]:
    return [section[key] for key in (programme.value, "all", reader.value) if key in section]


def _filled(part: Any, words: Mapping[str, str]) -> Any:
    if isinstance(part, str):
        return part.format(**words)
    if isinstance(part, list):
        return [_filled(each, words) for each in part]
    return {key: _filled(each, words) for key, each in part.items()}


def _digest(shown: Any) -> str:
    canonical = json.dumps(shown, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()
