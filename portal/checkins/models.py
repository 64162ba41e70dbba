"""What intern and host say about the stay, each for themselves."""

import datetime as dt
import enum
import uuid

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from portal.clock import now
from portal.db import UtcDateTime, text_enum


class Side(enum.StrEnum):
    INTERN = "intern"
    HOST = "host"


class CheckIn(SQLModel, table=True):
    """One side's answers. `number` is 0 in the first week and then counts the months, however the end moves."""

    __tablename__ = "check_in"
    __table_args__ = (sa.CheckConstraint("number >= 0", "number_counts_months"),)

    placement_id: uuid.UUID = Field(foreign_key="placement.id", primary_key=True, ondelete="CASCADE")
    number: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    side: Side = Field(primary_key=True, sa_type=text_enum(Side))
    marks: list[int] = Field(sa_type=sa.JSON)  # 1 to 5, in the order of the questions
    text: str = Field(default="", sa_type=sa.Text)
    given_at: dt.datetime = Field(default_factory=now, sa_type=UtcDateTime)
    given_by: uuid.UUID = Field(foreign_key="person.id", index=True)
    on_behalf: bool = False  # by the office that entered the application from paper
