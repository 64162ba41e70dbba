"""Runs of the match, and what the published ones mean for applicants and openings."""

import datetime as dt
import enum
import uuid
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped
from sqlmodel import Field, Relationship, SQLModel

from portal.applications.models import Application
from portal.calls.models import Call
from portal.clock import now
from portal.db import Table, UtcDateTime, text_enum
from portal.placements.matching import Side


class Kind(enum.StrEnum):
    DRY = "dry"
    FIRST = "first"  # whose results are published at once, or are about to be
    CONTINUED = "continued"  # the same rule again, after a place became free


class State(enum.StrEnum):
    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


class Vacant(enum.StrEnum):
    """Why places stayed empty."""

    NOBODY_CHOSE = "nobody_chose"
    ALL_REMOVED = "all_removed"
    NOBODY_LISTED = "nobody_listed"
    FEW_LISTED = "few_listed"
    PREFERRED_OTHERS = "preferred_others"


_PUBLISHED_FIRST = sa.text("kind = 'first' AND published_at IS NOT NULL")


class Run(Table, table=True):
    """`document` is the exported file, as its bytes were hashed: input, seed, result, statistics and proof.

    Applications stand in it by their numbers and openings by their addresses, people nowhere by name.
    """

    __tablename__ = "match_run"
    __table_args__ = (
        sa.UniqueConstraint("call_id", "number"),
        sa.Index(
            "uq_match_run_published", "call_id", unique=True,
            sqlite_where=_PUBLISHED_FIRST, postgresql_where=_PUBLISHED_FIRST,
        ),
        sa.Index("ix_match_run_published_at", "call_id", "published_at", "number"),
        sa.Index("ix_match_run_asked_for", "confirmed_by", "publication_asked_at"),
        sa.CheckConstraint("progress BETWEEN 0 AND 100", "progress_in_percent"),
        sa.CheckConstraint("published_at IS NULL OR state = 'done'", "published_when_done"),
        sa.CheckConstraint("confirmed_by IS NULL OR confirmed_by != publication_asked_by", "confirmed_by_another"),
        sa.CheckConstraint("kind != 'first' OR confirmed_by IS NOT NULL", "published_by_two"),
        sa.CheckConstraint("(kind = 'continued') = (asked_by IS NULL)", "asked_by_somebody"),
        sa.CheckConstraint("state != 'done' OR document IS NOT NULL", "done_with_its_document"),
    )  # fmt: skip

    call_id: uuid.UUID = Field(foreign_key="call.id")
    number: int
    kind: Kind = Field(default=Kind.DRY, sa_type=text_enum(Kind))
    state: State = Field(default=State.QUEUED, sa_type=text_enum(State))
    progress: int = 0
    optimal_for: Side = Field(default=Side.APPLICANTS, sa_type=text_enum(Side))
    seed: int = Field(sa_type=sa.BigInteger)
    asked_by: uuid.UUID | None = Field(default=None, foreign_key="person.id", index=True)
    asked_at: dt.datetime = Field(default_factory=now, sa_type=UtcDateTime)
    finished_at: dt.datetime | None = Field(default=None, sa_type=UtcDateTime)
    document: str | None = Field(default=None, sa_type=sa.Text)
    input_sha256: str | None = Field(default=None, max_length=64)
    statistics: dict[str, Any] = Field(default_factory=dict, sa_type=sa.JSON)
    failure: str = Field(default="", sa_type=sa.Text)
    publication_asked_by: uuid.UUID | None = Field(default=None, foreign_key="person.id", index=True)
    publication_asked_at: dt.datetime | None = Field(default=None, sa_type=UtcDateTime)
    confirmed_by: uuid.UUID | None = Field(default=None, foreign_key="person.id", index=True)
    confirmed_at: dt.datetime | None = Field(default=None, sa_type=UtcDateTime)
    published_at: dt.datetime | None = Field(default=None, sa_type=UtcDateTime)
    call: Mapped[Call] = Relationship(sa_relationship_kwargs={"lazy": "raise"})


class Result(SQLModel, table=True):
    """What a published run means for one applicant. `verdicts` say for each choice why, in the applicant's order."""

    __tablename__ = "match_result"
    __table_args__ = (sa.Index("ix_match_result_opening_id", "opening_id", "run_id"),)

    run_id: uuid.UUID = Field(foreign_key="match_run.id", primary_key=True)
    application_id: uuid.UUID = Field(foreign_key="application.id", primary_key=True, index=True)
    opening_id: uuid.UUID | None = Field(default=None, foreign_key="opening.id")
    rank: int | None = None
    lottery: str = Field(default="", max_length=16)  # the number's first hexadecimal digits; empty without taking part
    verdicts: list[dict[str, Any]] = Field(sa_type=sa.JSON)
    placement_id: uuid.UUID | None = Field(default=None, foreign_key="placement.id", index=True)
    run: Mapped[Run] = Relationship(sa_relationship_kwargs={"lazy": "raise"})
    application: Mapped[Application] = Relationship(sa_relationship_kwargs={"lazy": "raise"})


class Waiter(SQLModel, table=True):
    """Somebody for whom a place of this opening would be better than what they have; 1 is next."""

    __tablename__ = "match_waiter"

    run_id: uuid.UUID = Field(foreign_key="match_run.id", primary_key=True)
    opening_id: uuid.UUID = Field(foreign_key="opening.id", primary_key=True, index=True)
    place: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    application_id: uuid.UUID = Field(foreign_key="application.id", index=True)


class Vacancy(SQLModel, table=True):
    """Places of an opening that a published run left empty, and why."""

    __tablename__ = "match_vacancy"
    __table_args__ = (sa.CheckConstraint("places_left > 0", "places_are_left"),)

    run_id: uuid.UUID = Field(foreign_key="match_run.id", primary_key=True)
    opening_id: uuid.UUID = Field(foreign_key="opening.id", primary_key=True, index=True)
    places_left: int
    reason: Vacant = Field(sa_type=text_enum(Vacant))
