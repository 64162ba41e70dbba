"""The public list of those who were certified and want to be found."""

import datetime as dt
import uuid

import sqlalchemy as sa
from sqlalchemy.orm import Mapped
from sqlmodel import Field, Relationship

from portal.certificates.models import Certificate
from portal.clock import now
from portal.db import Table, UtcDateTime
from portal.registry.models import Government


class Alumnus(Table, table=True):
    """One a certificate. Who leaves keeps an empty row, so that what a secretary hid stays hidden on their return."""

    __table_args__ = (
        sa.CheckConstraint("(left_at IS NULL) = (name != '')", "who_left_has_no_name_here"),
        sa.CheckConstraint("left_at IS NULL OR sentence = ''", "who_left_says_nothing"),
        sa.CheckConstraint(
            "(hidden_at IS NULL) = (hidden_by IS NULL) AND (hidden_at IS NULL) = (hidden_reason = '')",
            "hidden_with_a_reason",
        ),
        sa.Index("ix_alumnus_joined_at", "joined_at", "id"),
        sa.Index("ix_alumnus_home_id", "home_id", "joined_at", "id"),
    )

    certificate_id: uuid.UUID = Field(foreign_key="certificate.id", unique=True)
    name: str = Field(max_length=120)  # as they want to be called here
    sentence: str = Field(default="", max_length=300)
    home_id: uuid.UUID = Field(foreign_key="government.id")
    host_id: uuid.UUID = Field(foreign_key="government.id", index=True)
    year: int  # in which the stay ended
    joined_at: dt.datetime = Field(default_factory=now, sa_type=UtcDateTime)
    left_at: dt.datetime | None = Field(default=None, sa_type=UtcDateTime)
    hidden_at: dt.datetime | None = Field(default=None, sa_type=UtcDateTime)
    hidden_by: uuid.UUID | None = Field(default=None, foreign_key="person.id", index=True)
    hidden_reason: str = Field(default="", sa_type=sa.Text)
    certificate: Mapped[Certificate] = Relationship(sa_relationship_kwargs={"lazy": "raise"})
    home: Mapped[Government] = Relationship(sa_relationship_kwargs={"lazy": "raise", "foreign_keys": "Alumnus.home_id"})
    host: Mapped[Government] = Relationship(sa_relationship_kwargs={"lazy": "raise", "foreign_keys": "Alumnus.host_id"})
