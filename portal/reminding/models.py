"""What was reminded of already."""

import datetime as dt
import uuid

import sqlalchemy as sa
from sqlmodel import Field

from portal.clock import now
from portal.db import Table, UtcDateTime


class Reminded(Table, table=True):
    """One reader was reminded of one step of one subject: never again, however often or late the job runs."""

    __table_args__ = (sa.UniqueConstraint("rule", "subject_id", "step", "address"),)

    rule: str = Field(max_length=64)
    subject_id: uuid.UUID
    step: str = Field(max_length=64)
    address: str = Field(max_length=254)
    at: dt.datetime = Field(default_factory=now, sa_type=UtcDateTime)
