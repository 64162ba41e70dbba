"""What essays are found by that share passages, and which were found."""

import datetime as dt
import uuid

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from portal.clock import now
from portal.db import Table, UtcDateTime


class Fingerprinted(SQLModel, table=True):
    """An essay whose text was fingerprinted, under a number that is shorter than its identifier.

    `digest` says of which text; `hashes` are its fingerprints (64 bits each, little-endian), by which its rows of
    `Fingerprint` are found again. `compared_at` is empty until it has been compared with the others.
    """

    __tablename__ = "fingerprinted"

    number: int | None = Field(default=None, primary_key=True)
    essay_id: uuid.UUID = Field(foreign_key="essay.id", unique=True)
    digest: str = Field(max_length=64)
    hashes: bytes = Field(default=b"", sa_type=sa.LargeBinary)
    compared_at: dt.datetime | None = Field(default=None, sa_type=UtcDateTime)


class Fingerprint(SQLModel, table=True):
    """One winnowed hash of an essay (by its number), and where in the folded text it stands first.

    Millions of rows in the order of their hashes: nothing but the key and eight bytes, and neither a row number nor
    a reference that would be checked for each.
    """

    __table_args__ = ({"sqlite_with_rowid": False},)

    hash: int = Field(sa_type=sa.BigInteger, primary_key=True, sa_column_kwargs={"autoincrement": False})
    number: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    position: int


class SharedPassages(Table, table=True):
    """Two essays that share passages: how much of each, and how much in all and in one piece (`aligning.Shared`).

    The smaller identifier stands first; which was sent first is told by the essays.
    """

    __tablename__ = "shared_passages"
    __table_args__ = (
        sa.UniqueConstraint("essay_id", "other_id"),
        sa.CheckConstraint("essay_id <= other_id", "the_smaller_first"),
        sa.CheckConstraint("share BETWEEN 0 AND 1 AND other_share BETWEEN 0 AND 1", "shares_of_one"),
    )

    essay_id: uuid.UUID = Field(foreign_key="essay.id")
    other_id: uuid.UUID = Field(foreign_key="essay.id", index=True)
    share: float
    other_share: float
    units: int
    longest: int
    found_at: dt.datetime = Field(default_factory=now, sa_type=UtcDateTime)
