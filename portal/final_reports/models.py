"""What an intern writes after the stay, and whether everybody may read it."""

import datetime as dt
import enum
import uuid

import sqlalchemy as sa
from sqlalchemy.orm import Mapped
from sqlmodel import Field, Relationship

from portal.clock import now
from portal.db import Table, UtcDateTime, text_enum
from portal.files.models import StoredFile
from portal.placements.models import Placement


class ReportStatus(enum.StrEnum):
    DRAFT = "draft"
    SUBMITTED = "submitted"
    RETURNED = "returned"
    ACCEPTED = "accepted"


class NameShown(enum.StrEnum):
    """How a published report names its author."""

    FULL = "full"
    GIVEN = "given"
    UNNAMED = "unnamed"


class FinalReport(Table, table=True):
    """One a placement; a draft may be empty. When it is due follows from the stay's last day (`rules.due_on`).

    `submitted_at` is the first submission, which decides whether it was late; what was returned keeps it.
    """

    __tablename__ = "final_report"
    __table_args__ = (
        sa.CheckConstraint("status = 'draft' OR submitted_at IS NOT NULL", "submitted_at_an_instant"),
        sa.CheckConstraint("status != 'returned' OR reason != ''", "returned_with_a_reason"),
        sa.CheckConstraint(
            "(status = 'accepted') = (accepted_at IS NOT NULL AND accepted_by IS NOT NULL)", "accepted_by_somebody"
        ),
        sa.CheckConstraint("published_at IS NULL OR status = 'accepted'", "published_once_accepted"),
        sa.CheckConstraint(
            "published_at IS NULL OR taken_down_at IS NOT NULL OR may_publish", "public_with_consent_only"
        ),
        sa.Index("ix_final_report_status", "status", "submitted_at", "id"),
        sa.Index("ix_final_report_submitted_at", "submitted_at", "id"),
        sa.Index("ix_final_report_published_at", "published_at", "id"),
    )

    placement_id: uuid.UUID = Field(foreign_key="placement.id", unique=True)
    title: str = Field(default="", max_length=200)
    did: str = Field(default="", sa_type=sa.Text)
    learned: str = Field(default="", sa_type=sa.Text)
    proposals: str = Field(default="", sa_type=sa.Text)
    language: str = Field(default="en", max_length=16)
    file_id: uuid.UUID | None = Field(default=None, foreign_key="stored_file.id", index=True)
    may_publish: bool = False
    name_shown: NameShown = Field(default=NameShown.UNNAMED, sa_type=text_enum(NameShown))
    status: ReportStatus = Field(default=ReportStatus.DRAFT, sa_type=text_enum(ReportStatus))
    begun_at: dt.datetime = Field(default_factory=now, sa_type=UtcDateTime)
    submitted_at: dt.datetime | None = Field(default=None, sa_type=UtcDateTime)
    returned_at: dt.datetime | None = Field(default=None, sa_type=UtcDateTime)
    reason: str = Field(default="", sa_type=sa.Text)  # of the last return, for the intern
    accepted_at: dt.datetime | None = Field(default=None, sa_type=UtcDateTime)
    accepted_by: uuid.UUID | None = Field(default=None, foreign_key="person.id", index=True)
    published_at: dt.datetime | None = Field(default=None, sa_type=UtcDateTime)
    taken_down_at: dt.datetime | None = Field(default=None, sa_type=UtcDateTime)
    placement: Mapped[Placement] = Relationship(sa_relationship_kwargs={"lazy": "raise"})
    file: Mapped[StoredFile | None] = Relationship(sa_relationship_kwargs={"lazy": "raise"})
