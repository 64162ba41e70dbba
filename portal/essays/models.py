"""Essays. Who wrote what lives in a table of its own."""

import datetime as dt
import enum
import uuid

import sqlalchemy as sa
from sqlalchemy.orm import Mapped
from sqlmodel import Field, Relationship

from portal.accounts.models import Person
from portal.clock import now
from portal.contests.models import Category, Edition, Theme
from portal.db import Table, UtcDateTime, text_enum
from portal.registry.models import Government


class EssayStatus(enum.StrEnum):
    DRAFT = "draft"
    SUBMITTED = "submitted"
    RETURNED = "returned"
    ADMITTED = "admitted"
    DISQUALIFIED = "disqualified"
    IN_JUDGING = "in_judging"
    SHORTLISTED = "shortlisted"
    AWARDED = "awarded"
    COMMENDED = "commended"
    NOT_AWARDED = "not_awarded"
    WITHDRAWN = "withdrawn"


class Source(enum.StrEnum):
    """How the text came."""

    TYPED = "typed"
    FILE = "file"
    PAPER = "paper"


class Essay(Table, table=True):
    """The text as its author wrote it, and nothing about the author.

    `code` is drawn at admission: random, it tells neither who nor when. What judges read is a copy of its own
    (`screening.FairCopy`). Notes are not counted. `sitting` is the editor window whose autosave came last, and
    `sitting_version` the version it made: an answer that was lost on its way must not look like another's change.
    """

    __table_args__ = (
        sa.CheckConstraint("status IN ('draft', 'withdrawn') OR submitted_at IS NOT NULL", "submitted_at_an_instant"),
        sa.CheckConstraint(
            "status IN ('draft', 'submitted', 'returned', 'disqualified', 'withdrawn') OR code IS NOT NULL",
            "admitted_with_a_code",
        ),
        sa.Index("ix_essay_edition_id", "edition_id", "status", "code"),
        # The queue of screeners is found, filtered and counted by it alone: a row with its text is many times as long.
        sa.Index(
            "ix_essay_queue", "edition_id", "status", "submitted_at", "id", "language", "category_id", "returned_at",
            "source",
        ),
        sa.Index("ix_essay_code", "edition_id", "code"),
    )  # fmt: skip

    edition_id: uuid.UUID = Field(foreign_key="edition.id")
    code: str | None = Field(default=None, max_length=12, unique=True)
    category_id: uuid.UUID | None = Field(default=None, foreign_key="category.id", index=True)
    theme_id: uuid.UUID | None = Field(default=None, foreign_key="theme.id", index=True)
    language: str = Field(default="", max_length=16)
    title: str = Field(default="", max_length=160)
    text: str = Field(default="", sa_type=sa.Text)
    notes: str = Field(default="", sa_type=sa.Text)
    source: Source = Field(default=Source.TYPED, sa_type=text_enum(Source))
    status: EssayStatus = Field(default=EssayStatus.DRAFT, sa_type=text_enum(EssayStatus))
    version: int = 1
    sitting: uuid.UUID | None = None
    sitting_version: int = 0
    created_at: dt.datetime = Field(default_factory=now, sa_type=UtcDateTime)
    saved_at: dt.datetime = Field(default_factory=now, sa_type=UtcDateTime)
    submitted_at: dt.datetime | None = Field(default=None, sa_type=UtcDateTime)
    submitted_digest: str | None = Field(default=None, max_length=64)
    returned_at: dt.datetime | None = Field(default=None, sa_type=UtcDateTime)
    screened_at: dt.datetime | None = Field(default=None, sa_type=UtcDateTime)
    screened_by: uuid.UUID | None = Field(default=None, foreign_key="person.id", index=True)
    reason_code: str | None = Field(default=None, max_length=32)
    reason: str | None = Field(default=None, sa_type=sa.Text)
    edition: Mapped[Edition] = Relationship(sa_relationship_kwargs={"lazy": "raise"})
    category: Mapped[Category | None] = Relationship(sa_relationship_kwargs={"lazy": "raise"})
    theme: Mapped[Theme | None] = Relationship(sa_relationship_kwargs={"lazy": "raise"})


