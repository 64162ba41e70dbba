"""How well a group's judges can be compared (practice part B3), and what would help them. Pure.

Two judges are told apart by the essays that link them. With the judges' Laplacian L and a contrast d of two judges, the
variance of d is d'L^+d in units of s squared. Let v = L^+d. What changes L by a little D changes the variance by -v'Dv,
and of L an essay with k judges makes v'Lv = sum v_j^2 - (sum v_j)^2 / k over them. So it helps most to bring judges of
the most different v together. Where the graph falls apart, v tells its parts from each other instead.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from portal.judging.connections import components, laplacian
from portal.judging.deals import Flags

Array = NDArray[np.float64]
WORST = 0.5  # the standard error of a contrast of two judges that is borne, in units of s
SMALL = 1e-9


@dataclass(frozen=True)
class Figures:
    """Of one group: components, lambda_2, and of all contrasts' standard errors, in units of s, the worst and the mean
    square. In exchanges fewer components, then a smaller worst, then a smaller mean are better."""

    components: int
    connectivity: float
    worst: float
    mean: float

    @classmethod
    def of(cls, judged: Flags) -> "Figures":
        """As connections.strength has it, with the mean from the same eigenvalues."""
        marks = marks_of(judged)
        if marks.shape[1] < 2:
            return cls(marks.shape[1], 0.0, 0.0, 0.0)
        values, vectors = np.linalg.eigh(laplacian(marks))
        if values[1] <= SMALL * max(1.0, values[-1]):
            return cls(int(components(marks).max()) + 1, 0.0, np.inf, np.inf)
        scaled = vectors[:, 1:] / np.sqrt(values[1:])
        square = (scaled**2).sum(axis=1)
        worst = (square[:, None] + square[None, :] - 2 * scaled @ scaled.T).max()
        return cls(1, float(values[1]), float(np.sqrt(worst)), float(2 * (1 / values[1:]).sum() / (len(values) - 1)))

    @property
    def is_sound(self) -> bool:
        return self.worst <= WORST

    def is_better_than(self, other: "Figures") -> bool:
        if self.components != other.components or self.components > 1:
            return self.components < other.components
        if abs(self.worst - other.worst) > SMALL:
            return self.worst < other.worst
        return self.mean < other.mean - SMALL


def marks_of(judged: Flags) -> Array:
    """Without who reads nothing and what is read by nobody."""
    return np.asarray(judged[:, judged.any(axis=0)][judged.any(axis=1)].astype(float))


def direction(judged: Flags, figures: Figures) -> Array:
    """v for all J judges; 0 for who reads nothing here."""
    value = np.zeros(judged.shape[1])
    readers = np.flatnonzero(judged.any(axis=0))
    found = laplacian(marks_of(judged))
    if figures.components > 1:
        part = components(((np.abs(found) > SMALL) | np.eye(len(found), dtype=bool)).astype(float))
        value[readers] = part
        return value
    inverse = np.linalg.pinv(found, hermitian=True)
    own = np.diag(inverse)
    apart = np.round(own[:, None] + own[None, :] - 2 * inverse, 9)
    one, other = divmod(int(apart.argmax()), len(own))
    value[readers] = inverse[:, one] - inverse[:, other]
    return value
