"""What a secretary may send about a call."""

import datetime as dt
import uuid
from typing import Annotated, Any, ClassVar

from pydantic import AfterValidator, Field, ValidationInfo, field_validator

from portal.calls import rules
from portal.calls.models import Call
from portal.calls.words import ZONES
from portal.forms import Day, Form, Line, LocalTime, Text, at_local, refusal, to_local
from portal.i18n import LANGUAGES, N_

# What the fields of one language end in: zh for zh-Hans.
SUFFIXES = {code: code.split("-", maxsplit=1)[0] for code in LANGUAGES}
TIMES = ("opens_at", "applications_due_at", "nominations_due_at")
PLAIN = ("zone", "reference_on", "age_from", "age_to", "nomination_quota", "ranked_openings", "own_government_is_host")
Title = Annotated[Line, Field(max_length=160)]
Body = Annotated[Text, Field(max_length=20_000)]
Age = Annotated[int, Field(ge=14, le=99)]


def _known_zone(zone: str) -> str:
    if zone not in ZONES:
        raise refusal(N_("Choose one from the list."))
    return zone


def _free_of_pages(slug: str) -> str:
    if slug in rules.RESERVED:
        raise refusal(N_("This address belongs to another page. Choose another."))
    return slug


Slug = Annotated[
    str,
    Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=rules.SLUG_LENGTH),
    AfterValidator(_free_of_pages),
]


class CallForm(Form):
    """Times are the call's own clock: `zone` stands before them, so that they can be read in it."""

    labels: ClassVar = {
        "title_en": N_("Title in English"),
        "title_zh": N_("Title in Chinese"),
        "title_ja": N_("Title in Japanese"),
        "title_ko": N_("Title in Korean"),
        "title_mn": N_("Title in Mongolian"),
        "title_ru": N_("Title in Russian"),
        "text_en": N_("Text in English"),
        "text_zh": N_("Text in Chinese"),
        "text_ja": N_("Text in Japanese"),
        "text_ko": N_("Text in Korean"),
        "text_mn": N_("Text in Mongolian"),
        "text_ru": N_("Text in Russian"),
        "slug": N_("Address"),
        "zone": N_("Time zone of the call"),
        "opens_at": N_("Opens"),
        "applications_due_at": N_("Applications due"),
        "nominations_due_at": N_("Nominations due"),
        "reference_on": N_("Reference date"),
        "age_from": N_("Youngest age"),
        "age_to": N_("Oldest age"),
        "nomination_quota": N_("Nominations for each home government"),
        "ranked_openings": N_("Openings an applicant may rank"),
        "own_government_is_host": N_("Applicants may choose openings of their own government"),
    }

    key: uuid.UUID | None = None
    title_en: Title
    title_zh: Title = ""
    title_ja: Title = ""
    title_ko: Title = ""
    title_mn: Title = ""
    title_ru: Title = ""
    text_en: Body = ""
    text_zh: Body = ""
    text_ja: Body = ""
    text_ko: Body = ""
    text_mn: Body = ""
    text_ru: Body = ""
    slug: Slug | None = None
    zone: Annotated[str, AfterValidator(_known_zone)]
    opens_at: LocalTime
    applications_due_at: LocalTime
    nominations_due_at: LocalTime
    reference_on: Day
    age_from: Age
    age_to: Age
    nomination_quota: Annotated[int, Field(ge=1, le=100)]
    ranked_openings: Annotated[int, Field(ge=1, le=5)]
    own_government_is_host: bool = False

    @field_validator(*TIMES)
    @classmethod
    def _on_the_calls_clock(cls, local: dt.datetime, info: ValidationInfo) -> dt.datetime:
        return at_local(local, info.data["zone"]) if "zone" in info.data else local

    @field_validator("applications_due_at")
    @classmethod
    def _after_the_opening(cls, due: dt.datetime, info: ValidationInfo) -> dt.datetime:
        if "opens_at" in info.data and due <= info.data["opens_at"]:
            raise refusal(N_("Enter a time after the call opens."))
        return due

    @field_validator("nominations_due_at")
    @classmethod
    def _not_before_applications(cls, due: dt.datetime, info: ValidationInfo) -> dt.datetime:
        if "applications_due_at" in info.data and due < info.data["applications_due_at"]:
            raise refusal(N_("Enter a time that is not before applications are due."))
        return due

    @field_validator("age_to")
    @classmethod
    def _not_below_the_youngest(cls, age: int, info: ValidationInfo) -> int:
        if age < info.data.get("age_from", 0):
            raise refusal(N_("Enter an age that is not below the youngest."))
        return age

    @property
    def wanted_slug(self) -> str:
        """The address asked for, or the one that the English title makes."""
        made = self.slug or rules.slug_from(self.title_en)
        return made if made and made not in rules.RESERVED else f"call-{self.opens_at.year}"

    def facts(self) -> dict[str, Any]:
        """The columns of a call that this form fills."""
        return {
            "titles": self._by_language("title"),
            "texts": self._by_language("text"),
            "openings_due_at": self.applications_due_at,
            "corrections_due_at": self.nominations_due_at,
            "rankings_due_at": self.nominations_due_at + dt.timedelta(days=14),
            **{name: getattr(self, name) for name in (*TIMES, *PLAIN)},
        }

    def _by_language(self, field: str) -> dict[str, str]:
        written = {code: getattr(self, f"{field}_{suffix}") for code, suffix in SUFFIXES.items()}
        return {code: text for code, text in written.items() if text or code == "en"}


DEFAULTS: dict[str, Any] = {
    "zone": ZONES[0],
    "age_from": 18,
    "age_to": 29,
    "nomination_quota": 5,
    "ranked_openings": 3,
}


def values(call: Call) -> dict[str, Any]:
    """What stands in the form of a call that exists."""
    return {
        "slug": call.slug,
        **{f"title_{suffix}": call.titles.get(code, "") for code, suffix in SUFFIXES.items()},
        **{f"text_{suffix}": call.texts.get(code, "") for code, suffix in SUFFIXES.items()},
        **{name: to_local(getattr(call, name), call.zone) for name in TIMES},
        **{name: getattr(call, name) for name in PLAIN},
    }
