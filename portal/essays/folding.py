"""A text made plain for comparing, with the way back: which character of the original each one comes from. Pure."""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from portal.essays.han import ONE_FORM
from portal.sounds import plain


@dataclass(frozen=True)
class Folded:
    """`text` without case, accents, full width and variants of characters; `origins[i]` is where its i-th came from."""

    text: str
    origins: Sequence[int]
    original: str

    def back(self, begins: int, ends: int) -> tuple[int, int]:
        """A stretch of the folded text as a stretch of the original; marks above its last letter belong to it."""
        first, last = self.origins[begins], self.origins[ends - 1] + 1
        while last < len(self.original) and _leans(self.original[last]):
            last += 1
        return first, last


class _Folds(dict[int, str]):
    """As `str.translate` wants it; `uneven` are the characters that do not become exactly one of their own."""

    def __init__(self) -> None:
        super().__init__()
        self.uneven: set[str] = set()

    def __missing__(self, code: int) -> str:
        self[code] = folded = "".join(ONE_FORM.get(each, each) for each in plain(chr(code)))
        if len(folded) != 1 or _is_part(folded):
            self.uneven.add(chr(code))
        return folded


_folds = _Folds()


def _leans(c: str) -> bool:
    """Marks, and the second and third letter of a Korean syllable that was written letter by letter."""
    return bool(unicodedata.combining(c)) or "\u1160" <= c <= "\u11ff" or unicodedata.category(c) == "Cf"


def fold(text: str) -> Folded:
    if text.isascii():
        return Folded(text.lower(), range(len(text)), text)
    evenly = text.translate(_folds)
    if _folds.uneven.isdisjoint(text):
        return Folded(evenly, range(len(text)), text)
    made: list[str] = []
    origins: list[int] = []
    for place, c in enumerate(text):
        for each in _folds[ord(c)]:
            if not (made and _is_part(each) and _joins(made, each)):
                made.append(each)
                origins.append(place)
    return Folded("".join(made), origins, text)


def _is_part(c: str) -> bool:
    """A mark of kana or a letter of a Korean syllable, which may become part of the character before it."""
    return "\u1160" <= c <= "\u11ff" or "\u3099" <= c <= "\u309a"


def _joins(made: list[str], c: str) -> bool:
    joined = unicodedata.normalize("NFC", made[-1] + c)
    if len(joined) > 1:
        return False
    made[-1] = joined
    return True


def folded(text: str) -> str:
    return fold(text).text
