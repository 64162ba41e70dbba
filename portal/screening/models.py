"""What screeners find and decide, and the copy of an essay that judges read."""

import datetime as dt
import enum
import uuid

import sqlalchemy as sa
from sqlmodel import Field

from portal.clock import now
from portal.db import Table, UtcDateTime, text_enum


class Part(enum.StrEnum):
    """A part of an essay that judges read."""

    TITLE = "title"
    TEXT = "text"
    NOTES = "notes"


class Item(enum.StrEnum):
    """What a screener looks at and ticks before an essay can be admitted."""

    FORMAL = "formal"
    THEME = "theme"
    LANGUAGE = "language"
    IDENTITY = "identity"
    PASSAGES = "passages"


class Reason(enum.StrEnum):
    """Why an essay is returned or disqualified. The author reads it, with a text of the screener's own."""

    FORM = "form"
    LENGTH = "length"
    LANGUAGE = "language"
    THEME = "theme"
    IDENTITY = "identity"
    COPIED = "copied"
    AI = "ai"
    AGE = "age"
    OTHER = "other"


class FairCopy(Table, table=True):
    """What judges read: the essay with what could tell its author hidden. The only text that their connection sees."""

    __tablename__ = "fair_copy"

    essay_id: uuid.UUID = Field(foreign_key="essay.id", unique=True)
    title: str = Field(max_length=480)  # ▇▇▇ is longer than one letter
    text: str = Field(sa_type=sa.Text)
    notes: str = Field(default="", sa_type=sa.Text)


class Redaction(Table, table=True):
    """A passage that judges see as ▇▇▇: characters `begins` to `ends` (not included) of a part."""

    __table_args__ = (
        sa.CheckConstraint("begins >= 0 AND ends > begins", "a_passage"),
        sa.UniqueConstraint("essay_id", "part", "begins"),
    )

    essay_id: uuid.UUID = Field(foreign_key="essay.id")
    part: Part = Field(sa_type=text_enum(Part))
    begins: int
    ends: int
    marked_by: uuid.UUID = Field(foreign_key="person.id", index=True)
    marked_at: dt.datetime = Field(default_factory=now, sa_type=UtcDateTime)
    reason: str = Field(default="", sa_type=sa.Text)  # why it was hidden while judges read already


class Tick(Table, table=True):
    """A screener looked at this and found it right."""

    __tablename__ = "screening_tick"
    __table_args__ = (sa.UniqueConstraint("essay_id", "item"),)

    essay_id: uuid.UUID = Field(foreign_key="essay.id")
    item: Item = Field(sa_type=text_enum(Item))
    ticked_by: uuid.UUID = Field(foreign_key="person.id", index=True)
    ticked_at: dt.datetime = Field(default_factory=now, sa_type=UtcDateTime)


_OPEN = sa.text("settled_at IS NULL")


class Disqualification(Table, table=True):
    """Proposed by one screener, confirmed or dismissed by another."""

    __table_args__ = (
        sa.CheckConstraint("settled_by IS NULL OR settled_by != proposed_by", "settled_by_another"),
        sa.CheckConstraint("(settled_at IS NULL) = (settled_by IS NULL)", "settled_by_somebody"),
        sa.CheckConstraint("(settled_at IS NULL) = (is_confirmed IS NULL)", "settled_in_one_way"),
        sa.Index("uq_disqualification_open", "essay_id", unique=True, sqlite_where=_OPEN, postgresql_where=_OPEN),
        sa.Index("ix_disqualification_essay_id", "essay_id", "proposed_at"),
        sa.Index("ix_disqualification_settled_at", "settled_at", "essay_id"),
    )

    essay_id: uuid.UUID = Field(foreign_key="essay.id")
    code: Reason = Field(sa_type=text_enum(Reason))
    reason: str = Field(sa_type=sa.Text)
    proposed_by: uuid.UUID = Field(foreign_key="person.id", index=True)
    proposed_at: dt.datetime = Field(default_factory=now, sa_type=UtcDateTime)
    settled_by: uuid.UUID | None = Field(default=None, foreign_key="person.id", index=True)
    settled_at: dt.datetime | None = Field(default=None, sa_type=UtcDateTime)
    is_confirmed: bool | None = None
    answer: str = Field(default="", sa_type=sa.Text)  # of who dismissed it
