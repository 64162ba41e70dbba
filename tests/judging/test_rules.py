import uuid
from fractions import Fraction

import pytest

from portal.clock import now
from portal.contests.models import ConflictRule
from portal.judging import rules
from portal.judging.models import DeclaredConflict, Judge, JudgeStatus, Round
from portal.judging.words import BARS, Bar, Progress
from portal.registry.models import Country, Government

HERE, NEIGHBOUR, THERE = (Government(code=code, country=Country(code[:2])) for code in ("MN-1", "MN-2", "KR-47"))


def judge(home: Government | None = HERE, country: Country | None = None) -> Judge:
    return Judge(
        edition_id=uuid.uuid4(), languages=["mn", "ru"], government_id=home.id if home else None,
        country=home.country if home else country,
    )  # fmt: skip


def bar(**changes: object) -> Bar | None:
    given = {
        "language": "mn", "reads": ["mn", "ru"], "shuns": {"a"}, "homes": {"b"}, "knows_authors": False,
        "is_guardian": False, "is_appointed": False,
    }  # fmt: skip
    return rules.bar(**{**given, **changes})


def meets(
    home: Government | None, rule: ConflictRule, somebody: Judge | None = None, *declared: Government | None
) -> bool:
    """Whether what a judge shuns is among an essay's homes."""
    who = somebody or judge()
    conflicts = [DeclaredConflict(judge_id=who.id, government_id=each.id) for each in declared if each]
    return not rules.shuns(who, conflicts, rule).isdisjoint(rules.homes(home, rule))


def test_somebody_else_who_reads_the_language_may_judge() -> None:
    assert bar() is None
    assert bar(shuns=(), homes=()) is None


BY_GOVERNMENT, BY_COUNTRY = ConflictRule.GOVERNMENT, ConflictRule.COUNTRY


@pytest.mark.parametrize(
    ("home", "rule", "shunned"),
    [
        (HERE, BY_GOVERNMENT, True),
        (NEIGHBOUR, BY_GOVERNMENT, False),
        (NEIGHBOUR, BY_COUNTRY, True),
        (THERE, BY_COUNTRY, False),
        (None, BY_COUNTRY, False),
    ],
)
def test_a_judge_shuns_their_own_government_or_country(
    home: Government | None, rule: ConflictRule, shunned: bool
) -> None:
    assert meets(home, rule) is shunned


def test_a_country_without_a_government_counts_where_countries_do() -> None:
    somebody = judge(None, Country.MN)
    assert meets(HERE, BY_COUNTRY, somebody)
    assert not meets(HERE, BY_GOVERNMENT, somebody)
    assert not meets(HERE, BY_COUNTRY, judge(None))


@pytest.mark.parametrize("rule", ConflictRule)
def test_a_declared_conflict_is_with_one_government_and_of_one_judge(rule: ConflictRule) -> None:
    somebody, neighbour = judge(None), Government(code="KR-46", country=Country.KR)
    assert meets(THERE, rule, somebody, THERE)
    assert not meets(neighbour, rule, somebody, THERE)
    of_another = DeclaredConflict(judge_id=judge().id, government_id=THERE.id)
    with_an_essay = DeclaredConflict(judge_id=somebody.id, essay_id=uuid.uuid4())
    assert rules.shuns(somebody, [of_another, with_an_essay], rule) == frozenset()


@pytest.mark.parametrize(
    ("changes", "is_here"),
    [
        ({}, True),
        ({"status": JudgeStatus.INVITED}, False),
        ({"status": JudgeStatus.DECLINED}, False),
        ({"status": JudgeStatus.LEFT}, False),
        ({"excluded_at": now()}, False),
    ],
)
def test_who_accepted_and_still_counts_is_here(changes: dict, is_here: bool) -> None:
    somebody = judge()
    for name, value in changes.items():
        setattr(somebody, name, value)
    assert rules.is_here(somebody) is is_here


def test_a_judge_reads_in_the_rounds_they_were_asked_for() -> None:
    somebody = judge()
    assert (rules.is_in_round(somebody, Round.FIRST), rules.is_in_round(somebody, Round.FINAL)) == (True, False)


@pytest.mark.parametrize(
    ("changes", "barred"),
    [
        ({"shuns": {"a", "b"}}, Bar.CONFLICT),
        ({"declared": True}, Bar.CONFLICT),
        ({"knows_authors": True}, Bar.CONFLICT),
        ({"is_guardian": True}, Bar.CONFLICT),
        ({"language": "ja"}, Bar.LANGUAGE),
        ({"is_appointed": True}, Bar.APPOINTED),
        ({"had_it": True}, Bar.PAST),
        ({"is_here": False}, Bar.NOT_HERE),
        ({"is_in_round": False}, Bar.ROUND),
        # What says nothing about the author is said first.
        ({"language": "ja", "shuns": {"b"}}, Bar.LANGUAGE),
        ({"had_it": True, "declared": True}, Bar.PAST),
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
