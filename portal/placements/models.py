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
    PROPOSED = "proposed"  # by the match, or by the secretariat outside it
    REFUSED = "refused"
    OFFERED = "offered"  # approved by the host's coordinator, and so offered
    ACCEPTED = "accepted"
    DECLINED = "declined"
    LAPSED = "lapsed"
    CANCELLED = "cancelled"
    AGREED = "agreed"  # host, home government and intern (and a minor's guardian) have each confirmed
    ACTIVE = "active"
    COMPLETED = "completed"
    ENDED_EARLY = "ended_early"
    CERTIFIED = "certified"


class Origin(enum.StrEnum):
    MATCH = "match"
    MANUAL = "manual"  # by the secretariat, outside a match, with a reason


class Reason(enum.StrEnum):
    """Why a host refuses, a candidate declines, or a place is given back before the stay."""

    LANGUAGE = "language"
    SKILLS = "skills"
    NO_CAPACITY = "no_capacity"
    KIN = "kin"
    LAW = "law"
    STUDIES = "studies"
    OTHER_OFFER = "other_offer"
    HEALTH = "health"
    FAMILY = "family"
    MONEY = "money"
    VISA = "visa"
    HOST_WITHDREW = "host_withdrew"
    OTHER = "other"


# Who ended a stay early still used the place: it does not become free again.
HOLDING = (
    PlacementStatus.PROPOSED,
    PlacementStatus.OFFERED,
    PlacementStatus.ACCEPTED,
    PlacementStatus.AGREED,
    PlacementStatus.ACTIVE,
    PlacementStatus.COMPLETED,
    PlacementStatus.ENDED_EARLY,
    PlacementStatus.CERTIFIED,
)
_HOLDS = sa.text(f"status IN ({', '.join(repr(status.value) for status in HOLDING)})")
_STAYING = "'accepted', 'agreed', 'active', 'completed', 'ended_early', 'certified'"


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
            f"status NOT IN ('offered', 'declined', 'lapsed', 'refused', {_STAYING}) OR approved_by IS NOT NULL",
            "decided_by_the_host",
        ),
        sa.CheckConstraint(f"status NOT IN ({_STAYING}) OR answered_at IS NOT NULL", "accepted_at_an_instant"),
        sa.CheckConstraint("origin != 'manual' OR origin_reason != ''", "outside_a_match_with_a_reason"),
        sa.CheckConstraint("ends_on >= starts_on", "ends_no_earlier_than_it_starts"),
        sa.Index("ix_placement_opening_id", "opening_id", "status", "id"),
        sa.Index("ix_placement_application_id", "application_id", "proposed_at"),
        sa.Index("ix_placement_proposed_at", "proposed_at", "id"),
        sa.Index("ix_placement_by_start", "status", "starts_on", "id"),  # the secretariat's list of stays
        sa.Index("ix_placement_starts_on", "starts_on", "id"),  # the same, in whatever state
        sa.Index("ix_placement_by_end", "status", "ends_on", "id"),  # certificates to issue, reports to come
        sa.Index("ix_placement_by_answer", "status", "answered_at", "id"),  # agreements to confirm
    )

    opening_id: uuid.UUID = Field(foreign_key="opening.id")
    application_id: uuid.UUID = Field(foreign_key="application.id")
    seat: int
    status: PlacementStatus = Field(default=PlacementStatus.PROPOSED, sa_type=text_enum(PlacementStatus))
    origin: Origin = Field(default=Origin.MATCH, sa_type=text_enum(Origin))
    origin_reason: str = Field(default="", sa_type=sa.Text)  # for officials
    starts_on: dt.date  # the opening's days, until an extension or an early end changes the last
    ends_on: dt.date
    proposed_at: dt.datetime = Field(default_factory=now, sa_type=UtcDateTime)
    proposed_by: uuid.UUID = Field(foreign_key="person.id", index=True)
    approved_at: dt.datetime | None = Field(default=None, sa_type=UtcDateTime)
    approved_by: uuid.UUID | None = Field(default=None, foreign_key="person.id", index=True)
    expires_at: dt.datetime | None = Field(default=None, sa_type=UtcDateTime, index=True)
    answered_at: dt.datetime | None = Field(default=None, sa_type=UtcDateTime)
    reason_code: Reason | None = Field(default=None, sa_type=text_enum(Reason))
    reason: str | None = Field(default=None, sa_type=sa.Text)
    opening: Mapped[Opening] = Relationship(sa_relationship_kwargs={"lazy": "raise"})
    application: Mapped[Application] = Relationship(sa_relationship_kwargs={"lazy": "raise"})
