"""A place proposed to a nominated candidate, from the proposal to the candidate's answer."""

import datetime as dt
import enum
import uuid

import sqlalchemy as sa
from sqlalchemy.orm import Mapped
from sqlmodel import Field, Relationship

from portal.applications.models import Application
from portal.clock import now
from portal.db import Table, UtcDateTime, text_enum
from portal.openings.models import Opening


class PlacementStatus(enum.StrEnum):
    PROPOSED = "proposed"
    REFUSED = "refused"
    OFFERED = "offered"  # approved by the host's coordinator, and so offered
    ACCEPTED = "accepted"
    DECLINED = "declined"
    LAPSED = "lapsed"
    CANCELLED = "cancelled"


HOLDING = (PlacementStatus.PROPOSED, PlacementStatus.OFFERED, PlacementStatus.ACCEPTED)
_HOLDS = sa.text("status IN ('proposed', 'offered', 'accepted')")


class Placement(Table, table=True):
    """`seat` counts the opening's places from 1: two placements that hold a place never share a seat.

    The action that gives a seat locks the opening and keeps it within the capacity; the unique index is
    the database's own word that a seat is given once.
    """

    __table_args__ = (
        sa.Index("uq_placement_seat", "opening_id", "seat", unique=True, sqlite_where=_HOLDS, postgresql_where=_HOLDS),
        sa.Index("uq_placement_held", "application_id", unique=True, sqlite_where=_HOLDS, postgresql_where=_HOLDS),
        sa.CheckConstraint("seat > 0", "seat_is_positive"),
        sa.CheckConstraint("status != 'offered' OR expires_at IS NOT NULL", "an_offer_expires"),
        sa.CheckConstraint(
            "status NOT IN ('offered', 'accepted', 'declined', 'lapsed', 'refused') OR approved_by IS NOT NULL",
            "decided_by_the_host",
        ),
        sa.Index("ix_placement_opening_id", "opening_id", "status", "id"),
        sa.Index("ix_placement_application_id", "application_id", "proposed_at"),
    )

    opening_id: uuid.UUID = Field(foreign_key="opening.id")
    application_id: uuid.UUID = Field(foreign_key="application.id")
    seat: int
    status: PlacementStatus = Field(default=PlacementStatus.PROPOSED, sa_type=text_enum(PlacementStatus))
    proposed_at: dt.datetime = Field(default_factory=now, sa_type=UtcDateTime)
    proposed_by: uuid.UUID = Field(foreign_key="person.id", index=True)
    approved_at: dt.datetime | None = Field(default=None, sa_type=UtcDateTime)
    approved_by: uuid.UUID | None = Field(default=None, foreign_key="person.id", index=True)
    expires_at: dt.datetime | None = Field(default=None, sa_type=UtcDateTime, index=True)
    answered_at: dt.datetime | None = Field(default=None, sa_type=UtcDateTime)
    reason: str | None = Field(default=None, sa_type=sa.Text)
    opening: Mapped[Opening] = Relationship(sa_relationship_kwargs={"lazy": "raise"})
    application: Mapped[Application] = Relationship(sa_relationship_kwargs={"lazy": "raise"})
