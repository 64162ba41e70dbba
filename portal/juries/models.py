"""The jury's meeting and what it decided."""

import datetime as dt
import enum
import uuid

import sqlalchemy as sa
from sqlalchemy.orm import Mapped
from sqlmodel import Field, Relationship

from portal.clock import now
from portal.contests.models import Award
from portal.db import Table, UtcDateTime, text_enum
from portal.essays.models import Essay


class Outcome(enum.StrEnum):
    AWARDED = "awarded"
    COMMENDED = "commended"
    NOT_AWARDED = "not_awarded"


class Meeting(Table, table=True):
    """An edition's jury meeting: from its opening marks and appointments stand still. One person closes it, another
    confirms what was decided."""

    __tablename__ = "jury_meeting"
    __table_args__ = (
        sa.CheckConstraint("(closed_at IS NULL) = (closed_by IS NULL)", "closed_by_somebody"),
        sa.CheckConstraint("(confirmed_at IS NULL) = (confirmed_by IS NULL)", "confirmed_by_somebody"),
        sa.CheckConstraint("confirmed_at IS NULL OR closed_at IS NOT NULL", "closed_before_it_is_confirmed"),
        sa.CheckConstraint("confirmed_by IS NULL OR confirmed_by != closed_by", "four_eyes"),
    )

    edition_id: uuid.UUID = Field(foreign_key="edition.id", unique=True)
    minutes: str = Field(default="", sa_type=sa.Text)
    opened_by: uuid.UUID = Field(foreign_key="person.id", index=True)
    opened_at: dt.datetime = Field(default_factory=now, sa_type=UtcDateTime)
    closed_by: uuid.UUID | None = Field(default=None, foreign_key="person.id", index=True)
    closed_at: dt.datetime | None = Field(default=None, sa_type=UtcDateTime)
    confirmed_by: uuid.UUID | None = Field(default=None, foreign_key="person.id", index=True)
    confirmed_at: dt.datetime | None = Field(default=None, sa_type=UtcDateTime)


class Verdict(Table, table=True):
    """What the jury decided about one essay. `place` is its rank in the order of the marks and `expected_id` the award
    that the order alone would give; a decision that `departs` from it has a reason, and counts once a second person
    agreed."""

    __table_args__ = (
        sa.CheckConstraint("(outcome = 'awarded') = (award_id IS NOT NULL)", "awarded_an_award"),
        sa.CheckConstraint("NOT departs OR reason != ''", "departs_with_a_reason"),
        sa.CheckConstraint("(confirmed_at IS NULL) = (confirmed_by IS NULL)", "confirmed_by_somebody"),
        sa.CheckConstraint("confirmed_by IS NULL OR confirmed_by != decided_by", "four_eyes"),
        sa.Index("ix_verdict_edition_id", "edition_id", "outcome", "award_id"),
    )

    essay_id: uuid.UUID = Field(foreign_key="essay.id", unique=True)
    edition_id: uuid.UUID = Field(foreign_key="edition.id")
    outcome: Outcome = Field(sa_type=text_enum(Outcome))
    award_id: uuid.UUID | None = Field(default=None, foreign_key="award.id", index=True)
    place: int | None = None
    expected_id: uuid.UUID | None = Field(default=None, foreign_key="award.id", index=True)
    departs: bool = False
    reason: str = Field(default="", sa_type=sa.Text)
    decided_by: uuid.UUID = Field(foreign_key="person.id", index=True)
    decided_at: dt.datetime = Field(default_factory=now, sa_type=UtcDateTime)
    confirmed_by: uuid.UUID | None = Field(default=None, foreign_key="person.id", index=True)
    confirmed_at: dt.datetime | None = Field(default=None, sa_type=UtcDateTime)
    essay: Mapped[Essay] = Relationship(sa_relationship_kwargs={"lazy": "raise"})
    award: Mapped[Award | None] = Relationship(
        sa_relationship_kwargs={"lazy": "raise", "foreign_keys": "Verdict.award_id"}
    )


class Withheld(Table, table=True):
    """So many places of an award that the jury gives to nobody, in one group. `language` is empty where awards are
    given within an age category."""

    __table_args__ = (
        sa.UniqueConstraint("award_id", "category_id", "language"),
        sa.CheckConstraint("number > 0", "some"),
        sa.CheckConstraint("reason != ''", "for_a_reason"),
        sa.CheckConstraint("(confirmed_at IS NULL) = (confirmed_by IS NULL)", "confirmed_by_somebody"),
        sa.CheckConstraint("confirmed_by IS NULL OR confirmed_by != decided_by", "four_eyes"),
    )

    edition_id: uuid.UUID = Field(foreign_key="edition.id", index=True)
    award_id: uuid.UUID = Field(foreign_key="award.id")
    category_id: uuid.UUID = Field(foreign_key="category.id", index=True)
    language: str = Field(default="", max_length=16)
    number: int
    reason: str = Field(sa_type=sa.Text)
    decided_by: uuid.UUID = Field(foreign_key="person.id", index=True)
    decided_at: dt.datetime = Field(default_factory=now, sa_type=UtcDateTime)
    confirmed_by: uuid.UUID | None = Field(default=None, foreign_key="person.id", index=True)
    confirmed_at: dt.datetime | None = Field(default=None, sa_type=UtcDateTime)
