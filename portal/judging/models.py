"""Who judges what, and the marks."""

import datetime as dt
import enum
import secrets
import uuid

import sqlalchemy as sa
from sqlalchemy.orm import Mapped
from sqlmodel import Field, Relationship

from portal.accounts.models import Person
from portal.clock import now
from portal.contests.models import Criterion
from portal.db import Table, UtcDateTime, text_enum
from portal.documents.numbers import SIGNS
from portal.essays.models import Essay
from portal.registry.models import Country, Government


class JudgeStatus(enum.StrEnum):
    INVITED = "invited"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    LEFT = "left"


class Round(enum.StrEnum):
    FIRST = "first"
    FINAL = "final"


class End(enum.StrEnum):
    """Why a judge no longer reads an essay that they were given."""

    CONFLICT = "conflict"  # they declared one
    LEFT = "left"  # they left before they had submitted their marks
    TAKEN_BACK = "taken_back"  # by a secretary


def judge_code() -> str:
    """What a judge is called where no name may stand: five signs, drawn by chance."""
    return "".join(secrets.choice(SIGNS) for _sign in range(5))


class Judge(Table, table=True):
    """A person who judges in an edition, or is asked to: what dealing needs to know of them.

    The role (`accounts.Grant`) says that they may read. Until somebody accepts, `person_id` may be unknown, and
    `email` is the (normalised) address that was asked. `least` and `most` are how many essays they read in a round.
    Who left stays, with their marks; whoever's marks were taken out of the order is `excluded`.
    """

    __table_args__ = (
        sa.UniqueConstraint("edition_id", "person_id"),
        sa.UniqueConstraint("edition_id", "code"),
        sa.CheckConstraint("least >= 0 AND most >= least", "workload_in_order"),
        sa.CheckConstraint("status IN ('invited', 'declined') OR person_id IS NOT NULL", "somebody_accepted"),
        sa.CheckConstraint("(status = 'left') = (left_at IS NOT NULL)", "left_at_an_instant"),
        sa.CheckConstraint("(excluded_at IS NULL) = (excluded_by IS NULL)", "excluded_by_somebody"),
        sa.Index("ix_judge_email", "email"),
    )

    edition_id: uuid.UUID = Field(foreign_key="edition.id")
    person_id: uuid.UUID | None = Field(default=None, foreign_key="person.id", index=True)
    code: str = Field(default_factory=judge_code, max_length=8)
    email: str = Field(default="", max_length=254)
    name: str = Field(default="", max_length=120)  # as who invited them wrote it
    language: str = Field(default="en", max_length=16)  # of the letter
    government_id: uuid.UUID | None = Field(default=None, foreign_key="government.id", index=True)
    country: Country | None = Field(default=None, sa_type=text_enum(Country))
    languages: list[str] = Field(sa_type=sa.JSON)
    least: int = 0
    most: int = 40
    in_first: bool = True
    in_final: bool = False
    status: JudgeStatus = Field(default=JudgeStatus.ACCEPTED, sa_type=text_enum(JudgeStatus))
    token_digest: str | None = Field(default=None, max_length=64, unique=True)
    invited_by: uuid.UUID | None = Field(default=None, foreign_key="person.id", index=True)
    invited_at: dt.datetime = Field(default_factory=now, sa_type=UtcDateTime)
    expires_at: dt.datetime | None = Field(default=None, sa_type=UtcDateTime)
    answered_at: dt.datetime | None = Field(default=None, sa_type=UtcDateTime)
    decline_reason: str = Field(default="", sa_type=sa.Text)
    left_at: dt.datetime | None = Field(default=None, sa_type=UtcDateTime)
    left_reason: str = Field(default="", sa_type=sa.Text)
    replaces_id: uuid.UUID | None = Field(default=None, foreign_key="judge.id", index=True)
    excluded_at: dt.datetime | None = Field(default=None, sa_type=UtcDateTime)
    excluded_by: uuid.UUID | None = Field(default=None, foreign_key="person.id", index=True)
    excluded_reason: str = Field(default="", sa_type=sa.Text)
    person: Mapped[Person | None] = Relationship(
        sa_relationship_kwargs={"lazy": "raise", "foreign_keys": "Judge.person_id"}
    )
    government: Mapped[Government | None] = Relationship(sa_relationship_kwargs={"lazy": "raise"})

    @property
    def called(self) -> str:
        """The name of their account (which is loaded) or, until there is one, as who asked them wrote it."""
        return self.person.name if self.person_id and self.person else self.name


