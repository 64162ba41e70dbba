"""What a host's coordinator may send about an opening and its host, and what a reader may ask of the list."""

import datetime as dt
import uuid
from collections.abc import Iterable
from typing import Annotated, Any, ClassVar, Literal

from pydantic import AfterValidator, Field, ValidationInfo, create_model, field_validator

from portal.forms import Day, Form, Line, Text, refusal
from portal.i18n import LANGUAGES, N_, Lazy
from portal.openings import rules, words
from portal.openings.models import Benefit, Education, Host, HostKind, Opening, Payer, Per, Presence, What
from portal.registry import forms as registry_forms
from portal.registry.models import Country

Language = Literal["en", "zh-Hans", "ja", "ko", "mn", "ru"]
Level = Literal["A1", "A2", "B1", "B2", "C1", "C2"]
StudyField = Literal["01", "02", "03", "04", "05", "06", "07", "08", "09", "10"]
Currency = Literal["CNY", "JPY", "KRW", "KPW", "MNT", "RUB", "USD", "EUR"]
# The field of the form that asks for a language's level.
LEVEL_OF = {code: f"level_{code.split('-', maxsplit=1)[0]}" for code in LANGUAGES}
BENEFITS = 10


class OpeningForm(Form):
    """A level is asked for every language; without one, that language is not needed."""

    labels: ClassVar = {
        "host": N_("Host organisation"),
        "title": N_("Title"),
        "tasks": N_("Tasks"),
        "place": N_("Place of work"),
        "presence": N_("Where the work is done"),
        "starts_on": N_("First day"),
        "ends_on": N_("Last day"),
        "hours_a_week": N_("Hours a week"),
        "capacity": N_("Places"),
        "least_age": N_("Least age"),
        "education": N_("Education needed"),
        "fields": N_("Fields of study that fit"),
        **{name: words.LANGUAGES[code] for code, name in LEVEL_OF.items()},
        "benefits_note": N_("More about the benefits"),
        "has_interview": N_("The host interviews candidates"),
    }

    key: uuid.UUID | None = None
    host: uuid.UUID
    title: Annotated[Line, Field(max_length=160)]
    tasks: Annotated[Text, Field(max_length=10_000)]
    place: Annotated[Line, Field(max_length=120)]
    presence: Presence = Presence.ON_SITE
    starts_on: Day
    ends_on: Day
    hours_a_week: Annotated[int, Field(ge=1, le=60)] = 40
    capacity: Annotated[int, Field(ge=1, le=50)]
    least_age: Annotated[int, Field(ge=14, le=30)] | None = None
    education: Education = Education.ANY
    fields: Annotated[list[StudyField], Field(max_length=10, default_factory=list)]
    level_zh: Level | None = None
    level_ja: Level | None = None
    level_ko: Level | None = None
    level_mn: Level | None = None
    level_ru: Level | None = None
    # Last, so that its check knows of the others.
    level_en: Annotated[Level | None, Field(validate_default=True)] = None
    benefits_note: Annotated[Text, Field(max_length=5_000)] = ""
    has_interview: bool = False

    @field_validator("ends_on")
    @classmethod
    def _after_the_first_day(cls, last: dt.date, info: ValidationInfo) -> dt.date:
        if "starts_on" in info.data and last <= info.data["starts_on"]:
            raise refusal(N_("Enter a day after the first day."))
        return last

    @field_validator("level_en")
    @classmethod
    def _some_language(cls, level: str | None, info: ValidationInfo) -> str | None:
        if level is None and not any(info.data.get(name) for name in LEVEL_OF.values()):
            raise refusal(N_("Choose the level of at least one language that the work needs."))
        return level

    def languages(self) -> dict[str, str]:
        levels = {code: getattr(self, name) for code, name in LEVEL_OF.items()}
        return {code: level for code, level in levels.items() if level}

    def facts(self) -> dict[str, Any]:
        """What may be edited at any time, as `rules.stands` has it; host and capacity have rules of their own."""
        plain = {name: getattr(self, name) for name in rules.PLAIN if name != "host_id"}
        return {**plain, "languages": self.languages(), "fields": sorted(set(self.fields))}


def values(opening: Opening) -> dict[str, Any]:
    """What stands in the form of an opening that exists."""
    stands = rules.stands(opening)
    levels = {LEVEL_OF[code]: level for code, level in stands.pop("languages").items()}
    return {**stands, **levels, "host": stands.pop("host_id"), "capacity": opening.capacity}


class BenefitRows(Form):
    """`BenefitsForm` without its columns: each stands in it BENEFITS times, as `what_1`, `what_2` and so on."""

    more: bool = False

    def rows(self) -> list[dict[str, Any]]:
        """The rows that stay, each as the columns of a benefit."""
        rows = [{name: getattr(self, f"{name}_{row}") for name in COLUMNS} for row in range(1, BENEFITS + 1)]
        return [{name: row[name] for name in rules.OFFERED} for row in rows if row["what"] and not row["remove"]]


