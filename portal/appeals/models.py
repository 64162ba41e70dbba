"""Appeals against how a result came about."""

import datetime as dt
import enum
import uuid

import sqlalchemy as sa
from sqlalchemy.orm import Mapped
from sqlmodel import Field, Relationship

from portal.clock import now
from portal.db import Table, UtcDateTime, text_enum
from portal.essays.models import Essay


class Ruling(enum.StrEnum):
    UPHELD = "upheld"
    REJECTED = "rejected"


class Appeal(Table, table=True):
    """One an essay, by its author, about the procedure only; decided by somebody who had no part in it."""

    __table_args__ = (
        sa.CheckConstraint("(decided_at IS NULL) = (decided_by IS NULL)", "decided_by_somebody"),
        sa.CheckConstraint("(decided_at IS NULL) = (ruling IS NULL)", "decided_one_way"),
        sa.CheckConstraint("decided_at IS NULL OR answer != ''", "decided_with_an_answer"),
        sa.Index("ix_appeal_edition_id", "edition_id", "sent_at", "id"),
    )

    essay_id: uuid.UUID = Field(foreign_key="essay.id", unique=True)
    edition_id: uuid.UUID = Field(foreign_key="edition.id")
    text: str = Field(sa_type=sa.Text)
    sent_by: uuid.UUID = Field(foreign_key="person.id", index=True)
    sent_at: dt.datetime = Field(default_factory=now, sa_type=UtcDateTime)
    ruling: Ruling | None = Field(default=None, sa_type=text_enum(Ruling))
    answer: str = Field(default="", sa_type=sa.Text)
    decided_by: uuid.UUID | None = Field(default=None, foreign_key="person.id", index=True)
    decided_at: dt.datetime | None = Field(default=None, sa_type=UtcDateTime)
    essay: Mapped[Essay] = Relationship(sa_relationship_kwargs={"lazy": "raise"})
