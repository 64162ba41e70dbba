"""Marks to try rules on."""

from collections.abc import Mapping

import numpy as np

from portal.judging.calibration import Given


def marks(table: Mapping[str, Mapping[str, float]]) -> list[Given]:
    """From {entry: {judge: mark}}."""
    return [Given(entry, judge, mark) for entry, row in table.items() for judge, mark in row.items()]


# The worked example of the specification.
WORKED = marks(
    {
        "A": {"J1": 70, "J2": 78},
        "B": {"J2": 80, "J3": 71},
        "C": {"J1": 60, "J3": 66},
        "D": {"J1": 74, "J2": 84, "J3": 80},
    }
)
# Two panels that share no entry.
APART = marks(
    {"A": {"J1": 50, "J2": 60}, "B": {"J1": 55, "J2": 64}, "C": {"J3": 70, "J4": 80}, "D": {"J3": 90, "J4": 99}}
)


def simulated(seed: int, *, entries: int = 40, judges: int = 8, each: int = 3) -> list[Given]:
    """Entries, judges and chance vary by 6, 3 and 5 points."""
    dice = np.random.default_rng(seed)
    quality, leniency = 60 + 6 * dice.standard_normal(entries), 3 * dice.standard_normal(judges)
    return [
        Given(f"e{entry:03}", f"j{judge:02}", float(quality[entry] + leniency[judge] + 5 * dice.standard_normal()))
        for entry in range(entries)
        for judge in dice.choice(judges, each, replace=False)
    ]
