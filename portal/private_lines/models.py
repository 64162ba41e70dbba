"""What an intern and the secretariat write to each other."""

import datetime as dt
import uuid

import sqlalchemy as sa
from sqlmodel import Field

from portal.clock import now
from portal.db import Table, UtcDateTime


class PrivateMessage(Table, table=True):
    """One message of a line: by the intern, or by the secretariat."""

    __tablename__ = "private_message"
    __table_args__ = (sa.Index("ix_private_message_line", "placement_id", "written_at", "id"),)

    placement_id: uuid.UUID = Field(foreign_key="placement.id", ondelete="CASCADE")
    from_intern: bool
    author_id: uuid.UUID = Field(foreign_key="person.id", index=True)
    text: str = Field(sa_type=sa.Text)
    written_at: dt.datetime = Field(default_factory=now, sa_type=UtcDateTime)
