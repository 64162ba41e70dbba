"""Governments, countries, committees, partners. Keyed by ISO code, never by name: there are two Altais."""

import datetime as dt
import enum
import uuid
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped
from sqlmodel import Field, Relationship

from portal.db import Table, text_enum


class Membership(enum.StrEnum):
    MEMBER = "member"
    OBSERVER = "observer"
    FORMER = "former"


class Country(enum.StrEnum):
    CN = "CN"
    JP = "JP"
    KR = "KR"
    KP = "KP"
    MN = "MN"
    RU = "RU"


class Government(Table, table=True):
    """One regional government. `names` maps the six language codes to its name in that language.

    `aliases` are earlier names and other spellings. `edited` lists the fields that a secretary has set
    (a name as "names.ja"); seeding leaves those alone. `search_text` is everything it is found by,
    normalised by `rules.folded`, one a line.
    """

    code: str = Field(max_length=8, unique=True)
    country: Country = Field(sa_type=text_enum(Country), index=True)
    position: int = Field(index=True)
    kind: str = Field(max_length=40, index=True)
    status: Membership = Field(sa_type=text_enum(Membership), index=True)
    status_since: dt.date | None = None
    joined_in: int | None = None
    names: dict[str, str] = Field(sa_type=sa.JSON)
    native_name: str = Field(max_length=120)
    aliases: list[str] = Field(default_factory=list, sa_type=sa.JSON)
    seat: str = Field(max_length=80)
    latitude: float
    longitude: float
    zone: str = Field(max_length=64)
    contact_name: str = Field(default="", max_length=120)
    contact_email: str = Field(default="", max_length=254)
    website: str = Field(default="", max_length=300)
    notes: str = Field(default="", sa_type=sa.Text)
    search_text: str = Field(sa_type=sa.Text)
    edited: list[str] = Field(default_factory=list, sa_type=sa.JSON)

    def name(self, language: str) -> str:
        return self.names.get(language) or self.names["en"]


class Committee(Table, table=True):
    """A subcommittee and the government that coordinates it."""

    key: str = Field(max_length=40, unique=True)
    position: int = Field(index=True)
    names: dict[str, str] = Field(sa_type=sa.JSON)
    purpose: str = Field(sa_type=sa.Text)
    established: str = Field(default="", max_length=120)
    abolished: str = Field(default="", max_length=120)
    coordinator_id: uuid.UUID = Field(foreign_key="government.id", index=True)
    coordinator: Mapped[Government] = Relationship(sa_relationship_kwargs={"lazy": "raise"})

    def name(self, language: str) -> str:
        return self.names.get(language) or self.names["en"]


class Partner(Table, table=True):
    """An international organisation or research institute that works with the association."""

    key: str = Field(max_length=40, unique=True)
    position: int = Field(index=True)
    kind: str = Field(max_length=40)
    names: dict[str, str] = Field(sa_type=sa.JSON)
    facts: dict[str, Any] = Field(default_factory=dict, sa_type=sa.JSON)
    website: str = Field(default="", max_length=300)

    def name(self, language: str) -> str:
        return self.names.get(language) or self.names["en"]
