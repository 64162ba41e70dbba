"""What the web layer itself remembers."""

import datetime as dt
import uuid

from sqlmodel import Field, SQLModel

from portal.db import UtcDateTime


class SubmissionKey(SQLModel, table=True):
    """A form's key and where its first arrival led: a second arrival goes there and changes nothing."""

    __tablename__ = "submission_key"

    key: uuid.UUID = Field(primary_key=True)
    person_id: uuid.UUID = Field(primary_key=True)
    location: str | None = None
    arrived_at: dt.datetime = Field(sa_type=UtcDateTime, index=True)
