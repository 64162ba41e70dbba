"""An order as plain data: what is kept of it, and put into the bundle. Pure. null: not identified or not defined."""

import hashlib
import json
import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from portal.contests.models import Edition
from portal.judging import reliability
from portal.judging.calibration import Judge
from portal.judging.models import Round
from portal.standings import rules
from portal.standings.orders import Group, Placed


def content(edition: Edition, round_: Round, groups: Sequence[Group]) -> dict[str, Any]:
    """The order of every comparison group, essays and judges by code."""
    return {
        "edition": edition.slug,
        "round": round_.value,
        "rule": rules.rule(edition, round_).value,
        "seed": edition.seed,
        "groups": [_group(name, group) for name, group in named(groups).items()],
    }


def digest(kept: dict[str, Any]) -> str:
    written = json.dumps(kept, sort_keys=True, separators=(",", ":"), allow_nan=False)
    return hashlib.sha256(written.encode()).hexdigest()


def _group(name: str, group: Group) -> dict[str, Any]:
    found, figures = group.calibration, reliability.figures(group.pool.given, group.calibration)
    return {
        "name": name,
        "category_id": str(group.category_id),
        "category": group.category,
        "language": group.language,
        "line": group.line,
        "refused": [group.refused.why, group.refused.number] if group.refused else None,
        "optima": group.optima,
        "merged_order": group.has_one_order,
        "components": found.components,
        "order": [_placed(placed) for placed in group.order],
        "unmarked": group.pool.unmarked,
        "band": sorted(group.band),
        "judges": [_judge(judge) for judge in found.judges],
        "variance": {key: finite(value) for key, value in asdict(found.variance).items()},
        "worst_contrast": finite(found.worst_contrast),
        "alpha": figures.alpha,
        "icc": {**asdict(figures.icc), "from": figures.basis.value, "marks": figures.marks},
        "separation": found.separation,
    }


def named(groups: Sequence[Group]) -> dict[str, Group]:
    """By what they are called in files; two categories of one name are told apart by their ids."""
    counts = Counter(_name(group) for group in groups)
    called = [(_name(group), group) for group in groups]
    return {name if counts[name] == 1 else f"{name}, {group.category_id}": group for name, group in called}


def _name(group: Group) -> str:
    """Its ages' name in English, and its language."""
    category = group.category.get("en") or str(group.category_id)
    return f"{category}, {group.language}" if group.language else category


def _placed(placed: Placed) -> dict[str, Any]:
    return {
        "entry": placed.code,
        "rank": placed.rank,
        "score": placed.score,
        "component": placed.component + 1,
        "rank_in_component": placed.place,
        "recommended_rank": placed.recommended,
        "adjusted": placed.adjusted,
        "standard_error": placed.standard_error,
        "rank_interval": list(placed.ranks) if placed.ranks else None,
        "p_top": placed.p_top,
        "raw_mean": placed.raw_mean,
        "marks": placed.marks,
    }


def _judge(judge: Judge) -> dict[str, Any]:
    return {
        "judge": judge.judge, "marks": judge.marks, "mean": judge.mean, "severity": judge.severity,
        "standard_error": judge.standard_error, "infit": judge.infit,
    }  # fmt: skip


def finite(value: float | None) -> float | None:
    return value if value is None or math.isfinite(value) else None
