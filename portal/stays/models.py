"""What is kept of a stay beside the placement's own state and days."""

import datetime as dt
import enum
import uuid

import sqlalchemy as sa
from sqlalchemy.orm import Mapped
from sqlmodel import Field, Relationship, SQLModel

from portal.checkins.models import Side
from portal.clock import now
from portal.db import Table, UtcDateTime, text_enum
from portal.files.models import StoredFile


class Visa(enum.StrEnum):
    NOT_NEEDED = "not_needed"
    NOT_YET = "not_yet"
    APPLIED = "applied"
    GRANTED = "granted"
    REFUSED = "refused"


class EndedBy(enum.StrEnum):
    INTERN = "intern"
    HOST = "host"
    HOME = "home"
    SECRETARIAT = "secretariat"
    FORCE_MAJEURE = "force_majeure"


class EndReason(enum.StrEnum):
    HEALTH = "health"
    FAMILY = "family"
    STUDIES = "studies"
    WORK = "work"
    CONDUCT = "conduct"
    SAFETY = "safety"
    LAW = "law"
    OTHER = "other"


class Stay(SQLModel, table=True):
    """The checklist before departure, what was waived of it, and how the stay ended if it did so early."""

    __tablename__ = "stay"
    __table_args__ = (
        sa.CheckConstraint("visa IS NULL OR visa NOT IN ('applied', 'granted', 'refused') OR visa_on IS NOT NULL",
                           "a_visa_has_its_day"),
        sa.CheckConstraint("(waived_at IS NULL) = (waived_by IS NULL)", "waived_by_somebody"),
        sa.CheckConstraint("waived_at IS NULL OR waiver_reason != ''", "waived_with_a_reason"),
        sa.CheckConstraint("(ended_by IS NULL) = (end_code IS NULL)", "ended_early_by_somebody"),
    )  # fmt: skip

    placement_id: uuid.UUID = Field(foreign_key="placement.id", primary_key=True, ondelete="CASCADE")
    visa: Visa | None = Field(default=None, sa_type=text_enum(Visa))
    visa_on: dt.date | None = None
    insurance_id: uuid.UUID | None = Field(default=None, foreign_key="stored_file.id", index=True)
    arrives_on: dt.date | None = None
    arrives_at: str = Field(default="", max_length=5)  # as clocks at the host show it
    arrival: str = Field(default="", sa_type=sa.Text)
    waived_at: dt.datetime | None = Field(default=None, sa_type=UtcDateTime)
    waived_by: uuid.UUID | None = Field(default=None, foreign_key="person.id", index=True)
    waiver_reason: str = Field(default="", sa_type=sa.Text)
    ended_by: EndedBy | None = Field(default=None, sa_type=text_enum(EndedBy))
    end_code: EndReason | None = Field(default=None, sa_type=text_enum(EndReason))
    end_reason: str = Field(default="", sa_type=sa.Text)
    insurance: Mapped[StoredFile | None] = Relationship(sa_relationship_kwargs={"lazy": "raise"})


class Extension(Table, table=True):
    """A later last day that one side asked for; the other answers. At most one waits for its answer."""

    __tablename__ = "stay_extension"
    __table_args__ = (
        sa.Index(
            "uq_stay_extension_open", "placement_id", unique=True,
            sqlite_where=sa.text("answered_at IS NULL"), postgresql_where=sa.text("answered_at IS NULL"),
        ),
        sa.Index("ix_stay_extension_placement_id", "placement_id", "asked_at"),
        sa.CheckConstraint("(answered_at IS NULL) = (is_agreed IS NULL)", "answered_one_way"),
        sa.CheckConstraint("ends_on > ended_on", "it_ends_later"),
    )  # fmt: skip

    placement_id: uuid.UUID = Field(foreign_key="placement.id", ondelete="CASCADE")
    side: Side = Field(sa_type=text_enum(Side))
    ended_on: dt.date  # the last day when it was asked
    ends_on: dt.date
    reason: str = Field(sa_type=sa.Text)
    asked_at: dt.datetime = Field(default_factory=now, sa_type=UtcDateTime)
    asked_by: uuid.UUID = Field(foreign_key="person.id", index=True)
    answered_at: dt.datetime | None = Field(default=None, sa_type=UtcDateTime)
    answered_by: uuid.UUID | None = Field(default=None, foreign_key="person.id", index=True)
    is_agreed: bool | None = None


class Evaluation(SQLModel, table=True):
    """The supervisor's, entered by the host's coordinator."""

    __tablename__ = "stay_evaluation"

    placement_id: uuid.UUID = Field(foreign_key="placement.id", primary_key=True, ondelete="CASCADE")
    supervisor: str = Field(max_length=120)
    marks: list[int] = Field(sa_type=sa.JSON)  # 1 to 5, in the order of `words.ITEMS`
    text: str = Field(sa_type=sa.Text)
    given_at: dt.datetime = Field(default_factory=now, sa_type=UtcDateTime)
    given_by: uuid.UUID = Field(foreign_key="person.id", index=True)


class Duty(enum.StrEnum):
    """What people are reminded of."""

    DEPARTURE = "departure"
    START = "start"
    CHECK_IN = "check_in"
    EXTENSION = "extension"
    EVALUATION = "evaluation"
    COMPLETION = "completion"


class Reminder(SQLModel, table=True):
    """That the secretariat was told of a duty. `about_on` is the day it falls on; an extension moves it.

    Older rows tell of other reminders too.
    """

    __tablename__ = "stay_reminder"

    placement_id: uuid.UUID = Field(foreign_key="placement.id", primary_key=True, ondelete="CASCADE")
    duty: Duty = Field(primary_key=True, sa_type=text_enum(Duty))
    side: Side = Field(primary_key=True, sa_type=text_enum(Side))
    number: int = Field(default=0, primary_key=True, sa_column_kwargs={"autoincrement": False})
    about_on: dt.date = Field(primary_key=True)
    days: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})  # after that day, or before it
    to_secretariat: bool = False
    sent_at: dt.datetime = Field(default_factory=now, sa_type=UtcDateTime)
