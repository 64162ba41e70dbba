"""The text of a PDF (ISO 32000-2), with its lines joined to the paragraphs that they were.

Text is what the pages show, in the order in which their content draws it. Not text are annotations, what the file
itself marks as an artifact (headers, footers and page numbers of most word processors), first and last lines that
return on every page, and page numbers by themselves. A paragraph ends where the next line stands further below or
further in than the others, or where the first word of the next line would still have fitted.
"""

import itertools
import logging
import re
import statistics
import unicodedata
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pypdf import PdfReader
from pypdf.errors import PyPdfError

from . import prose
from .limits import Refused
from .stand_ins import restored

BROKEN = (PyPdfError, ValueError, KeyError, TypeError, IndexError, AttributeError, ArithmeticError, OSError)
# "3", "- 3 -", "3 / 12", "Page 3 of 12", "第3页"
NUMBER = re.compile(
    r"\W*(?:p\.?|page|стр\.?|хуудас|第)?\s*\d{1,3}\s*(?:[/of、的-]+\s*\d{1,3})?\s*(?:页|頁|ページ|쪽)?\W*",
    re.IGNORECASE,
)
SOFT = "\u00ad"  # at the end of a line it parts a word; within one it is a hyphen that a font calls so
MIDDLE = re.compile(f"{SOFT}(?=.)")
LONGEST_NUMBER = 40
FULL = 0.94  # of the measure: letters are only known by about what they are wide
UNREADABLE = 0.1
SINGLE = 1.5
ROWS = 3  # so many lines of a header and of a footer
APART = 1.7
NARROW = frozenset("iljtfrI.,;:'!|()[]-/ \u2019")
WIDE = frozenset("mwMWшщюжфыШЩЮЖФЫм—@%")


@dataclass
class Line:
    """A line of a page; `x` and `y` in points from its lower left corner."""

    text: str
    x: float
    y: float
    size: float

    @property
    def right(self) -> float:
        """About where it ends: letters have widths that most fonts share."""
        return self.x + _width(self.text.rstrip()) * (self.size or 10)


def inspect(source: Path, target: Path) -> None:
    logging.disable()  # what the parser complains about concerns nobody
    try:
        pages, has_pictures = _pages(source)
    except BROKEN:
        raise Refused("unread") from None
    lines = _without_margins(pages)
    if not lines:
        raise Refused("scanned" if has_pictures else "wordless")
    if _unreadable("".join(line.text for page in lines for line in page)):
        raise Refused("garbled")
    prose.write(target, _paragraphs(lines))


def _pages(source: Path) -> tuple[list[list[Line]], bool]:
    reader, measure, has_pictures = PdfReader(source), prose.Measure(), False
    pages = []
    for page in reader.pages:
        collector = _Collector(measure)
        page.extract_text(visitor_operand_before=collector.operator, visitor_text=collector.text)
        pages.append(collector.finished())
        has_pictures = has_pictures or "/XObject" in (page.get("/Resources") or {})
    return pages, has_pictures


class _Collector:
    """Puts the pieces of a page together to lines."""

    def __init__(self, measure: prose.Measure) -> None:
        self.measure = measure
        self.lines: list[Line] = []
        self.marked: list[bool] = []  # for each open mark, whether it is an artifact

    def operator(self, operator: bytes, operands: Any, _cm: Any, _tm: Any) -> None:
        if operator in (b"BMC", b"BDC"):
            self.marked.append(bool(operands) and operands[0] == "/Artifact")
        elif operator == b"EMC" and self.marked:
            self.marked.pop()

    def text(self, text: str, cm: Sequence[float], tm: Sequence[float], _font: Any, size: float) -> None:
        if any(self.marked):
            text = "\n" if "\n" in text else ""
        for at, piece in enumerate(self.measure.add(text).split("\n")):
            if at or not self.lines:
                self.lines.append(Line("", 0.0, 0.0, 0.0))
            self._add(self.lines[-1], piece, cm, tm, size)

    def _add(self, line: Line, piece: str, cm: Sequence[float], tm: Sequence[float], size: float) -> None:
        if piece.strip() and not line.text.strip():
            line.x = tm[4] * cm[0] + tm[5] * cm[2] + cm[4]
            line.y = tm[4] * cm[1] + tm[5] * cm[3] + cm[5]
            line.size = abs(size * (tm[3] or tm[1] or 1) * (cm[3] or cm[1] or 1))
        line.text += piece

    def finished(self) -> list[Line]:
        return _columns([line for line in self.lines if line.text.strip()])


def _columns(lines: list[Line]) -> list[Line]:
    """The lines of a page; where each holds one character, columns from right to left are laid down as lines."""
    if not lines or statistics.fmean(len(line.text.strip()) for line in lines) > SINGLE:
        return lines
    found: list[Line] = []
    above = None
    for line in lines:
        if above is None or abs(line.x - above.x) > line.size / 2 or not 0 < above.y - line.y < line.size * 3:
            found.append(Line("", -line.y, line.x, line.size))
        found[-1].text += line.text.strip()
        above = line
    return found


