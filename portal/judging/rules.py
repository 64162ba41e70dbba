"""Judging: who may, what bars a judge, the total of a rubric. Pure."""

import datetime as dt
import uuid
from collections.abc import Collection, Iterable, Sequence
from fractions import Fraction

from portal.accounts.viewer import Viewer
from portal.contests.models import ConflictRule, Edition, EditionStatus
from portal.contests.rules import oversees
from portal.essays.models import EssayStatus
from portal.judging.models import DeclaredConflict, Judge, JudgeStatus, Round
from portal.judging.words import Bar, Progress
from portal.registry.models import Country, Government

ENOUGH_JUDGES = 2
# The round in which judges can be appointed to an essay.
ROUNDS = {
    EssayStatus.ADMITTED: Round.FIRST,
    EssayStatus.IN_JUDGING: Round.FIRST,
    EssayStatus.SHORTLISTED: Round.FINAL,
}


def may_appoint(viewer: Viewer, edition: Edition) -> bool:
    return viewer.is_secretary and not viewer.judges(edition.id)


def is_here(judge: Judge) -> bool:
    """Whether they accepted, did not leave, and their marks count."""
    return judge.status is JudgeStatus.ACCEPTED and judge.excluded_at is None


def is_in_round(judge: Judge, round_: Round) -> bool:
    return judge.in_final if round_ is Round.FINAL else judge.in_first


def takes_judges(edition: Edition) -> bool:
    return edition.status is EditionStatus.PUBLISHED


def shuns(judge: Judge, conflicts: Iterable[DeclaredConflict], rule: ConflictRule) -> frozenset[str]:
    """What this judge must not read, as tokens to compare with an essay's `homes`: their own government, those they
    declared a conflict with and, where the edition says so, their country. Conflicts of other judges are left out.

    A judge's `country` is that of their government, if they have one, so that it need not be loaded.
    """
    theirs = (each.government_id for each in conflicts if each.judge_id == judge.id)
    governments = {_government(each) for each in (judge.government_id, *theirs) if each is not None}
    return frozenset(governments | _countries(judge.country, rule))


def homes(government: Government | None, rule: ConflictRule) -> frozenset[str]:
    """Where an essay comes from, as the tokens that `shuns` names."""
    if government is None:
        return frozenset()
    return frozenset({_government(government.id)} | _countries(government.country, rule))


def _government(government_id: uuid.UUID) -> str:
    return f"government:{government_id}"


def _countries(country: Country | None, rule: ConflictRule) -> set[str]:
    return {f"country:{country.value}"} if country and rule is ConflictRule.COUNTRY else set()


def bar(
    *, language: str, reads: Collection[str], shuns: Collection[str], homes: Collection[str], declared: bool = False,
    knows_authors: bool, is_guardian: bool, is_appointed: bool, had_it: bool = False, is_here: bool = True,
    is_in_round: bool = True,
) -> Bar | None:  # fmt: skip
    """What bars this person from judging this essay, or None. What says nothing about the author is said first.

    Conflicts: who can know an author of the edition, the author's guardian, who declared one with the essay or with
    its government, somebody of the author's own government or, where the edition says so, country.
    """
    neutral = {
        Bar.NOT_HERE: not is_here, Bar.ROUND: not is_in_round, Bar.APPOINTED: is_appointed, Bar.PAST: had_it,
        Bar.LANGUAGE: language not in reads,
    }  # fmt: skip
    first = next((each for each, holds in neutral.items() if holds), None)
    conflict = knows_authors or is_guardian or declared or not frozenset(shuns).isdisjoint(homes)
    return first or (Bar.CONFLICT if conflict else None)


def progress(*, is_locked: bool, marks: int) -> Progress:
    if is_locked:
        return Progress.SENT
    return Progress.BEGUN if marks else Progress.TO_READ


def rounds(edition: Edition) -> list[Round]:
    return [Round.FIRST] if edition.finalists is None else [Round.FIRST, Round.FINAL]


def due_at(edition: Edition, round_: Round) -> dt.datetime:
    """When marks of this round are due."""
    if round_ is Round.FINAL and edition.final_due_at is not None:
        return edition.final_due_at
    return edition.judging_due_at


def is_time_to_mark(due_at: dt.datetime, at: dt.datetime) -> bool:
    return at < due_at


def may_read_notes(viewer: Viewer, edition: Edition) -> bool:
    """What judges wrote beside their marks: nobody who judges here, or who knows from screening who wrote what."""
    return oversees(viewer, edition) and not viewer.screens(edition.id)


def may_reopen(viewer: Viewer, edition: Edition) -> bool:
    """Marks that were submitted, and whether a comment reaches its author."""
    return viewer.is_secretary and may_read_notes(viewer, edition)


def rubric_total(marks: Iterable[tuple[int, int]]) -> Fraction:
    """From (weight, points 1-10) of each criterion to 0-100, exactly: 100 * sum w (s - 1) / 9 / sum w."""
    pairs = list(marks)
    weights = sum(weight for weight, _points in pairs)
    return Fraction(100 * sum(weight * (points - 1) for weight, points in pairs), 9 * weights)


def mean(totals: Sequence[Fraction]) -> Fraction:
    return sum(totals, Fraction(0)) / len(totals)
