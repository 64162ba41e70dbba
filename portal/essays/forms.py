"""What an author sends."""

import datetime as dt
import enum
import uuid
from collections.abc import Mapping
from typing import Annotated, ClassVar

from pydantic import BeforeValidator, Field, field_validator

from portal.clock import today
from portal.essays import paragraphs
from portal.forms import Form, Line, Text, refusal
from portal.i18n import N_, Lazy
from portal.registry.words import NATIONALITIES


class NewEssay(Form):
    key: uuid.UUID


class AboutForm(Form):
    """Who writes. A draft may be incomplete; the check page says what is missing."""

    labels: ClassVar[Mapping[str, Lazy]] = {
        "native_name": N_("Name in your own script"),
        "roman_name": N_("Name in Latin letters"),
        "born_on": N_("Date of birth"),
        "government_id": N_("Home government"),
        "nationality": N_("Nationality"),
        "school": N_("School"),
    }

    version: int
    began: str = ""
    native_name: Annotated[Line, Field(max_length=120)] = ""
    roman_name: Annotated[Line, Field(max_length=120)] = ""
    born_on: dt.date | None = None
    government_id: uuid.UUID | None = None
    school: Annotated[Line, Field(max_length=160)] = ""
    nationality: str = ""

    @field_validator("nationality")
    @classmethod
    def _a_country(cls, code: str) -> str:
        if code and code not in NATIONALITIES:
            raise refusal(N_("Choose one from the list."))
        return code

    @field_validator("born_on")
    @classmethod
    def _somebody_alive(cls, born_on: dt.date | None) -> dt.date | None:
        if born_on is not None and not dt.date(1900, 1, 1) <= born_on <= today():
            raise refusal(N_("Enter the day on which you were born, for example 2010-05-31."))
        return born_on


LABELS: Mapping[str, Lazy] = {
    "theme_id": N_("Theme"),
    "language": N_("Language of the essay"),
    "title": N_("Title"),
    "text": N_("Text"),
    "notes": N_("Notes and references"),
}


def _tidied(text: object) -> object:
    return paragraphs.tidied(text) if isinstance(text, str) else text


def _cleaned(text: object) -> object:
    return paragraphs.cleaned(text) if isinstance(text, str) else text


Tidy = Annotated[Text, BeforeValidator(_tidied)]


class DraftForm(Form):
    """What stands in an editor. `began` and `sitting` tell whether it was another window that wrote on."""

    labels: ClassVar[Mapping[str, Lazy]] = LABELS

    version: int
    began: str = ""
    sitting: uuid.UUID | None = None
    theme_id: uuid.UUID | None = None
    language: str = ""
    title: Annotated[Line, BeforeValidator(_tidied), Field(max_length=160)] = ""
    text: Annotated[Tidy, Field(max_length=50_000)] = ""
    notes: Annotated[Tidy, Field(max_length=10_000)] = ""


class TextForm(DraftForm):
    """What is saved by hand: lines that a program has broken become paragraphs."""

    text: Annotated[Text, BeforeValidator(_cleaned), Field(max_length=50_000)] = ""


class Keep(enum.StrEnum):
    MINE = "mine"
    OTHER = "other"


class ChoiceForm(TextForm):
    """Two texts of one essay: what this window wrote, and which of them is kept."""

    labels: ClassVar[Mapping[str, Lazy]] = {**LABELS, "keep": N_("Which text to keep")}

    keep: Keep


class StatementsForm(Form):
    """What an author states about the essay."""

    labels: ClassVar[Mapping[str, Lazy]] = {
        "is_original": N_("I wrote this essay myself, and it has not been published before."),
        "used_ai": N_("Did you use a programme that writes?"),
        "used_none": N_("I did not use a programme that writes."),
        "ai_use": N_("Which programme, and what for"),
    }

    version: int
    began: str = ""
    is_original: bool = False
    used_ai: bool | None = None
    used_none: bool = False  # where programmes are barred
    ai_use: Annotated[Text, Field(max_length=2000)] = ""


class SubmitForm(Form):
    """The version that was checked: what is sent is what was seen."""

    version: int
    key: uuid.UUID | None = None
