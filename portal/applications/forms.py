"""What applicants and home coordinators may send. A draft may be incomplete, so hardly anything is required."""

import datetime as dt
import re
import unicodedata
import uuid
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Annotated, Any, ClassVar

from pydantic import AfterValidator, Field, ValidationInfo, create_model, field_validator

from portal import lengths
from portal.applications import rules
from portal.applications.models import Enrolment, NameOrder
from portal.applications.rules import RANKS
from portal.applications.words import CONSENTS, LEVELS, SPOKEN, Part
from portal.calls.models import LimitUnit, Question, QuestionKind
from portal.clock import today
from portal.forms import Day, Form, Line, Text, refusal
from portal.i18n import N_, Lazy
from portal.registry.words import NATIONALITIES

NOT_LATIN = N_("Write it in Latin letters, as in your passport, for example Bat-Erdene Tuul.")
NO_BIRTHDAY = N_("Enter the day you were born, for example 2004-05-17.")
NO_PHONE = N_("Write digits, spaces and a plus sign only, for example +976 9911 2233.")
NAMED_TWICE = N_("You named this language already. Choose another one, or leave the row empty.")
NO_LEVEL = N_("Choose how well you speak this language.")
NO_LANGUAGE = N_("Choose the language that this level belongs to.")
ON_LIST = N_("Choose one from the list.")
NOT_YET = N_("This day is still to come. Choose that you are enrolled, or correct the date.")
LONG_OVER = N_("This day is over. Choose that you have graduated, or enter the day on which you expect to.")
NO_GRADUATION = N_("Leave this empty, or say above that you are enrolled or have graduated.")
# Apostrophes that Unicode counts among the letters.
APOSTROPHES = frozenset("ʻʼʹʺ")


def _latin(name: str) -> str:
    letters = [c for c in name if c.isalpha() and c not in APOSTROPHES]
    if not all(unicodedata.name(c, "").startswith("LATIN") for c in letters) or (name and not letters):
        raise refusal(NOT_LATIN)
    return name


def _a_birthday(day: dt.date) -> dt.date:
    if not dt.date(1900, 1, 1) <= day < today():
        raise refusal(NO_BIRTHDAY)
    return day


def _a_phone(number: str) -> str:
    if number and (not set(number) <= set("+0123456789 -()") or not any(c.isdigit() for c in number)):
        raise refusal(NO_PHONE)
    return number


class PartForm(Form):
    """`version` names the content from which the page was made (`rules.version`)."""

    version: str = ""


Name = Annotated[Line, Field(max_length=120)]
RomanName = Annotated[Name, AfterValidator(_latin)]


class About(PartForm):
    labels: ClassVar[Mapping[str, Lazy]] = {
        "family_name": N_("Family name in your own script"),
        "given_name": N_("Given name in your own script"),
        "patronymic": N_("Patronymic in your own script"),
        "roman_family_name": N_("Family name in Latin letters"),
        "roman_given_name": N_("Given name in Latin letters"),
        "name_order": N_("Order of your names"),
        "born_on": N_("Date of birth"),
        "phone": N_("Telephone number"),
    }
    family_name: Name = ""
    given_name: Name = ""
    patronymic: Name = ""
    roman_family_name: RomanName = ""
    roman_given_name: RomanName = ""
    name_order: NameOrder = NameOrder.FAMILY_FIRST
    born_on: Annotated[dt.date, AfterValidator(_a_birthday)] | None = None
    phone: Annotated[Line, Field(max_length=40), AfterValidator(_a_phone)] = ""


def _a_country(code: str) -> str:
    if code and code not in NATIONALITIES:
        raise refusal(ON_LIST)
    return code


class Home(PartForm):
    labels: ClassVar[Mapping[str, Lazy]] = {
        "home_id": N_("Your home government"),
        "is_resident": N_("Do you live in the region of this government?"),
        "nationality": N_("Your nationality"),
    }
    home_id: uuid.UUID | None = None
    is_resident: bool | None = None
    nationality: Annotated[str, AfterValidator(_a_country)] = ""


