"""What calibration makes of marks, as plain data. Pure. docs/calibration.md explains every key."""

import math
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from typing import Any

from portal.judging import agreement, calibration, reliability
from portal.judging.calibration import Calibration, Entry, Judge, Ratio
from portal.judging.files import Marks

UNRANKED = (
    "raw_mean", "adjusted", "standard_error", "rank", "rank_interval", "p_top", "component", "rank_in_component",
)  # fmt: skip
NO_MARKS: dict[str, Any] = {
    "entries": [],
    "judges": [],
    "variance": None,
    "components": 0,
    "merged_order": False,
    **dict.fromkeys(("connectivity", "worst_contrast", "alpha", "icc", "separation", "kendall_w", "mean_spearman")),
}


def alpha(groups: Mapping[str | None, Marks], level: agreement.Level) -> float | None:
    """Of all entries; those of different groups are different entries."""
    return agreement.alpha([unit for marks in groups.values() for unit in reliability.units(marks.given)], level)


def result(groups: Mapping[str | None, Marks], *, top: int = 1, seed: int = 0, ratio: Ratio = None) -> dict[str, Any]:
    """Each group's order and figures as JSON values; null is what is not identified, not defined or infinite. A group
    that names its own `top` is reckoned with that."""
    return {
        "top": top,
        "seed": seed,
        "groups": [_group(name, marks, top=marks.top or top, seed=seed, ratio=ratio) for name, marks in groups.items()],
    }


def _group(name: str | None, marks: Marks, *, top: int, seed: int, ratio: Ratio) -> dict[str, Any]:
    if not marks.given:
        return {"group": name, **NO_MARKS, "entries": [_unmarked(entry) for entry in sorted(marks.unmarked)]}
    found = calibration.calibrate(marks.given, top=top, seed=seed, ratio=ratio)
    figures = reliability.figures(marks.given, found)
    of_means, of_one = asdict(figures.icc), asdict(figures.icc_of_one)
    return {
        "group": name,
        "entries": [*_ordered(found), *(_unmarked(entry) for entry in sorted(marks.unmarked))],
        "judges": [_judge(judge) for judge in found.judges],
        "variance": _variance(found),
        "components": found.components,
        "merged_order": found.has_one_order,
        "connectivity": found.connectivity if len(found.judges) > 1 else None,
        "worst_contrast": _finite(found.worst_contrast) if len(found.judges) > 1 else None,
        "alpha": figures.alpha,
        "icc": {**of_means, "marks": figures.marks, "of_one_mark": of_one, "from": figures.basis.value},
        "separation": figures.separation,
        "kendall_w": figures.kendall_w,
        "mean_spearman": figures.mean_spearman,
        **({"top": marks.top} if marks.top else {}),
    }


def _ordered(found: Calibration) -> Iterable[dict[str, Any]]:
    in_order = sorted(found.entries, key=lambda entry: (entry.component, entry.rank, entry.entry))
    return [_entry(entry, is_one_order=found.has_one_order) for entry in in_order]


def _entry(entry: Entry, *, is_one_order: bool) -> dict[str, Any]:
    return {
        "entry": entry.entry,
        "marks": entry.marks,
        "raw_mean": entry.raw_mean,
        "adjusted": entry.adjusted,
        "standard_error": entry.standard_error,
        "rank": entry.rank if is_one_order else None,
        "rank_interval": None if entry.ranks is None else list(entry.ranks),
        "p_top": entry.p_top,
        "component": entry.component + 1,
        "rank_in_component": entry.rank,
    }


def _unmarked(entry: str) -> dict[str, Any]:
    return {"entry": entry, "marks": 0, **dict.fromkeys(UNRANKED)}


def _judge(judge: Judge) -> dict[str, Any]:
    return {
        "judge": judge.judge,
        "marks": judge.marks,
        "mean": judge.mean,
        "standard_deviation": judge.spread,
        "severity": judge.severity,
        "standard_error": judge.standard_error,
        "infit": judge.infit,
        "correlation": judge.correlation,
    }


def _variance(found: Calibration) -> dict[str, Any]:
    known = found.variance
    return {
        "entry": known.entry,
        "judge": known.judge,
        "residual": known.residual,
        "lambda": _finite(known.ratio),
        "is_prior": known.is_prior,
        "lambda_reml": _finite(known.ratio_reml),
        "judges_differ": math.isfinite(known.ratio),
    }


def _finite(value: float | None) -> float | None:
    return value if value is not None and math.isfinite(value) else None
