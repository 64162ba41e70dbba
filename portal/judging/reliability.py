"""How far the marks of one comparison group can be relied on. Pure; numpy only. None: not defined or not identified."""

import enum
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from portal.judging import agreement
from portal.judging.calibration import Calibration, Given


class Basis(enum.StrEnum):
    """What intraclass correlations rest on."""

    MEAN_SQUARES = "mean squares"  # of a complete table
    COMPONENTS = "variance components"


@dataclass(frozen=True)
class Correlations:
    """Intraclass: of the order alone (consistency), and of the marks, judges' levels included (agreement)."""

    consistency: float | None
    agreement: float | None


@dataclass(frozen=True)
class Reliability:
    """`icc` is that of the mean of an entry's marks, of which there are `marks` (the harmonic mean), `icc_of_one` that
    of a single mark. Kendall's W and Spearman's mean correlation need a table in which every judge marked every entry.
    """

    alpha: float | None
    icc: Correlations
    icc_of_one: Correlations
    marks: float
    basis: Basis
    separation: float | None
    kendall_w: float | None
    mean_spearman: float | None


def figures(
    given: Sequence[Given], calibration: Calibration, level: agreement.Level = agreement.Level.INTERVAL
) -> Reliability:
    """In: the marks of a group and what `calibrate` made of them; `level` is that of alpha."""
    table = complete(given)
    marks = 1 / float(np.mean([1 / entry.marks for entry in calibration.entries]))
    of_means, of_one = _from_components(calibration, marks) if table is None else _from_squares(table)
    return Reliability(
        agreement.alpha(units(given), level), of_means, of_one, marks,
        Basis.COMPONENTS if table is None else Basis.MEAN_SQUARES, calibration.separation,
        None if table is None else agreement.kendall_w(table.T.tolist()),
        None if table is None else agreement.mean_spearman(table.T.tolist()),
    )  # fmt: skip


def units(given: Sequence[Given]) -> list[list[float]]:
    """The marks of each entry."""
    found: dict[str, list[float]] = {}
    for each in given:
        found.setdefault(each.entry, []).append(each.mark)
    return list(found.values())


def complete(given: Sequence[Given]) -> agreement.Array | None:
    """Entries in rows, judges in columns, both sorted by their marks; None unless two judges or more marked each of two
    entries or more."""
    entries, judges = sorted({each.entry for each in given}), sorted({each.judge for each in given})
    if min(len(entries), len(judges)) < 2 or len(given) != len(entries) * len(judges):
        return None
    marks = {(each.entry, each.judge): each.mark for each in given}
    columns = sorted([marks[entry, judge] for entry in entries] for judge in judges)
    return np.array(columns, dtype=float).T


def _from_squares(table: agreement.Array) -> tuple[Correlations, Correlations]:
    squares = agreement.Squares(table)
    return (
        Correlations(agreement.icc_consistency_of_means(squares), agreement.icc_agreement_of_means(squares)),
        Correlations(agreement.icc_consistency(squares), agreement.icc_agreement(squares)),
    )


def _from_components(calibration: Calibration, marks: float) -> tuple[Correlations, Correlations]:
    known = calibration.variance
    if known.entry is None or known.residual is None:
        return Correlations(None, None), Correlations(None, None)
    return _of_mean(known.entry, known.judge, known.residual, marks), _of_mean(
        known.entry, known.judge, known.residual, 1
    )


def _of_mean(entry: float, judge: float | None, residual: float, marks: float) -> Correlations:
    consistency, agreed = agreement.icc_from_components(entry, judge or 0.0, residual, marks)
    return Correlations(consistency, None if judge is None else agreed)
