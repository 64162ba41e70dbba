"""Who judges what, and the marks."""

import datetime as dt
import uuid

import sqlalchemy as sa
from sqlalchemy.orm import Mapped
from sqlmodel import Field, Relationship

from portal.accounts.models import Person
from portal.clock import now
from portal.contests.models import Criterion
from portal.db import Table, UtcDateTime
from portal.essays.models import Essay
from portal.registry.models import Government


class Judge(Table, table=True):
    """A person who judges in an edition: the languages they read and the government they belong to.

    The role (`accounts.Grant`) says that they may; this row says what dealing needs to know.
    """

    __table_args__ = (sa.UniqueConstraint("edition_id", "person_id"),)

    edition_id: uuid.UUID = Field(foreign_key="edition.id")
    person_id: uuid.UUID = Field(foreign_key="person.id", index=True)
    government_id: uuid.UUID | None = Field(default=None, foreign_key="government.id", index=True)
    languages: list[str] = Field(sa_type=sa.JSON)
    person: Mapped[Person] = Relationship(sa_relationship_kwargs={"lazy": "raise"})
    government: Mapped[Government | None] = Relationship(sa_relationship_kwargs={"lazy": "raise"})


class Appointment(Table, table=True):
    """A judge appointed to an essay. `alias` is all the judge ever sees of the essay's identity:
    random, so that it tells neither order nor time, and another one for another judge."""

    __table_args__ = (
        sa.UniqueConstraint("essay_id", "judge_id"),
        sa.Index("ix_appointment_judge_id", "judge_id", "alias"),
    )

    essay_id: uuid.UUID = Field(foreign_key="essay.id")
    judge_id: uuid.UUID = Field(foreign_key="judge.id")
    alias: str = Field(max_length=24, unique=True)
    appointed_at: dt.datetime = Field(default_factory=now, sa_type=UtcDateTime)
    appointed_by: uuid.UUID = Field(foreign_key="person.id", index=True)
    locked_at: dt.datetime | None = Field(default=None, sa_type=UtcDateTime)
    comment: str = Field(default="", sa_type=sa.Text)
    essay: Mapped[Essay] = Relationship(sa_relationship_kwargs={"lazy": "raise"})
    judge: Mapped[Judge] = Relationship(sa_relationship_kwargs={"lazy": "raise"})
    marks: Mapped[list["Mark"]] = Relationship(sa_relationship_kwargs={"lazy": "raise"})


class Mark(Table, table=True):
    """A whole number from 1 to 10 on one criterion."""

    __table_args__ = (
        sa.UniqueConstraint("appointment_id", "criterion_id"),
        sa.CheckConstraint("points BETWEEN 1 AND 10", "one_to_ten"),
    )

    appointment_id: uuid.UUID = Field(foreign_key="appointment.id", ondelete="CASCADE")
    criterion_id: uuid.UUID = Field(foreign_key="criterion.id", index=True)
    points: int
    criterion: Mapped[Criterion] = Relationship(sa_relationship_kwargs={"lazy": "raise"})
