"""Files people uploaded: the row is the promise, the bytes lie in storage under a random name."""

import datetime as dt
import enum
import uuid

from sqlmodel import Field

from portal.clock import now
from portal.db import Table, UtcDateTime, text_enum


class Kind(enum.StrEnum):
    """What its content was found to be."""

    PDF = "pdf"
    DOCX = "docx"
    HWPX = "hwpx"
    PNG = "png"
    JPEG = "jpeg"
    TEXT = "text"


class StoredFile(Table, table=True):
    """`key` names the bytes in storage; `name` is the uploader's own, cleaned, and only ever shown."""

    __tablename__ = "stored_file"

    owner_id: uuid.UUID = Field(index=True)
    key: str = Field(max_length=64, unique=True)
    name: str = Field(max_length=150)
    kind: Kind = Field(sa_type=text_enum(Kind))
    size: int
    sha256: str = Field(max_length=64)
    uploaded_at: dt.datetime = Field(default_factory=now, sa_type=UtcDateTime, index=True)
