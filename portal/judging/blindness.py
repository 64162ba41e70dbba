"""What a judge's connection can still see. Everything else, who wrote what above all, is refused by the database.

Migrations grant the same on PostgreSQL; `tests/judging/test_blindness.py` compares the two.
"""

from collections.abc import Iterator
from typing import Annotated

import sqlmodel
from fastapi import Depends

from portal import db
from portal.accounts.viewer import CurrentViewer
from portal.web.transaction import Session

SIGHT = db.Sight(
    readable={
        "edition": frozenset(
            {
                "id",
                "slug",
                "titles",
                "texts",
                "zone",
                "status",
                "due_at",
                "judging_due_at",
                "final_due_at",
                "shows_marks",
            }
        ),
        "theme": frozenset({"id", "edition_id", "position", "names"}),
        "category": frozenset({"id", "edition_id", "names", "age_from", "age_to"}),
        "criterion": frozenset({"id", "edition_id", "position", "names", "anchors", "weight"}),
        "essay": frozenset({"id", "edition_id", "category_id", "theme_id", "language", "status"}),
        "fair_copy": frozenset({"id", "essay_id", "title", "text", "notes"}),
        "judge": frozenset({"id", "edition_id", "person_id", "languages", "status", "excluded_at"}),
        "appointment": frozenset(
            {
                "id",
                "essay_id",
                "judge_id",
                "alias",
                "locked_at",
                "comment",
                "round",
                "opened_at",
                "private_note",
                "ended_at",
            }
        ),
        "mark": frozenset({"id", "appointment_id", "criterion_id", "points"}),
        "anchor": frozenset(
            {"id", "edition_id", "position", "language", "title", "text", "notes", "reference", "explanation"}
        ),
        "training": frozenset({"id", "anchor_id", "judge_id", "locked_at"}),
        "training_mark": frozenset({"id", "training_id", "criterion_id", "points"}),
    },
    changeable={
        "appointment": frozenset({"locked_at", "comment", "private_note", "opened_at"}),
        "mark": frozenset({"points"}),
        "training": frozenset({"locked_at"}),
        "training_mark": frozenset({"points"}),
    },
    addable=frozenset({"mark", "training", "training_mark"}),
)


def get_blind_session(session: Session, _viewer: CurrentViewer) -> Iterator[sqlmodel.Session]:
    """The request's own session, blind from here to the end of the route. The viewer is known before."""
    session.expunge_all()  # what was read while sighted is not in the judge's reach either
    db.blind(session.connection(), SIGHT)
    try:
        yield session
        session.flush()
    except BaseException:
        session.rollback()  # after a refused statement PostgreSQL listens to nothing else
        raise
    finally:
        db.sighted(session.connection())


BlindSession = Annotated[sqlmodel.Session, Depends(get_blind_session, scope="function")]
