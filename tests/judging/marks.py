"""Invented marks: of the worked example, of judges drawn by a random generator, and of some drawn by hash alone."""

import hashlib
from statistics import NormalDist
from typing import NamedTuple

import numpy as np

from portal.judging.calibration import Given

WORKED = [
    Given("A", "J1", 70), Given("A", "J2", 78), Given("B", "J2", 80), Given("B", "J3", 71), Given("C", "J1", 60),
    Given("C", "J3", 66), Given("D", "J1", 74), Given("D", "J2", 84), Given("D", "J3", 80),
]  # fmt: skip


class Truth(NamedTuple):
    """Marks with what they were made from."""

    given: list[Given]
    quality: np.ndarray
    leniency: np.ndarray


def simulated(
    random: np.random.Generator, *, entries: int = 200, judges: int = 20, marks: int = 3,
    shares: tuple[float, float, float] = (0.45, 0.15, 0.40),
) -> Truth:  # fmt: skip
    """`shares` are the variances of entries, judges and the rest; each entry is dealt to judges at random."""
    of_entries, of_judges, rest = np.sqrt(shares)
    quality, leniency = of_entries * random.standard_normal(entries), of_judges * random.standard_normal(judges)
    given = [
        Given(f"e{entry:04}", f"j{judge:03}", float(quality[entry] + leniency[judge] + rest * random.standard_normal()))
        for entry in range(entries)
        for judge in random.permutation(judges)[:marks]
    ]
    return Truth(given, quality, leniency)


def hashed(*, entries: int = 200, judges: int = 20, marks: int = 3) -> list[Given]:
    """Whole marks around 65 that are the same with every version of every library."""
    return [
        Given(f"e{entry:03}", f"j{judge:02}", round(65 + 8 * _normal(f"entry {entry}") + 4.6 * _normal(f"judge {judge}")
              + 7.5 * _normal(f"{entry} by {judge}")))
        for entry in range(entries)
        for judge in sorted(range(judges), key=lambda judge: _uniform(f"{entry} to {judge}"))[:marks]
    ]  # fmt: skip


def _uniform(name: str) -> float:
    return (int.from_bytes(hashlib.sha256(name.encode()).digest()[:6], "big") + 0.5) / 2**48


def _normal(name: str) -> float:
    return NormalDist().inv_cdf(_uniform(name))