class Authorship(Table, table=True):
    """Who wrote what, and what the author stated. A judge's connection cannot read this table.

    One essay a person and edition. `entered_by` is the coordinator who began at `entered_at` to type it from paper:
    `scan_id` is the paper, and `compared_at` the moment at which they confirmed that the typed text is what stands
    there.
    """

    __table_args__ = (
        sa.UniqueConstraint("edition_id", "person_id"),
        sa.UniqueConstraint("essay_id"),
        sa.CheckConstraint("(entered_by IS NULL) OR (government_id IS NOT NULL)", "entered_for_a_government"),
        sa.CheckConstraint("(entered_by IS NULL) = (entered_at IS NULL)", "entered_at_an_instant"),
        sa.Index("ix_authorship_entered", "government_id", "entered_at", "id"),
    )

    essay_id: uuid.UUID = Field(foreign_key="essay.id")
    edition_id: uuid.UUID = Field(foreign_key="edition.id")
    person_id: uuid.UUID = Field(foreign_key="person.id", index=True)
    government_id: uuid.UUID | None = Field(default=None, foreign_key="government.id", index=True)
    native_name: str = Field(default="", max_length=120)
    roman_name: str = Field(default="", max_length=120)
    born_on: dt.date | None = None
    nationality: str = Field(default="", max_length=2)  # ISO 3166-1
    school: str = Field(default="", max_length=160)
    number: str | None = Field(default=None, max_length=20, unique=True)
    is_original: bool = False
    used_ai: bool | None = None
    ai_use: str = Field(default="", sa_type=sa.Text)
    entered_by: uuid.UUID | None = Field(default=None, foreign_key="person.id", index=True)
    entered_at: dt.datetime | None = Field(default=None, sa_type=UtcDateTime)
    scan_id: uuid.UUID | None = Field(default=None, foreign_key="stored_file.id", index=True)
    compared_at: dt.datetime | None = Field(default=None, sa_type=UtcDateTime)
    essay: Mapped[Essay] = Relationship(sa_relationship_kwargs={"lazy": "raise"})
    person: Mapped[Person] = Relationship(
        sa_relationship_kwargs={"lazy": "raise", "foreign_keys": "Authorship.person_id"}
    )
    government: Mapped[Government | None] = Relationship(sa_relationship_kwargs={"lazy": "raise"})


class Submission(Table, table=True):
    """What was sent, each time it was sent. Never changed."""

    __table_args__ = (sa.UniqueConstraint("essay_id", "number"),)

    essay_id: uuid.UUID = Field(foreign_key="essay.id")
    number: int
    submitted_at: dt.datetime = Field(sa_type=UtcDateTime)
    digest: str = Field(max_length=64)
    title: str = Field(max_length=160)
    text: str = Field(sa_type=sa.Text)
    notes: str = Field(default="", sa_type=sa.Text)


class SetAside(Table, table=True):
    """A text that its author chose against when two windows had written on; kept until the essay is sent."""

    __tablename__ = "set_aside"

    essay_id: uuid.UUID = Field(foreign_key="essay.id", index=True)
    title: str = Field(default="", max_length=160)
    text: str = Field(default="", sa_type=sa.Text)
    notes: str = Field(default="", sa_type=sa.Text)
    set_aside_at: dt.datetime = Field(default_factory=now, sa_type=UtcDateTime)


_PENDING = sa.text("confirmed_at IS NULL")
_CURRENT = sa.text("confirmed_at IS NOT NULL AND replaced_at IS NULL")


class Manuscript(Table, table=True):
    """An uploaded file, stripped of what it says about its author, and the text found in it.

    The text counts once the author has confirmed it; the file is for the secretariat, and never for a judge. Of an
    essay there is at most one that waits to be confirmed, and one that was and is not replaced.
    """

    __table_args__ = (
        sa.Index("uq_manuscript_pending", "essay_id", unique=True, sqlite_where=_PENDING, postgresql_where=_PENDING),
        sa.Index("uq_manuscript_current", "essay_id", unique=True, sqlite_where=_CURRENT, postgresql_where=_CURRENT),
        sa.Index("ix_manuscript_essay_id", "essay_id"),
        sa.CheckConstraint("replaced_at IS NULL OR confirmed_at IS NOT NULL", "replaced_once_confirmed"),
    )

    essay_id: uuid.UUID = Field(foreign_key="essay.id")
    file_id: uuid.UUID = Field(foreign_key="stored_file.id", index=True)
    text: str = Field(sa_type=sa.Text)
    notes: str = Field(default="", sa_type=sa.Text)
    uploaded_at: dt.datetime = Field(default_factory=now, sa_type=UtcDateTime)
    confirmed_at: dt.datetime | None = Field(default=None, sa_type=UtcDateTime)
    replaced_at: dt.datetime | None = Field(default=None, sa_type=UtcDateTime)
