"""Writing anchor essays, and a judge's training on them."""

import uuid
from functools import partial
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, col

from portal.accounts.viewer import Viewer
from portal.clock import now
from portal.contests import rules as contests
from portal.contests.models import Edition
from portal.contests.rules import Move
from portal.errors import Conflict, NotAllowed
from portal.history.actions import record
from portal.i18n import N_
from portal.judging.actions import keep_points
from portal.judging.forms import MarksBase
from portal.judging.reading import Line
from portal.judging.rules import takes_judges
from portal.trainings import queries, rules
from portal.trainings.models import Anchor, Training, TrainingMark
from portal.trainings.queries import Reading

NOT_RUNNING = N_("Publish the edition first: training essays need a rubric that no longer changes.")
FULL = N_("An edition has at most twenty training essays. Remove one before you add another.")
BEGUN = N_("A judge has begun to mark this training essay, so it stays as it is.")
LOCKED = N_("You have submitted your points for this training essay. They can no longer be changed.")
INCOMPLETE = N_("Give points on every criterion before you submit them.")


# For the secretariat


def add_anchor(session: Session, edition: Edition, *, by: Viewer, **facts: Any) -> Anchor:
    """At the end of the others. Whoever calls it has locked the edition."""
    _ensure(edition, by=by)
    before = queries.anchors(session, by, edition)
    if len(before) >= rules.ANCHORS:
        raise Conflict(FULL)
    made = Anchor(edition_id=edition.id, position=len(before) + 1, created_by=by.id, **facts)
    session.add(made)
    session.flush()
    record(session, "added a training essay", "edition", edition.id, by=by.id, anchor=str(made.id))
    return made


def edit_anchor(session: Session, edition: Edition, anchor: Anchor, *, by: Viewer, **facts: Any) -> None:
    _ensure_untouched(session, edition, anchor, by=by)
    anchor.sqlmodel_update(facts)
    session.add(anchor)
    record(session, "changed a training essay", "edition", edition.id, by=by.id, anchor=str(anchor.id))


def remove_anchor(session: Session, edition: Edition, anchor: Anchor, *, by: Viewer) -> None:
    _ensure_untouched(session, edition, anchor, by=by)
    session.delete(anchor)
    session.flush()
    _number(session, queries.anchors(session, by, edition))
    record(session, "removed a training essay", "edition", edition.id, by=by.id, anchor=str(anchor.id))


def move_anchor(session: Session, edition: Edition, anchor: Anchor, move: Move, *, by: Viewer) -> None:
    _ensure(edition, by=by)
    _number(session, contests.moved(queries.anchors(session, by, edition), anchor, move))
    record(session, f"moved a training essay {move}", "edition", edition.id, by=by.id, anchor=str(anchor.id))


def _number(session: Session, order: list[Anchor]) -> None:
    """Positions from 1 on. They are unique at every moment, so all step aside first."""
    for sign in (-1, 1):
        for position, anchor in enumerate(order, 1):
            anchor.position = sign * position
            session.add(anchor)
        session.flush()


def _ensure(edition: Edition, *, by: Viewer) -> None:
    if not rules.may_write(by, edition):
        raise NotAllowed
    if not takes_judges(edition):
        raise Conflict(NOT_RUNNING)


def _ensure_untouched(session: Session, edition: Edition, anchor: Anchor, *, by: Viewer) -> None:
    _ensure(edition, by=by)
    if anchor.id in queries.begun(session, [anchor.id]):
        raise Conflict(BEGUN)


# On a judge's connection


def save_marks(session: Session, reading: Reading, rubric: list[Line], given: MarksBase) -> uuid.UUID:
    """Keeps what was given; what was left out stays as it was. Returns the id of the training."""
    training = _held(session, reading)
    kept = queries.marks_of(session, training.id)
    keep_points(session, rubric, given, kept, partial(TrainingMark, training_id=training.id))
    return training.id


def lock_marks(session: Session, reading: Reading, rubric: list[Line], given: MarksBase, *, by: Viewer) -> None:
    """Saves, then submits: from here on they stand, and the comparison is shown."""
    training_id = save_marks(session, reading, rubric, given)
    if len(queries.marks_of(session, training_id)) < len(rubric):
        raise Conflict(INCOMPLETE)
    locked = sa.update(Training).where(col(Training.id) == training_id).values(locked_at=now())
    session.execute(locked.execution_options(synchronize_session=False))
    record(session, "locked training marks", "training", training_id, by=by.id)


def _held(session: Session, reading: Reading) -> Training:
    """The judge's training on this anchor, begun now if it was not, and nobody else's until the transaction ends."""
    insert = sqlite.insert if session.connection().dialect.name == "sqlite" else postgresql.insert
    values = {"id": uuid.uuid4(), "anchor_id": reading.anchor_id, "judge_id": reading.judge_id}
    session.execute(insert(Training).values(values).on_conflict_do_nothing())
    training = queries.lock_training(session, reading)
    assert training is not None, "it was begun just now"
    if training.locked_at is not None:
        raise Conflict(LOCKED)
    return training
