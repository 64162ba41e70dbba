"""What a matching amounts to, in figures. Pure."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import TypedDict


class Figures(TypedDict):
    """How a group of applicants fared. Rates are shares of all of them from 0 to 1, rounded to four decimals."""

    applicants: int
    matched: int
    match_rate: float | None
    first_choice: int
    first_choice_rate: float | None
    mean_rank: float | None
    by_rank: dict[str, int]


class Statistics(Figures):
    """Both sides together."""

    hosts: int
    places: int
    filled: int
    empty: int


def statistics(
    applicants: Mapping[str, Sequence[str]], capacities: Mapping[str, int], matching: Mapping[str, str | None]
) -> Statistics:
    """The figures of a whole matching, in which nobody is given what they did not choose.

    In: the applicants' lists from the first choice on; the places of each host; the matching. Out: besides `figures`
    the numbers of hosts and of their places, filled and empty.
    """
    fared = figures(applicants, matching)
    places = sum(capacities.values())
    return Statistics(
        **fared, hosts=len(capacities), places=places, filled=fared["matched"], empty=places - fared["matched"]
    )


def figures(applicants: Mapping[str, Sequence[str]], matching: Mapping[str, str | None]) -> Figures:
    """How these applicants fared. A mean and a rate of nobody are None.

    `mean_rank` is over the matched, 1 being the first choice; `by_rank` counts them for each rank of the longest list.
    """
    ranks = Counter(_rank(choices, matching.get(name)) for name, choices in applicants.items())
    unmatched = ranks.pop(None, 0)
    by_rank = {rank: ranks[rank] for rank in range(1, max(map(len, applicants.values()), default=0) + 1)}
    matched = len(applicants) - unmatched
    return Figures(
        applicants=len(applicants),
        matched=matched,
        match_rate=_share(matched, len(applicants)),
        first_choice=ranks[1],
        first_choice_rate=_share(ranks[1], len(applicants)),
        mean_rank=_share(sum(rank * count for rank, count in by_rank.items()), matched),
        by_rank={str(rank): count for rank, count in by_rank.items()},
    )


def by_group(
    applicants: Mapping[str, Sequence[str]], matching: Mapping[str, str | None], group: Mapping[str, str]
) -> dict[str, Figures]:
    """The same figures for each group, sorted by its name; `group` says to which each applicant belongs."""
    members: dict[str, dict[str, Sequence[str]]] = {}
    for name, choices in applicants.items():
        members.setdefault(group[name], {})[name] = choices
    return {name: figures(members[name], matching) for name in sorted(members)}


def _rank(choices: Sequence[str], given: str | None) -> int | None:
    return None if given is None else choices.index(given) + 1


def _share(part: int, whole: int) -> float | None:
    return round(part / whole, 4) if whole else None
