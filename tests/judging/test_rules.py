from fractions import Fraction

import pytest

from portal.contests.models import ConflictRule
from portal.judging import rules
from portal.judging.words import BARS, Bar, Progress
from portal.registry.models import Country, Government

HERE, NEIGHBOUR, THERE = (Government(code=code, country=Country(code[:2])) for code in ("MN-1", "MN-2", "KR-47"))


def bar(**changes: object) -> Bar | None:
    given = {
        "language": "mn", "reads": ["mn", "ru"], "rule": ConflictRule.GOVERNMENT, "judge_home": HERE,
        "author_home": THERE, "knows_authors": False, "is_guardian": False, "is_appointed": False,
    }  # fmt: skip
    return rules.bar(**{**given, **changes})


def test_somebody_else_who_reads_the_language_may_judge() -> None:
    assert bar() is None
    assert bar(judge_home=None, author_home=None) is None


@pytest.mark.parametrize(
    ("changes", "barred"),
    [
        ({"author_home": HERE}, Bar.CONFLICT),
        ({"author_home": NEIGHBOUR}, None),
        ({"author_home": NEIGHBOUR, "rule": ConflictRule.COUNTRY}, Bar.CONFLICT),
        ({"author_home": THERE, "rule": ConflictRule.COUNTRY}, None),
        ({"author_home": None, "rule": ConflictRule.COUNTRY}, None),
        ({"knows_authors": True}, Bar.CONFLICT),
        ({"is_guardian": True}, Bar.CONFLICT),
        ({"language": "ja"}, Bar.LANGUAGE),
        ({"is_appointed": True}, Bar.APPOINTED),
        # What says nothing about the author is said first.
        ({"language": "ja", "author_home": HERE}, Bar.LANGUAGE),
    ],
)
def test_what_bars_a_judge(changes: dict, barred: Bar | None) -> None:
    assert bar(**changes) is barred


def test_the_sentence_of_a_conflict_does_not_say_which() -> None:
    assert not any(word in BARS[Bar.CONFLICT].casefold() for word in ("government", "author", "wrote", "screen"))


@pytest.mark.parametrize(
    ("marks", "total"),
    [
        ([(25, 10), (75, 10)], Fraction(100)),
        ([(25, 1), (75, 1)], Fraction(0)),
        ([(25, 10), (75, 1)], Fraction(25)),
        ([(1, 2)], Fraction(100, 9)),
        ([(25, 8), (30, 7), (20, 6), (15, 9), (10, 5)], Fraction(100 * (175 + 180 + 100 + 120 + 40), 900)),
    ],
)
def test_the_total_is_weighted_and_goes_from_0_to_100(marks: list, total: Fraction) -> None:
    assert rules.rubric_total(marks) == total


@pytest.mark.parametrize(
    ("is_locked", "marks", "progress"),
    [(False, 0, Progress.TO_READ), (False, 1, Progress.BEGUN), (True, 5, Progress.SENT)],
)
def test_progress(is_locked: bool, marks: int, progress: Progress) -> None:
    assert rules.progress(is_locked=is_locked, marks=marks) is progress
