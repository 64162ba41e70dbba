"""What an author sends."""

import datetime as dt
import uuid
from collections.abc import Mapping
from typing import Annotated, ClassVar

from pydantic import Field, field_validator

from portal.clock import today
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
        "is_original": N_("I wrote this essay myself, and it has not been published before."),
    }

    version: int
    native_name: Annotated[Line, Field(max_length=120)] = ""
    roman_name: Annotated[Line, Field(max_length=120)] = ""
    born_on: dt.date | None = None
    government_id: uuid.UUID | None = None
    school: Annotated[Line, Field(max_length=160)] = ""
    nationality: str = ""
    is_original: bool = False

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


class TextForm(Form):
    """What is written."""

    labels: ClassVar[Mapping[str, Lazy]] = {
        "theme_id": N_("Theme"),
        "language": N_("Language of the essay"),
        "title": N_("Title"),
        "text": N_("Text"),
        "notes": N_("Notes and references"),
    }

    version: int
    theme_id: uuid.UUID | None = None
    language: str = ""
    title: Annotated[Line, Field(max_length=160)] = ""
    text: Annotated[Text, Field(max_length=50_000)] = ""
    notes: Annotated[Text, Field(max_length=10_000)] = ""


class SubmitForm(Form):
    """The version that was checked: what is sent is what was seen."""

    version: int
    key: uuid.UUID | None = None
