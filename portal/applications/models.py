"""An application to a call: who applies, in what order of openings, and what the home government decided."""

import datetime as dt
import enum
import uuid
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped
from sqlmodel import Field, Relationship, SQLModel

from portal.accounts.models import Person
from portal.calls.models import Call, Question, RequestedDocument
from portal.clock import now
from portal.db import Table, UtcDateTime, text_enum
from portal.files.models import StoredFile
from portal.openings.models import Opening
from portal.registry.models import Government


class Status(enum.StrEnum):
    DRAFT = "draft"
    SUBMITTED = "submitted"
    RETURNED = "returned"
    NOMINATED = "nominated"
    NOT_NOMINATED = "not_nominated"
    WITHDRAWN = "withdrawn"


class Outcome(enum.StrEnum):
    """What the match, once published, means for somebody who was nominated."""

    MATCHED = "matched"
    RESERVE = "reserve"
    UNMATCHED = "unmatched"


class NameOrder(enum.StrEnum):
    """Where a patronymic stands differs as well: behind the given name, or in Mongolia before it."""

    FAMILY_FIRST = "family_first"
    GIVEN_FIRST = "given_first"
    PATRONYMIC_FIRST = "patronymic_first"


class Enrolment(enum.StrEnum):
    ENROLLED = "enrolled"
    GRADUATED = "graduated"
    NEITHER = "neither"


class RefusalCode(enum.StrEnum):
    """Why a home government does not nominate somebody."""

    INELIGIBLE = "ineligible"
    INCOMPLETE = "incomplete"
    OTHERS_RANKED_HIGHER = "others_ranked_higher"
    INTERVIEW = "interview"
    LANGUAGE = "language"
    NOT_REACHED = "not_reached"
    OTHER = "other"


