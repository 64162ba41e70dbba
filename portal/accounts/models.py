"""People, how they sign in, and what they may do for whom."""

import datetime as dt
import enum
import uuid

import sqlalchemy as sa
from sqlalchemy.orm import Mapped
from sqlmodel import Field, Relationship, SQLModel

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
    """Somebody who has shown that the address is theirs.

    `email` is the normalised form (`rules.normal_email`), unique; `name` is as the person writes it. Who has no
    address has no account either: a coordinator entered their application from paper.
    """

    # The list of people, and its search by the beginning of a name or an address.
    __table_args__ = (sa.Index("ix_person_name", "name", "id"),)

    email: str | None = Field(default=None, max_length=254, unique=True)
    name: str = Field(max_length=120)
    password_hash: str = Field(max_length=256)
    language: str = Field(default="en", max_length=16)
    zone: str = Field(default="UTC", max_length=64)
    created_at: dt.datetime = Field(default_factory=now, sa_type=UtcDateTime)
    verified_at: dt.datetime | None = Field(default=None, sa_type=UtcDateTime)

    @property
    def address(self) -> str:
        """The e-mail address, empty for who has none."""
        return self.email or ""


class Registration(Table, table=True):
    """What somebody typed who has not yet opened the link sent to that address.

    Nobody is a person before that. Each registration keeps its own name and password, so that a
    stranger who registers another's address gains nothing when its owner confirms.
    """

    __table_args__ = (sa.Index("ix_registration_email", "email", "sent_at"),)

    email: str = Field(max_length=254)
    name: str = Field(max_length=120)
    password_hash: str = Field(max_length=256)
    language: str = Field(max_length=16)
    zone: str = Field(max_length=64)
    token_digest: str = Field(max_length=64, unique=True)
    sent_at: dt.datetime = Field(sa_type=UtcDateTime)
    expires_at: dt.datetime = Field(sa_type=UtcDateTime, index=True)
    used_at: dt.datetime | None = Field(default=None, sa_type=UtcDateTime)


class Grant(Table, table=True):
    """A role, for a government or an edition, from one day to another, both included. Ended, never deleted.

    One that was ended on the day it began, or before, has its last day before its first: it is in force on no day.
    """

    __tablename__ = "role_grant"
    __table_args__ = (
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

    @property
    def never_began(self) -> bool:
        """Ended before its first day. One that ended on that day was in force for some hours: enough to have read."""
        return self.ends_on is not None and self.ends_on < self.begins_on - dt.timedelta(days=1)


class SignIn(Table, table=True):
    """One signed-in browser. The cookie holds the random token, this row its SHA-256."""

    __tablename__ = "sign_in"

    person_id: uuid.UUID = Field(foreign_key="person.id", index=True)
    token_digest: str = Field(max_length=64, unique=True)
    began_at: dt.datetime = Field(sa_type=UtcDateTime)
    ended_at: dt.datetime | None = Field(default=None, sa_type=UtcDateTime)
    browser: str = Field(default="", max_length=200)
    person: Mapped[Person] = Relationship(sa_relationship_kwargs={"lazy": "raise"})


class ResetLink(Table, table=True):
    """A single-use link to set a new password, sent to the person's stored address.

    One without a person was asked for an unknown address: it takes as long to make, and is never sent.
    """

    __tablename__ = "reset_link"

    person_id: uuid.UUID | None = Field(default=None, foreign_key="person.id", index=True)
    token_digest: str = Field(max_length=64, unique=True)
    expires_at: dt.datetime = Field(sa_type=UtcDateTime, index=True)
    used_at: dt.datetime | None = Field(default=None, sa_type=UtcDateTime)
    person: Mapped[Person | None] = Relationship(sa_relationship_kwargs={"lazy": "raise"})


class Attempts(SQLModel, table=True):
    """How often something was tried in the window that ends at `expires_at`. The key is a digest: it names nobody."""

    __tablename__ = "attempts"

    key: str = Field(primary_key=True, max_length=100)
    hits: int
    expires_at: dt.datetime = Field(sa_type=UtcDateTime, index=True)


class Invitation(Table, table=True):
    """A role offered to an address; whoever holds the link and that address takes it on.

    Sent again, it has a new link and the old one is dead. `invited_by` is None if it was made at the machine itself.
    """

    __table_args__ = (
        sa.CheckConstraint("(role = 'coordinator') = (government_id IS NOT NULL)", "coordinators_have_a_government"),
        sa.CheckConstraint("(role IN ('judge', 'screener')) = (edition_id IS NOT NULL)", "judges_have_an_edition"),
        sa.CheckConstraint("(accepted_at IS NULL) = (accepted_by IS NULL)", "accepted_by_somebody"),
        sa.CheckConstraint("accepted_at IS NULL OR revoked_at IS NULL", "accepted_or_revoked"),
    )

    email: str = Field(max_length=254, index=True)
    language: str = Field(default="en", max_length=16)
    role: Role = Field(sa_type=text_enum(Role))
    government_id: uuid.UUID | None = Field(default=None, foreign_key="government.id", index=True)
    edition_id: uuid.UUID | None = Field(default=None, index=True)
    begins_on: dt.date | None = None  # None: on the day it is accepted
    ends_on: dt.date | None = None
    # The role that the successor takes over: it ends on the day before, once this is accepted.
    relieves_id: uuid.UUID | None = Field(default=None, foreign_key="role_grant.id", index=True)
    token_digest: str = Field(max_length=64, unique=True)
    invited_by: uuid.UUID | None = Field(default=None, foreign_key="person.id", index=True)
    invited_at: dt.datetime = Field(sa_type=UtcDateTime, index=True)
    expires_at: dt.datetime = Field(sa_type=UtcDateTime)
    accepted_at: dt.datetime | None = Field(default=None, sa_type=UtcDateTime)
    accepted_by: uuid.UUID | None = Field(default=None, foreign_key="person.id")
    revoked_at: dt.datetime | None = Field(default=None, sa_type=UtcDateTime)
    government: Mapped[Government | None] = Relationship(sa_relationship_kwargs={"lazy": "raise"})
