"""The places that host governments offer in a call."""

import datetime as dt
import enum
import uuid

import sqlalchemy as sa
from sqlalchemy.orm import Mapped
from sqlmodel import Field, Relationship, SQLModel

from portal.calls.models import Call
from portal.clock import now
from portal.db import Table, UtcDateTime, text_enum
from portal.registry.models import Government


class OpeningStatus(enum.StrEnum):
    """Full is not a state: it follows from the places taken."""

    DRAFT = "draft"
    PUBLISHED = "published"
    CLOSED = "closed"


class HostKind(enum.StrEnum):
    OFFICE = "office"
    COMPANY = "company"
    INSTITUTE = "institute"
    SECRETARIAT = "secretariat"


class Presence(enum.StrEnum):
    ON_SITE = "on_site"
    REMOTE = "remote"
    BOTH = "both"


class Education(enum.StrEnum):
    """The least that a candidate must have completed or be enrolled in."""

    ANY = "any"
    SECONDARY = "secondary"
    VOCATIONAL = "vocational"
    BACHELOR = "bachelor"
    MASTER = "master"
    DOCTORATE = "doctorate"


class What(enum.StrEnum):
    STIPEND = "stipend"
    AIRFARE = "airfare"
    HOUSING = "housing"
    MEALS = "meals"
    INSURANCE = "insurance"
    VISA = "visa"
    TRANSPORT = "transport"
    LANGUAGE_COURSE = "language_course"
    OTHER = "other"


class Per(enum.StrEnum):
    ONCE = "once"
    DAY = "day"
    WEEK = "week"
    MONTH = "month"


class Payer(enum.StrEnum):
    HOST = "host"
    HOST_GOVERNMENT = "host_government"
    HOME_GOVERNMENT = "home_government"
    SECRETARIAT = "secretariat"


# The rows of an opening come and go with it.
ROWS = {"lazy": "raise", "cascade": "all, delete-orphan"}


class Host(Table, table=True):
    """An organisation of a government's region that takes interns. The contact is for officials only."""

    __table_args__ = (sa.UniqueConstraint("government_id", "name"), sa.Index("ix_host_name", "name", "id"))

    government_id: uuid.UUID = Field(foreign_key="government.id")
    kind: HostKind = Field(sa_type=text_enum(HostKind))
    name: str = Field(max_length=160)
    address: str = Field(default="", max_length=300)
    website: str = Field(default="", max_length=200)
    contact_name: str = Field(default="", max_length=120)
    contact_email: str = Field(default="", max_length=254)
    contact_phone: str = Field(default="", max_length=40)
    created_by: uuid.UUID = Field(index=True)
    created_at: dt.datetime = Field(default_factory=now, sa_type=UtcDateTime)
    government: Mapped[Government] = Relationship(sa_relationship_kwargs={"lazy": "raise"})


class Opening(Table, table=True):
    """One kind of place at one host organisation, `capacity` times. `slug` is its address, and stays once published."""

    __table_args__ = (
        sa.CheckConstraint("capacity BETWEEN 1 AND 50", "capacity_is_sensible"),
        sa.CheckConstraint("ends_on > starts_on", "ends_after_it_starts"),
        sa.Index("ix_opening_call_id", "call_id", "status", "starts_on", "id"),
        sa.Index("ix_opening_government_id", "government_id", "starts_on", "id"),
        sa.Index("ix_opening_status", "status", "starts_on", "id"),
        sa.Index("ix_opening_created_at", "created_at", "id"),
    )

    call_id: uuid.UUID = Field(foreign_key="call.id")
    government_id: uuid.UUID = Field(foreign_key="government.id")
    host_id: uuid.UUID = Field(foreign_key="host.id", index=True)
    slug: str = Field(max_length=80, unique=True)
    title: str = Field(max_length=160)
    tasks: str = Field(sa_type=sa.Text)
    place: str = Field(max_length=120)
    presence: Presence = Field(default=Presence.ON_SITE, sa_type=text_enum(Presence))
    starts_on: dt.date
    ends_on: dt.date
    hours_a_week: int = 40
    capacity: int
    least_age: int | None = None  # by the law of the place
    education: Education = Field(default=Education.ANY, sa_type=text_enum(Education))
    benefits_note: str = Field(default="", sa_type=sa.Text)
    has_interview: bool = False
    status: OpeningStatus = Field(default=OpeningStatus.DRAFT, sa_type=text_enum(OpeningStatus))
    # Why the secretariat took places away or closed it, or the host withdrew it, for everybody to read.
    secretariat_reason: str = Field(default="", sa_type=sa.Text)
    search_text: str = Field(default="", sa_type=sa.Text)  # normalised: what the public list is searched in
    # Since when somebody counts on it: from then on only the secretariat may take places away.
    first_ranked_at: dt.datetime | None = Field(default=None, sa_type=UtcDateTime)
    copied_from: uuid.UUID | None = Field(default=None, foreign_key="opening.id", index=True)
    created_by: uuid.UUID = Field(index=True)
    created_at: dt.datetime = Field(default_factory=now, sa_type=UtcDateTime)
    call: Mapped[Call] = Relationship(sa_relationship_kwargs={"lazy": "raise"})
    government: Mapped[Government] = Relationship(sa_relationship_kwargs={"lazy": "raise"})
    host: Mapped[Host] = Relationship(sa_relationship_kwargs={"lazy": "raise"})
    languages: Mapped[list["OpeningLanguage"]] = Relationship(
        sa_relationship_kwargs={**ROWS, "order_by": "OpeningLanguage.language"}
    )
    fields: Mapped[list["OpeningField"]] = Relationship(
        sa_relationship_kwargs={**ROWS, "order_by": "OpeningField.field"}
    )
    benefits: Mapped[list["Benefit"]] = Relationship(sa_relationship_kwargs={**ROWS, "order_by": "Benefit.position"})


class OpeningLanguage(SQLModel, table=True):
    """A language the work needs, at a CEFR level."""

    __tablename__ = "opening_language"
    __table_args__ = (sa.Index("ix_opening_language_language", "language", "opening_id"),)

    opening_id: uuid.UUID = Field(foreign_key="opening.id", primary_key=True, ondelete="CASCADE")
    language: str = Field(max_length=16, primary_key=True)
    level: str = Field(max_length=2)


class OpeningField(SQLModel, table=True):
    """A field of study that fits, by the broad groups of ISCED-F 2013 ("04": business, administration and law)."""

    __tablename__ = "opening_field"
    __table_args__ = (sa.Index("ix_opening_field_field", "field", "opening_id"),)

    opening_id: uuid.UUID = Field(foreign_key="opening.id", primary_key=True, ondelete="CASCADE")
    field: str = Field(max_length=2, primary_key=True)


class Benefit(SQLModel, table=True):
    """What an intern is given: in whole units of a currency (ISO 4217), or in kind when no amount is stated."""

    __table_args__ = (sa.CheckConstraint("amount IS NULL OR currency IS NOT NULL", "an_amount_has_a_currency"),)

    opening_id: uuid.UUID = Field(foreign_key="opening.id", primary_key=True, ondelete="CASCADE")
    position: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    what: What = Field(sa_type=text_enum(What))
    note: str = Field(default="", max_length=160)
    amount: int | None = None
    currency: str | None = Field(default=None, max_length=3)
    per: Per = Field(default=Per.ONCE, sa_type=text_enum(Per))
    payer: Payer = Field(sa_type=text_enum(Payer))
