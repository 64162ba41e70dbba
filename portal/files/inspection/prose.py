"""What a document says, as plain text: paragraphs with an empty line between, and its notes by themselves."""

import json
import unicodedata
from collections.abc import Iterable
from pathlib import Path

from .limits import Refused

MOST_TEXT = 50_000
MOST_NOTES = 10_000
INVISIBLE = {"Cc", "Cs", "Co", "Cn"}
MARKS = {"\ufeff", "\u00ad"}  # of byte order, and where a word may be parted


def write(target: Path, paragraphs: Iterable[str], notes: Iterable[str] = ()) -> None:
    """As JSON. Refuses what holds no text, or more of it than an essay may have."""
    text, noted = "\n\n".join(_plain(paragraphs)), "\n".join(_plain(notes))
    if not text:
        raise Refused("wordless")
    if len(text) > MOST_TEXT:
        raise Refused("wordy")
    if len(noted) > MOST_NOTES:
        raise Refused("noted")
    target.write_text(json.dumps({"text": text, "notes": noted}))


def _plain(paragraphs: Iterable[str]) -> list[str]:
    return [plain for each in paragraphs if (plain := plain_text(each))]


def plain_text(text: str) -> str:
    """Composed (NFC), with line breaks and without what cannot be seen."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").replace("\t", " ").split("\n")
    return "\n".join(_visible(line).strip() for line in lines).strip()


def _visible(line: str) -> str:
    composed = unicodedata.normalize("NFC", line)
    return "".join(c for c in composed if c not in MARKS and unicodedata.category(c) not in INVISIBLE)


class Measure:
    """Stops a reader that has found more than may be kept."""

    def __init__(self) -> None:
        self.left = MOST_TEXT + MOST_NOTES

    def add(self, text: str) -> str:
        self.left -= len(text)
        if self.left < 0:
            raise Refused("wordy")
        return text
