"""Messages: kept in the transaction of the event that they tell of, delivered by a job."""

import datetime as dt
import enum
import uuid

import sqlalchemy as sa
from sqlmodel import Field

from portal.clock import now
from portal.db import Table, UtcDateTime, text_enum


class Delivery(enum.StrEnum):
    QUEUED = "queued"
    SENT = "sent"
    FAILED = "failed"


class Message(Table, table=True):
    """One message to one person, in their language. Its id is its Message-ID: sent twice is seen as one."""

    person_id: uuid.UUID | None = Field(default=None, index=True)  # accounts stand above mail
    address: str = Field(max_length=254)
    language: str = Field(max_length=16)
    template: str = Field(max_length=64)
    subject: str = Field(max_length=200)
    text: str = Field(sa_type=sa.Text)
    created_at: dt.datetime = Field(default_factory=now, sa_type=UtcDateTime, index=True)
    delivery: Delivery = Field(default=Delivery.QUEUED, sa_type=text_enum(Delivery), index=True)
    attempts: int = 0
    sent_at: dt.datetime | None = Field(default=None, sa_type=UtcDateTime)
    failure: str = Field(default="", max_length=500)