class Education(PartForm):
    labels: ClassVar[Mapping[str, Lazy]] = {
        "education": N_("School or university, subject and year"),
        "enrolment": N_("Are you enrolled, or have you graduated?"),
        "graduates_on": N_("Date of graduation, expected or past"),
    }
    education: Annotated[Text, Field(max_length=400)] = ""
    enrolment: Enrolment | None = None
    graduates_on: Day | None = None

    @field_validator("graduates_on")
    @classmethod
    def _fits(cls, date: dt.date | None, info: ValidationInfo) -> dt.date | None:
        enrolment = info.data.get("enrolment")
        if date is not None and enrolment is Enrolment.GRADUATED and date > today():
            raise refusal(NOT_YET)
        if date is not None and enrolment is Enrolment.ENROLLED and date < today():
            raise refusal(LONG_OVER)
        if date is not None and enrolment is Enrolment.NEITHER:
            raise refusal(NO_GRADUATION)
        return date


class Motivation(PartForm):
    labels: ClassVar[Mapping[str, Lazy]] = {"motivation": N_("Why you want to take part")}
    motivation: Annotated[Text, Field(max_length=4000)] = ""


class Documents(PartForm):
    """Which document is given; the file itself is read by the upload."""

    labels: ClassVar[Mapping[str, Lazy]] = {"file": N_("File"), "requested_id": N_("Document")}
    requested_id: uuid.UUID


class Consent(PartForm):
    """Each question and each consent stands for itself."""

    labels: ClassVar[Mapping[str, Lazy]] = {
        "took_part_before": N_("Did you take part in an internship of this programme before?"),
        "has_kin_at_host": N_("Does a parent, child, brother or sister of yours work for a host you chose?"),
        "consents": N_("What you agree to"),
    }
    took_part_before: bool | None = None
    has_kin_at_host: bool | None = None
    consents: list[str] = Field(default_factory=list)

    @field_validator("consents")
    @classmethod
    def _known(cls, codes: list[str]) -> list[str]:
        if not set(codes) <= set(CONSENTS):
            raise refusal(ON_LIST)
        return [code for code in CONSENTS if code in codes]


Row = Annotated[str, Field(validate_default=True)]


class Languages(PartForm):
    """Five rows of a language and how well it is spoken."""

    labels: ClassVar[Mapping[str, Lazy]] = {
        **{f"language_{rank}": N_("Language") for rank in RANKS},
        **{f"level_{rank}": N_("Level") for rank in RANKS},
    }
    language_1: Row = ""
    level_1: Row = ""
    language_2: Row = ""
    level_2: Row = ""
    language_3: Row = ""
    level_3: Row = ""
    language_4: Row = ""
    level_4: Row = ""
    language_5: Row = ""
    level_5: Row = ""

    @field_validator(*(f"language_{rank}" for rank in RANKS))
    @classmethod
    def _another_language(cls, language: str, info: ValidationInfo) -> str:
        if language and language not in SPOKEN:
            raise refusal(ON_LIST)
        if language and language in info.data.values():
            raise refusal(NAMED_TWICE)
        return language

    @field_validator(*(f"level_{rank}" for rank in RANKS))
    @classmethod
    def _with_its_language(cls, level: str, info: ValidationInfo) -> str:
        language = info.data.get(str(info.field_name).replace("level", "language"), "?")
        if level and level not in LEVELS:
            raise refusal(ON_LIST)
        if bool(level) != bool(language) and language != "?":
            raise refusal(NO_LANGUAGE if level else NO_LEVEL)
        return level

    def rows(self) -> list[tuple[str, str]]:
        pairs = [(getattr(self, f"language_{rank}"), getattr(self, f"level_{rank}")) for rank in RANKS]
        return [pair for pair in pairs if pair[0]]


# The openings and the call's questions have forms of their own.
FORMS: dict[Part, type[PartForm]] = {
    Part.ABOUT: About,
    Part.HOME: Home,
    Part.EDUCATION: Education,
    Part.LANGUAGES: Languages,
    Part.MOTIVATION: Motivation,
    Part.DOCUMENTS: Documents,
    Part.CONSENT: Consent,
}


class Keyed(Form):
    """A button whose press counts once."""

    key: uuid.UUID | None = None


# Openings to choose from


class Chosen(Form):
    """The button that adds an opening to the list."""

    opening_id: uuid.UUID


class Wish(Form):
    """What narrows the openings to choose from; it stands in the address."""

    labels: ClassVar[Mapping[str, Lazy]] = {"q": N_("Search"), "government": N_("Government")}
    q: Annotated[Line, Field(max_length=100)] = ""
    government: Annotated[Line, Field(max_length=10)] = ""
    after: uuid.UUID | None = None


