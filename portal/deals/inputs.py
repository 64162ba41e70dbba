"""What a deal is computed from. Pure. Of who wrote what nothing is in it but tokens of where essays come from."""

import hashlib
import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from portal.deals.models import DealKind
from portal.judging.deals import Essay, Judge
from portal.judging.models import Round


@dataclass(frozen=True)
class Given:
    """`kept` and `past` hold, by essay, the judges who read it and those who no longer do; ids are text.

    `codes` are what essays and judges are called where people read, by their ids.
    """

    round: Round
    kind: DealKind
    readings: int
    essays: tuple[Essay, ...] = ()
    judges: tuple[Judge, ...] = ()
    kept: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    past: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    codes: Mapping[str, str] = field(default_factory=dict)


def digest(given: Given) -> str:
    """The SHA-256 of all that decides about the deal, in whatever order it was read."""
    told = {
        "round": given.round.value,
        "kind": given.kind.value,
        "readings": given.readings,
        "essays": sorted(_essay(essay) for essay in given.essays),
        "judges": sorted(_judge(judge) for judge in given.judges),
        "kept": _sorted(given.kept),
        "past": _sorted(given.past),
    }
    return hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()


def _essay(essay: Essay) -> list[object]:
    needs = -1 if essay.needs is None else essay.needs
    return [essay.id, essay.language, sorted(essay.homes), sorted(essay.barred), essay.group, needs]


def _judge(judge: Judge) -> list[object]:
    return [judge.id, sorted(judge.languages), judge.least, judge.most, sorted(judge.shuns), judge.is_active]


def _sorted(some: Mapping[str, Collection[str]]) -> dict[str, list[str]]:
    return {essay: sorted(judges) for essay, judges in some.items()}
