"""An edition of the essay contest, and the essays. Who wrote what lives in a table of its own."""

import datetime as dt
import enum
import uuid

import sqlalchemy as sa
from sqlalchemy.orm import Mapped
from sqlmodel import Field, Relationship

from portal.accounts.models import Person
from portal.clock import now
from portal.db import Table, UtcDateTime, text_enum
from portal.registry.models import Government


class EditionStatus(enum.StrEnum):
    DRAFT = "draft"
    PUBLISHED = "published"
    CLOSED = "closed"


class EssayStatus(enum.StrEnum):
    DRAFT = "draft"
    SUBMITTED = "submitted"
    RETURNED = "returned"
    ADMITTED = "admitted"
    DISQUALIFIED = "disqualified"
    IN_JUDGING = "in_judging"
    WITHDRAWN = "withdrawn"


class Consent(enum.StrEnum):
    """What an author agrees to, each purpose by itself."""

    DATA = "data"
    ORIGINAL = "original"
    PUBLICATION = "publication"


class Edition(Table, table=True):
    """`titles` and `texts` map language codes; a missing one falls back to English."""

    __table_args__ = (
        sa.CheckConstraint("due_at > opens_at", "due_after_opening"),
        sa.CheckConstraint("judging_due_at > due_at", "judged_after_due"),
    )

    slug: str = Field(max_length=60, unique=True)
    titles: dict[str, str] = Field(sa_type=sa.JSON)
    texts: dict[str, str] = Field(sa_type=sa.JSON)
    zone: str = Field(default="Asia/Seoul", max_length=64)
    status: EditionStatus = Field(default=EditionStatus.DRAFT, sa_type=text_enum(EditionStatus))
    opens_at: dt.datetime = Field(sa_type=UtcDateTime, index=True)
    due_at: dt.datetime = Field(sa_type=UtcDateTime)
    judging_due_at: dt.datetime = Field(sa_type=UtcDateTime)
    reference_on: dt.date
    created_by: uuid.UUID = Field(index=True)
    created_at: dt.datetime = Field(default_factory=now, sa_type=UtcDateTime)
    themes: Mapped[list["Theme"]] = Relationship(
        sa_relationship_kwargs={"lazy": "raise", "order_by": "Theme.position", "cascade": "all, delete-orphan"}
    )
    categories: Mapped[list["Category"]] = Relationship(
        sa_relationship_kwargs={"lazy": "raise", "order_by": "Category.age_from", "cascade": "all, delete-orphan"}
    )
    limits: Mapped[list["LengthLimit"]] = Relationship(
        sa_relationship_kwargs={"lazy": "raise", "order_by": "LengthLimit.language", "cascade": "all, delete-orphan"}
    )
    criteria: Mapped[list["Criterion"]] = Relationship(
        sa_relationship_kwargs={"lazy": "raise", "order_by": "Criterion.position", "cascade": "all, delete-orphan"}
    )

    def title(self, language: str) -> str:
        return self.titles.get(language) or self.titles["en"]

    def text(self, language: str) -> str:
        return self.texts.get(language) or self.texts["en"]


class Theme(Table, table=True):
    __table_args__ = (sa.UniqueConstraint("edition_id", "position"),)

    edition_id: uuid.UUID = Field(foreign_key="edition.id", ondelete="CASCADE")
    position: int
    names: dict[str, str] = Field(sa_type=sa.JSON)

    def name(self, language: str) -> str:
        return self.names.get(language) or self.names["en"]


class Category(Table, table=True):
    """An age category: from and to, both included, on the edition's reference date."""

    __table_args__ = (
        sa.UniqueConstraint("edition_id", "age_from"),
        sa.CheckConstraint("age_to >= age_from", "ages_in_order"),
    )

    edition_id: uuid.UUID = Field(foreign_key="edition.id", ondelete="CASCADE")
    names: dict[str, str] = Field(sa_type=sa.JSON)
    age_from: int
    age_to: int

    def name(self, language: str) -> str:
        return self.names.get(language) or self.names["en"]


