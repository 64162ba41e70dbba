"""A deal: which judges read which essays, computed, looked at, and then made."""

import datetime as dt
import enum
import uuid
from typing import Any

import sqlalchemy as sa
from sqlmodel import Field

from portal.clock import now
from portal.db import Table, UtcDateTime, text_enum
from portal.judging.models import Round


class DealStatus(enum.StrEnum):
    WAITING = "waiting"  # for the job that computes it
    READY = "ready"  # to be looked at
    IMPOSSIBLE = "impossible"
    DEALING = "dealing"
    DEALT = "dealt"
    DISCARDED = "discarded"


class DealKind(enum.StrEnum):
    ROUND = "round"  # what a round's essays still lack
    AGAIN = "again"  # what a conflict or a lost judge left undone
    EXTRA = "extra"  # one more reading where the award line is open


_OPEN = sa.text("status IN ('waiting', 'ready', 'dealing')")


class Deal(Table, table=True):
    """`pairs` are the readings it gives, `[essay id, judge id]` each; `figures` what its page shows, `problem` why it
    is impossible. `digest` is the SHA-256 of what it was computed from: a deal is made of that, or computed anew.

    At most one of an edition is under way.
    """

    __table_args__ = (
        sa.Index("uq_deal_open", "edition_id", unique=True, sqlite_where=_OPEN, postgresql_where=_OPEN),
        sa.Index("ix_deal_edition_id", "edition_id", "ordered_at", "id"),
        sa.CheckConstraint("progress BETWEEN 0 AND 100", "per_cent"),
        sa.CheckConstraint("(status = 'dealt') = (dealt_at IS NOT NULL)", "dealt_at_an_instant"),
    )

    edition_id: uuid.UUID = Field(foreign_key="edition.id")
    round: Round = Field(sa_type=text_enum(Round))
    kind: DealKind = Field(sa_type=text_enum(DealKind))
    status: DealStatus = Field(default=DealStatus.WAITING, sa_type=text_enum(DealStatus))
    seed: int
    readings: int
    progress: int = 0
    pairs: list[list[str]] = Field(default_factory=list, sa_type=sa.JSON)
    figures: dict[str, Any] = Field(default_factory=dict, sa_type=sa.JSON)
    problem: dict[str, Any] = Field(default_factory=dict, sa_type=sa.JSON)
    digest: str = Field(default="", max_length=64)
    ordered_by: uuid.UUID | None = Field(default=None, foreign_key="person.id", index=True)  # None: by the portal
    ordered_at: dt.datetime = Field(default_factory=now, sa_type=UtcDateTime)
    dealt_by: uuid.UUID | None = Field(default=None, foreign_key="person.id", index=True)
    dealt_at: dt.datetime | None = Field(default=None, sa_type=UtcDateTime)
