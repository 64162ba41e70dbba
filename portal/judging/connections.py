"""Which entries and judges can be compared at all, and how well. Pure; numpy only.

`judged` is an n x J table, 1 where a judge marked an entry; every entry has a mark and every judge gave one. Source:
Weeks & Williams 1964: contrasts are estimable if and only if a chain of marks connects what they compare.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Places = NDArray[np.intp]


def laplacian(judged: Array) -> Array:
    """L = diag(m) - N' diag(1/n) N: how well judges can be compared through entries they share."""
    counts = judged.sum(axis=1)
    return np.asarray(np.diag(judged.sum(axis=0)) - judged.T @ (judged / counts[:, None]))


def components(judged: Array) -> Places:
    """For each entry the number of its component, in the order of the first entry of each."""
    return _numbered(judged, _parts(laplacian(judged)))


def strength(judged: Array) -> tuple[float, float]:
    """lambda_2 of the judges' Laplacian, and the worst standard error of a contrast of two judges in units of s.

    0 and infinity where the graph falls apart; 0 and 0 for one judge, who is compared with nobody.
    """
    return Spectrum.of(judged).strength


@dataclass(frozen=True)
class Spectrum:
    """L = U diag(d) U', component by component, so that its null space is known and not guessed from small numbers.

    `component` is that of each entry; there are `parts` of them.
    """

    values: Array
    vectors: Array
    component: Places
    parts: int

    @classmethod
    def of(cls, judged: Array) -> "Spectrum":
        whole = laplacian(judged)
        parts = _parts(whole)
        values, vectors = np.zeros(len(whole)), np.zeros_like(whole)
        for part in parts:
            block = np.ix_(part, part)
            values[part], vectors[block] = np.linalg.eigh(whole[block])
            values[part[0]] = 0.0  # the smallest: whoever belongs to one part can be moved together
        return cls(values, vectors, _numbered(judged, parts), len(parts))

    @property
    def strength(self) -> tuple[float, float]:
        if len(self.values) == 1:
            return 0.0, 0.0
        if self.parts > 1:
            return 0.0, float("inf")
        inverse = self.with_powers(shrunk(self.values, 0.0))
        own = np.diag(inverse)
        return float(self.values[1]), float(np.sqrt((own[:, None] + own[None, :] - 2 * inverse).max()))

    def with_powers(self, powers: Array) -> Array:
        """U diag(powers) U'."""
        return np.asarray((self.vectors * powers) @ self.vectors.T)


def shrunk(values: Array, ratio: float) -> Array:
    """1 / (d + lam); what cannot be compared, and what is shrunk to nothing, gives 0."""
    reached = values + ratio
    return np.divide(1.0, reached, out=np.zeros_like(values), where=(reached > 0) & np.isfinite(reached))


def _parts(whole: Array) -> list[Places]:
    """The judges of each component of a Laplacian, in which judges meet where it is below 0."""
    meet = whole < 0
    left = np.ones(len(meet), dtype=bool)
    parts = []
    while left.any():
        reached = _reached(meet, int(left.argmax()))
        parts.append(np.flatnonzero(reached))
        left &= ~reached
    return parts


def _reached(meet: NDArray[np.bool_], judge: int) -> NDArray[np.bool_]:
    reached = np.zeros(len(meet), dtype=bool)
    reached[judge] = True
    while True:
        more = reached | meet[reached].any(axis=0)
        if (more == reached).all():
            return reached
        reached = more


def _numbered(judged: Array, parts: list[Places]) -> Places:
    of_judge = np.empty(judged.shape[1], dtype=np.intp)
    for number, part in enumerate(parts):
        of_judge[part] = number
    of_entry = of_judge[judged.argmax(axis=1)]
    firsts = {int(number): None for number in of_entry}
    order = np.empty(len(parts), dtype=np.intp)
    order[list(firsts)] = np.arange(len(parts))
    return np.asarray(order[of_entry])
