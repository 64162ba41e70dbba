"""The passages that two texts share, exactly. Pure.

From left to right the longest passage that stands in the other text as well, found by its first gram and verified
letter by letter, is taken; what is shorter than `SHORTEST` is everybody's. What is measured are units: letters, and
three for a character of Chinese, Japanese or Korean writing.
"""

from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

import numpy as np

from portal.passages.folding import Flags, Folded, Numbers, are_in
from portal.passages.winnowing import GRAM, WINDOW, grams

SHORTEST = 36  # units: seven words, or twelve characters
LONG = 150  # units: some thirty words, or fifty characters
SHARE = 0.08  # of the shorter text
NOTHING = np.array([], np.int64)
PLACES = 32  # of one gram in the other text that are tried


@dataclass(frozen=True)
class Passage:
    """Characters [begins, ends) of the one original, and of the other."""

    begins: int
    ends: int
    other_begins: int
    other_ends: int


@dataclass(frozen=True)
class Shared:
    """What two texts share. Shares are of each whole text, 0 to 1; `units` and `longest` as measured in the one."""

    passages: tuple[Passage, ...] = ()
    share: float = 0.0
    other_share: float = 0.0
    units: int = 0
    longest: int = 0

    @property
    def is_worth_showing(self) -> bool:
        return max(self.share, self.other_share) >= SHARE or self.longest >= LONG


@dataclass(frozen=True)
class _Match:
    """`length` folded characters from `here` in the one and from `there` in the other."""

    here: int
    there: int
    length: int


class _Places:
    """Where the grams of a text stand."""

    def __init__(self, text: Folded) -> None:
        self.text = text
        self.grams = grams(text)

    @cached_property
    def _order(self) -> Numbers:
        return np.argsort(self.grams.hashes, kind="stable")

    @cached_property
    def in_order(self) -> Numbers:
        return self.grams.hashes[self._order]

    def of(self, hashes: Numbers) -> list[Numbers]:
        """The first places of each of these grams, in order."""
        left = np.searchsorted(self.in_order, hashes, "left")
        right = np.minimum(np.searchsorted(self.in_order, hashes, "right"), left + PLACES)
        return [self.grams.positions[self._order[a:b]] for a, b in zip(left, right, strict=True)]


def compare(one: Folded, other: Folded, ignored: Numbers = NOTHING) -> Shared:
    """Grams whose hashes are `ignored` (in order: the theme, the invitation, a set quotation) end a passage."""
    matches = list(_joined(_matches(one, other, ignored)))
    if not matches:
        return Shared()
    covered = [_units(one, match.here, match.length) for match in matches]
    ours, theirs = one.units[-1], other.units[-1]
    return Shared(
        tuple(_passage(one, other, match) for match in matches),
        share=float(sum(covered) / ours),
        other_share=float(_covered(other, ((match.there, match.length) for match in matches)) / theirs),
        units=sum(covered),
        longest=max(covered),
    )


def _joined(matches: Iterable[_Match]) -> Iterable[_Match]:
    """What goes on without a gap in both texts is one passage: a word of the theme in its middle does not divide it."""
    last: _Match | None = None
    for match in matches:
        if last and (last.here + last.length, last.there + last.length) == (match.here, match.there):
            last = _Match(last.here, last.there, last.length + match.length)
            continue
        if last:
            yield last
        last = match
    if last:
        yield last


def _matches(one: Folded, other: Folded, ignored: Numbers) -> Iterable[_Match]:
    ours, theirs = grams(one), _Places(other)
    barred = _bridged(one, ours.positions, are_in(ours.hashes, ignored))
    barriers = _ends_of(one, ours.positions[barred])
    seeds = _promising(one, ours.positions, ~barred & are_in(ours.hashes, theirs.in_order))
    done = 0
    for here, places in zip(ours.positions[seeds].tolist(), theirs.of(ours.hashes[seeds]), strict=True):
        if here < done:
            continue
        most = _before_barrier(one, barriers, here)
        best = max((_alike(one.letters, here, other.letters, there, most), -there) for there in places.tolist())
        if _units(one, here, best[0]) >= SHORTEST:
            yield _Match(here, -best[1], best[0])
            done = here + best[0]


