"""Which essays share so many fingerprints that their texts are worth comparing. Pure.

A pair is worth it with `ENOUGH` fingerprints in common (4 % of the one that has fewer, at least five, or half of all
that a short one has), or with three at the same distance in both texts: one passage of some thirty words.
Fingerprints that very many essays share say nothing: theme words, and the quotation that the contest set.
"""

import math
from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from portal.passages.folding import Numbers

ENOUGH, LEAST = 0.04, 5
IN_LINE = 3
COMMON, COMMON_SHARE = 20, 0.005


class Rows(NamedTuple):
    """Fingerprints of several essays, in the order of their hashes, and of the essays' numbers within one hash."""

    hashes: Numbers
    essays: Numbers
    positions: Numbers


class Matches(NamedTuple):
    """One row for each fingerprint that two essays have in common."""

    ours: Numbers
    theirs: Numbers
    distances: Numbers  # of its place in theirs from its place in ours


def most_common(essays: int) -> int:
    """A fingerprint that more essays than this share is everybody's: twenty, or one in two hundred."""
    return max(COMMON, int(essays * COMMON_SHARE))


def is_crowded(size: int, common: int) -> bool:
    """Whether most of an essay is what very many share: it may be no theme words, but a text that went round."""
    return common * 2 > size


def are_one_text(size: int, other_size: int, both: int) -> bool:
    """Whether half of the one is in the other: then it counts, however many others have it as well."""
    return both * 2 >= min(size, other_size)


def matches(rows: Rows) -> Iterator[Matches]:
    """Every pair of rows with one hash, the first with the second, the first with the third and so on."""
    for step in range(1, len(rows.hashes)):
        same = np.flatnonzero(rows.hashes[step:] == rows.hashes[:-step])
        if not len(same):
            return
        ours, theirs = rows.essays[same], rows.essays[same + step]
        yield Matches(ours, theirs, rows.positions[same + step] - rows.positions[same])


def worth_comparing(found: list[Matches], sizes: Numbers) -> list[tuple[int, int]]:
    """Pairs of essays (their indices in `sizes`, which are their fingerprints' counts), those with most first."""
    if not found:
        return []
    ours, theirs, distances = (np.concatenate(parts) for parts in zip(*found, strict=True))
    pairs, where, counts = np.unique(ours * len(sizes) + theirs, return_inverse=True, return_counts=True)
    many = counts >= _enough(np.minimum(sizes[pairs // len(sizes)], sizes[pairs % len(sizes)]))
    many[_in_line(where, distances)] = True
    best = np.flatnonzero(many)[np.argsort(-counts[many], kind="stable")]
    return [divmod(pair, len(sizes)) for pair in pairs[best].tolist()]


def _enough(sizes: Numbers) -> Numbers:
    wanted = np.maximum(np.ceil(sizes * ENOUGH), LEAST)
    found: Numbers = np.minimum(wanted, np.ceil(sizes / 2)).astype(np.int64)
    return found


def _in_line(pairs: Numbers, distances: Numbers) -> Numbers:
    """The pairs with several fingerprints at one distance."""
    span = 1 << math.ceil(math.log2(int(np.abs(distances).max()) + 1) + 1)
    lines, counts = np.unique(pairs * span + distances + span // 2, return_counts=True)
    found: Numbers = lines[counts >= IN_LINE] // span
    return found
