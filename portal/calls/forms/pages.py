"""What a secretary may send about a call itself: a form for each page of the editor."""

import datetime as dt
import uuid
from typing import Annotated, Any, ClassVar

from pydantic import AfterValidator, Field, ValidationInfo, field_validator

from portal.calls import rules, words
from portal.calls.models import Belonging, Call
from portal.clock import moved_on
from portal.consents import ages
from portal.forms import Day, Form, Line, LocalTime, Text, at_local, by_language, in_fields, refusal, to_local
from portal.i18n import N_, SOURCE, Lazy
from portal.registry.models import Country
from portal.registry.words import LANGUAGE_NAMES

TIMES = tuple(words.DEADLINES)
Title = Annotated[Line, Field(max_length=160)]
Body = Annotated[Text, Field(max_length=20_000)]
Age = Annotated[int, Field(ge=14, le=99)]
Cap = Annotated[int, Field(ge=1, le=1000)]
ConsentAge = Annotated[int, Field(ge=12, le=ages.OLDEST)]
PLACES = (*(each.value for each in Country), ages.OTHER)  # for which an age of consent can be set
# What each deadline may not be before.
ORDER: dict[str, tuple[str, Lazy]] = {
    "applications_due_at": ("openings_due_at", N_("Enter a time that is not before openings are due.")),
    "corrections_due_at": ("applications_due_at", N_("Enter a time that is not before applications are due.")),
    "nominations_due_at": ("corrections_due_at", N_("Enter a time that is not before corrections are due.")),
    "rankings_due_at": ("nominations_due_at", N_("Enter a time that is not before nominations are due.")),
}
CHOOSE = N_("Choose one from the list.")


def _known_zone(zone: str) -> str:
    if zone not in words.ZONES:
        raise refusal(CHOOSE)
    return zone


def _known_level(level: str) -> str:
    if level not in words.LEVELS:
        raise refusal(CHOOSE)
    return level


def _known_language(code: str) -> str:
    if code not in LANGUAGE_NAMES:
        raise refusal(CHOOSE)
    return code


def _free_of_pages(slug: str) -> str:
    if slug in rules.RESERVED:
        raise refusal(N_("This address belongs to another page. Choose another."))
    return slug


Zone = Annotated[str, AfterValidator(_known_zone)]
Slug = Annotated[
    str,
    Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=rules.SLUG_LENGTH),
    AfterValidator(_free_of_pages),
]


class TextsForm(Form):
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
        "slug": N_("Web address"),
    }

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

    def facts(self) -> dict[str, Any]:
        texts = {SOURCE: "", **by_language(self, "text")}
        return {"titles": by_language(self, "title"), "texts": texts}


class DatesForm(Form):
    """Times are the call's own clock: `zone` stands before them, so that they can be read in it."""

    labels: ClassVar = {
        "zone": N_("Time zone of the call"),
        **{name: told for name, (told, _meaning) in words.DEADLINES.items()},
    }

    zone: Zone
    opens_at: LocalTime
    openings_due_at: LocalTime
    applications_due_at: LocalTime
    corrections_due_at: LocalTime
    nominations_due_at: LocalTime
    rankings_due_at: LocalTime

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

    @field_validator(*ORDER)
    @classmethod
    def _in_order(cls, due: dt.datetime, info: ValidationInfo) -> dt.datetime:
        before, sentence = ORDER[str(info.field_name)]
        if before in info.data and due < info.data[before]:
            raise refusal(sentence)
        return due

    def facts(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in ("zone", *TIMES)}