def _complete(value: Any, info: ValidationInfo) -> Any:
    """What a row lacks that was begun."""
    column, _underscore, row = str(info.field_name).rpartition("_")
    told = {name: info.data.get(f"{name}_{row}") for name in COLUMNS}
    wanting = {
        "currency": told["amount"] and N_("Choose the currency of the amount."),
        "what": (told["note"] or told["amount"]) and N_("Choose what is given, or empty the row."),
        "payer": told["what"] and N_("Choose who pays."),
    }[column]
    if value is None and wanting and not told["remove"]:
        raise refusal(wanting)
    return value


COLUMNS: dict[str, tuple[Lazy, Any, Any]] = {
    "remove": (N_("Remove this benefit"), bool, False),
    "note": (N_("Note"), Annotated[Line, Field(max_length=160)], ""),
    "amount": (N_("Amount"), Annotated[int, Field(ge=1, le=100_000_000)] | None, None),
    "currency": (N_("Currency"), Annotated[Currency | None, AfterValidator(_complete)], None),
    "per": (N_("How often"), Per, Per.ONCE),
    "what": (N_("What is given"), Annotated[What | None, AfterValidator(_complete)], None),
    "payer": (N_("Who pays"), Annotated[Payer | None, AfterValidator(_complete)], None),
}


_CELLS: dict[str, Any] = {
    f"{name}_{row}": (kind, Field(otherwise, validate_default=otherwise is None))
    for row in range(1, BENEFITS + 1)
    for name, (_label, kind, otherwise) in COLUMNS.items()
}
BenefitsForm = create_model("BenefitsForm", __base__=BenefitRows, **_CELLS)
BenefitsForm.labels = {f"{name}_{row}": COLUMNS[name][0] for row in range(1, BENEFITS + 1) for name in COLUMNS}


def benefit_values(benefits: Iterable[Benefit]) -> dict[str, Any]:
    return {
        f"{name}_{row}": value
        for row, benefit in enumerate(benefits, 1)
        for name, value in rules.offered(benefit).items()
    }


class HostForm(Form):
    """`government` is asked only of those who may choose it; `back` is the page of the portal to return to."""

    labels: ClassVar = {
        "government": N_("Government"),
        "kind": N_("Kind of host"),
        "name": N_("Name of the organisation"),
        "address": N_("Address"),
        "website": N_("Website"),
        "contact_name": N_("Name of the contact"),
        "contact_email": N_("E-mail of the contact"),
        "contact_phone": N_("Telephone of the contact"),
    }

    key: uuid.UUID | None = None
    back: str = ""
    government: uuid.UUID | None = None
    kind: HostKind
    name: Annotated[Line, Field(max_length=160)]
    address: Annotated[Line, Field(max_length=300)] = ""
    website: Annotated[Line, Field(max_length=200), AfterValidator(registry_forms.checked_website)] = ""
    contact_name: Annotated[Line, Field(max_length=120)] = ""
    contact_email: Annotated[Line, Field(max_length=254), AfterValidator(registry_forms.checked_email)] = ""
    contact_phone: Annotated[Line, Field(max_length=40)] = ""

    def facts(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in HOST_FACTS}


HOST_FACTS = ("kind", "name", "address", "website", "contact_name", "contact_email", "contact_phone")


def host_values(host: Host) -> dict[str, Any]:
    return {name: getattr(host, name) for name in HOST_FACTS}


class CopyForm(Form):
    """The call that a former opening is offered in again."""

    labels: ClassVar = {"call": N_("Call")}

    key: uuid.UUID | None = None
    call: Annotated[str, Field(max_length=60)]


class Filter(Form):
    """What the public list is narrowed to; `after` is the last opening of the page before."""

    labels: ClassVar = {
        "q": N_("Search"),
        "call": N_("Call"),
        "country": N_("Country"),
        "government": N_("Government"),
        "language": N_("Working language"),
        "field": N_("Field of study"),
        "presence": N_("Where the work is done"),
        "starts_from": N_("Starts on or after"),
        "ends_by": N_("Ends on or before"),
    }

    q: Annotated[Line, Field(max_length=100)] = ""
    call: Line | None = None
    country: Country | None = None
    government: Line | None = None
    language: Language | None = None
    field: StudyField | None = None
    presence: Presence | None = None
    starts_from: Day | None = None
    ends_by: Day | None = None
    after: uuid.UUID | None = None


TYPED = frozenset({"q", "starts_from", "ends_by"})  # what a reader can mistype; the rest is chosen from lists
