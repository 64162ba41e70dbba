"""Whether judges favour their own, over all groups of a round. Pure.

Shown are effects only, and only where five marks or more lie on either side: a judge who read two essays of their own
country would otherwise tell whoever knows the judge which of the codes are from there, and how they were marked.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from portal.judging import bias, calibration
from portal.judging.calibration import Given
from portal.judging.student import Effect
from portal.standings.orders import Group

LEAST_SHOWN = 5
Pairs = Collection[tuple[str, str]]


@dataclass(frozen=True)
class Line:
    """None: fewer than five marks on one side, or not identified. `effect` has the counts."""

    judge: str
    effect: Effect | None


@dataclass(frozen=True)
class Favour:
    """`modelled` takes severity off, `overall` compares with the others' mean by hand."""

    modelled: Effect | None
    overall: Effect | None
    judges: list[Line]


def favour(groups: Sequence[Group], own: Pairs) -> Favour:
    """`own` are essays with judges whose own they are."""
    given = [row for group in groups for row in group.pool.given]
    if not given:
        return Favour(None, None, [])
    audit = bias.own(given, own)
    modelled = bias.modelled(given, own, ratio=_ratio(groups, given))
    lines = [Line(judge, shown(effect)) for judge, effect in audit.judges.items()]
    return Favour(shown(modelled), shown(audit.overall), lines)


def _ratio(groups: Sequence[Group], given: Sequence[Given]) -> float:
    """That of all marks together; of a single group it is known already."""
    known = groups[0].calibration if len(groups) == 1 else calibration.calibrate(given)
    return known.variance.ratio


def shown(effect: Effect) -> Effect | None:
    return effect if min(effect.n_own, effect.n_other) >= LEAST_SHOWN and effect.effect is not None else None
