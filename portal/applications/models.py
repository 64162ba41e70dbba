"""An application to a call: who applies, in what order of openings, and what the home government decided."""

import datetime as dt
import enum
import uuid

import sqlalchemy as sa
from sqlalchemy.orm import Mapped
from sqlmodel import Field, Relationship, SQLModel

from portal.accounts.models import Person
from portal.calls.models import Call
from portal.clock import now
from portal.db import Table, UtcDateTime, text_enum
from portal.files.models import StoredFile
from portal.openings.models import Opening
from portal.registry.models import Government


class Status(enum.StrEnum):
    DRAFT = "draft"
    SUBMITTED = "submitted"
    RETURNED = "returned"
    NOMINATED = "nominated"
    NOT_NOMINATED = "not_nominated"
    WITHDRAWN = "withdrawn"


class Application(Table, table=True):
    """One a person and call. Empty fields are a draft's right; submission asks for all of them."""

    __table_args__ = (
        sa.UniqueConstraint("call_id", "applicant_id"),
        sa.UniqueConstraint("call_id", "home_id", "merit"),
        sa.CheckConstraint("status IN ('draft', 'withdrawn') OR submitted_at IS NOT NULL", "submitted_at_an_instant"),
        sa.CheckConstraint(
            "status NOT IN ('nominated', 'not_nominated') OR (decided_at IS NOT NULL AND decided_by IS NOT NULL)",
            "decided_by_somebody",
        ),
        sa.CheckConstraint("(status = 'nominated') = (merit IS NOT NULL)", "nominated_in_an_order"),
        sa.CheckConstraint("status != 'not_nominated' OR reason IS NOT NULL", "refused_with_a_reason"),
        sa.Index("ix_application_applicant_id", "applicant_id", "created_at"),
        sa.Index("ix_application_home_id", "home_id", "status", "submitted_at", "id"),
        sa.Index("ix_application_call_id", "call_id", "status", "submitted_at", "id"),
    )

    call_id: uuid.UUID = Field(foreign_key="call.id")
    applicant_id: uuid.UUID = Field(foreign_key="person.id")
    home_id: uuid.UUID | None = Field(default=None, foreign_key="government.id")
    status: Status = Field(default=Status.DRAFT, sa_type=text_enum(Status))
    created_at: dt.datetime = Field(default_factory=now, sa_type=UtcDateTime)

    native_name: str = Field(default="", max_length=120)
    roman_name: str = Field(default="", max_length=120)
    born_on: dt.date | None = None
    phone: str = Field(default="", max_length=40)
    education: str = Field(default="", max_length=400)
    motivation: str = Field(default="", sa_type=sa.Text)
    consented_at: dt.datetime | None = Field(default=None, sa_type=UtcDateTime)
    cv_id: uuid.UUID | None = Field(default=None, foreign_key="stored_file.id", index=True)

    number: str | None = Field(default=None, max_length=20, unique=True)
    submitted_at: dt.datetime | None = Field(default=None, sa_type=UtcDateTime)
    submitted_digest: str | None = Field(default=None, max_length=64)
    returned_at: dt.datetime | None = Field(default=None, sa_type=UtcDateTime)
    decided_at: dt.datetime | None = Field(default=None, sa_type=UtcDateTime)
    decided_by: uuid.UUID | None = Field(default=None, foreign_key="person.id", index=True)
    merit: int | None = None
    reason: str | None = Field(default=None, sa_type=sa.Text)

    call: Mapped[Call] = Relationship(sa_relationship_kwargs={"lazy": "raise"})
    applicant: Mapped[Person] = Relationship(
        sa_relationship_kwargs={"lazy": "raise", "foreign_keys": "Application.applicant_id"}
    )
    home: Mapped[Government | None] = Relationship(sa_relationship_kwargs={"lazy": "raise"})
    cv: Mapped[StoredFile | None] = Relationship(sa_relationship_kwargs={"lazy": "raise"})
    languages: Mapped[list["SpokenLanguage"]] = Relationship(
        sa_relationship_kwargs={"lazy": "raise", "order_by": "SpokenLanguage.language"}
    )
    choices: Mapped[list["Choice"]] = Relationship(sa_relationship_kwargs={"lazy": "raise", "order_by": "Choice.rank"})


class SpokenLanguage(SQLModel, table=True):
    """A language the applicant speaks, at a CEFR level or as a native."""

    __tablename__ = "spoken_language"

    application_id: uuid.UUID = Field(foreign_key="application.id", primary_key=True, ondelete="CASCADE")
    language: str = Field(max_length=16, primary_key=True)
    level: str = Field(max_length=6)


class Choice(SQLModel, table=True):
    """An opening the applicant ranked; 1 is the first choice."""

    __tablename__ = "choice"
    __table_args__ = (
        sa.UniqueConstraint("application_id", "opening_id"),
        sa.CheckConstraint("rank BETWEEN 1 AND 5", "rank_is_sensible"),
    )

    application_id: uuid.UUID = Field(foreign_key="application.id", primary_key=True, ondelete="CASCADE")
    rank: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    opening_id: uuid.UUID = Field(foreign_key="opening.id", index=True)
    opening: Mapped[Opening] = Relationship(sa_relationship_kwargs={"lazy": "raise"})