class Appointment(Table, table=True):
    """A judge appointed to an essay in a round. `alias` is all the judge ever sees of the essay's identity:
    random, so that it tells neither order nor time, and another one for another judge.

    One that ended is no longer read, and its marks do not count. `comment` is for the author, unless somebody hid it;
    `private_note` never is.
    """

    __table_args__ = (
        sa.UniqueConstraint("essay_id", "judge_id", "round"),
        sa.CheckConstraint("(ended_at IS NULL) = (end_reason IS NULL)", "ended_for_a_reason"),
        sa.Index("ix_appointment_judge_id", "judge_id", "alias"),
    )

    essay_id: uuid.UUID = Field(foreign_key="essay.id")
    judge_id: uuid.UUID = Field(foreign_key="judge.id")
    round: Round = Field(default=Round.FIRST, sa_type=text_enum(Round))
    # No foreign key: deals live higher up the street. None: appointed by hand.
    deal_id: uuid.UUID | None = Field(default=None, index=True)
    alias: str = Field(max_length=24, unique=True)
    appointed_at: dt.datetime = Field(default_factory=now, sa_type=UtcDateTime)
    appointed_by: uuid.UUID = Field(foreign_key="person.id", index=True)
    opened_at: dt.datetime | None = Field(default=None, sa_type=UtcDateTime)
    locked_at: dt.datetime | None = Field(default=None, sa_type=UtcDateTime)
    comment: str = Field(default="", sa_type=sa.Text)
    private_note: str = Field(default="", sa_type=sa.Text)
    comment_hidden_by: uuid.UUID | None = Field(default=None, foreign_key="person.id", index=True)
    ended_at: dt.datetime | None = Field(default=None, sa_type=UtcDateTime)
    end_reason: End | None = Field(default=None, sa_type=text_enum(End))
    essay: Mapped[Essay] = Relationship(sa_relationship_kwargs={"lazy": "raise"})
    judge: Mapped[Judge] = Relationship(sa_relationship_kwargs={"lazy": "raise"})
    marks: Mapped[list["Mark"]] = Relationship(sa_relationship_kwargs={"lazy": "raise"})


class DeclaredConflict(Table, table=True):
    """A conflict of interest that a judge declared: with a government, or, from the text, with one essay.

    Nothing takes it back: it holds also when the judge has left.
    """

    __tablename__ = "declared_conflict"
    __table_args__ = (
        sa.CheckConstraint("(government_id IS NULL) != (essay_id IS NULL)", "with_one_thing"),
        sa.UniqueConstraint("judge_id", "essay_id"),
        sa.UniqueConstraint("judge_id", "government_id"),
    )

    judge_id: uuid.UUID = Field(foreign_key="judge.id")
    government_id: uuid.UUID | None = Field(default=None, foreign_key="government.id", index=True)
    essay_id: uuid.UUID | None = Field(default=None, foreign_key="essay.id", index=True)
    reason: str = Field(default="", sa_type=sa.Text)
    declared_at: dt.datetime = Field(default_factory=now, sa_type=UtcDateTime)


class Mark(Table, table=True):
    """A whole number from 1 to 10 on one criterion."""

    __table_args__ = (
        sa.UniqueConstraint("appointment_id", "criterion_id"),
        sa.CheckConstraint("points BETWEEN 1 AND 10", "one_to_ten"),
    )

    appointment_id: uuid.UUID = Field(foreign_key="appointment.id", ondelete="CASCADE")
    criterion_id: uuid.UUID = Field(foreign_key="criterion.id", index=True)
    points: int
    criterion: Mapped[Criterion] = Relationship(sa_relationship_kwargs={"lazy": "raise"})
