"""The places that host governments offer in a call."""

import datetime as dt
import enum
import uuid

import sqlalchemy as sa
from sqlalchemy.orm import Mapped
from sqlmodel import Field, Relationship

from portal.calls.models import Call
from portal.clock import now
from portal.db import Table, UtcDateTime, text_enum
from portal.registry.models import Government


class OpeningStatus(enum.StrEnum):
    """Full is not a state: it follows from the places taken."""

    DRAFT = "draft"
    PUBLISHED = "published"
    CLOSED = "closed"


class HostKind(enum.StrEnum):
    OFFICE = "office"
    COMPANY = "company"
    INSTITUTE = "institute"


class Opening(Table, table=True):
    """One kind of place at one host organisation, `capacity` times."""

    __table_args__ = (
        sa.CheckConstraint("capacity BETWEEN 1 AND 50", "capacity_is_sensible"),
        sa.CheckConstraint("ends_on > starts_on", "ends_after_it_starts"),
        sa.Index("ix_opening_call_id", "call_id", "status", "government_id", "id"),
        sa.Index("ix_opening_government_id", "government_id", "starts_on", "id"),
        sa.Index("ix_opening_status", "status", "starts_on", "id"),
    )

    call_id: uuid.UUID = Field(foreign_key="call.id")
    government_id: uuid.UUID = Field(foreign_key="government.id")
    organisation: str = Field(max_length=160)
    host_kind: HostKind = Field(sa_type=text_enum(HostKind))
    title: str = Field(max_length=160)
    tasks: str = Field(sa_type=sa.Text)
    place: str = Field(max_length=120)
    working_language: str = Field(max_length=16)
    level: str = Field(max_length=2)  # CEFR: A1 … C2
    starts_on: dt.date
    ends_on: dt.date
    capacity: int
    benefits: str = Field(default="", sa_type=sa.Text)
    has_interview: bool = False
    status: OpeningStatus = Field(default=OpeningStatus.DRAFT, sa_type=text_enum(OpeningStatus))
    created_by: uuid.UUID = Field(index=True)
    created_at: dt.datetime = Field(default_factory=now, sa_type=UtcDateTime)
    call: Mapped[Call] = Relationship(sa_relationship_kwargs={"lazy": "raise"})
    government: Mapped[Government] = Relationship(sa_relationship_kwargs={"lazy": "raise"})