class Application(Table, table=True):
    """One a person and call. Empty fields are a draft's right; submission asks for all of them."""

    __table_args__ = (
        sa.UniqueConstraint("call_id", "applicant_id"),
        sa.UniqueConstraint("call_id", "home_id", "merit"),
        sa.CheckConstraint("status IN ('draft', 'withdrawn') OR submitted_at IS NOT NULL", "submitted_at_an_instant"),
        sa.CheckConstraint(
            "status NOT IN ('nominated', 'not_nominated') OR (decided_at IS NOT NULL AND decided_by IS NOT NULL)",
            "decided_by_somebody",
        ),
        sa.CheckConstraint("(status = 'nominated') = (merit IS NOT NULL)", "nominated_in_an_order"),
        sa.CheckConstraint("outcome IS NULL OR status IN ('nominated', 'withdrawn')", "matched_once_nominated"),
        sa.CheckConstraint("status != 'not_nominated' OR reason IS NOT NULL", "refused_with_a_reason"),
        sa.CheckConstraint(
            "entered_by IS NULL OR submitted_at IS NULL OR (form_scan_id IS NOT NULL AND consent_scan_id IS NOT NULL)",
            "entered_from_paper_with_scans",
        ),
        # Two accounts of one person: `queries.namesakes` looks at the same birth date.
        sa.Index("ix_application_born_on", "born_on"),
        sa.Index("ix_application_applicant_id", "applicant_id", "created_at"),
        sa.Index("ix_application_home_id", "home_id", "status", "submitted_at", "id"),
        sa.Index("ix_application_call_id", "call_id", "status", "submitted_at", "id"),
        # The lists of officials, within a call or a government, in each order they can be put in.
        sa.Index("ix_application_call_by_name", "call_id", "roman_name", "id"),
        sa.Index("ix_application_call_by_time", "call_id", "submitted_at", "id"),
        sa.Index("ix_application_call_by_merit", "call_id", "merit", "id"),
        sa.Index("ix_application_home_by_name", "home_id", "call_id", "roman_name", "id"),
        sa.Index("ix_application_home_by_time", "home_id", "call_id", "submitted_at", "id"),
        sa.Index("ix_application_home_by_merit", "home_id", "call_id", "merit", "id"),
    )

    call_id: uuid.UUID = Field(foreign_key="call.id")
    applicant_id: uuid.UUID = Field(foreign_key="person.id")
    home_id: uuid.UUID | None = Field(default=None, foreign_key="government.id")
    status: Status = Field(default=Status.DRAFT, sa_type=text_enum(Status))
    created_at: dt.datetime = Field(default_factory=now, sa_type=UtcDateTime)

    # Names as they are shown, composed from their parts (`rules.full_name`) when those are saved.
    native_name: str = Field(default="", max_length=400)
    roman_name: str = Field(default="", max_length=250)
    family_name: str = Field(default="", max_length=120)  # empty for a single name
    given_name: str = Field(default="", max_length=120)
    patronymic: str = Field(default="", max_length=120)
    roman_family_name: str = Field(default="", max_length=120)
    roman_given_name: str = Field(default="", max_length=120)
    name_order: NameOrder = Field(default=NameOrder.FAMILY_FIRST, sa_type=text_enum(NameOrder))
    search_text: str = Field(default="", sa_type=sa.Text)  # `rules.search_text`: normalised names and number
    born_on: dt.date | None = None
    phone: str = Field(default="", max_length=40)
    nationality: str = Field(default="", max_length=2)  # ISO 3166-1
    is_resident: bool | None = None  # of the home government's region
    education: str = Field(default="", max_length=400)
    enrolment: Enrolment | None = Field(default=None, sa_type=text_enum(Enrolment))
    graduates_on: dt.date | None = None  # or graduated on
    took_part_before: bool | None = None
    has_kin_at_host: bool | None = None  # a parent, child, brother or sister works for a host they chose
    motivation: str = Field(default="", sa_type=sa.Text)
    consents: list[str] = Field(default_factory=list, sa_type=sa.JSON)
    consented_at: dt.datetime | None = Field(default=None, sa_type=UtcDateTime)

    number: str | None = Field(default=None, max_length=20, unique=True)
    submitted_at: dt.datetime | None = Field(default=None, sa_type=UtcDateTime)
    submitted_digest: str | None = Field(default=None, max_length=64)
    returned_at: dt.datetime | None = Field(default=None, sa_type=UtcDateTime)
    correction_due_at: dt.datetime | None = Field(default=None, sa_type=UtcDateTime)
    decided_at: dt.datetime | None = Field(default=None, sa_type=UtcDateTime)
    decided_by: uuid.UUID | None = Field(default=None, foreign_key="person.id", index=True)
    merit: int | None = None
    reason: str | None = Field(default=None, sa_type=sa.Text)
    reason_code: RefusalCode | None = Field(default=None, sa_type=text_enum(RefusalCode))
    decided_in_place: bool = False  # by the secretariat, for a home government that has nobody or does not act
    outcome: Outcome | None = Field(default=None, sa_type=text_enum(Outcome))
    placed_at: dt.datetime | None = Field(default=None, sa_type=UtcDateTime)  # when a place was accepted
    # Entered by a coordinator from paper, with scans of the signed form and of the consent.
    entered_by: uuid.UUID | None = Field(default=None, foreign_key="person.id", index=True)
    form_scan_id: uuid.UUID | None = Field(default=None, foreign_key="stored_file.id", index=True)
    consent_scan_id: uuid.UUID | None = Field(default=None, foreign_key="stored_file.id", index=True)
    guardian_name: str = Field(default="", max_length=120)  # who signed that consent for a minor

    call: Mapped[Call] = Relationship(sa_relationship_kwargs={"lazy": "raise"})
    applicant: Mapped[Person] = Relationship(
        sa_relationship_kwargs={"lazy": "raise", "foreign_keys": "Application.applicant_id"}
    )
    home: Mapped[Government | None] = Relationship(sa_relationship_kwargs={"lazy": "raise"})
    form_scan: Mapped[StoredFile | None] = Relationship(
        sa_relationship_kwargs={"lazy": "raise", "foreign_keys": "Application.form_scan_id"}
    )
    consent_scan: Mapped[StoredFile | None] = Relationship(
        sa_relationship_kwargs={"lazy": "raise", "foreign_keys": "Application.consent_scan_id"}
    )
    requested_documents: Mapped[list[RequestedDocument]] = Relationship(
        sa_relationship_kwargs={
            "lazy": "raise",
            "viewonly": True,  # the call's own, seen from here
            "primaryjoin": "foreign(RequestedDocument.call_id) == Application.call_id",
            "order_by": "RequestedDocument.position, RequestedDocument.id",
        }
    )
    documents: Mapped[list["Document"]] = Relationship(
        sa_relationship_kwargs={"lazy": "raise", "order_by": "Document.uploaded_at"}
    )
    letters: Mapped[list["Letter"]] = Relationship(
        sa_relationship_kwargs={"lazy": "raise", "order_by": "Letter.asked_at"}
    )
    answers: Mapped[list["Answer"]] = Relationship(sa_relationship_kwargs={"lazy": "raise"})
    questions: Mapped[list[Question]] = Relationship(
        sa_relationship_kwargs={
            "lazy": "raise",
            "viewonly": True,  # the call's own, seen from here
            "primaryjoin": "foreign(Question.call_id) == Application.call_id",
            "order_by": "Question.position, Question.id",
        }
    )
    languages: Mapped[list["SpokenLanguage"]] = Relationship(
        sa_relationship_kwargs={"lazy": "raise", "order_by": "SpokenLanguage.language"}
    )
    choices: Mapped[list["Choice"]] = Relationship(sa_relationship_kwargs={"lazy": "raise", "order_by": "Choice.rank"})


