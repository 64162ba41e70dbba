"""Who did what and when. Rows are only ever added; each carries the hash of its predecessor."""

import datetime as dt
import uuid
from typing import Any

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from portal.db import UtcDateTime


class Entry(SQLModel, table=True):
    """One deed. `details` holds identifiers and public facts, never a person's data: it cannot be erased."""

    __tablename__ = "history"
    __table_args__ = (sa.Index("ix_history_subject", "subject", "subject_id", "number"),)

    number: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    at: dt.datetime = Field(sa_type=UtcDateTime)
    actor_id: uuid.UUID | None = Field(default=None, index=True)
    deed: str = Field(max_length=64)
    subject: str = Field(max_length=32)
    subject_id: uuid.UUID
    details: dict[str, Any] = Field(default_factory=dict, sa_type=sa.JSON)
    previous: str = Field(max_length=64)
    digest: str = Field(max_length=64)


class Head(SQLModel, table=True):
    """The chain's end, one row: locked last in every transaction that adds to the chain."""

    __tablename__ = "history_head"

    id: int = Field(default=1, primary_key=True)
    number: int = 0
    digest: str = Field(default="", max_length=64)
