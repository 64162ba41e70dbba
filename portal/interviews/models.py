"""Times at which a host talks with the candidates of an opening."""

import datetime as dt
import enum
import uuid

import sqlalchemy as sa
from sqlalchemy.orm import Mapped
from sqlmodel import Field, Relationship

from portal.applications.models import Application
from portal.clock import now
from portal.db import Table, UtcDateTime, text_enum
from portal.openings.models import Opening

_STANDS = sa.text("ended_at IS NULL")


class Ending(enum.StrEnum):
    """How an interview came to nothing after its time was taken."""

    CANCELLED = "cancelled"  # by the host, with a reason
    LEFT = "left"  # the candidate is not nominated any more


class Slot(Table, table=True):
    """A time that a host offers; whoever takes it has the interview then. `place` says where, or is a link.

    A taken time that was cancelled is kept, so that the candidate reads why; a free one is simply removed.
    """

    __tablename__ = "interview_slot"
    __table_args__ = (
        sa.Index(
            "uq_interview_slot_time", "opening_id", "starts_at", unique=True, sqlite_where=_STANDS,
            postgresql_where=_STANDS,
        ),
        sa.Index(
            "uq_interview_slot_taken", "opening_id", "application_id", unique=True, sqlite_where=_STANDS,
            postgresql_where=_STANDS,
        ),
        sa.Index("ix_interview_slot_starts_at", "starts_at", "id"),
        sa.CheckConstraint("minutes BETWEEN 5 AND 240", "minutes_are_sensible"),
        sa.CheckConstraint("(application_id IS NULL) = (taken_at IS NULL)", "taken_by_somebody"),
        sa.CheckConstraint("(ended_at IS NULL) = (ending IS NULL)", "ended_in_one_way"),
        sa.CheckConstraint("ended_at IS NULL OR application_id IS NOT NULL", "only_what_was_taken_is_cancelled"),
    )  # fmt: skip

    opening_id: uuid.UUID = Field(foreign_key="opening.id", index=True)
    starts_at: dt.datetime = Field(sa_type=UtcDateTime)
    minutes: int
    place: str = Field(max_length=300)
    note: str = Field(default="", sa_type=sa.Text)
    made_by: uuid.UUID = Field(foreign_key="person.id", index=True)
    made_at: dt.datetime = Field(default_factory=now, sa_type=UtcDateTime)
    application_id: uuid.UUID | None = Field(default=None, foreign_key="application.id", index=True)
    taken_at: dt.datetime | None = Field(default=None, sa_type=UtcDateTime)
    ended_at: dt.datetime | None = Field(default=None, sa_type=UtcDateTime)
    ending: Ending | None = Field(default=None, sa_type=text_enum(Ending))
    reason: str = Field(default="", sa_type=sa.Text)  # why the host cancelled, for the candidate
    opening: Mapped[Opening] = Relationship(sa_relationship_kwargs={"lazy": "raise"})
    application: Mapped[Application | None] = Relationship(sa_relationship_kwargs={"lazy": "raise"})

    @property
    def ends_at(self) -> dt.datetime:
        return self.starts_at + dt.timedelta(minutes=self.minutes)
