"""120 short texts in six languages, written for these tests, with the passages that tell who wrote them marked.

A file a language. A text begins with a line "@ native name | Latin name | school | e-mail"; {kind|passage} marks what
must be found, and everything else must not be. The authors are invented.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from portal.essays.telling import Kind, Known

HERE = Path(__file__).parent
LANGUAGES = ("en", "zh-Hans", "ja", "ko", "mn", "ru")
_MARK = re.compile(r"\{(\w+)\|([^}]+)\}")


@dataclass(frozen=True)
class Labelled:
    language: str
    known: Known
    text: str
    passages: tuple[tuple[int, int, Kind], ...]


def all_of(language: str) -> list[Labelled]:
    return [_read(language, block) for block in (HERE / f"{language}.txt").read_text().strip().split("\n\n")]


def _read(language: str, block: str) -> Labelled:
    head, body = block.split("\n", 1)
    native, roman, school, email = (each.strip() for each in head.removeprefix("@").split("|"))
    text = _MARK.sub(r"\2", body)
    return Labelled(language, Known(native, roman, "", school, (email,)), text, tuple(_passages(body)))


def _passages(body: str) -> Iterator[tuple[int, int, Kind]]:
    marks = 0
    for found in _MARK.finditer(body):
        begins = found.start() - marks
        marks += len(found.group()) - len(found[2])
        yield begins, begins + len(found[2]), Kind(found[1])


TEXTS = [each for language in LANGUAGES for each in all_of(language)]
