"""An edition of the essay contest: its dates, themes, age categories, languages, rubric, awards and rules."""

import datetime as dt
import enum
import secrets
import uuid

import sqlalchemy as sa
from sqlalchemy.orm import Mapped
from sqlmodel import Field, Relationship

from portal.clock import now
from portal.db import Table, UtcDateTime, text_enum
from portal.i18n import SOURCE


def _seed() -> int:
    return secrets.randbelow(1_000_000)


Names = dict[str, str]  # by language; a missing one falls back to English


class EditionStatus(enum.StrEnum):
    DRAFT = "draft"
    PUBLISHED = "published"
    CLOSED = "closed"


class AiRule(enum.StrEnum):
    """What an author may do with programmes that write."""

    ALLOWED = "allowed"
    DISCLOSED = "disclosed"
    BARRED = "barred"


class ConflictRule(enum.StrEnum):
    """Who of an author's own may not judge the essay."""

    GOVERNMENT = "government"
    COUNTRY = "country"


class OrderRule(enum.StrEnum):
    """What makes an order of judges' marks. The last two take what a panel's marks say as rankings."""

    MODEL = "model"  # the two-way model: strict and lenient judges evened out
    RAW_MEAN = "raw_mean"
    MEDIAN = "median"
    TRIMMED_MEAN = "trimmed_mean"
    MEAN_RANK = "mean_rank"
    KEMENY = "kemeny"
    BORDA = "borda"


class AwardScope(enum.StrEnum):
    """Within what awards are given: an age category, or its essays in each language by themselves."""

    CATEGORY = "category"
    LANGUAGE = "language"


class Edition(Table, table=True):
    """Texts map language codes; a missing one falls back to English.

    The stages: screening; a first round in which `first_readings` judges read each essay; a final round, unless
    `finalists` is None, in which `final_readings` judges read the best so many of each group; a jury's meeting;
    publication. `consent_ages` maps country codes (ISO 3166-1, or "other") to the age from which somebody consents
    alone. `seed` is what the chances of a place are drawn with; `extra_readings` is how many readings more than the
    first round's the edition may ask for, an essay being read by `most_readings` judges at most.
    """

    __table_args__ = (
        sa.CheckConstraint("due_at > opens_at", "due_after_opening"),
        sa.CheckConstraint("judging_due_at > due_at", "judged_after_due"),
        sa.CheckConstraint("first_readings BETWEEN 1 AND 7", "one_to_seven_first_readings"),
        sa.CheckConstraint("(finalists IS NULL) = (final_due_at IS NULL)", "a_final_round_has_its_date"),
        sa.CheckConstraint("finalists IS NULL OR finalists > 0", "finalists_are_some"),
        sa.CheckConstraint("final_readings BETWEEN 1 AND 9", "one_to_nine_final_readings"),
        sa.CheckConstraint("final_due_at IS NULL OR final_due_at > judging_due_at", "final_after_the_first_round"),
        sa.CheckConstraint("results_at IS NULL OR results_at > judging_due_at", "results_after_judging"),
        sa.CheckConstraint("order_rule NOT IN ('kemeny', 'borda')", "first_judges_do_not_rank"),
        sa.CheckConstraint("extra_readings >= 0", "no_less_than_no_extra_reading"),
        sa.CheckConstraint("most_readings BETWEEN 1 AND 9", "one_to_nine_readings"),
        sa.CheckConstraint("appeal_days BETWEEN 0 AND 90", "appeals_within_90_days"),
    )

    slug: str = Field(max_length=60, unique=True)
    titles: Names = Field(sa_type=sa.JSON)
    texts: Names = Field(sa_type=sa.JSON)
    zone: str = Field(default="Asia/Seoul", max_length=64)
    status: EditionStatus = Field(default=EditionStatus.DRAFT, sa_type=text_enum(EditionStatus))
    opens_at: dt.datetime = Field(sa_type=UtcDateTime, index=True)
    due_at: dt.datetime = Field(sa_type=UtcDateTime)
    judging_due_at: dt.datetime = Field(sa_type=UtcDateTime)
    reference_on: dt.date
    first_readings: int = 3
    finalists: int | None = None  # of each age category and language
    final_readings: int = 5
    final_due_at: dt.datetime | None = Field(default=None, sa_type=UtcDateTime)
    jury_on: dt.date | None = None
    results_at: dt.datetime | None = Field(default=None, sa_type=UtcDateTime)
    ai_rule: AiRule = Field(default=AiRule.DISCLOSED, sa_type=text_enum(AiRule))
    conflict_rule: ConflictRule = Field(default=ConflictRule.GOVERNMENT, sa_type=text_enum(ConflictRule))
    consent_ages: dict[str, int] = Field(default_factory=dict, sa_type=sa.JSON)
    order_rule: OrderRule = Field(default=OrderRule.MODEL, sa_type=text_enum(OrderRule))
    final_rule: OrderRule = Field(default=OrderRule.MODEL, sa_type=text_enum(OrderRule))
    award_scope: AwardScope = Field(default=AwardScope.LANGUAGE, sa_type=text_enum(AwardScope))
    extra_readings: int = 0
    most_readings: int = 5
    shows_marks: bool = False  # to a judge who has sent their own
    appeal_days: int = 14
    seed: int = Field(default_factory=_seed)
    copied_from: uuid.UUID | None = Field(default=None, foreign_key="edition.id", index=True)
    created_by: uuid.UUID = Field(index=True)
    created_at: dt.datetime = Field(default_factory=now, sa_type=UtcDateTime)
    themes: Mapped[list["Theme"]] = Relationship(
        sa_relationship_kwargs={"lazy": "raise", "order_by": "Theme.position", "cascade": "all, delete-orphan"}
    )
    categories: Mapped[list["Category"]] = Relationship(
        sa_relationship_kwargs={"lazy": "raise", "order_by": "Category.age_from", "cascade": "all, delete-orphan"}
    )
    limits: Mapped[list["LengthLimit"]] = Relationship(
        sa_relationship_kwargs={"lazy": "raise", "order_by": "LengthLimit.language", "cascade": "all, delete-orphan"}
    )
    criteria: Mapped[list["Criterion"]] = Relationship(
        sa_relationship_kwargs={"lazy": "raise", "order_by": "Criterion.position", "cascade": "all, delete-orphan"}
    )
    awards: Mapped[list["Award"]] = Relationship(
        sa_relationship_kwargs={"lazy": "raise", "order_by": "Award.position", "cascade": "all, delete-orphan"}
    )

    def title(self, language: str) -> str:
        return self.titles.get(language) or self.titles[SOURCE]

    def text(self, language: str) -> str:
        return self.texts.get(language) or self.texts[SOURCE]


