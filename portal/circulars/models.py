"""Circulars: letters of the secretariat to many."""

import datetime as dt
import enum
import uuid
from typing import Any

import sqlalchemy as sa
from sqlmodel import Field

from portal.clock import now
from portal.db import Table, UtcDateTime, text_enum
from portal.i18n import SOURCE


class CircularState(enum.StrEnum):
    DRAFT = "draft"
    SENDING = "sending"  # its messages are being written by a job
    PAUSED = "paused"
    SENT = "sent"  # every message is written; each has its own delivery
    CANCELLED = "cancelled"  # what had not gone out by then never does


class Circular(Table, table=True):
    """A circular of the secretariat: what it says by language, and whom it goes to.

    `audience` names a group of people (`portal/circulars/audiences.py`), `choices` what was chosen in it.
    """

    __table_args__ = (sa.Index("ix_circular_created_at", "created_at", "id"), sa.Index("ix_circular_state", "state"))

    audience: str = Field(max_length=64)
    choices: dict[str, Any] = Field(default_factory=dict, sa_type=sa.JSON)
    subjects: dict[str, str] = Field(default_factory=dict, sa_type=sa.JSON)
    texts: dict[str, str] = Field(default_factory=dict, sa_type=sa.JSON)
    state: CircularState = Field(default=CircularState.DRAFT, sa_type=text_enum(CircularState))
    total: int = 0  # recipients at the moment of sending
    created_by: uuid.UUID = Field(foreign_key="person.id")
    created_at: dt.datetime = Field(default_factory=now, sa_type=UtcDateTime)
    tested_at: dt.datetime | None = Field(default=None, sa_type=UtcDateTime)
    sent_by: uuid.UUID | None = Field(default=None, foreign_key="person.id")
    sent_at: dt.datetime | None = Field(default=None, sa_type=UtcDateTime)
    finished_at: dt.datetime | None = Field(default=None, sa_type=UtcDateTime)

    @property
    def edition_id(self) -> uuid.UUID | None:
        """Of the contest's edition, if the group is one of an edition."""
        return uuid.UUID(self.choices["edition"]) if self.choices.get("edition") else None

    def subject(self, language: str) -> str:
        return self.subjects.get(language) or self.subjects.get(SOURCE, "")

    def text(self, language: str) -> str:
        return self.texts.get(language) or self.texts.get(SOURCE, "")


class CircularRecipient(Table, table=True):
    """One of the people a circular goes to, as they were when it was sent.

    `language` is the reader's own. The message to them has this row's id, so that it cannot be written twice.
    """

    __tablename__ = "circular_recipient"
    __table_args__ = (
        sa.UniqueConstraint("circular_id", "address"),
        sa.Index("ix_circular_recipient_message_id", "message_id"),
    )

    circular_id: uuid.UUID = Field(foreign_key="circular.id")
    address: str = Field(max_length=254)
    person_id: uuid.UUID | None = Field(default=None, foreign_key="person.id")
    name: str = Field(default="", max_length=120)
    language: str = Field(max_length=16)
    zone: str = Field(default="UTC", max_length=64)
    message_id: uuid.UUID | None = Field(default=None, foreign_key="message.id")
