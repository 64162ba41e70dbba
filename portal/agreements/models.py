"""What the parties of a placement agree on, who has confirmed it, and a minor's guardian."""

import datetime as dt
import enum
import uuid
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped
from sqlmodel import Field, Relationship

from portal.clock import now
from portal.db import Table, UtcDateTime, text_enum
from portal.files.models import StoredFile


class Party(enum.StrEnum):
    INTERN = "intern"
    HOST = "host"
    HOME = "home"
    GUARDIAN = "guardian"  # of a minor


_REFUSED = sa.text("refused_at IS NOT NULL")


class Agreement(Table, table=True):
    """The text as it stood when the first party confirmed; `digest` is the SHA-256 of `content`.

    Made anew it has other content, and the confirmations of the earlier one are gone.
    """

    __table_args__ = (
        sa.CheckConstraint("(refused_at IS NULL) = (refused_party IS NULL)", "refused_by_a_party"),
        sa.Index("ix_agreement_refused", "placement_id", sqlite_where=_REFUSED, postgresql_where=_REFUSED),
        sa.CheckConstraint("(refused_at IS NULL) = (refusal = '')", "refused_with_a_reason"),
    )

    placement_id: uuid.UUID = Field(foreign_key="placement.id", unique=True)
    number: str = Field(max_length=32, unique=True)
    wording: str = Field(max_length=16)
    needs_guardian: bool
    content: dict[str, Any] = Field(sa_type=sa.JSON)
    digest: str = Field(max_length=64)
    made_at: dt.datetime = Field(default_factory=now, sa_type=UtcDateTime)
    # The secretary or the first party; None when that is a guardian, who has no account.
    made_by: uuid.UUID | None = Field(default=None, foreign_key="person.id", index=True)
    remade_reason: str = Field(default="", sa_type=sa.Text)
    refused_at: dt.datetime | None = Field(default=None, sa_type=UtcDateTime)
    refused_party: Party | None = Field(default=None, sa_type=text_enum(Party))
    refusal: str = Field(default="", sa_type=sa.Text)
    signatures: Mapped[list["Signature"]] = Relationship(
        sa_relationship_kwargs={"lazy": "raise", "order_by": "Signature.signed_at", "cascade": "all, delete-orphan"}
    )


class Signature(Table, table=True):
    """One party's confirmation of the text with this digest. Nobody confirms for two parties.

    A scan is the signed paper of an intern without an account, or of their guardian; the office keeps it.
    """

    __tablename__ = "agreement_signature"
    __table_args__ = (
        sa.UniqueConstraint("agreement_id", "party"),
        sa.UniqueConstraint("agreement_id", "person_id"),
        sa.CheckConstraint("(party = 'guardian') = (person_id IS NULL)", "guardians_have_no_account"),
        sa.CheckConstraint("scan_id IS NULL OR party IN ('intern', 'guardian')", "offices_sign_themselves"),
        sa.CheckConstraint("(scan_id IS NULL) = (scanned_by IS NULL)", "scanned_by_somebody"),
    )

    agreement_id: uuid.UUID = Field(foreign_key="agreement.id", ondelete="CASCADE")
    party: Party = Field(sa_type=text_enum(Party))
    name: str = Field(max_length=120)  # as typed
    person_id: uuid.UUID | None = Field(default=None, foreign_key="person.id", index=True)
    digest: str = Field(max_length=64)
    signed_at: dt.datetime = Field(default_factory=now, sa_type=UtcDateTime)
    scan_id: uuid.UUID | None = Field(default=None, foreign_key="stored_file.id", index=True)
    scanned_by: uuid.UUID | None = Field(default=None, foreign_key="person.id", index=True)
    scan: Mapped[StoredFile | None] = Relationship(sa_relationship_kwargs={"lazy": "raise"})


class Guardian(Table, table=True):
    """Who is asked for a minor, by a link with a random token, kept as its SHA-256. Each mail has a new one."""

    __tablename__ = "agreement_guardian"
    __table_args__ = (sa.CheckConstraint("expires_at > sent_at", "expires_after_it_was_sent"),)

    placement_id: uuid.UUID = Field(foreign_key="placement.id", unique=True)
    name: str = Field(max_length=120)
    email: str = Field(max_length=254)
    language: str = Field(default="en", max_length=16)
    token_digest: str = Field(max_length=64, unique=True)
    sent_at: dt.datetime = Field(sa_type=UtcDateTime)
    expires_at: dt.datetime = Field(sa_type=UtcDateTime)
    times_sent: int = 0  # by the intern, to this address
    answered_at: dt.datetime | None = Field(default=None, sa_type=UtcDateTime)
