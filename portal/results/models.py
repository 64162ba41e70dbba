"""The publication of an edition's results, at an instant; translations of what is published; awards of members."""

import datetime as dt
import uuid

import sqlalchemy as sa
from sqlalchemy.orm import Mapped
from sqlmodel import Field, Relationship

from portal.clock import now
from portal.db import Table, UtcDateTime
from portal.registry.models import Government


class Publication(Table, table=True):
    """From `publish_at` on the results are public: the instant decides, and `done_at` is when a job had told everybody.
    It counts once a second person has confirmed it. `digest` is the SHA-256 of the order it rests on."""

    __table_args__ = (
        sa.CheckConstraint("(confirmed_at IS NULL) = (confirmed_by IS NULL)", "confirmed_by_somebody"),
        sa.CheckConstraint("confirmed_by IS NULL OR confirmed_by != ordered_by", "four_eyes"),
        sa.CheckConstraint("done_at IS NULL OR confirmed_at IS NOT NULL", "done_once_confirmed"),
    )

    edition_id: uuid.UUID = Field(foreign_key="edition.id", unique=True)
    publish_at: dt.datetime = Field(sa_type=UtcDateTime, index=True)
    ordered_by: uuid.UUID = Field(foreign_key="person.id", index=True)
    ordered_at: dt.datetime = Field(default_factory=now, sa_type=UtcDateTime)
    confirmed_by: uuid.UUID | None = Field(default=None, foreign_key="person.id", index=True)
    confirmed_at: dt.datetime | None = Field(default=None, sa_type=UtcDateTime)
    done_at: dt.datetime | None = Field(default=None, sa_type=UtcDateTime)
    digest: str = Field(default="", max_length=64)


class Translation(Table, table=True):
    """An essay in another language, read by a person before it was entered."""

    __table_args__ = (sa.UniqueConstraint("essay_id", "language"),)

    essay_id: uuid.UUID = Field(foreign_key="essay.id")
    language: str = Field(max_length=16)
    title: str = Field(max_length=160)
    text: str = Field(sa_type=sa.Text)
    translator: str = Field(default="", max_length=120)
    entered_by: uuid.UUID = Field(foreign_key="person.id", index=True)
    entered_at: dt.datetime = Field(default_factory=now, sa_type=UtcDateTime)


class MemberAward(Table, table=True):
    """An award to a member government for the part that its young people took: `entries` essays were admitted."""

    __tablename__ = "member_award"
    __table_args__ = (
        sa.UniqueConstraint("edition_id", "government_id"),
        sa.CheckConstraint("entries > 0", "who_took_part"),
    )

    edition_id: uuid.UUID = Field(foreign_key="edition.id")
    government_id: uuid.UUID = Field(foreign_key="government.id", index=True)
    entries: int
    reason: str = Field(default="", sa_type=sa.Text)
    given_by: uuid.UUID = Field(foreign_key="person.id", index=True)
    given_at: dt.datetime = Field(default_factory=now, sa_type=UtcDateTime)
    government: Mapped[Government] = Relationship(sa_relationship_kwargs={"lazy": "raise"})