class NewCallForm(DatesForm):
    """What a call begins with: a name and its dates. Everything else has a page of its own afterwards."""

    labels: ClassVar = {**TextsForm.labels, **DatesForm.labels}

    key: uuid.UUID | None = None
    title_en: Title
    slug: Slug | None = None

    @property
    def wanted_slug(self) -> str:
        """The address asked for, or the one that the English title makes."""
        made = self.slug or rules.slug_from(self.title_en)
        return made if made and made not in rules.RESERVED else f"call-{self.opens_at.year}"

    def fresh(self) -> dict[str, Any]:
        """The columns of a call from scratch. Ages are counted at the beginning of the year."""
        begin = {"titles": {SOURCE: self.title_en}, "texts": {SOURCE: ""}}
        return {**self.facts(), **begin, "reference_on": dt.date(self.opens_at.year, 1, 1)}

    def copied(self, earlier: Call) -> dict[str, Any]:
        """Those that differ in a copy. A title that is new in English is new in every language."""
        same_title = self.title_en == earlier.titles[SOURCE]
        titles = earlier.titles if same_title else {SOURCE: self.title_en}
        reference = moved_on(earlier.reference_on, self.opens_at.year - earlier.opens_at.year)
        return {**self.facts(), "titles": titles, "reference_on": reference}


AGE_FIELDS = {place: f"consent_age_{place}" for place in PLACES}


class EligibilityForm(Form):
    labels: ClassVar = {
        "countries": N_("Countries"),
        "governments": N_("Governments"),
        "reference_on": N_("Reference date"),
        "age_from": N_("Youngest age"),
        "age_to": N_("Oldest age"),
        "belonging": N_("How applicants belong to their home government"),
        "months_after_graduation": N_("Months after graduation"),
        "language_level": N_("Least level in one language"),
        "counted_languages": N_("Languages that count"),
        "first_time_only": N_("Only people who have not had a place before"),
        "no_kin_at_host": N_("No children, brothers or sisters of people who work at the host"),
        "own_government_is_host": N_("Applicants may choose openings of their own government"),
        "consent_age_CN": N_("Age to decide alone: China"),
        "consent_age_JP": N_("Age to decide alone: Japan"),
        "consent_age_KR": N_("Age to decide alone: the Republic of Korea"),
        "consent_age_KP": N_("Age to decide alone: DPR Korea"),
        "consent_age_MN": N_("Age to decide alone: Mongolia"),
        "consent_age_RU": N_("Age to decide alone: Russia"),
        "consent_age_other": N_("Age to decide alone: every other country"),
    }

    countries: list[Country] = Field(default_factory=list)
    governments: list[Annotated[str, Field(max_length=8)]] = Field(default_factory=list, max_length=200)
    reference_on: Day
    age_from: Age
    age_to: Age
    belonging: Belonging
    months_after_graduation: Annotated[int, Field(ge=0, le=60)] | None = None
    language_level: Annotated[str, AfterValidator(_known_level)] = ""
    counted_languages: list[Annotated[str, AfterValidator(_known_language)]] = Field(default_factory=list)
    first_time_only: bool = False
    no_kin_at_host: bool = False
    own_government_is_host: bool = False
    consent_age_CN: ConsentAge | None = None  # noqa: N815 - named by ISO 3166
    consent_age_JP: ConsentAge | None = None  # noqa: N815
    consent_age_KR: ConsentAge | None = None  # noqa: N815
    consent_age_KP: ConsentAge | None = None  # noqa: N815
    consent_age_MN: ConsentAge | None = None  # noqa: N815
    consent_age_RU: ConsentAge | None = None  # noqa: N815
    consent_age_other: ConsentAge | None = None

    @field_validator("age_to")
    @classmethod
    def _not_below_the_youngest(cls, age: int, info: ValidationInfo) -> int:
        if age < info.data.get("age_from", 0):
            raise refusal(N_("Enter an age that is not below the youngest."))
        return age

    @field_validator("governments")
    @classmethod
    def _of_admitted_countries(cls, codes: list[str], info: ValidationInfo) -> list[str]:
        countries = info.data.get("countries")
        if countries and any(code[:2] not in countries for code in codes):
            raise refusal(
                N_("Some of these governments are in a country that you left out. Add it, or leave them out.")
            )
        return sorted(set(codes))

    def facts(self) -> dict[str, Any]:
        given = {name: value for name, value in self.model_dump().items() if name not in AGE_FIELDS.values()}
        set_ages = {place: getattr(self, name) for place, name in AGE_FIELDS.items()}
        given["consent_ages"] = {place: age for place, age in set_ages.items() if age is not None}
        every = set(self.countries) == set(Country)
        given["countries"] = [] if every else [each.value for each in Country if each in self.countries]
        given["counted_languages"] = [code for code in LANGUAGE_NAMES if code in self.counted_languages]
        return given


