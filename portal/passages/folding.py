"""A text as it is compared: letters and digits alone, each knowing where it stands in the original. Pure.

Unicode NFKC and case folding, so that composed and decomposed, full-width and upper-case writing are one. What is
folded together is a character with all marks and jamo that join it, so that a marked passage never cuts one in two.
"""

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

Numbers: TypeAlias = npt.NDArray[np.int64]
Codes: TypeAlias = npt.NDArray[np.int32]
Flags: TypeAlias = npt.NDArray[np.bool_]

# Han, kana, bopomofo and hangul: a character of these says about as much as three letters of an alphabet.
CJK = ((0x1100, 0x11FF), (0x3005, 0x3007), (0x3040, 0x9FFF), (0xA960, 0xA97F), (0xAC00, 0xD7FF), (0x20000, 0x3FFFF))
CJK_UNITS = 3
JOINING_JAMO = ((0x1160, 0x11FF), (0xD7B0, 0xD7FF))
UNKNOWN, SEVERAL = -1, -2

# What each code point folds to when it stands alone (0: nothing), filled in as characters are met.
_alone: Codes = np.full(0x110000, UNKNOWN, np.int32)
_joins: Flags = np.zeros(0x110000, np.bool_)


def are_in(values: Numbers, known: Numbers) -> Flags:
    """Which of the values are known; `known` is in order, and may be a thousand times as long."""
    if not len(known):
        return np.zeros(len(values), np.bool_)
    places = np.minimum(np.searchsorted(known, values), len(known) - 1)
    found: Flags = known[places] == values
    return found


@dataclass(frozen=True)
class Folded:
    """`codes` are what is compared; the character at n is [begins[n], ends[n]) of the original, in code points."""

    codes: Codes
    begins: Codes
    ends: Codes

    def __len__(self) -> int:
        return len(self.codes)

    @cached_property
    def letters(self) -> str:
        return self.codes.astype("<u4").tobytes().decode("utf-32-le", "surrogatepass")

    @cached_property
    def is_cjk(self) -> Flags:
        found = np.zeros(len(self.codes), np.bool_)
        for first, last in CJK:
            found |= (self.codes >= first) & (self.codes <= last)
        return found

    @cached_property
    def units(self) -> Numbers:
        """How much stands before each character, and in the whole at the end: a letter is 1, a CJK character 3."""
        return np.concatenate(([0], np.cumsum(np.where(self.is_cjk, CJK_UNITS, 1)))).astype(np.int64)


def fold(text: str) -> Folded:
    codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), "<u4").astype(np.int32)
    _meet(codes)
    joins = _joins[codes]
    single = _alone[codes]
    if not joins.any() and (single != SEVERAL).all():
        kept = np.flatnonzero(single).astype(np.int32)
        return Folded(single[kept], kept, kept + 1)
    rows = list(_characters(text, joins))
    codes, begins, ends = np.array(rows, np.int32).reshape(-1, 3).T
    return Folded(codes, begins, ends)


def _meet(codes: Codes) -> None:
    for code in np.unique(codes[_alone[codes] == UNKNOWN]).tolist():
        decomposed = unicodedata.normalize("NFKD", chr(code))[0]
        jamo = any(first <= ord(decomposed) <= last for first, last in JOINING_JAMO)
        _joins[code] = jamo or unicodedata.category(decomposed).startswith("M")
        folded = _folded(chr(code))
        _alone[code] = SEVERAL if len(folded) > 1 else ord(folded or "\0")


def _characters(text: str, joins: Flags) -> Iterator[tuple[int, int, int]]:
    begins = np.flatnonzero(~joins).tolist()
    begins = begins if begins[:1] == [0] else [0, *begins]
    for begin, end in zip(begins, [*begins[1:], len(text)], strict=True):
        for letter in _folded(text[begin:end]):
            yield ord(letter), begin, end


@lru_cache(maxsize=20_000)
def _folded(character: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFKC", character).casefold() if c.isalnum())