class SpokenLanguage(SQLModel, table=True):
    """A language the applicant speaks, at a CEFR level or as a native."""

    __tablename__ = "spoken_language"

    application_id: uuid.UUID = Field(foreign_key="application.id", primary_key=True, ondelete="CASCADE")
    language: str = Field(max_length=16, primary_key=True)
    level: str = Field(max_length=6)


class Choice(SQLModel, table=True):
    """An opening the applicant ranked; 1 is the first choice."""

    __tablename__ = "choice"
    __table_args__ = (
        sa.UniqueConstraint("application_id", "opening_id"),
        sa.CheckConstraint("rank BETWEEN 1 AND 5", "rank_is_sensible"),
    )

    application_id: uuid.UUID = Field(foreign_key="application.id", primary_key=True, ondelete="CASCADE")
    rank: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    opening_id: uuid.UUID = Field(foreign_key="opening.id", index=True)
    opening: Mapped[Opening] = Relationship(sa_relationship_kwargs={"lazy": "raise"})


class Document(Table, table=True):
    """A file that the applicant gave for a document the call asks for. A new file replaces it."""

    __table_args__ = (sa.UniqueConstraint("application_id", "requested_id"),)

    application_id: uuid.UUID = Field(foreign_key="application.id", ondelete="CASCADE")
    requested_id: uuid.UUID = Field(foreign_key="requested_document.id", index=True)
    file_id: uuid.UUID = Field(foreign_key="stored_file.id", index=True)
    uploaded_at: dt.datetime = Field(default_factory=now, sa_type=UtcDateTime)
    file: Mapped[StoredFile] = Relationship(sa_relationship_kwargs={"lazy": "raise"})
    requested: Mapped[RequestedDocument] = Relationship(sa_relationship_kwargs={"lazy": "raise"})


