"""Student's t against the printed table, Welch's t against a published example."""

import math
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.judging import student
from portal.judging.student import Effect

# Hours of sleep gained by ten patients with two drugs: Student, Biometrika 6 (1908), 1-25. As two samples, Welch's test
# is printed in many manuals: t = -1.8608 on 17.776 degrees of freedom, interval -3.3654832 to 0.2054832.
FIRST = (0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0.0, 2.0)
SECOND = (1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4)

# Any printed table of Student's t: one-sided .05, .025, .005.
TABLE = {
    1: (6.314, 12.706, 63.657), 2: (2.920, 4.303, 9.925), 3: (2.353, 3.182, 5.841), 4: (2.132, 2.776, 4.604),
    5: (2.015, 2.571, 4.032), 6: (1.943, 2.447, 3.707), 7: (1.895, 2.365, 3.499), 8: (1.860, 2.306, 3.355),
    9: (1.833, 2.262, 3.250), 10: (1.812, 2.228, 3.169), 15: (1.753, 2.131, 2.947), 20: (1.725, 2.086, 2.845),
    25: (1.708, 2.060, 2.787), 30: (1.697, 2.042, 2.750), 40: (1.684, 2.021, 2.704), 60: (1.671, 2.000, 2.660),
    120: (1.658, 1.980, 2.617), 1e9: (1.645, 1.960, 2.576),
}  # fmt: skip


@pytest.mark.parametrize("freedom", TABLE)
def test_quantiles_as_printed(freedom: float) -> None:
    found = [round(student.quantile(share, freedom), 3) for share in (0.95, 0.975, 0.995)]
    assert found == list(TABLE[freedom])


@pytest.mark.parametrize("share", [0.6, 0.9, 0.975, 0.9999])
def test_quantiles_that_have_a_formula(share: float) -> None:
    assert student.quantile(share, 1) == pytest.approx(math.tan(math.pi * (share - 0.5)), rel=1e-10)
    apart = 2 * share - 1
    assert student.quantile(share, 2) == pytest.approx(apart * math.sqrt(2 / (1 - apart**2)), rel=1e-10)


@given(st.floats(0.001, 0.999), st.floats(0.5, 500))
def test_a_quantile_is_where_the_chance_is_reached_and_falls_with_freedom(share: float, freedom: float) -> None:
    value = student.quantile(share, freedom)
    assert value == pytest.approx(-student.quantile(1 - share, freedom), rel=1e-6, abs=1e-9)
    assert student.below(abs(value), freedom) == pytest.approx(max(share, 1 - share), abs=1e-9)
    assert abs(student.quantile(share, freedom + 1)) <= abs(value) + 1e-9


@pytest.mark.parametrize(("share", "freedom"), [(0, 5), (1, 5), (0.9, 0), (0.9, -1), (0.9, math.nan)])
def test_what_has_no_quantile(share: float, freedom: float) -> None:
    with pytest.raises(ValueError, match="a quantile has"):
        student.quantile(share, freedom)


@given(st.integers(1, 12), st.integers(1, 12), st.fractions(0, 1, max_denominator=20))
def test_the_incomplete_beta_of_whole_numbers_is_a_binomial_tail(a: int, b: int, x: Fraction) -> None:
    tail = sum(math.comb(a + b - 1, k) * x**k * (1 - x) ** (a + b - 1 - k) for k in range(a, a + b))
    assert student.incomplete_beta(float(x), a, b) == pytest.approx(float(tail), abs=1e-12)


def test_welch_as_published() -> None:
    found = student.welch(FIRST, SECOND)
    assert (found.n_own, found.n_other) == (10, 10)
    assert found.effect == pytest.approx(0.75 - 2.33)
    assert found.effect is not None and found.standard_error is not None
    assert found.effect / found.standard_error == pytest.approx(-1.8608, abs=5e-5)
    assert found.freedom == pytest.approx(17.776, abs=5e-4)
    assert found.interval == pytest.approx((-3.3654832, 0.2054832), abs=5e-8)


@pytest.mark.parametrize(("own", "other"), [((), ()), ((1,), (1, 2, 3)), ((1, 2, 3), (1,))])
def test_fewer_than_two_on_a_side_say_nothing(own: tuple, other: tuple) -> None:
    assert student.welch(own, other) == Effect(len(own), len(other))


def test_where_nothing_varies_there_is_no_interval() -> None:
    assert student.welch((3, 3), (1, 1, 1)) == Effect(2, 3, 2.0, 0.0)


@given(st.lists(st.integers(-50, 50), min_size=2, max_size=8), st.lists(st.integers(-50, 50), min_size=2, max_size=8))
def test_freedom_lies_between_the_smaller_side_and_both(own: list, other: list) -> None:
    found = student.welch(own, other)
    if found.freedom is not None:
        assert min(len(own), len(other)) - 1 - 1e-9 <= found.freedom <= len(own) + len(other) - 2 + 1e-9
        assert found.interval is not None and found.effect is not None
        assert found.interval[0] < found.effect < found.interval[1]
        turned = student.welch(other, own)
        assert turned.interval == pytest.approx((-found.interval[1], -found.interval[0]))
