"""Reading anchor essays: for judges, blind and with nobody's name; for those who look after the judges, by code."""

import uuid
from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col, false, func, or_, select
from sqlmodel.sql.expression import SelectOfScalar

from portal.accounts.models import Role
from portal.accounts.viewer import Viewer
from portal.contests.models import Criterion, Edition, EditionStatus, Names
from portal.errors import NotFound
from portal.i18n import N_
from portal.judging.models import Judge, JudgeStatus
from portal.judging.reading import Line, lines
from portal.judging.words import Progress
from portal.trainings import rules
from portal.trainings.models import Anchor, Training, TrainingMark
from portal.trainings.rules import Pair, Spread
from portal.waiting import Waiting

PAGE = 50


# For a judge. These run on a blind connection, except for the counting on the first page.


@dataclass(frozen=True)
class Reading:
    """An anchor essay as one judge has it. What it should earn is read only once their own points are locked."""

    anchor_id: uuid.UUID
    judge_id: uuid.UUID
    position: int
    language: str
    title: str
    text: str
    notes: str
    edition_id: uuid.UUID
    edition: Names
    training_id: uuid.UUID | None
    is_locked: bool
    marks: int

    @property
    def progress(self) -> Progress:
        return rules.progress(is_locked=self.is_locked, marks=self.marks)


def visible_to(session: Session, viewer: Viewer) -> Any:
    """The anchor essays, in languages they read, of the published editions that this person judges."""
    mine = sa.select(col(Judge.id), col(Judge.edition_id), col(Judge.languages)).where(
        col(Judge.person_id) == viewer.person_id, col(Judge.status) == JudgeStatus.ACCEPTED,
        col(Judge.edition_id).in_(viewer.editions(Role.JUDGE)),
    )  # fmt: skip
    judges = session.execute(mine).all()
    readable = [
        sa.and_(col(Judge.id) == judge_id, col(Anchor.language).in_(languages)) for judge_id, _of, languages in judges
    ]
    marks = select(func.count(col(TrainingMark.id))).where(TrainingMark.training_id == Training.id).scalar_subquery()
    own = (col(Training.anchor_id) == Anchor.id) & (col(Training.judge_id) == Judge.id)
    return (
        sa.select(
            col(Anchor.id), col(Judge.id), col(Anchor.position), col(Anchor.language), col(Anchor.title),
            col(Anchor.text), col(Anchor.notes), col(Edition.id), col(Edition.titles), col(Training.id),
            col(Training.locked_at).is_not(None), marks,
        )
        .select_from(Anchor)
        .join(Judge, col(Judge.edition_id) == Anchor.edition_id)
        .join(Edition, col(Anchor.edition_id) == Edition.id)
        .outerjoin(Training, own)
        .where(or_(false(), *readable), col(Edition.status) == EditionStatus.PUBLISHED)
    )  # fmt: skip


def desk(session: Session, viewer: Viewer) -> list[Reading]:
    """All of them: an edition has few."""
    listed = visible_to(session, viewer).order_by(col(Edition.slug), col(Anchor.position))
    return [Reading(*row) for row in session.execute(listed)]


def get_reading(session: Session, viewer: Viewer, anchor_id: uuid.UUID) -> Reading:
    row = session.execute(visible_to(session, viewer).where(col(Anchor.id) == anchor_id)).one_or_none()
    if row is None:
        raise NotFound
    return Reading(*row)


def open_anchors(session: Session, viewer: Viewer) -> int:
    """How many anchor essays this judge has not submitted points for."""
    open_ = visible_to(session, viewer).where(col(Training.locked_at).is_(None))
    return int(session.execute(sa.select(func.count()).select_from(open_.subquery())).scalar_one())


def rubric(session: Session, reading: Reading) -> list[Line]:
    """The criteria of the edition with this judge's own points."""
    return lines(session, reading.edition_id, TrainingMark, col(TrainingMark.training_id) == reading.training_id)


def lock_training(session: Session, reading: Reading) -> Training | None:
    wanted = select(Training).where(Training.anchor_id == reading.anchor_id, Training.judge_id == reading.judge_id)
    return session.exec(wanted.with_for_update().execution_options(populate_existing=True)).one_or_none()


def marks_of(session: Session, training_id: uuid.UUID) -> dict[uuid.UUID, TrainingMark]:
    found = session.exec(select(TrainingMark).where(TrainingMark.training_id == training_id))
    return {mark.criterion_id: mark for mark in found}


@dataclass(frozen=True)
class Compared:
    """One criterion after locking."""

    names: Names
    weight: int
    own: int
    reference: int | None
    others: Spread | None


@dataclass(frozen=True)
class Comparison:
    lines: list[Compared]
    explanation: Names
    deviation: Fraction | None
    severity: Fraction | None


