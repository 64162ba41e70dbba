"""Which essays are worth comparing."""

import numpy as np

from portal.passages import pairing
from portal.passages.pairing import Rows


def pairs(rows: list[tuple[int, int, int]], sizes: list[int]) -> list[tuple[int, int]]:
    """From (hash, essay, position)."""
    columns = np.array(sorted(rows), np.int64).reshape(-1, 3).T
    found = list(pairing.matches(Rows(*columns)))
    return pairing.worth_comparing(found, np.array(sizes))


def test_so_many_in_common_are_enough() -> None:
    scattered = [(number, essay, number * (7 + essay)) for number in range(8) for essay in (0, 1)]
    assert pairs(scattered, [200, 900]) == [(0, 1)]
    assert pairs(scattered[:14], [200, 900]) == []


def test_three_at_one_distance_are_one_passage() -> None:
    rows = [(number, essay, number * 20 - essay * 500) for number in range(3) for essay in (0, 1)]
    assert pairs(rows, [900, 900]) == [(0, 1)]
    assert pairs(rows[:4], [900, 900]) == []


def test_half_of_a_short_text_is_enough() -> None:
    rows = [(number, essay, number * number * (essay + 1)) for number in range(2) for essay in (0, 1)]
    assert pairs(rows, [4, 900]) == [(0, 1)]
    assert pairs(rows, [6, 900]) == []


def test_of_many_with_one_hash_every_pair_is_met_once() -> None:
    rows = [(number, essay, number) for number in range(5) for essay in range(6)]
    assert sorted(pairs(rows, [5] * 6)) == [(a, b) for a in range(6) for b in range(a + 1, 6)]
    assert pairs([], []) == [] == pairs([(1, 0, 0), (2, 1, 0)], [9, 9])


def test_what_is_common_grows_with_the_essays() -> None:
    assert [pairing.most_common(count) for count in (0, 100, 4000, 10_000)] == [20, 20, 20, 50]
