"""The lists in which hosts put their candidates, and the marks they rest on."""

import datetime as dt
import uuid

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from portal.clock import now
from portal.db import UtcDateTime


class RankingEntry(SQLModel, table=True):
    """Where a candidate stands in an opening's list: 1 is the best, equal places are a tie.

    Without a place and not refused, or without a row at all, nothing is decided yet.
    """

    __tablename__ = "ranking_entry"
    __table_args__ = (
        sa.CheckConstraint("place IS NULL OR place > 0", "place_is_positive"),
        sa.CheckConstraint("place IS NULL OR NOT is_unacceptable", "placed_or_refused"),
    )

    opening_id: uuid.UUID = Field(foreign_key="opening.id", primary_key=True, ondelete="CASCADE")
    application_id: uuid.UUID = Field(foreign_key="application.id", primary_key=True, index=True, ondelete="CASCADE")
    place: int | None = None
    is_unacceptable: bool = False
    changed_at: dt.datetime = Field(default_factory=now, sa_type=UtcDateTime)
    changed_by: uuid.UUID = Field(foreign_key="person.id", index=True)


class CandidateMark(SQLModel, table=True):
    """What a host gave a candidate for one of the call's criteria."""

    __tablename__ = "candidate_mark"
    __table_args__ = (sa.CheckConstraint("value BETWEEN 1 AND 10", "one_to_ten"),)

    opening_id: uuid.UUID = Field(foreign_key="opening.id", primary_key=True, ondelete="CASCADE")
    application_id: uuid.UUID = Field(foreign_key="application.id", primary_key=True, index=True, ondelete="CASCADE")
    criterion_id: uuid.UUID = Field(foreign_key="host_criterion.id", primary_key=True, index=True)
    value: int
    given_at: dt.datetime = Field(default_factory=now, sa_type=UtcDateTime)
    given_by: uuid.UUID = Field(foreign_key="person.id", index=True)
