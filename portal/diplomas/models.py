"""Certificates of the contest: of an award, or of having taken part."""

import datetime as dt
import enum
import uuid
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped
from sqlmodel import Field, Relationship

from portal.clock import now
from portal.db import Table, UtcDateTime, text_enum
from portal.essays.models import Essay

_VALID = sa.text("revoked_at IS NULL")


class DiplomaKind(enum.StrEnum):
    AWARD = "award"
    PARTICIPATION = "participation"


class Diploma(Table, table=True):
    """`digest` is the SHA-256 of `content`. Revoked, it stays: its number answers for ever that it is void.

    An essay has one valid one at most; a new one has a new number.
    """

    __table_args__ = (
        sa.Index("uq_diploma_valid", "essay_id", unique=True, sqlite_where=_VALID, postgresql_where=_VALID),
        sa.CheckConstraint(
            "(revoked_at IS NULL) = (revoked_by IS NULL) AND (revoked_at IS NULL) = (revoked_reason = '')",
            "revoked_with_a_reason",
        ),
        sa.Index("ix_diploma_essay_id", "essay_id", "issued_at"),
        sa.Index("ix_diploma_edition_id", "edition_id", "issued_at", "id"),
    )

    essay_id: uuid.UUID = Field(foreign_key="essay.id")
    edition_id: uuid.UUID = Field(foreign_key="edition.id")
    kind: DiplomaKind = Field(sa_type=text_enum(DiplomaKind))
    number: str = Field(max_length=30, unique=True)
    issued_at: dt.datetime = Field(default_factory=now, sa_type=UtcDateTime)
    issued_by: uuid.UUID = Field(foreign_key="person.id", index=True)
    content: dict[str, Any] = Field(sa_type=sa.JSON)
    digest: str = Field(max_length=64)
    # What the public page may show beside "valid": the holder's choice, nothing at first.
    shows_name: bool = False
    shows_title: bool = False
    revoked_at: dt.datetime | None = Field(default=None, sa_type=UtcDateTime)
    revoked_by: uuid.UUID | None = Field(default=None, foreign_key="person.id", index=True)
    revoked_reason: str = Field(default="", sa_type=sa.Text)  # for officials and the holder
    essay: Mapped[Essay] = Relationship(sa_relationship_kwargs={"lazy": "raise"})