class Letter(Table, table=True):
    """A recommendation, asked of a referee who has no account: a link with a random token, kept as its SHA-256.

    Sent again it has a new token, and the old one is dead. What it says the applicant never sees.
    """

    __table_args__ = (
        sa.UniqueConstraint("application_id", "requested_id"),
        sa.CheckConstraint("(received_at IS NULL) = (text = '' AND file_id IS NULL)", "received_with_content"),
    )

    application_id: uuid.UUID = Field(foreign_key="application.id", ondelete="CASCADE")
    requested_id: uuid.UUID = Field(foreign_key="requested_document.id", index=True)
    referee_name: str = Field(max_length=120)
    referee_email: str = Field(max_length=254)
    language: str = Field(default="en", max_length=16)
    token_digest: str = Field(max_length=64, unique=True)
    asked_at: dt.datetime = Field(default_factory=now, sa_type=UtcDateTime)
    sent_at: dt.datetime = Field(default_factory=now, sa_type=UtcDateTime)
    expires_at: dt.datetime = Field(sa_type=UtcDateTime)
    times_sent: int = 1
    declined_at: dt.datetime | None = Field(default=None, sa_type=UtcDateTime)
    received_at: dt.datetime | None = Field(default=None, sa_type=UtcDateTime)
    text: str = Field(default="", sa_type=sa.Text)
    file_id: uuid.UUID | None = Field(default=None, foreign_key="stored_file.id", index=True)
    file: Mapped[StoredFile | None] = Relationship(sa_relationship_kwargs={"lazy": "raise"})
    requested: Mapped[RequestedDocument] = Relationship(sa_relationship_kwargs={"lazy": "raise"})


class Answer(SQLModel, table=True):
    """The answer to one of the call's questions: a text, a number, a day (ISO 8601), codes of options, yes or no."""

    application_id: uuid.UUID = Field(foreign_key="application.id", primary_key=True, ondelete="CASCADE")
    question_id: uuid.UUID = Field(foreign_key="question.id", primary_key=True, index=True)
    value: Any = Field(default=None, sa_type=sa.JSON)
    file_id: uuid.UUID | None = Field(default=None, foreign_key="stored_file.id", index=True)
    file: Mapped[StoredFile | None] = Relationship(sa_relationship_kwargs={"lazy": "raise"})
    question: Mapped[Question] = Relationship(sa_relationship_kwargs={"lazy": "raise"})


class Version(Table, table=True):
    """What was submitted, the first time and after each correction; `digest` is the SHA-256 of `content`."""

    __tablename__ = "application_version"
    __table_args__ = (sa.UniqueConstraint("application_id", "number"),)

    application_id: uuid.UUID = Field(foreign_key="application.id", ondelete="CASCADE")
    number: int
    submitted_at: dt.datetime = Field(sa_type=UtcDateTime)
    digest: str = Field(max_length=64)
    content: dict[str, Any] = Field(sa_type=sa.JSON)


class Namesake(Table, table=True):
    """Two accounts that may be one person (same birth date, similar romanised name). A secretary settles it."""

    __table_args__ = (
        sa.UniqueConstraint("application_id", "other_id"),
        sa.CheckConstraint("(settled_at IS NULL) = (is_same IS NULL)", "settled_one_way"),
        sa.Index("ix_namesake_settled_at", "settled_at", "found_at", "id"),
    )

    application_id: uuid.UUID = Field(foreign_key="application.id", ondelete="CASCADE")
    other_id: uuid.UUID = Field(foreign_key="application.id", index=True, ondelete="CASCADE")
    found_at: dt.datetime = Field(default_factory=now, sa_type=UtcDateTime)
    settled_at: dt.datetime | None = Field(default=None, sa_type=UtcDateTime)
    settled_by: uuid.UUID | None = Field(default=None, foreign_key="person.id", index=True)
    is_same: bool | None = None


class Kinship(SQLModel, table=True):
    """A coordinator who declared to be kin of the applicant, and sees and decides nothing of this application."""

    application_id: uuid.UUID = Field(foreign_key="application.id", primary_key=True, ondelete="CASCADE")
    person_id: uuid.UUID = Field(foreign_key="person.id", primary_key=True, index=True)
    declared_at: dt.datetime = Field(default_factory=now, sa_type=UtcDateTime)
