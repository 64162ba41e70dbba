"""A certificate: what it says, as it was on the day it was issued, and what of that strangers may see."""

import datetime as dt
import uuid
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped
from sqlmodel import Field, Relationship

from portal.clock import now
from portal.db import Table, UtcDateTime
from portal.placements.models import Placement

_VALID = sa.text("revoked_at IS NULL")


class Certificate(Table, table=True):
    """`digest` is the SHA-256 of `content`. Revoked, it stays: its number answers for ever that it is void.

    One placement has one valid certificate at most; a new one has a new number.
    """

    __table_args__ = (
        sa.Index("uq_certificate_valid", "placement_id", unique=True, sqlite_where=_VALID, postgresql_where=_VALID),
        sa.CheckConstraint(
            "(revoked_at IS NULL) = (revoked_by IS NULL) AND (revoked_at IS NULL) = (revoked_reason = '')",
            "revoked_with_a_reason",
        ),
        sa.Index("ix_certificate_placement_id", "placement_id", "issued_at"),
        sa.Index("ix_certificate_issued_at", "issued_at", "id"),
    )

    placement_id: uuid.UUID = Field(foreign_key="placement.id")
    number: str = Field(max_length=30, unique=True)
    issued_at: dt.datetime = Field(default_factory=now, sa_type=UtcDateTime)
    issued_by: uuid.UUID = Field(foreign_key="person.id", index=True)
    content: dict[str, Any] = Field(sa_type=sa.JSON)
    digest: str = Field(max_length=64)
    # What the public page may show beside "valid": the holder's choice, nothing at first.
    shows_name: bool = False
    shows_host: bool = False
    shows_dates: bool = False
    revoked_at: dt.datetime | None = Field(default=None, sa_type=UtcDateTime)
    revoked_by: uuid.UUID | None = Field(default=None, foreign_key="person.id", index=True)
    revoked_reason: str = Field(default="", sa_type=sa.Text)  # for officials and the holder
    placement: Mapped[Placement] = Relationship(sa_relationship_kwargs={"lazy": "raise"})
