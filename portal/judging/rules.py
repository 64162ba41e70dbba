"""Judging: who may, what bars a judge, the total of a rubric. Pure."""

import datetime as dt
from collections.abc import Collection, Iterable
from fractions import Fraction

from portal.accounts.viewer import Viewer
from portal.contests.models import ConflictRule, Edition, EditionStatus
from portal.essays.models import EssayStatus
from portal.judging.words import Bar, Progress
from portal.registry.models import Government

ENOUGH_JUDGES = 2
JUDGED = frozenset({EssayStatus.ADMITTED, EssayStatus.IN_JUDGING})  # judges can be appointed to them
READ = frozenset({EssayStatus.IN_JUDGING, EssayStatus.SHORTLISTED})  # they lie on judges' desks


def may_appoint(viewer: Viewer, edition: Edition) -> bool:
    return viewer.is_secretary and not viewer.judges(edition.id)


def takes_judges(edition: Edition) -> bool:
    return edition.status is EditionStatus.PUBLISHED


def bar(
    *, language: str, reads: Collection[str], rule: ConflictRule, judge_home: Government | None,
    author_home: Government | None, knows_authors: bool, is_guardian: bool, is_appointed: bool,
) -> Bar | None:  # fmt: skip
    """What bars this person from judging this essay, or None.

    Conflicts: who can know an author of the edition, the author's guardian, somebody of the author's own
    government or, where the edition says so, country.
    """
    if is_appointed:
        return Bar.APPOINTED
    if language not in reads:
        return Bar.LANGUAGE
    conflict = knows_authors or is_guardian or is_same_home(judge_home, author_home, rule)
    return Bar.CONFLICT if conflict else None


def is_same_home(one: Government | None, other: Government | None, rule: ConflictRule) -> bool:
    if one is None or other is None:
        return False
    return one.id == other.id or (rule is ConflictRule.COUNTRY and one.country is other.country)


def progress(*, is_locked: bool, marks: int) -> Progress:
    if is_locked:
        return Progress.SENT
    return Progress.BEGUN if marks else Progress.TO_READ


def is_time_to_mark(judging_due_at: dt.datetime, at: dt.datetime) -> bool:
    return at < judging_due_at


def rubric_total(marks: Iterable[tuple[int, int]]) -> Fraction:
    """From (weight, points 1-10) of each criterion to 0-100, exactly: 100 * sum w (s - 1) / 9 / sum w."""
    pairs = list(marks)
    weights = sum(weight for weight, _points in pairs)
    return Fraction(100 * sum(weight * (points - 1) for weight, points in pairs), 9 * weights)
