"""Reading an author's own result. Only columns that say nothing of a judge are asked for."""

import uuid
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col, select

from portal.contests.models import Award, Criterion, Edition
from portal.essays.models import Essay
from portal.essays.rules import JUDGED
from portal.judging.models import Appointment, Judge, Mark, Round
from portal.juries.models import Meeting, Outcome, Verdict
from portal.results import feedback
from portal.results.feedback import Given, Marks
from portal.standings.models import Occasion, Standing

KEPT_FOR_RESULTS = (Occasion.JURY, Occasion.PUBLISHED)
REMEMBERED = 8
_adjusted: dict[uuid.UUID, Mapping[str, float]] = {}


@dataclass(frozen=True)
class Result:
    """`rank` only for an awarded essay: below the awards nobody learns one."""

    outcome: Outcome
    award: Award | None
    rank: int | None
    adjusted: str
    marks: list[Marks]


def result(session: Session, edition: Edition, essay: Essay) -> Result | None:
    """None for an essay that was withdrawn, disqualified or never judged. Whether it is public is asked before."""
    if essay.status not in JUDGED:
        return None
    verdict = _verdict(session, essay)
    outcome = verdict.outcome if verdict else Outcome.NOT_AWARDED
    award = session.get(Award, verdict.award_id) if verdict and verdict.award_id else None
    rank = verdict.place if verdict and outcome is Outcome.AWARDED else None
    return Result(outcome, award, rank, adjusted(session, edition, essay), marks(session, edition, essay))


def _verdict(session: Session, essay: Essay) -> Verdict | None:
    confirmed = select(Meeting.edition_id).where(col(Meeting.confirmed_at).is_not(None))
    found = select(Verdict).where(Verdict.essay_id == essay.id, col(Verdict.edition_id).in_(confirmed))
    return session.exec(found).one_or_none()


def marks(session: Session, edition: Edition, essay: Essay) -> list[Marks]:
    """By round, the first one first."""
    rows = session.exec(
        select(Criterion).where(Criterion.edition_id == edition.id).order_by(col(Criterion.position))
    ).all()
    criteria = [feedback.Criterion(row.names, row.weight) for row in rows]
    given = _given(session, essay, [row.id for row in rows])
    found = (feedback.marks(round_, criteria, given, f"{essay.id} {round_}") for round_ in Round)
    return [each for each in found if each is not None]


def _given(session: Session, essay: Essay, criteria: list[uuid.UUID]) -> list[Given]:
    points: dict[uuid.UUID, dict[uuid.UUID, int]] = defaultdict(dict)
    told: dict[uuid.UUID, tuple[Round, str]] = {}
    for key, round_, comment, criterion_id, mark in session.execute(_counted(essay)):
        points[key][criterion_id], told[key] = mark, (round_, comment)
    return [
        Given(round_, tuple(points[key].get(each) for each in criteria), comment)
        for key, (round_, comment) in told.items()
    ]


def _counted(essay: Essay) -> sa.Select[Any]:
    """Submitted, not ended, and of no judge whose marks were taken out."""
    comment = sa.case((col(Appointment.comment_hidden_by).is_(None), col(Appointment.comment)), else_="")
    return (
        sa.select(col(Appointment.id), col(Appointment.round), comment, col(Mark.criterion_id), col(Mark.points))
        .join(Mark, col(Mark.appointment_id) == Appointment.id)
        .join(Judge, col(Appointment.judge_id) == Judge.id)
        .where(
            col(Appointment.essay_id) == essay.id,
            col(Appointment.locked_at).is_not(None),
            col(Appointment.ended_at).is_(None),
            col(Judge.excluded_at).is_(None),
        )
    )


# The adjusted score: of the order that the jury had before it, or that was published


def adjusted(session: Session, edition: Edition, essay: Essay) -> str:
    """Two decimals, of the last round in which the essay has a place; empty if no order was kept."""
    found = [_scores(session, edition, round_).get(essay.code or "") for round_ in (Round.FINAL, Round.FIRST)]
    return next((feedback.shown(score) for score in found if score is not None), "")


def _scores(session: Session, edition: Edition, round_: Round) -> Mapping[str, float]:
    """By code. A kept order is never changed, and it is long: it is read once."""
    found = select(Standing.id).where(
        Standing.edition_id == edition.id, Standing.round == round_, col(Standing.occasion).in_(KEPT_FOR_RESULTS)
    )
    newest = session.exec(found.order_by(col(Standing.taken_at).desc(), col(Standing.id)).limit(1)).first()
    if newest is None:
        return {}
    if newest not in _adjusted:
        if len(_adjusted) >= REMEMBERED:
            _adjusted.clear()
        _adjusted[newest] = _read(session.get_one(Standing, newest).content)
    return _adjusted[newest]


def _read(content: Mapping[str, Any]) -> Mapping[str, float]:
    """Only of groups that are one order: elsewhere an adjusted score compares nothing."""
    placed = (each for group in content.get("groups", []) if group["merged_order"] for each in group["order"])
    return {each["entry"]: each["adjusted"] for each in placed if each["adjusted"] is not None}
