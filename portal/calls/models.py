"""A call of the PioNEAR internship: its dates, texts, rules and quotas."""

import datetime as dt
import enum
import uuid
from typing import Any

import sqlalchemy as sa
from sqlmodel import Field

from portal.clock import now
from portal.db import Table, UtcDateTime, text_enum
from portal.i18n import SOURCE


class CallStatus(enum.StrEnum):
    """What is open at a moment follows from the dates; these are the states a person sets."""

    DRAFT = "draft"
    PUBLISHED = "published"
    CLOSED = "closed"
    ARCHIVED = "archived"


class Belonging(enum.StrEnum):
    """How an applicant belongs to the home government."""

    RESIDENT = "resident"
    NATIONAL = "national"
    EITHER = "either"


class Purpose(enum.StrEnum):
    """What a document is for. A letter comes from a referee, by a link; everything else the applicant uploads."""

    CV = "cv"
    TRANSCRIPT = "transcript"
    ENROLMENT = "enrolment"
    LANGUAGE = "language"
    RESIDENCE = "residence"
    LETTER = "letter"
    OTHER = "other"


class QuestionKind(enum.StrEnum):
    SHORT = "short"
    LONG = "long"
    NUMBER = "number"
    DATE = "date"
    ONE = "one"
    SEVERAL = "several"
    FILE = "file"
    YES_NO = "yes_no"


class LimitUnit(enum.StrEnum):
    CHARACTERS = "characters"
    WORDS = "words"


class Call(Table, table=True):
    """`titles` and `texts` map language codes; a missing one falls back to English.

    The deadlines stand in the order of a call's life. An empty list of countries or governments admits all.
    """

    __tablename__ = "call"
    __table_args__ = (
        sa.CheckConstraint("applications_due_at > opens_at", "due_after_opening"),
        sa.CheckConstraint("openings_due_at <= applications_due_at", "openings_before_applications"),
        sa.CheckConstraint("corrections_due_at >= applications_due_at", "corrections_after_applications"),
        sa.CheckConstraint("nominations_due_at >= corrections_due_at", "nominations_after_corrections"),
        sa.CheckConstraint("rankings_due_at >= nominations_due_at", "rankings_after_nominations"),
        sa.CheckConstraint("nomination_quota > 0", "quota_is_positive"),
        sa.CheckConstraint("ranked_openings BETWEEN 1 AND 5", "one_to_five_ranked"),
        sa.CheckConstraint("answer_days BETWEEN 3 AND 14", "three_to_fourteen_days_to_answer"),
        sa.CheckConstraint("reserve_days BETWEEN 0 AND 180", "the_reserve_list_ends"),
    )

    slug: str = Field(max_length=60, unique=True)
    titles: dict[str, str] = Field(sa_type=sa.JSON)
    texts: dict[str, str] = Field(sa_type=sa.JSON)
    zone: str = Field(default="Asia/Seoul", max_length=64)
    status: CallStatus = Field(default=CallStatus.DRAFT, sa_type=text_enum(CallStatus))
    opens_at: dt.datetime = Field(sa_type=UtcDateTime, index=True)
    openings_due_at: dt.datetime = Field(sa_type=UtcDateTime)
    applications_due_at: dt.datetime = Field(sa_type=UtcDateTime)
    corrections_due_at: dt.datetime = Field(sa_type=UtcDateTime)
    nominations_due_at: dt.datetime = Field(sa_type=UtcDateTime)
    rankings_due_at: dt.datetime = Field(sa_type=UtcDateTime)
    reference_on: dt.date
    age_from: int = 18
    age_to: int = 29
    nomination_quota: int = 5
    ranked_openings: int = 3
    own_government_is_host: bool = False
    belonging: Belonging = Field(default=Belonging.EITHER, sa_type=text_enum(Belonging))
    months_after_graduation: int | None = 12  # None: enrolment is not asked for
    language_level: str = Field(default="B2", max_length=2)  # CEFR; empty: no language is asked for
    counted_languages: list[str] = Field(default_factory=list, sa_type=sa.JSON)  # empty: any language counts
    first_time_only: bool = True
    no_kin_at_host: bool = True
    countries: list[str] = Field(default_factory=list, sa_type=sa.JSON)
    governments: list[str] = Field(default_factory=list, sa_type=sa.JSON)  # ISO codes
    country_caps: dict[str, int] = Field(default_factory=dict, sa_type=sa.JSON)  # nominations at most, by country
    # Two countries (ISO 3166-1) between which nobody is placed, in either direction.
    blocked_pairs: list[list[str]] = Field(default_factory=list, sa_type=sa.JSON)
    # The age from which somebody consents alone, by country code or "other" (`consents.ages`).
    consent_ages: dict[str, int] = Field(default_factory=dict, sa_type=sa.JSON)
    answer_days: int = 7  # to answer an offer
    reserve_days: int = 28  # the reserve list lives so long after the results are published
    copied_from: uuid.UUID | None = Field(default=None, foreign_key="call.id")
    created_by: uuid.UUID = Field(index=True)
    created_at: dt.datetime = Field(default_factory=now, sa_type=UtcDateTime)

    def title(self, language: str) -> str:
        return self.titles.get(language) or self.titles["en"]

    def text(self, language: str) -> str:
        return self.texts.get(language) or self.texts["en"]


