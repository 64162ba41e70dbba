"""Fingerprints of a text by winnowing: few enough to keep, and every longer passage that two texts share shares one.

S. Schleimer, D. S. Wilkerson, A. Aiken: Winnowing: local algorithms for document fingerprinting, SIGMOD 2003.
Grams are of 5 characters where one begins in Chinese, Japanese or Korean writing and of 9 letters elsewhere; of each
window of 12 (40) grams the smallest hash is kept, of equal ones the last. So whatever two texts share of
`GUARANTEED` characters or more shares a fingerprint: 16 of CJK writing or 48 letters, some ten words. Pure.
"""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from portal.passages.folding import Flags, Folded, Numbers

# Counted in every digest of what was fingerprinted: a change here has every text fingerprinted anew.
VERSION = "1"
GRAM = {True: 5, False: 9}  # by whether the gram begins with a CJK character
WINDOW = {True: 12, False: 40}
GUARANTEED = {True: WINDOW[True] + GRAM[True] - 1, False: WINDOW[False] + GRAM[False] - 1}
MULTIPLIER = np.uint64(0x9E3779B97F4A7C15)


class Grams(NamedTuple):
    """Hashes (64 bits, signed), and where in the folded text each begins."""

    hashes: Numbers
    positions: Numbers


def grams(folded: Folded) -> Grams:
    """Every gram of the text, in order. The hash is the same on every machine and in every process."""
    size = len(folded)
    hashes = np.zeros(size, np.uint64)
    fits = np.zeros(size, np.bool_)
    for is_cjk, length in GRAM.items():
        if size < length:
            continue
        rolled = _mixed(_rolled(folded, length))
        here = folded.is_cjk[: len(rolled)] == is_cjk
        hashes[: len(rolled)][here] = rolled[here]
        fits[: len(rolled)] |= here
    positions = np.flatnonzero(fits)
    return Grams(hashes[positions].view(np.int64), positions)


def _rolled(folded: Folded, length: int) -> npt.NDArray[np.uint64]:
    """A polynomial of the gram's code points, modulo 2^64."""
    codes = folded.codes.astype(np.uint64)
    last = len(codes) - length + 1
    value = np.full(last, length, np.uint64)
    for offset in range(length):
        value = value * MULTIPLIER + codes[offset : offset + last]
    return value


def _mixed(value: npt.NDArray[np.uint64]) -> npt.NDArray[np.uint64]:
    """Spreads neighbours over all values, so that the smallest is a fair draw (the finaliser of SplitMix64)."""
    value = (value ^ (value >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    value = (value ^ (value >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return value ^ (value >> np.uint64(31))


def fingerprints(folded: Folded) -> Grams:
    """The winnowed grams in the order of their hashes; of one that recurs the first place."""
    every = grams(folded)
    if not len(every.hashes):
        return every
    begins_cjk = folded.is_cjk[every.positions]
    chosen = [_smallest(every.hashes, begins_cjk, is_cjk) for is_cjk in WINDOW]
    picked = np.unique(np.concatenate(chosen))
    if not len(picked):  # shorter than a window
        picked = np.array([every.hashes.argmin()])
    hashes, first = np.unique(every.hashes[picked], return_index=True)
    return Grams(hashes, every.positions[picked[first]])


def _smallest(hashes: Numbers, begins_cjk: Flags, is_cjk: bool) -> Numbers:
    """Of each window that begins in this kind of writing the index of the smallest hash, the last of equals."""
    width = WINDOW[is_cjk]
    begins = np.flatnonzero(begins_cjk[: max(len(hashes) - width + 1, 0)] == is_cjk)
    if not len(begins):
        return begins
    windows = np.lib.stride_tricks.sliding_window_view(hashes, width)
    backwards = windows[:, ::-1] if len(begins) == len(windows) else windows[begins][:, ::-1]
    found: Numbers = begins + width - 1 - backwards.argmin(axis=1)
    return found