def comparison(session: Session, reading: Reading, rubric: list[Line]) -> Comparison | None:
    """A judge's locked points beside the reference and what other judges locked; None before that."""
    if not reading.is_locked:
        return None
    found = sa.select(col(Anchor.reference), col(Anchor.explanation)).where(col(Anchor.id) == reading.anchor_id)
    reference, explanation = session.execute(found).one()
    own = {line.position: line.points for line in rubric if line.points is not None}
    others = _others(session, reading)
    compared = [
        Compared(
            line.names, line.weight, own[line.position], reference.get(str(line.position)),
            rules.spread(others[line.criterion_id]),
        )
        for line in rubric if line.position in own
    ]  # fmt: skip
    pairs = rules.pairs(own, reference)
    return Comparison(compared, explanation, rules.deviation(pairs), rules.severity(pairs))


def _others(session: Session, reading: Reading) -> dict[uuid.UUID, list[int]]:
    """What the other judges have locked, by criterion, with nothing that says whose it is."""
    given = sa.select(col(TrainingMark.criterion_id), col(TrainingMark.points))
    given = given.join(Training, col(TrainingMark.training_id) == Training.id)
    of_others = given.where(
        col(Training.anchor_id) == reading.anchor_id, col(Training.judge_id) != reading.judge_id,
        col(Training.locked_at).is_not(None),
    )  # fmt: skip
    found: dict[uuid.UUID, list[int]] = defaultdict(list)
    for criterion_id, points in session.execute(of_others):
        found[criterion_id].append(points)
    return found


# For the secretariat


def anchors_of(viewer: Viewer, edition: Edition) -> SelectOfScalar[Anchor]:
    if not rules.may_see(viewer, edition):
        raise NotFound
    return select(Anchor).where(Anchor.edition_id == edition.id).order_by(col(Anchor.position))


def anchors(session: Session, viewer: Viewer, edition: Edition) -> list[Anchor]:
    return list(session.exec(anchors_of(viewer, edition)))


def get_anchor(
    session: Session, viewer: Viewer, edition: Edition, anchor_id: uuid.UUID, *, lock: bool = False
) -> Anchor:
    wanted = anchors_of(viewer, edition).where(Anchor.id == anchor_id)
    found = session.exec(wanted.with_for_update() if lock else wanted).one_or_none()
    if found is None:
        raise NotFound
    return found


def begun(session: Session, anchor_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, tuple[int, int]]:
    """By anchor, how many judges have begun and how many have finished; without an entry nobody has."""
    counted = sa.select(
        col(Training.anchor_id), func.count(col(Training.id)), func.count(col(Training.locked_at))
    ).where(col(Training.anchor_id).in_(anchor_ids))
    rows = session.execute(counted.group_by(col(Training.anchor_id)))
    return {anchor_id: (number, locked) for anchor_id, number, locked in rows}


@dataclass(frozen=True)
class Result:
    """A judge's training: of how many anchor essays, and how the points compare with the reference."""

    judge: Judge
    anchors: int
    locked: int
    deviation: Fraction | None
    severity: Fraction | None

    @property
    def is_done(self) -> bool:
        return self.locked >= self.anchors


def results(session: Session, viewer: Viewer, edition: Edition, after: str = "") -> tuple[list[Result], str]:
    """A page of the edition's judges by code, and the cursor of the next."""
    all_ = anchors(session, viewer, edition)
    listed = select(Judge).where(Judge.edition_id == edition.id, Judge.status == JudgeStatus.ACCEPTED)
    found = list(session.exec(listed.where(col(Judge.code) > after).order_by(col(Judge.code)).limit(PAGE + 1)))
    locked = _locked(session, all_, [judge.id for judge in found[:PAGE]])
    page = [_result(judge, all_, locked.get(judge.id, {})) for judge in found[:PAGE]]
    return page, found[PAGE - 1].code if len(found) > PAGE else ""


Points = dict[uuid.UUID, dict[int, int]]  # by anchor and the criterion's position


def _locked(session: Session, anchors: Collection[Anchor], judge_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, Points]:
    given = sa.select(
        col(Training.judge_id), col(Training.anchor_id), col(Criterion.position), col(TrainingMark.points)
    ).join(TrainingMark, col(TrainingMark.training_id) == Training.id)
    given = given.join(Criterion, col(TrainingMark.criterion_id) == Criterion.id).where(
        col(Training.judge_id).in_(judge_ids), col(Training.anchor_id).in_([each.id for each in anchors]),
        col(Training.locked_at).is_not(None),
    )  # fmt: skip
    found: dict[uuid.UUID, Points] = defaultdict(lambda: defaultdict(dict))
    for judge_id, anchor_id, position, points in session.execute(given):
        found[judge_id][anchor_id][position] = points
    return found


def _result(judge: Judge, anchors: list[Anchor], locked: Points) -> Result:
    theirs = [each for each in anchors if each.language in judge.languages or each.id in locked]
    pairs: list[Pair] = [pair for anchor in theirs for pair in rules.pairs(locked.get(anchor.id, {}), anchor.reference)]
    return Result(judge, len(theirs), len(locked), rules.deviation(pairs), rules.severity(pairs))


# What waits


def waiting_for(session: Session, viewer: Viewer) -> list[Waiting]:
    if not viewer.editions(Role.JUDGE):
        return []
    return [Waiting(open_anchors(session, viewer), N_("Training essays to mark"), "/judging/training")]
