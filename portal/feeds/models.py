"""Secret addresses of calendars."""

import datetime as dt
import uuid

import sqlalchemy as sa
from sqlmodel import Field

from portal.clock import now
from portal.db import Table, UtcDateTime


class Feed(Table, table=True):
    """The secret address of a person's calendar, by its digest. A revoked one stays, and opens nothing."""

    __table_args__ = (sa.Index("ix_feed_person_id", "person_id", "revoked_at"),)

    person_id: uuid.UUID = Field(foreign_key="person.id")
    token_digest: str = Field(max_length=64, unique=True)
    created_at: dt.datetime = Field(default_factory=now, sa_type=UtcDateTime)
    revoked_at: dt.datetime | None = Field(default=None, sa_type=UtcDateTime)
    read_at: dt.datetime | None = Field(default=None, sa_type=UtcDateTime)