class QuotasForm(Form):
    labels: ClassVar = {
        "nomination_quota": N_("Nominations for each home government"),
        "ranked_openings": N_("Openings an applicant may rank"),
        "cap_CN": N_("Most nominations from China"),
        "cap_JP": N_("Most nominations from Japan"),
        "cap_KR": N_("Most nominations from the Republic of Korea"),
        "cap_KP": N_("Most nominations from DPR Korea"),
        "cap_MN": N_("Most nominations from Mongolia"),
        "cap_RU": N_("Most nominations from Russia"),
    }

    nomination_quota: Annotated[int, Field(ge=1, le=100)]
    ranked_openings: Annotated[int, Field(ge=1, le=5)]
    cap_CN: Cap | None = None  # noqa: N815 - named by ISO 3166
    cap_JP: Cap | None = None  # noqa: N815
    cap_KR: Cap | None = None  # noqa: N815
    cap_KP: Cap | None = None  # noqa: N815
    cap_MN: Cap | None = None  # noqa: N815
    cap_RU: Cap | None = None  # noqa: N815

    def facts(self) -> dict[str, Any]:
        caps = {each.value: getattr(self, f"cap_{each}") for each in Country}
        return {
            "nomination_quota": self.nomination_quota,
            "ranked_openings": self.ranked_openings,
            "country_caps": {code: cap for code, cap in caps.items() if cap is not None},
        }


def proposal(today: dt.date) -> dict[str, Any]:
    """Dates to begin with: four weeks for hosts, then four for applicants, and time for all who read."""
    monday = today + dt.timedelta(days=-today.weekday() % 7)
    weeks = {"openings_due_at": 4, "opens_at": 5, "applications_due_at": 9, "corrections_due_at": 10,
             "nominations_due_at": 11, "rankings_due_at": 13}  # fmt: skip
    days = {name: monday + dt.timedelta(weeks=number) for name, number in weeks.items()}
    return {
        "zone": words.ZONES[0],
        **{name: f"{day}T{9 if name == 'opens_at' else 18:02}:00" for name, day in days.items()},
    }


def of_copy(call: Call, at: dt.datetime) -> dict[str, Any]:
    """What a copy begins with: the title, and the dates moved on by whole years."""
    years = rules.years_on(call, at)
    local = {name: dt.datetime.fromisoformat(to_local(getattr(call, name), call.zone)) for name in TIMES}
    moved = {name: f"{moved_on(time, years):%Y-%m-%dT%H:%M}" for name, time in local.items()}
    return {"title_en": call.titles[SOURCE], "zone": call.zone, **moved}


def of_texts(call: Call) -> dict[str, Any]:
    return {"slug": call.slug, **in_fields("title", call.titles), **in_fields("text", call.texts)}


def of_dates(call: Call) -> dict[str, Any]:
    return {"zone": call.zone, **{name: to_local(getattr(call, name), call.zone) for name in TIMES}}


def of_eligibility(call: Call) -> dict[str, Any]:
    plain = EligibilityForm.model_fields.keys() - AGE_FIELDS.values()
    set_ages = {AGE_FIELDS[place]: age for place, age in call.consent_ages.items()}
    return {**{name: getattr(call, name) for name in plain}, **set_ages}


def of_quotas(call: Call) -> dict[str, Any]:
    caps = {f"cap_{code}": cap for code, cap in call.country_caps.items()}
    return {"nomination_quota": call.nomination_quota, "ranked_openings": call.ranked_openings, **caps}