# The call's own questions

SHORT, LONG = 300, 20_000
DIGITS = re.compile(r"-?[0-9]{1,12}(\.[0-9]{1,3})?")
TOO_MANY_CHARACTERS = N_("Use at most %(most)s characters. Your text has %(count)s.")
TOO_MANY_WORDS = N_("Use at most %(most)s words. Your text has %(count)s.")
NO_NUMBER = N_("Enter a number in digits, for example 12 or 3.5. It may have twelve digits, and three after the point.")
COUNTS: dict[LimitUnit, tuple[Callable[[str], int], Lazy]] = {
    LimitUnit.CHARACTERS: (lengths.characters, TOO_MANY_CHARACTERS),
    LimitUnit.WORDS: (lengths.words, TOO_MANY_WORDS),
}


def _limited(text: str, question: Question) -> str:
    unit, most = question.limit_unit or LimitUnit.CHARACTERS, question.max_length or LONG
    count, sentence = COUNTS[unit]
    found = count(text)
    if found > most:
        raise refusal(sentence, most=most, count=found)
    return text


def _number(text: str) -> str:
    """As typed on any keyboard: full-width digits, a comma for the point, a long minus."""
    plain = unicodedata.normalize("NFKC", text).replace(",", ".").replace("\u2212", "-")
    if plain and not DIGITS.fullmatch(plain):
        raise refusal(NO_NUMBER)
    return rules.plain_number(Decimal(plain)) if plain else ""


def _one_of(code: str, codes: Sequence[str]) -> str:
    if code and code not in codes:
        raise refusal(ON_LIST)
    return code


def _some_of(given: list[str], codes: Sequence[str]) -> list[str]:
    if not set(given) <= set(codes):
        raise refusal(ON_LIST)
    return [code for code in codes if code in given]


def _codes(question: Question) -> list[str]:
    return [option["code"] for option in question.options]


def _text(question: Question, kind: Any, most: int) -> Any:
    return Annotated[kind, Field(max_length=most), AfterValidator(lambda text: _limited(text, question))]


FIELDS: dict[QuestionKind, Callable[[Question], Any]] = {
    QuestionKind.SHORT: lambda q: _text(q, Line, SHORT),
    QuestionKind.LONG: lambda q: _text(q, Text, LONG),
    QuestionKind.NUMBER: lambda q: Annotated[Line, Field(max_length=1000), AfterValidator(_number)],
    QuestionKind.DATE: lambda q: Day,
    QuestionKind.ONE: lambda q: Annotated[str, AfterValidator(lambda code: _one_of(code, _codes(q)))],
    QuestionKind.SEVERAL: lambda q: Annotated[list[str], AfterValidator(lambda given: _some_of(given, _codes(q)))],
    QuestionKind.YES_NO: lambda q: Annotated[str, AfterValidator(lambda code: _one_of(code, ("yes", "no")))],
}


def questions_form(questions: Sequence[Question], language: str) -> type[PartForm]:
    """A form with a field for each question but those that ask for a file, named in the reader's language."""
    fields = {rules.question_field(each): (FIELDS[each.kind](each) | None, None) for each in _written(questions)}
    made: type[PartForm] = create_model("Questions", __base__=PartForm, **fields)  # type: ignore[call-overload]
    made.labels = {rules.question_field(each): each.text(language) for each in questions}
    return made


STORED: dict[QuestionKind, Callable[[Any], Any]] = {
    QuestionKind.NUMBER: lambda text: float(text) if "." in text else int(text),
    QuestionKind.DATE: lambda day: day.isoformat(),
    QuestionKind.YES_NO: lambda code: code == "yes",
}


def answers(questions: Sequence[Question], data: PartForm) -> dict[uuid.UUID, Any]:
    """What is kept for each question that the form asks; None where nothing was answered."""
    return {each.id: _stored(each, getattr(data, rules.question_field(each))) for each in _written(questions)}


def _stored(question: Question, typed: Any) -> Any:
    return STORED[question.kind](typed) if typed and question.kind in STORED else typed or None


def _written(questions: Sequence[Question]) -> list[Question]:
    return [question for question in questions if question.kind in FIELDS]