# What stands on the margins of pages


def _without_margins(pages: list[list[Line]]) -> list[list[Line]]:
    kept = [list(page) for page in pages if page]
    for at, beside in ((0, 1), (-1, -2)):
        for _row in range(ROWS):
            returning = _returning(kept, at, beside)
            for page in kept:
                if page and (_sameness(page[at].text) in returning or _is_number(page[at].text.strip())):
                    del page[at]
    return [page for page in kept if page]


def _returning(pages: list[list[Line]], at: int, beside: int) -> set[str]:
    """The outermost lines that stand apart on at least two pages, and on two thirds of them."""
    apart = [page[at] for page in pages if len(page) > 1 and _are_apart(page[at], page[beside])]
    counted = Counter(_sameness(line.text) for line in apart)
    return {text for text, times in counted.items() if times >= max(2, len(pages) * 2 / 3)}


def _is_number(text: str) -> bool:
    return len(text) < LONGEST_NUMBER and NUMBER.fullmatch(text) is not None


def _are_apart(one: Line, other: Line) -> bool:
    return abs(one.y - other.y) > APART * max(one.size, other.size)


def _sameness(text: str) -> str:
    return re.sub(r"\d+", "#", " ".join(text.split()))


def _unreadable(text: str) -> bool:
    """Its fonts do not tell which letters they show."""
    seen = [c for c in text if not c.isspace()]
    strange = sum(c == "\ufffd" or unicodedata.category(c) in prose.INVISIBLE for c in seen)
    return strange > UNREADABLE * len(seen)


# Lines to paragraphs


def _paragraphs(pages: list[list[Line]]) -> list[str]:
    lines = [line for page in pages for line in page]
    look = _Look.of(pages)
    found = [[lines[0]]]
    for before, line in itertools.pairwise(lines):
        if look.ends(before, line):
            found.append([])
        found[-1].append(line)
    spaced = any(line.text.endswith(" ") for line in lines)
    return [restored(re.sub(r"[ \u00a0]+", " ", _joined(paragraph, spaced))) for paragraph in found]


@dataclass(frozen=True)
class _Look:
    """How the lines of a document stand, in points: from where to where, and how far below each other."""

    left: float
    right: float
    gap: float

    @classmethod
    def of(cls, pages: list[list[Line]]) -> "_Look":
        rights = sorted(line.right for page in pages for line in page)
        gaps = [round(one.y - other.y, 1) for page in pages for one, other in itertools.pairwise(page)]
        lefts = Counter(round(line.x) for page in pages for line in page)
        falling = [gap for gap in gaps if gap > 0] or [0.0]
        return cls(lefts.most_common(1)[0][0], rights[int(len(rights) * 0.9)], statistics.mode(falling))

    def ends(self, line: Line, following: Line) -> bool:
        gap, em = line.y - following.y, following.size or 10
        if self.gap and gap > max(self.gap, line.size) * 1.2:
            return True
        if following.x - self.left > em * 0.8 and abs(following.x - line.x) > em * 0.4:
            return True
        needed = _width(_first_word(following.text)) * em
        return line.right + needed - self.left < (self.right - self.left) * FULL


def _width(text: str) -> float:
    """In ems."""
    return sum(_width_of(c) for c in text)


def _width_of(c: str) -> float:
    if unicodedata.east_asian_width(c) in "WF":
        return 1.0
    return 0.3 if c in NARROW else 0.85 if c in WIDE else 0.65 if c.isupper() else 0.54


def _first_word(text: str) -> str:
    """What the line before could have taken over: one character where words are not parted."""
    first = text.split(maxsplit=1)[0]
    return first[0] if _is_dense(first[0]) else f" {first}"


def _joined(lines: list[Line], spaced: bool) -> str:
    """`spaced`: the file keeps the space at which a line was broken, so that no other need be guessed."""
    text = ""
    for line in lines:
        text = text.removesuffix(SOFT) + _between(text, line.text, spaced) + MIDDLE.sub("-", line.text)
    return text


def _between(text: str, following: str, spaced: bool) -> str:
    if text.endswith((" ", SOFT, "-", "\u2010")) or not text or not following:
        return ""
    before, after = text[-1], following[0]
    if _is_dense(before) or _is_dense(after):
        return ""
    hangul = "\uac00" <= before <= "\ud7a3" and "\uac00" <= after <= "\ud7a3"
    return "" if spaced and hangul else " "


def _is_dense(c: str) -> bool:
    """Of a script that is written without spaces, or one of its marks."""
    return "\u2e80" <= c <= "\u9fff" or "\uf900" <= c <= "\ufaff" or "\uff00" <= c <= "\uffef" or c >= "\U00020000"