class LengthLimit(Table, table=True):
    """A language that the edition admits, with the most an essay in it may count (`rules.length`)."""

    __tablename__ = "length_limit"
    __table_args__ = (sa.UniqueConstraint("edition_id", "language"), sa.CheckConstraint("most > 0", "positive"))

    edition_id: uuid.UUID = Field(foreign_key="edition.id", ondelete="CASCADE")
    language: str = Field(max_length=16)
    most: int


class Criterion(Table, table=True):
    """One line of the rubric; weights of an edition sum to 100. `anchors` maps "2", "5", "8", "10" to words."""

    __table_args__ = (
        sa.UniqueConstraint("edition_id", "position"),
        sa.CheckConstraint("weight BETWEEN 1 AND 100", "weight_is_sensible"),
    )

    edition_id: uuid.UUID = Field(foreign_key="edition.id", ondelete="CASCADE")
    position: int
    names: dict[str, str] = Field(sa_type=sa.JSON)
    anchors: dict[str, str] = Field(default_factory=dict, sa_type=sa.JSON)
    weight: int

    def name(self, language: str) -> str:
        return self.names.get(language) or self.names["en"]


class Essay(Table, table=True):
    """The text and nothing about its author. `code` is random: it tells neither who nor when."""

    __table_args__ = (
        sa.CheckConstraint("status IN ('draft', 'withdrawn') OR submitted_at IS NOT NULL", "submitted_at_an_instant"),
        sa.Index("ix_essay_edition_id", "edition_id", "status", "code"),
    )

    edition_id: uuid.UUID = Field(foreign_key="edition.id")
    code: str = Field(max_length=12, unique=True)
    category_id: uuid.UUID | None = Field(default=None, foreign_key="category.id", index=True)
    theme_id: uuid.UUID | None = Field(default=None, foreign_key="theme.id", index=True)
    language: str = Field(default="", max_length=16)
    title: str = Field(default="", max_length=160)
    text: str = Field(default="", sa_type=sa.Text)
    status: EssayStatus = Field(default=EssayStatus.DRAFT, sa_type=text_enum(EssayStatus))
    version: int = 1
    created_at: dt.datetime = Field(default_factory=now, sa_type=UtcDateTime)
    submitted_at: dt.datetime | None = Field(default=None, sa_type=UtcDateTime)
    submitted_digest: str | None = Field(default=None, max_length=64)
    returned_at: dt.datetime | None = Field(default=None, sa_type=UtcDateTime)
    screened_at: dt.datetime | None = Field(default=None, sa_type=UtcDateTime)
    screened_by: uuid.UUID | None = Field(default=None, foreign_key="person.id", index=True)
    reason: str | None = Field(default=None, sa_type=sa.Text)
    edition: Mapped[Edition] = Relationship(sa_relationship_kwargs={"lazy": "raise"})
    category: Mapped[Category | None] = Relationship(sa_relationship_kwargs={"lazy": "raise"})
    theme: Mapped[Theme | None] = Relationship(sa_relationship_kwargs={"lazy": "raise"})


class Authorship(Table, table=True):
    """Who wrote what. A judge's connection cannot read this table. One essay a person and edition."""

    __table_args__ = (
        sa.UniqueConstraint("edition_id", "person_id"),
        sa.UniqueConstraint("essay_id"),
    )

    essay_id: uuid.UUID = Field(foreign_key="essay.id")
    edition_id: uuid.UUID = Field(foreign_key="edition.id")
    person_id: uuid.UUID = Field(foreign_key="person.id", index=True)
    government_id: uuid.UUID | None = Field(default=None, foreign_key="government.id", index=True)
    native_name: str = Field(default="", max_length=120)
    roman_name: str = Field(default="", max_length=120)
    born_on: dt.date | None = None
    school: str = Field(default="", max_length=160)
    number: str | None = Field(default=None, max_length=20, unique=True)
    consents: list[str] = Field(default_factory=list, sa_type=sa.JSON)
    consented_at: dt.datetime | None = Field(default=None, sa_type=UtcDateTime)
    essay: Mapped[Essay] = Relationship(sa_relationship_kwargs={"lazy": "raise"})
    person: Mapped[Person] = Relationship(sa_relationship_kwargs={"lazy": "raise"})
    government: Mapped[Government | None] = Relationship(sa_relationship_kwargs={"lazy": "raise"})
