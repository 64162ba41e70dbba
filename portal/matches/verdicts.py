"""Why somebody got a place or did not, and why a place stayed empty. Pure; says nothing of anybody else."""

import enum
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from portal.matches.inputs import Input, Why
from portal.matches.models import Vacant

Matching = Mapping[str, str | None]


class Code(enum.StrEnum):
    """What became of one choice."""

    MATCHED = "matched"
    LATER = "later"  # after the place they got
    BETTER_RANKED = "better_ranked"
    LOTTERY = "lottery"
    TAKEN = "taken"
    NOT_LISTED = "not_listed"
    CLOSED = "closed"
    OWN_GOVERNMENT = "own_government"
    BLOCKED_PAIR = "blocked_pair"
    REFUSED = "refused"
    DECLINED = "declined"
    LEFT = "left"
    PLACED = "placed"  # outside this match
    GUARDIAN = "guardian"


REMOVED: dict[Why, Code] = {why: Code(why.value) for why in Why}


class Verdict(NamedTuple):
    """`number` is how many places the opening has, where the sentence names it."""

    slug: str
    code: Code
    number: int = 0


class Outcomes(NamedTuple):
    """What a matching means: verdicts by applicant, and by opening who would rather be there, the next first."""

    verdicts: dict[str, list[Verdict]]
    waiting: dict[str, list[str]]
    vacancies: dict[str, tuple[int, Vacant]]


def outcomes(given: Input, matching: Matching, lottery: Mapping[str, int]) -> Outcomes:
    tiers = {slug: _standing(given.facts.places[slug].tiers) for slug in given.capacities}
    listed = {slug: _standing(ranking) for slug, ranking in given.rankings.items()}
    admitted = _admitted(given, matching)
    verdicts: dict[str, list[Verdict]] = {}
    waiting: dict[str, list[str]] = {slug: [] for slug in given.capacities}
    for number, applicant in given.facts.applicants.items():
        if number not in given.wishes:
            verdicts[number] = _standing_aside(given, number)
            continue
        verdicts[number] = []
        got = matching[number]
        for slug in _before(applicant.wishes, got):
            verdict = _verdict(given, number, slug, tiers, admitted, in_list=number in listed.get(slug, ()))
            verdicts[number].append(verdict)
            if number in listed.get(slug, ()) and (number, slug) not in given.removed:
                waiting[slug].append(number)
        verdicts[number] += _from(applicant.wishes, got)
    for slug, numbers in waiting.items():
        numbers.sort(key=lambda number: (listed[slug][number], lottery[number]))
    return Outcomes(verdicts, waiting, dict(_vacancies(given, matching, admitted, listed)))


def _standing(tiers: Sequence[Sequence[str]]) -> dict[str, int]:
    return {number: place for place, tier in enumerate(tiers) for number in tier}


def _admitted(given: Input, matching: Matching) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {slug: [] for slug in given.capacities}
    for number, slug in matching.items():
        if slug is not None:
            found[slug].append(number)
    return found


def _before(wishes: Sequence[str], got: str | None) -> Sequence[str]:
    return wishes if got is None else wishes[: wishes.index(got)]


def _from(wishes: Sequence[str], got: str | None) -> list[Verdict]:
    if got is None:
        return []
    return [Verdict(got, Code.MATCHED), *(Verdict(slug, Code.LATER) for slug in wishes[wishes.index(got) + 1 :])]


def _standing_aside(given: Input, number: str) -> list[Verdict]:
    """Of those who hold a place already, gave one up, or wait for a guardian."""
    facts = given.facts
    code = Code.PLACED if number in facts.fixed else Code.LEFT if number in facts.left else Code.GUARDIAN
    return [Verdict(slug, code) for slug in given.facts.applicants[number].wishes]


def _verdict(
    given: Input, number: str, slug: str, tiers: Mapping[str, Mapping[str, int]],
    admitted: Mapping[str, Sequence[str]], *, in_list: bool,
) -> Verdict:  # fmt: skip
    why = given.removed.get((number, slug))
    if why is not None:
        return Verdict(slug, REMOVED[why])
    if not in_list:
        return Verdict(slug, Code.NOT_LISTED)
    return Verdict(slug, *_why_full(tiers[slug], number, admitted[slug], given.facts.places[slug].capacity))


def _why_full(standing: Mapping[str, int], number: str, admitted: Sequence[str], capacity: int) -> tuple[Code, int]:
    """Compared with those who got in: in a stable result each of them is ranked above, or drew the better number.

    Where a place was given earlier, before the list changed or outside this run, neither is said.
    """
    own = standing.get(number)
    theirs = [standing.get(each) for each in admitted]
    if not theirs or len(theirs) < capacity or own is None or any(each is None or each > own for each in theirs):
        return Code.TAKEN, capacity
    return (Code.LOTTERY if own in theirs else Code.BETTER_RANKED), capacity


def _vacancies(
    given: Input, matching: Matching, admitted: Mapping[str, Sequence[str]], listed: Mapping[str, Mapping[str, int]]
) -> Iterator[tuple[str, tuple[int, Vacant]]]:
    chosen = {slug for applicant in given.facts.applicants.values() for slug in applicant.wishes}
    wanted = {slug for wishes in given.wishes.values() for slug in wishes}
    for slug, capacity in given.capacities.items():
        left = capacity - len(admitted[slug])
        if left > 0:
            yield slug, (left, _why_vacant(slug, chosen, wanted, len(listed[slug]), capacity))


def _why_vacant(slug: str, chosen: set[str], wanted: set[str], listed: int, capacity: int) -> Vacant:
    if slug not in chosen:
        return Vacant.NOBODY_CHOSE
    if slug not in wanted:
        return Vacant.ALL_REMOVED
    if not listed:
        return Vacant.NOBODY_LISTED
    return Vacant.FEW_LISTED if listed < capacity else Vacant.PREFERRED_OTHERS
