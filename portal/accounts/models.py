"""People, how they sign in, and what they may do for whom."""

import datetime as dt
import enum
import uuid

import sqlalchemy as sa
from sqlalchemy.orm import Mapped
from sqlmodel import Field, Relationship

from portal.clock import now
from portal.db import Table, UtcDateTime, text_enum
from portal.registry.models import Government


class Role(enum.StrEnum):
    """Everybody who is signed in may apply and write; a role is what a person does for others."""

    COORDINATOR = "coordinator"  # for a government: both as home and as host
    JUDGE = "judge"  # for an edition
    SCREENER = "screener"  # for an edition: may know who wrote what, and so may not judge
    SECRETARY = "secretary"
    AUDITOR = "auditor"


class Person(Table, table=True):
    """`email` is the normalised form (`rules.normal_email`), unique; `name` is as the person writes it."""

    email: str = Field(max_length=254, unique=True)
    name: str = Field(max_length=120)
    password_hash: str = Field(max_length=256)
    language: str = Field(default="en", max_length=16)
    zone: str = Field(default="UTC", max_length=64)
    created_at: dt.datetime = Field(default_factory=now, sa_type=UtcDateTime)
    verified_at: dt.datetime | None = Field(default=None, sa_type=UtcDateTime)


class Grant(Table, table=True):
    """A role, for a government or an edition, from one day to another. Ended, never deleted."""

    __tablename__ = "role_grant"
    __table_args__ = (
        sa.CheckConstraint("ends_on IS NULL OR ends_on >= begins_on", "ends_after_it_begins"),
        sa.CheckConstraint("(role = 'coordinator') = (government_id IS NOT NULL)", "coordinators_have_a_government"),
        sa.CheckConstraint("(role IN ('judge', 'screener')) = (edition_id IS NOT NULL)", "judges_have_an_edition"),
        sa.Index("ix_role_grant_person_id", "person_id", "begins_on"),
        sa.Index("ix_role_grant_government_id", "government_id", "role"),
        sa.Index("ix_role_grant_edition_id", "edition_id", "role"),
    )

    person_id: uuid.UUID = Field(foreign_key="person.id")
    role: Role = Field(sa_type=text_enum(Role))
    government_id: uuid.UUID | None = Field(default=None, foreign_key="government.id")
    # No foreign key: editions live higher up the street, and this floor does not know them.
    edition_id: uuid.UUID | None = None
    begins_on: dt.date
    ends_on: dt.date | None = None
    granted_by: uuid.UUID | None = None
    person: Mapped[Person] = Relationship(sa_relationship_kwargs={"lazy": "raise"})
    government: Mapped[Government | None] = Relationship(sa_relationship_kwargs={"lazy": "raise"})


class SignIn(Table, table=True):
    """One signed-in browser. The cookie holds the random token, this row its SHA-256."""

    __tablename__ = "sign_in"

    person_id: uuid.UUID = Field(foreign_key="person.id", index=True)
    token_digest: str = Field(max_length=64, unique=True)
    began_at: dt.datetime = Field(sa_type=UtcDateTime)
    ended_at: dt.datetime | None = Field(default=None, sa_type=UtcDateTime)
    browser: str = Field(default="", max_length=200)
    person: Mapped[Person] = Relationship(sa_relationship_kwargs={"lazy": "raise"})


class Purpose(enum.StrEnum):
    VERIFY = "verify"
    RESET = "reset"


class MailedLink(Table, table=True):
    """A single-use link that was sent to a person's stored address."""

    __tablename__ = "mailed_link"

    person_id: uuid.UUID = Field(foreign_key="person.id", index=True)
    purpose: Purpose = Field(sa_type=text_enum(Purpose))
    token_digest: str = Field(max_length=64, unique=True)
    expires_at: dt.datetime = Field(sa_type=UtcDateTime)
    used_at: dt.datetime | None = Field(default=None, sa_type=UtcDateTime)


class Invitation(Table, table=True):
    """A role offered to an address; whoever holds the link and that address takes it on."""

    email: str = Field(max_length=254, index=True)
    role: Role = Field(sa_type=text_enum(Role))
    government_id: uuid.UUID | None = Field(default=None, foreign_key="government.id", index=True)
    edition_id: uuid.UUID | None = Field(default=None, index=True)
    ends_on: dt.date | None = None
    token_digest: str = Field(max_length=64, unique=True)
    invited_by: uuid.UUID | None = Field(default=None, foreign_key="person.id", index=True)
    invited_at: dt.datetime = Field(sa_type=UtcDateTime, index=True)
    expires_at: dt.datetime = Field(sa_type=UtcDateTime)
    accepted_at: dt.datetime | None = Field(default=None, sa_type=UtcDateTime)
    government: Mapped[Government | None] = Relationship(sa_relationship_kwargs={"lazy": "raise"})
