"""What a host's coordinator may send about an opening, and what a reader may ask of the list."""

import datetime as dt
import uuid
from typing import Annotated, Any, ClassVar, Literal

from pydantic import Field, ValidationInfo, field_validator

from portal.forms import Day, Form, Line, Text, refusal
from portal.i18n import N_
from portal.openings.models import HostKind, Opening
from portal.registry.models import Country

Language = Literal["en", "zh-Hans", "ja", "ko", "mn", "ru"]
Level = Literal["A1", "A2", "B1", "B2", "C1", "C2"]
FACTS = (
    "organisation", "host_kind", "title", "tasks", "place", "working_language", "level", "starts_on", "ends_on",
    "benefits", "has_interview",
)  # fmt: skip


class OpeningForm(Form):
    """`government` is asked only of those who coordinate several."""

    labels: ClassVar = {
        "government": N_("Government"),
        "organisation": N_("Host organisation"),
        "host_kind": N_("Kind of host"),
        "title": N_("Title"),
        "tasks": N_("Tasks"),
        "place": N_("Place of work"),
        "working_language": N_("Working language"),
        "level": N_("Level needed"),
        "starts_on": N_("First day"),
        "ends_on": N_("Last day"),
        "capacity": N_("Places"),
        "benefits": N_("Benefits"),
        "has_interview": N_("The host interviews candidates"),
    }

    key: uuid.UUID | None = None
    government: uuid.UUID | None = None
    organisation: Annotated[Line, Field(max_length=160)]
    host_kind: HostKind
    title: Annotated[Line, Field(max_length=160)]
    tasks: Annotated[Text, Field(max_length=10_000)]
    place: Annotated[Line, Field(max_length=120)]
    working_language: Language
    level: Level
    starts_on: Day
    ends_on: Day
    capacity: Annotated[int, Field(ge=1, le=50)]
    benefits: Annotated[Text, Field(max_length=5_000)] = ""
    has_interview: bool = False

    @field_validator("ends_on")
    @classmethod
    def _after_the_first_day(cls, last: dt.date, info: ValidationInfo) -> dt.date:
        if "starts_on" in info.data and last <= info.data["starts_on"]:
            raise refusal(N_("Enter a day after the first day."))
        return last

    def facts(self) -> dict[str, Any]:
        """The columns of an opening that may be edited at any time; its capacity has rules of its own."""
        return {name: getattr(self, name) for name in FACTS}


def values(opening: Opening) -> dict[str, Any]:
    """What stands in the form of an opening that exists."""
    return {name: getattr(opening, name) for name in (*FACTS, "capacity")}


class Filter(Form):
    """What the public list is narrowed to; `after` is the last opening of the page before."""

    labels: ClassVar = {
        "call": N_("Call"),
        "country": N_("Country"),
        "government": N_("Government"),
        "language": N_("Working language"),
    }

    call: str | None = None
    country: Country | None = None
    government: str | None = None
    language: str | None = None
    after: uuid.UUID | None = None
