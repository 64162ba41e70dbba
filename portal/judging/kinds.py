"""Kinds of essays, which are alike to dealing, and how those of a kind are handed out. Pure; flows.py deals kinds."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from portal.judging.deals import Flags, Table, Whole


@dataclass(frozen=True)
class Kinds:
    """`of` is each lacking essay's kind, `essays` their rows; of a kind: `size`, `lack`, `group`, `may`, `kept`."""

    essays: NDArray[np.intp]
    of: NDArray[np.intp]
    size: Whole
    lack: Whole
    group: NDArray[np.intp]
    may: Flags
    kept: Flags

    @classmethod
    def of_table(cls, table: Table) -> "Kinds":
        essays = np.flatnonzero(table.lack)
        parts = [
            np.packbits(table.may[essays], axis=1), np.packbits(table.kept[essays], axis=1),
            table.lack[essays, None].view(np.uint8), table.group[essays, None].view(np.uint8),
        ]  # fmt: skip
        keys = np.ascontiguousarray(np.hstack(parts))
        numbers: dict[bytes, int] = {}
        of = np.array([numbers.setdefault(key.tobytes(), len(numbers)) for key in keys], dtype=np.intp)
        first = np.unique(of, return_index=True)[1]
        rows = essays[first]
        size = np.bincount(of, minlength=len(numbers)).astype(np.int64)
        return cls(essays, of, size, table.lack[rows], table.group[rows], table.may[rows], table.kept[rows])

    @property
    def units(self) -> Whole:
        return np.asarray(self.size * self.lack)


class Noise:
    """Numbers of the seed alone: PCG64's raw output is the same in every version of numpy (NEP 19)."""

    def __init__(self, seed: int) -> None:
        self._bits = np.random.PCG64(seed)

    def __call__(self, count: int, below: int) -> Whole:
        return (np.asarray(self._bits.random_raw(count)) >> np.uint64(16)).astype(np.int64) % below

    def order(self, count: int) -> NDArray[np.intp]:
        return np.argsort(self(count, 1 << 47), kind="stable")


def hand_out(table: Table, kinds: Kinds, shares: Whole, met: Whole, noise: Noise) -> Flags:
    """Essay by essay, in the seed's order, to judges of its kind's shares who met least.

    A judge whose share equals the essays left of the kind must take each of them. There are never more such judges than
    readings wanted, since the shares sum to readings times essays; and who is left has a share for the next. So it
    always comes out even.
    """
    dealt = np.zeros_like(table.may)
    left, stacks = kinds.size.tolist(), [np.flatnonzero(row) for row in shares]
    rests = [row[stack] for row, stack in zip(shares, stacks, strict=True)]
    lacks, groups, has_kept = kinds.lack.tolist(), kinds.group.tolist(), np.asarray(kinds.kept.any(axis=1)).tolist()
    order = noise.order(len(kinds.essays))
    tie = noise.order(len(table.judges))
    for number in order.tolist():
        kind = int(kinds.of[number])
        met_here, stack, rest = met[groups[kind]], stacks[kind], rests[kind]
        kept = np.flatnonzero(kinds.kept[kind]).tolist() if has_kept[kind] else []
        chosen = _chosen(met_here, stack, rest, left[kind], lacks[kind], kept, tie)
        rest[chosen] -= 1
        left[kind] -= 1
        readers = stack[chosen]
        dealt[kinds.essays[number], readers] = True
        _note(met_here, readers.tolist(), kept)
    return dealt


def _chosen(met: Whole, stack: Any, rest: Any, left: int, lack: int, kept: list[int], tie: Any) -> list[int]:
    """Places in the stack: first who must, then the largest rest, then each time whoever met the chosen least."""
    if lack == len(stack):
        return list(range(lack))
    chosen: list[int] = np.flatnonzero(rest == left).tolist()
    size = len(tie)
    worth = tie[stack] - size * rest  # among equals the larger rest, then the seed's order
    scale = size * (left + 2)
    worth[rest == 0] += scale << 20
    worth[chosen] += scale << 21
    for one in kept:
        worth += scale * met[one, stack]
    for place in chosen:
        worth += scale * met[stack[place], stack]
    while len(chosen) < lack:
        place = int(worth.argmin())
        chosen.append(place)
        worth[place] += scale << 21
        worth += scale * met[stack[place], stack]
    return chosen


def _note(met: Whole, readers: list[int], kept: list[int]) -> None:
    for one in readers:
        for other in readers:
            met[one, other] += 1
        for other in kept:
            met[one, other] += 1
            met[other, one] += 1
