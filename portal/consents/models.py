"""What a person, or a minor's guardian, consents to: purpose by purpose, for one edition or one call."""

import datetime as dt
import enum
import uuid

import sqlalchemy as sa
from sqlalchemy.orm import Mapped
from sqlmodel import Field, Relationship

from portal.accounts.models import Person
from portal.clock import now
from portal.db import Table, UtcDateTime, text_enum


class Programme(enum.StrEnum):
    """What somebody takes part in."""

    CONTEST = "contest"
    INTERNSHIP = "internship"


class Purpose(enum.StrEnum):
    """What is consented to, each by itself."""

    TAKE_PART = "take_part"
    NAME = "name"
    TEXT = "text"
    TRANSLATION = "translation"
    PHOTO = "photo"


class Method(enum.StrEnum):
    """How a decision came."""

    ACCOUNT = "account"  # by the person, signed in
    LINK = "link"  # by a guardian, without an account
    PAPER = "paper"  # signed on paper, entered by a coordinator


class Case(Table, table=True):
    """A person who takes part in one edition or call (`round_id`: both live higher up the streets)."""

    __tablename__ = "consent_case"
    __table_args__ = (sa.UniqueConstraint("person_id", "programme", "round_id"),)

    person_id: uuid.UUID = Field(foreign_key="person.id")
    programme: Programme = Field(sa_type=text_enum(Programme))
    round_id: uuid.UUID = Field(index=True)
    opened_at: dt.datetime = Field(default_factory=now, sa_type=UtcDateTime)
    person: Mapped[Person] = Relationship(sa_relationship_kwargs={"lazy": "raise"})


_CURRENT_GUARDIAN = sa.text("replaced_at IS NULL")


class ConsentGuardian(Table, table=True):
    """Whom a minor named. One at a time; the link of an earlier one is dead.

    The link decides once, until `expires_at`; what was decided can be withdrawn by it at any time.
    """

    __tablename__ = "consent_guardian"
    __table_args__ = (
        sa.Index(
            "uq_consent_guardian_current", "case_id", unique=True,
            sqlite_where=_CURRENT_GUARDIAN, postgresql_where=_CURRENT_GUARDIAN,
        ),
        sa.Index("ix_consent_guardian_case_id", "case_id", "asked_at"),
        sa.Index("ix_consent_guardian_waiting", "answered_at", "replaced_at", "expires_at"),
    )  # fmt: skip

    case_id: uuid.UUID = Field(foreign_key="consent_case.id")
    name: str = Field(max_length=120)
    email: str = Field(default="", max_length=254)  # empty: signed on paper
    language: str = Field(max_length=16)
    token_digest: str | None = Field(default=None, max_length=64, unique=True)
    asked_at: dt.datetime = Field(default_factory=now, sa_type=UtcDateTime)
    sent_at: dt.datetime = Field(default_factory=now, sa_type=UtcDateTime)
    times_sent: int = 1
    expires_at: dt.datetime = Field(sa_type=UtcDateTime)
    answered_at: dt.datetime | None = Field(default=None, sa_type=UtcDateTime)
    replaced_at: dt.datetime | None = Field(default=None, sa_type=UtcDateTime)
    case: Mapped[Case] = Relationship(sa_relationship_kwargs={"lazy": "raise"})


_CURRENT = sa.text("ended_at IS NULL")


class Consent(Table, table=True):
    """One decision on one purpose. A later one ends it; nothing is ever overwritten.

    `wording` and `digest` (SHA-256, hex) say which text was read, in which language.
    """

    __table_args__ = (
        sa.CheckConstraint("method != 'account' OR guardian_id IS NULL", "their_own_with_an_account"),
        sa.CheckConstraint("method != 'link' OR guardian_id IS NOT NULL", "a_guardians_by_link"),
        sa.CheckConstraint("(method = 'paper') = (entered_by IS NOT NULL)", "from_paper_by_somebody"),
        sa.Index(
            "uq_consent_current", "case_id", "purpose", unique=True,
            sqlite_where=_CURRENT, postgresql_where=_CURRENT,
        ),
        sa.Index("ix_consent_case_id", "case_id", "decided_at"),
    )  # fmt: skip

    case_id: uuid.UUID = Field(foreign_key="consent_case.id")
    purpose: Purpose = Field(sa_type=text_enum(Purpose))
    is_given: bool
    method: Method = Field(sa_type=text_enum(Method))
    guardian_id: uuid.UUID | None = Field(default=None, foreign_key="consent_guardian.id", index=True)
    entered_by: uuid.UUID | None = Field(default=None, foreign_key="person.id", index=True)
    scan_id: uuid.UUID | None = Field(default=None, foreign_key="stored_file.id", index=True)
    name: str = Field(default="", max_length=120)  # as who decided typed it
    wording: str = Field(max_length=16)
    language: str = Field(max_length=16)
    digest: str = Field(max_length=64)
    decided_at: dt.datetime = Field(default_factory=now, sa_type=UtcDateTime)
    ended_at: dt.datetime | None = Field(default=None, sa_type=UtcDateTime)
    case: Mapped[Case] = Relationship(sa_relationship_kwargs={"lazy": "raise"})
