"""The training round: anchor essays that every judge of an edition marks before real essays come."""

import datetime as dt
import uuid

import sqlalchemy as sa
from sqlalchemy.orm import Mapped
from sqlmodel import Field, Relationship

from portal.clock import now
from portal.contests.models import Names
from portal.db import Table, UtcDateTime


class Anchor(Table, table=True):
    """A text that was written for the purpose. `reference` maps a criterion's position to the points it should earn,
    `explanation` says why, in each language."""

    __table_args__ = (sa.UniqueConstraint("edition_id", "position"),)

    edition_id: uuid.UUID = Field(foreign_key="edition.id")
    position: int
    language: str = Field(max_length=16)
    title: str = Field(max_length=160)
    text: str = Field(sa_type=sa.Text)
    notes: str = Field(default="", sa_type=sa.Text)
    reference: dict[str, int] = Field(default_factory=dict, sa_type=sa.JSON)
    explanation: Names = Field(default_factory=dict, sa_type=sa.JSON)
    created_by: uuid.UUID = Field(foreign_key="person.id", index=True)
    created_at: dt.datetime = Field(default_factory=now, sa_type=UtcDateTime)


class Training(Table, table=True):
    """One judge's reading of one anchor essay."""

    __table_args__ = (sa.UniqueConstraint("anchor_id", "judge_id"),)

    anchor_id: uuid.UUID = Field(foreign_key="anchor.id", ondelete="CASCADE")
    judge_id: uuid.UUID = Field(foreign_key="judge.id", index=True)
    locked_at: dt.datetime | None = Field(default=None, sa_type=UtcDateTime)
    anchor: Mapped[Anchor] = Relationship(sa_relationship_kwargs={"lazy": "raise"})


class TrainingMark(Table, table=True):
    """A whole number from 1 to 10 on one criterion."""

    __tablename__ = "training_mark"
    __table_args__ = (
        sa.UniqueConstraint("training_id", "criterion_id"),
        sa.CheckConstraint("points BETWEEN 1 AND 10", "one_to_ten"),
    )

    training_id: uuid.UUID = Field(foreign_key="training.id", ondelete="CASCADE")
    criterion_id: uuid.UUID = Field(foreign_key="criterion.id", index=True)
    points: int