class Theme(Table, table=True):
    __table_args__ = (sa.UniqueConstraint("edition_id", "position"),)

    edition_id: uuid.UUID = Field(foreign_key="edition.id", ondelete="CASCADE")
    position: int
    names: Names = Field(sa_type=sa.JSON)

    def name(self, language: str) -> str:
        return self.names.get(language) or self.names[SOURCE]


class Category(Table, table=True):
    """An age category: from and to, both included, on the edition's reference date."""

    __table_args__ = (
        sa.UniqueConstraint("edition_id", "age_from"),
        sa.CheckConstraint("age_to >= age_from", "ages_in_order"),
    )

    edition_id: uuid.UUID = Field(foreign_key="edition.id", ondelete="CASCADE")
    names: Names = Field(sa_type=sa.JSON)
    age_from: int
    age_to: int

    def name(self, language: str) -> str:
        return self.names.get(language) or self.names[SOURCE]


class LengthLimit(Table, table=True):
    """A language that the edition admits, with the most an essay in it may count (`rules.length`)."""

    __tablename__ = "length_limit"
    __table_args__ = (sa.UniqueConstraint("edition_id", "language"), sa.CheckConstraint("most > 0", "positive"))

    edition_id: uuid.UUID = Field(foreign_key="edition.id", ondelete="CASCADE")
    language: str = Field(max_length=16)
    most: int


class Criterion(Table, table=True):
    """One line of the rubric; weights of an edition sum to 100.

    `anchors` maps "2", "5", "8", "10" to what earns so many points, in each language.
    """

    __table_args__ = (
        sa.UniqueConstraint("edition_id", "position"),
        sa.CheckConstraint("weight BETWEEN 1 AND 100", "weight_is_sensible"),
    )

    edition_id: uuid.UUID = Field(foreign_key="edition.id", ondelete="CASCADE")
    position: int
    names: Names = Field(sa_type=sa.JSON)
    anchors: dict[str, Names] = Field(default_factory=dict, sa_type=sa.JSON)
    weight: int

    def name(self, language: str) -> str:
        return self.names.get(language) or self.names[SOURCE]


class Award(Table, table=True):
    """An award with how many of it each age category has, and what comes with it."""

    __table_args__ = (
        sa.UniqueConstraint("edition_id", "position"),
        sa.CheckConstraint("places > 0", "at_least_one_place"),
    )

    edition_id: uuid.UUID = Field(foreign_key="edition.id", ondelete="CASCADE")
    position: int
    names: Names = Field(sa_type=sa.JSON)
    prizes: Names = Field(default_factory=dict, sa_type=sa.JSON)
    places: int = 1

    def name(self, language: str) -> str:
        return self.names.get(language) or self.names[SOURCE]

    def prize(self, language: str) -> str:
        return self.prizes.get(language) or self.prizes.get(SOURCE, "")