def _bridged(text: Folded, positions: Numbers, barred: Flags) -> Flags:
    """With what lies between two ignored grams within a window: winnowing keeps one of each window of a quotation."""
    bars = np.flatnonzero(barred)
    widths = np.where(text.is_cjk[positions[bars[:-1]]], WINDOW[True], WINDOW[False])
    is_short = np.diff(bars) <= widths
    steps = np.zeros(len(positions) + 1, np.int64)
    np.add.at(steps, bars[:-1][is_short], 1)
    np.add.at(steps, bars[1:][is_short], -1)
    return barred | (np.cumsum(steps[:-1]) > 0)


def _promising(text: Folded, positions: Numbers, is_there: Flags) -> Numbers:
    """The grams from which on enough of them, one after the other, stand somewhere in the other text.

    Most common grams do not, and each of them would have to be looked at where it stands.
    """
    missing = np.where(is_there, len(text), positions)
    following = np.minimum.accumulate(missing[::-1])[::-1]  # the next gram that is not there
    ends = np.minimum(following + max(GRAM.values()) - 1, len(text))
    enough = text.units[ends] - text.units[positions] >= SHORTEST
    found: Numbers = np.flatnonzero(is_there & enough)
    return found


def _ends_of(text: Folded, positions: Numbers) -> list[tuple[int, int]]:
    """Where each of these grams begins, and its length."""
    return [(at, GRAM[bool(text.is_cjk[at])]) for at in positions.tolist()]


def _before_barrier(text: Folded, barriers: list[tuple[int, int]], here: int) -> int:
    """How long a passage from here may be: up to the last letter but one of the next gram that is ignored."""
    following = bisect_left(barriers, (here, 0))
    if following == len(barriers):
        return len(text) - here
    at, length = barriers[following]
    return at + length - 1 - here


def _alike(one: str, here: int, other: str, there: int, most: int) -> int:
    """How many letters are the same from here and from there on, `most` at most."""
    most = min(most, len(one) - here, len(other) - there)
    same, step = 0, 16
    while same < most:
        step = min(step, most - same)
        if one[here + same : here + same + step] == other[there + same : there + same + step]:
            same, step = same + step, step * 2
        elif step == 1:
            break
        else:
            step = max(step // 4, 1)
    return same


def _units(text: Folded, begin: int, length: int) -> int:
    return int(text.units[begin + length] - text.units[begin])


def _covered(text: Folded, stretches: Iterable[tuple[int, int]]) -> int:
    """The units of all stretches together, what is in several counted once."""
    steps = np.zeros(len(text) + 1, np.int64)
    for begin, length in stretches:
        steps[begin] += 1
        steps[begin + length] -= 1
    inside = np.cumsum(steps[:-1]) > 0
    return int(np.diff(text.units)[inside].sum())


def _passage(one: Folded, other: Folded, match: _Match) -> Passage:
    here, there = (match.here, match.here + match.length - 1), (match.there, match.there + match.length - 1)
    return Passage(
        int(one.begins[here[0]]), int(one.ends[here[1]]), int(other.begins[there[0]]), int(other.ends[there[1]])
    )


# To be shown


@dataclass(frozen=True)
class Piece:
    """A piece of a text with the numbers of the passages that it belongs to, and of those that begin or end with it."""

    text: str
    numbers: tuple[int, ...] = ()
    begins: tuple[int, ...] = ()
    ends: tuple[int, ...] = ()


def marked(text: str, stretches: list[tuple[int, int]]) -> list[list[Piece]]:
    """The text in paragraphs, each in pieces. Stretches are numbered from 1 as they come, and may overlap."""
    cuts = sorted({0, len(text), *(end for stretch in stretches for end in stretch), *_line_breaks(text)})
    paragraphs: list[list[Piece]] = [[]]
    for begin, end in pairwise(cuts):
        if text[begin:end] == "\n":
            paragraphs.append([])
        else:
            paragraphs[-1].append(_piece(text, begin, end, stretches))
    return [pieces for pieces in paragraphs if any(piece.text.strip() for piece in pieces)]


def _line_breaks(text: str) -> Iterable[int]:
    for at, character in enumerate(text):
        if character == "\n":
            yield from (at, at + 1)


def _piece(text: str, begin: int, end: int, stretches: list[tuple[int, int]]) -> Piece:
    numbered = list(enumerate(stretches, 1))
    return Piece(
        text[begin:end],
        tuple(number for number, (first, last) in numbered if first <= begin and end <= last),
        tuple(number for number, (first, _last) in numbered if first == begin),
        tuple(number for number, (_first, last) in numbered if last == end),
    )
