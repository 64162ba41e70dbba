"""Where two texts differ: words, or single characters of a script without spaces. Pure."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from itertools import groupby
from typing import NamedTuple

DENSE = "[\u2e80-\u312f\u3190-\u9fff\uac00-\ud7a3\uf900-\ufaff\uff00-\uffef\U00020000-\U0003ffff]"
TOKEN = re.compile(rf"{DENSE}|(?:(?!{DENSE})\w)+[^\S\n]*|[^\w\s][^\S\n]*|\s")
MOST = 150_000  # pairs of equal tokens between the first and the last difference; beyond it all of that is other


class Piece(NamedTuple):
    text: str
    is_own: bool  # stands only in this text


def marked(one: str, other: str) -> tuple[list[Piece], list[Piece]]:
    """Each text in pieces, those marked that the other one lacks. The pieces together are the text."""
    first, second = _tokens(one), _tokens(other)
    same = set(_matches(first, second))
    return _pieces(first, {a for a, _b in same}), _pieces(second, {b for _a, b in same})


def _tokens(text: str) -> list[str]:
    return TOKEN.findall(text)


def _matches(first: Sequence[str], second: Sequence[str]) -> Iterator[tuple[int, int]]:
    """Places of tokens that stand in both, in the same order. What is the same at both ends is not compared."""
    shorter = min(len(first), len(second))
    head = next((n for n in range(shorter) if first[n] != second[n]), shorter)
    tail = next((n for n in range(shorter - head) if first[-1 - n] != second[-1 - n]), shorter - head)
    yield from ((n, n) for n in range(head))
    yield from ((len(first) - 1 - n, len(second) - 1 - n) for n in range(tail))
    inner = first[head : len(first) - tail], second[head : len(second) - tail]
    if _pairs(*inner) <= MOST:
        for a, b, size in SequenceMatcher(None, *inner, autojunk=False).get_matching_blocks():
            yield from ((head + a + n, head + b + n) for n in range(size))


def _pairs(first: Sequence[str], second: Sequence[str]) -> int:
    """What a comparison costs: texts of two letters in turn would take minutes."""
    there = Counter(second)
    return sum(there[token] for token in first)


def _pieces(tokens: Sequence[str], shared: set[int]) -> list[Piece]:
    together = groupby(range(len(tokens)), key=lambda place: place not in shared)
    return [Piece("".join(tokens[place] for place in places), is_own) for is_own, places in together]
