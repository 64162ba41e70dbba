"""A call of the PioNEAR internship: its dates, texts, rules and quotas."""

import datetime as dt
import enum
import uuid

import sqlalchemy as sa
from sqlmodel import Field

from portal.clock import now
from portal.db import Table, UtcDateTime, text_enum


class CallStatus(enum.StrEnum):
    """What is open at a moment follows from the dates; these are the states a person sets."""

    DRAFT = "draft"
    PUBLISHED = "published"
    CLOSED = "closed"
    ARCHIVED = "archived"


class Call(Table, table=True):
    """`titles` and `texts` map language codes; a missing one falls back to English."""

    __tablename__ = "call"
    __table_args__ = (
        sa.CheckConstraint("applications_due_at > opens_at", "due_after_opening"),
        sa.CheckConstraint("nominations_due_at >= applications_due_at", "nominations_after_applications"),
        sa.CheckConstraint("nomination_quota > 0", "quota_is_positive"),
        sa.CheckConstraint("ranked_openings BETWEEN 1 AND 5", "one_to_five_ranked"),
    )

    slug: str = Field(max_length=60, unique=True)
    titles: dict[str, str] = Field(sa_type=sa.JSON)
    texts: dict[str, str] = Field(sa_type=sa.JSON)
    zone: str = Field(default="Asia/Seoul", max_length=64)
    status: CallStatus = Field(default=CallStatus.DRAFT, sa_type=text_enum(CallStatus))
    opens_at: dt.datetime = Field(sa_type=UtcDateTime, index=True)
    applications_due_at: dt.datetime = Field(sa_type=UtcDateTime)
    nominations_due_at: dt.datetime = Field(sa_type=UtcDateTime)
    reference_on: dt.date
    age_from: int = 18
    age_to: int = 29
    nomination_quota: int = 5
    ranked_openings: int = 3
    own_government_is_host: bool = False
    created_by: uuid.UUID = Field(index=True)
    created_at: dt.datetime = Field(default_factory=now, sa_type=UtcDateTime)

    def title(self, language: str) -> str:
        return self.titles.get(language) or self.titles["en"]

    def text(self, language: str) -> str:
        return self.texts.get(language) or self.texts["en"]
