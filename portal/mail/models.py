"""Messages: kept in the transaction of the event that they tell of, delivered by a job."""

import datetime as dt
import enum
import uuid
from typing import Any

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from portal.clock import now
from portal.db import Table, UtcDateTime, text_enum


class Kind(enum.StrEnum):
    """What a message is to its reader, which decides how it looks, how soon it goes and whether it can be declined."""

    ACCESS = "access"  # a link that opens something: never shown in the portal, first in the queue
    DECISION = "decision"
    RECEIPT = "receipt"
    TASK = "task"  # something waits for the reader
    NOTICE = "notice"
    REMINDER = "reminder"  # can be declined, and keeps quiet at night
    CIRCULAR = "circular"  # to many, written by a secretary


class Delivery(enum.StrEnum):
    QUEUED = "queued"
    SENT = "sent"
    FAILED = "failed"
    HELD = "held"  # its circular is paused
    CANCELLED = "cancelled"
    INBOX = "inbox"  # stands in the portal alone: its reader wants no reminders by e-mail


UNREAD = sa.text("read_at IS NULL")


class Message(Table, table=True):
    """One message to one person, in their language. Its id is its Message-ID: sent twice is seen as one.

    `parts` is the text as it was put together (`composing.Part`), so that a new wording can be tried on it.
    A worker claims a message before it hands it over; the claim of one that was killed ends at `claimed_until`.
    """

    __table_args__ = (
        sa.Index("ix_message_due", "delivery", "priority", "due_at", "id"),
        sa.Index("ix_message_inbox", "person_id", "created_at", "id"),
        sa.Index("ix_message_unread", "person_id", sqlite_where=UNREAD, postgresql_where=UNREAD),
        sa.Index("ix_message_template", "template", "language", "created_at"),
        sa.Index("ix_message_circular_id", "circular_id", "delivery", "id"),
        sa.Index("ix_message_created_at", "created_at", "id"),
        sa.Index("ix_message_delivery", "delivery", "created_at", "id"),
    )

    person_id: uuid.UUID | None = None  # accounts stand above mail
    address: str = Field(max_length=254)
    language: str = Field(max_length=16)
    template: str = Field(max_length=64)
    kind: Kind = Field(default=Kind.NOTICE, sa_type=text_enum(Kind))
    subject: str = Field(max_length=200)
    text: str = Field(sa_type=sa.Text)
    parts: dict[str, Any] = Field(default_factory=dict, sa_type=sa.JSON)
    circular_id: uuid.UUID | None = None  # circulars stand above mail
    edition_id: uuid.UUID | None = Field(default=None, foreign_key="edition.id", index=True)  # that it is about
    created_at: dt.datetime = Field(default_factory=now, sa_type=UtcDateTime)
    read_at: dt.datetime | None = Field(default=None, sa_type=UtcDateTime)
    delivery: Delivery = Field(default=Delivery.QUEUED, sa_type=text_enum(Delivery))
    priority: int = 0  # the lowest goes first
    due_at: dt.datetime = Field(default_factory=now, sa_type=UtcDateTime)
    attempts: int = 0
    attempted_at: dt.datetime | None = Field(default=None, sa_type=UtcDateTime, index=True)
    claimed_by: str = Field(default="", max_length=64)
    claimed_until: dt.datetime | None = Field(default=None, sa_type=UtcDateTime)
    sent_at: dt.datetime | None = Field(default=None, sa_type=UtcDateTime)
    failure: str = Field(default="", max_length=500)


class MailServer(SQLModel, table=True):
    """What the workers know of the mail server, in one row: since when it takes nothing, and when it is asked again."""

    __tablename__ = "mail_server"

    id: int = Field(default=1, primary_key=True)
    failures: int = 0  # in a row
    down_since: dt.datetime | None = Field(default=None, sa_type=UtcDateTime)
    ask_at: dt.datetime | None = Field(default=None, sa_type=UtcDateTime)
    failure: str = Field(default="", max_length=500)


class Wording(Table, table=True):
    """A secretary's own words for one passage of one template in one language. An empty form leaves it out.

    `forms` are as many as the language counts with, where the passage counts something; else one.
    """

    __table_args__ = (sa.UniqueConstraint("template", "language", "passage"),)

    template: str = Field(max_length=64)
    language: str = Field(max_length=16)
    passage: str = Field(sa_type=sa.Text)  # the sentence of the template, in English, that it stands for
    forms: list[str] = Field(sa_type=sa.JSON)
    edited_by: uuid.UUID  # accounts stand above mail
    edited_at: dt.datetime = Field(default_factory=now, sa_type=UtcDateTime)


class Unsubscription(Table, table=True):
    """An address that wants no reminders. Decisions, receipts and tasks reach it all the same."""

    address: str = Field(max_length=254, unique=True)
    at: dt.datetime = Field(default_factory=now, sa_type=UtcDateTime)
