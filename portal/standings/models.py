"""Orders that were kept: what the marks said at a moment, and on what occasion."""

import datetime as dt
import enum
import uuid
from typing import Any

import sqlalchemy as sa
from sqlmodel import Field

from portal.clock import now
from portal.db import Table, UtcDateTime, text_enum
from portal.judging.models import Round


class Occasion(enum.StrEnum):
    ROUND_END = "round_end"  # the finalists were taken from it
    BEFORE_REMOVAL = "before_removal"  # of a judge's marks
    AFTER_REMOVAL = "after_removal"
    JURY = "jury"  # the jury had it before them
    PUBLISHED = "published"


class Standing(Table, table=True):
    """`content` is the order of every comparison group with its figures, essays and judges by code; `digest` the
    SHA-256 of it. Never changed."""

    __table_args__ = (sa.Index("ix_standing_edition_id", "edition_id", "taken_at", "id"),)

    edition_id: uuid.UUID = Field(foreign_key="edition.id")
    round: Round = Field(sa_type=text_enum(Round))
    occasion: Occasion = Field(sa_type=text_enum(Occasion))
    judge_id: uuid.UUID | None = Field(default=None, foreign_key="judge.id", index=True)
    reason: str = Field(default="", sa_type=sa.Text)
    content: dict[str, Any] = Field(sa_type=sa.JSON)
    digest: str = Field(max_length=64)
    taken_by: uuid.UUID | None = Field(default=None, foreign_key="person.id", index=True)
    taken_at: dt.datetime = Field(default_factory=now, sa_type=UtcDateTime)
