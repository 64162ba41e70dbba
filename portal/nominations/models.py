"""What a home government keeps about an application beside its decision, and what it was told of."""

import datetime as dt
import uuid

import sqlalchemy as sa
from sqlalchemy.orm import Mapped
from sqlmodel import Field, Relationship, SQLModel

from portal.accounts.models import Person
from portal.clock import now
from portal.db import Table, UtcDateTime


class Note(Table, table=True):
    """A private note of the home government: for its coordinators and the secretariat, never for applicant or host."""

    __table_args__ = (sa.Index("ix_note_application_id", "application_id", "written_at"),)

    application_id: uuid.UUID = Field(foreign_key="application.id", ondelete="CASCADE")
    author_id: uuid.UUID = Field(foreign_key="person.id", index=True)
    text: str = Field(sa_type=sa.Text)
    written_at: dt.datetime = Field(default_factory=now, sa_type=UtcDateTime)
    author: Mapped[Person] = Relationship(sa_relationship_kwargs={"lazy": "raise"})


class Checked(SQLModel, table=True):
    """An item of the coordinators' checklist that somebody ticked."""

    __tablename__ = "checked_item"

    application_id: uuid.UUID = Field(foreign_key="application.id", primary_key=True, ondelete="CASCADE")
    item: str = Field(max_length=40, primary_key=True)
    checked_by: uuid.UUID = Field(foreign_key="person.id", index=True)
    checked_at: dt.datetime = Field(default_factory=now, sa_type=UtcDateTime)


class Digest(SQLModel, table=True):
    """That a government's coordinators were told of what came in until then: at most once a day."""

    __tablename__ = "submission_digest"

    government_id: uuid.UUID = Field(foreign_key="government.id", primary_key=True)
    told_on: dt.date = Field(primary_key=True)
    told_at: dt.datetime = Field(default_factory=now, sa_type=UtcDateTime)
