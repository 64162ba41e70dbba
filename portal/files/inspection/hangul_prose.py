"""The text of an HWPX (OWPML, KS X 6101).

Text are the paragraphs of all sections in their order, in tables and text boxes too. Not text are headers and footers,
page numbers, hidden comments and memos, what was deleted while changes were tracked, formulas, descriptions of
pictures, and the small text above or below other text (dutmal). Footnotes and endnotes are notes.
"""

import re
import zipfile
from pathlib import Path
from typing import Any

from . import prose
from .parts import attribute, child, children, local, part

PACKAGE = "Contents/content.hpf"
SECTION = re.compile(r"Contents/section(\d+)\.xml$", re.IGNORECASE)
PASSED_OVER = {"secPr", "linesegarray", "shapeComment", "script", "subText", "default", "parameters", "metaTag"}
SAID = {"lineBreak": "\n", "tab": " ", "nbSpace": "\u00a0", "fwSpace": "\u3000"}
NOTES = {"footNote", "endNote"}
CHANGES = {"deleteBegin": 1, "deleteEnd": -1}


def inspect(source: Path, target: Path) -> None:
    reader = _Reader(prose.Measure())
    with zipfile.ZipFile(source) as archive:
        for name in _sections(archive):
            reader.blocks(part(archive, name))
    prose.write(target, reader.paragraphs, reader.notes)


def _sections(archive: zipfile.ZipFile) -> list[str]:
    """In the order of the spine; those that it does not name after them."""
    package = part(archive, PACKAGE)
    hrefs = {one.get("id"): one.get("href", "") for one in children(child(package, "manifest"), "item")}
    spine = child(package, "spine")
    read = [hrefs.get(one.get("idref"), "") for one in spine] if spine is not None else []
    there = {name: int(found[1]) for name in archive.namelist() if (found := SECTION.match(name))}
    return [name for name in dict.fromkeys([*read, *sorted(there, key=there.__getitem__)]) if name in there]


class _Reader:
    """Gathers paragraphs and notes."""

    def __init__(self, measure: prose.Measure) -> None:
        self.measure = measure
        self.paragraphs: list[str] = []
        self.notes: list[str] = []
        self.deleted = 0

    def blocks(self, parent: Any) -> None:
        for one in parent:
            if local(one) == "p":
                self._paragraph(one)
            elif local(one) == "ctrl":
                self._control(one)
            elif local(one) not in PASSED_OVER:
                self.blocks(one)

    def _paragraph(self, paragraph: Any) -> None:
        pieces: list[str] = []
        objects: list[Any] = []
        for run in children(paragraph, "run"):
            self._run(run, pieces, objects)
        self.paragraphs.append("".join(pieces))
        for one in objects:
            self.blocks([one])

    def _run(self, run: Any, pieces: list[str], objects: list[Any]) -> None:
        for one in run:
            name = local(one)
            if name in {"t", "mainText"}:
                self._text(one, pieces)
            elif name == "dutmal":
                self._run(one, pieces, objects)
            elif name == "compose":
                self._say(attribute(one, "composeText"), pieces)
            elif name in SAID:
                self._say(SAID[name], pieces)
            else:
                objects.append(one)

    def _text(self, element: Any, pieces: list[str]) -> None:
        self._say(element.text, pieces)
        for one in element:
            name = local(one)
            self.deleted = max(0, self.deleted + CHANGES.get(name, 0))
            self._say(SAID.get(name), pieces)
            self._say(one.tail, pieces)

    def _say(self, text: str | None, pieces: list[str]) -> None:
        if text and not self.deleted:
            pieces.append(self.measure.add(text))

    def _control(self, control: Any) -> None:
        for note in control:
            if local(note) in NOTES:
                inner = _Reader(self.measure)
                inner.blocks(note)
                self.notes.append(" ".join(text.strip() for text in inner.paragraphs if text.strip()))
