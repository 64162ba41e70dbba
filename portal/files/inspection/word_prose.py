"""The text of a DOCX (ECMA-376), as somebody reads it who has accepted all changes.

Text are the paragraphs of the body, in tables, content controls and text boxes too, with what was inserted. Not text
are headers and footers, comments, what was deleted, what is hidden (`w:vanish`, of a run or of its style), the
instructions and numbers of fields and lists, and the readings above characters (ruby). Footnotes and endnotes are
notes, in the order in which the text refers to them.
"""

import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from . import prose
from .parts import attribute, child, children, local, part

# The other forms of a drawing say the same again; a reading (rt) stands above characters that are read already.
PASSED_OVER = {"del", "moveFrom", "delText", "instrText", "delInstrText", "rt", "pPr", "rPr", "sectPr", "Fallback"}
SAID = {"tab": " ", "ptab": " ", "br": "\n", "cr": "\n", "noBreakHyphen": "-"}
NOTES = {"footnoteReference": "footnote", "endnoteReference": "endnote"}
OFF = {"0", "false", "off", "none"}
DEEPEST_STYLE = 20


def inspect(source: Path, target: Path) -> None:
    with zipfile.ZipFile(source) as archive:
        hidden = _hidden_styles(part(archive, "word/styles.xml"))
        body = _Reader(hidden, prose.Measure())
        body.blocks(part(archive, "word/document.xml"))
        prose.write(target, body.paragraphs, _notes(archive, body))


class _Reader:
    """Gathers paragraphs and the notes they refer to."""

    def __init__(self, hidden: frozenset[str], measure: prose.Measure) -> None:
        self.hidden, self.measure = hidden, measure
        self.paragraphs: list[str] = []
        self.noted: list[tuple[str, str]] = []
        self.begun = ""  # of a paragraph whose end was deleted: the next one belongs to it

    def blocks(self, parent: Any) -> None:
        for one in parent:
            if local(one) == "p":
                self._paragraph(one)
            elif local(one) not in PASSED_OVER and not _is_deleted(one):
                self.blocks(one)

    def _paragraph(self, paragraph: Any) -> None:
        pieces: list[str] = []
        boxes: list[Any] = []
        if _style(paragraph, "pPr", "pStyle") not in self.hidden:
            self._inline(paragraph, pieces, boxes)
        text = self.begun + "".join(pieces)
        self.begun = text if child(paragraph, "pPr", "rPr", "del") is not None else ""
        if not self.begun:
            self.paragraphs.append(text)
        for box in boxes:
            self.blocks(box)

    def _inline(self, parent: Any, pieces: list[str], boxes: list[Any]) -> None:
        for one in parent:
            name = local(one)
            if name in PASSED_OVER or (name == "r" and self._is_hidden(one)):
                continue
            if name == "t" or name in SAID:
                pieces.append(self.measure.add(SAID.get(name) or one.text or ""))
            elif name == "txbxContent":
                boxes.append(one)
            elif name in NOTES:
                self.noted.append((NOTES[name], attribute(one, "id") or ""))
            else:
                self._inline(one, pieces, boxes)

    def _is_hidden(self, run: Any) -> bool:
        said = _vanishes(child(run, "rPr"))
        return _style(run, "rPr", "rStyle") in self.hidden if said is None else said


def _is_deleted(block: Any) -> bool:
    """A row or a cell of a table that a reviewer took out."""
    return child(block, "trPr", "del") is not None or child(block, "tcPr", "cellDel") is not None


def _vanishes(properties: Any) -> bool | None:
    found = child(properties, "vanish") if properties is not None else None
    return None if found is None else (attribute(found, "val") or "1").lower() not in OFF


def _style(element: Any, *path: str) -> str:
    found = child(element, *path)
    return (attribute(found, "val") or "") if found is not None else ""


def _hidden_styles(styles: Any) -> frozenset[str]:
    """The styles whose text cannot be seen, by what they say themselves or by what they are based on."""
    known = {attribute(one, "styleId") or "": one for one in children(styles, "style")} if styles is not None else {}
    return frozenset(name for name in known if _hides(name, known))


def _hides(name: str, known: Mapping[str, Any]) -> bool:
    for _generation in range(DEEPEST_STYLE):
        if name not in known:
            return False
        said = _vanishes(child(known[name], "rPr"))
        if said is not None:
            return said
        name = _style(known[name], "basedOn")
    return False


def _notes(archive: zipfile.ZipFile, body: _Reader) -> list[str]:
    known: dict[tuple[str, str], Any] = {}
    for kind in dict.fromkeys(kind for kind, _id in body.noted):
        notes = part(archive, f"word/{kind}s.xml")
        for note in children(notes, kind) if notes is not None else ():
            known[kind, attribute(note, "id") or ""] = note
    return [_note(known[key], body) for key in dict.fromkeys(body.noted) if key in known]


def _note(note: Any, body: _Reader) -> str:
    reader = _Reader(body.hidden, body.measure)
    reader.blocks(note)
    return " ".join(text.strip() for text in reader.paragraphs)