class HostCriterion(Table, table=True):
    """What hosts score candidates by, each with its share of the whole."""

    __tablename__ = "host_criterion"
    __table_args__ = (
        sa.Index("ix_host_criterion_call_id", "call_id", "position"),
        sa.CheckConstraint("weight BETWEEN 1 AND 100", "weight_is_a_share"),
    )

    call_id: uuid.UUID = Field(foreign_key="call.id", ondelete="CASCADE")
    position: int
    names: dict[str, str] = Field(sa_type=sa.JSON)
    weight: int
    # Once a host has given a mark, the weights stay.
    marked_at: dt.datetime | None = Field(default=None, sa_type=UtcDateTime)

    def name(self, language: str) -> str:
        return self.names.get(language) or self.names[SOURCE]


class RequestedDocument(Table, table=True):
    """A document the call asks applicants for. `titles` name one of purpose `other`."""

    __tablename__ = "requested_document"
    __table_args__ = (sa.Index("ix_requested_document_call_id", "call_id", "position"),)

    call_id: uuid.UUID = Field(foreign_key="call.id", ondelete="CASCADE")
    position: int
    purpose: Purpose = Field(sa_type=text_enum(Purpose))
    titles: dict[str, str] = Field(default_factory=dict, sa_type=sa.JSON)
    hints: dict[str, str] = Field(default_factory=dict, sa_type=sa.JSON)
    is_required: bool = True
    shown_to_hosts: bool = False

    def hint(self, language: str) -> str:
        return self.hints.get(language) or self.hints.get(SOURCE, "")


class Question(Table, table=True):
    """A question of the call's own. `options` are those of the kinds one and several, each with its texts.

    An option is `{"code": "a", "texts": {"en": ...}}`: answers keep the code, so that a text can be mended.
    """

    __table_args__ = (
        sa.Index("ix_question_call_id", "call_id", "position"),
        sa.CheckConstraint("(max_length IS NULL) = (limit_unit IS NULL)", "a_limit_has_a_unit"),
    )

    call_id: uuid.UUID = Field(foreign_key="call.id", ondelete="CASCADE")
    position: int
    kind: QuestionKind = Field(sa_type=text_enum(QuestionKind))
    texts: dict[str, str] = Field(sa_type=sa.JSON)
    hints: dict[str, str] = Field(default_factory=dict, sa_type=sa.JSON)
    options: list[dict[str, Any]] = Field(default_factory=list, sa_type=sa.JSON)
    max_length: int | None = None
    limit_unit: LimitUnit | None = Field(default=None, sa_type=text_enum(LimitUnit))
    is_required: bool = True
    shown_to_hosts: bool = False
    # Once somebody has answered, the kind stays.
    answered_at: dt.datetime | None = Field(default=None, sa_type=UtcDateTime)

    def text(self, language: str) -> str:
        return self.texts.get(language) or self.texts[SOURCE]

    def hint(self, language: str) -> str:
        return self.hints.get(language) or self.hints.get(SOURCE, "")

    def choices(self, language: str) -> list[tuple[str, str]]:
        """The code and the text of each option."""
        return [(each["code"], each["texts"].get(language) or each["texts"][SOURCE]) for each in self.options]
