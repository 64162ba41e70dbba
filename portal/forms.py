"""What a person may send, and what it is called. A form is never a table."""

import datetime as dt
import unicodedata
from collections.abc import Iterable, Mapping
from typing import Annotated, Any, ClassVar, TypeVar
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, NaiveDatetime
from pydantic_core import ErrorDetails, PydanticCustomError

from portal.i18n import LANGUAGES, N_, Lazy

ALLOWED_CONTROLS = {"\n", "\t"}
M = TypeVar("M", dt.date, dt.datetime)
# What the fields of one language end in: zh for zh-Hans.
SUFFIXES = {code: code.split("-", maxsplit=1)[0] for code in LANGUAGES}


class Form(BaseModel):
    """Unknown fields are ignored, text is trimmed, blanks are missing.

    `labels` names each field as the page does; the summary of errors uses the same words.
    """

    model_config = ConfigDict(str_strip_whitespace=True, extra="ignore", frozen=True)
    labels: ClassVar[Mapping[str, str]] = {}


def clean(text: object) -> object:
    """Text as it is stored: NFC, line ends as \\n, no control characters (a form field may hold none)."""
    if not isinstance(text, str):
        return text
    text = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))
    if any(unicodedata.category(c) in {"Cc", "Cs"} and c not in ALLOWED_CONTROLS for c in text):
        raise refusal(N_("It contains characters that cannot be stored. Type it again without them."))
    return text


def one_line(text: str) -> str:
    return " ".join(text.split())


Text = Annotated[str, BeforeValidator(clean)]
Line = Annotated[str, BeforeValidator(clean), AfterValidator(one_line)]


def by_language(form: Form, field: str) -> dict[str, str]:
    """What was written in each language, under the language's code."""
    written = {code: getattr(form, f"{field}_{suffix}") for code, suffix in SUFFIXES.items()}
    return {code: text for code, text in written.items() if text}


def in_fields(field: str, texts: Mapping[str, str]) -> dict[str, str]:
    """The other way round: what stands in the fields."""
    return {f"{field}_{suffix}": texts.get(code, "") for code, suffix in SUFFIXES.items()}


def refusal(sentence: Lazy, **values: object) -> PydanticCustomError:
    """An error of the field in the reader's words; `values` fill the sentence's placeholders."""
    return PydanticCustomError("refused", "{sentence}", {"sentence": sentence, "values": values})


SENTENCES: dict[str, Lazy] = {
    "missing": N_("Fill this in."),
    "none_required": N_("Leave this empty."),
    "string_too_short": N_("Use at least %(min_length)s characters."),
    "string_too_long": N_("Use at most %(max_length)s characters."),
    "too_short": N_("Choose at least %(min_length)s."),
    "too_long": N_("Choose at most %(max_length)s."),
    "greater_than_equal": N_("Enter a number of at least %(ge)s."),
    "less_than_equal": N_("Enter a number of at most %(le)s."),
    "greater_than": N_("Enter a number greater than %(gt)s."),
    "int_parsing": N_("Enter a whole number."),
    "int_from_float": N_("Enter a whole number."),
    "int_parsing_size": N_("Enter a whole number."),
    "float_parsing": N_("Enter a number."),
    "decimal_parsing": N_("Enter a number."),
    "date_from_datetime_parsing": N_("Enter a date, for example 2027-03-31."),
    "date_parsing": N_("Enter a date, for example 2027-03-31."),
    "datetime_from_date_parsing": N_("Enter a date and a time, for example 2027-03-31T18:00."),
    "timezone_naive": N_("Enter a date and a time without a zone, for example 2027-03-31T18:00."),
    "datetime_parsing": N_("Enter a date and a time, for example 2027-03-31T18:00."),
    "enum": N_("Choose one from the list."),
    "literal_error": N_("Choose one from the list."),
    "uuid_parsing": N_("Choose one from the list."),
    "bool_parsing": N_("Choose yes or no."),
    "string_pattern_mismatch": N_("Write it in the form that the hint shows."),
}
OTHERWISE = N_("This cannot be accepted. Look at the hint and enter it again.")


def sentence(error: ErrorDetails) -> str:
    """A validation error as a sentence in the reader's language that says what to do."""
    context: Mapping[str, Any] = error.get("ctx", {})
    if error["type"] == "refused":
        refused: str = context["sentence"] % context["values"]
        return refused
    return str(SENTENCES.get(_kind(error), OTHERWISE)) % context


def _kind(error: ErrorDetails) -> str:
    """Pydantic counts a text's length as a list's where another validator stands before it."""
    is_text = isinstance(error["input"], str) and error["type"] in {"too_short", "too_long"}
    return f"string_{error['type']}" if is_text else error["type"]


def by_field(errors: Iterable[ErrorDetails]) -> dict[str, str]:
    """The first error of each field; the empty name is the form as a whole."""
    found: dict[str, str] = {}
    for error in errors:
        name = str(error["loc"][0]) if error["loc"] else ""
        found.setdefault(name, sentence(error))
    return found


def at_local(local: dt.datetime, zone: str) -> dt.datetime:
    """The instant at which clocks in `zone` show `local`; refused if they never do, or do so twice."""
    place = ZoneInfo(zone)
    first, second = (local.replace(tzinfo=place, fold=fold).astimezone(dt.UTC) for fold in (0, 1))
    if first == second:
        return first
    if first.astimezone(place).replace(tzinfo=None) == local:
        raise refusal(N_("Clocks are set back on that day and show this time twice. Choose another time."))
    raise refusal(N_("Clocks are set forward on that day and skip this time. Choose a time an hour later."))


def to_local(at: dt.datetime, zone: str) -> str:
    """An instant as a datetime-local field holds it."""
    return at.astimezone(ZoneInfo(zone)).strftime("%Y-%m-%dT%H:%M")


def _sensible(moment: M) -> M:
    if not 1900 <= moment.year <= 2100:
        raise refusal(N_("Enter a year between 1900 and 2100."))
    return moment


Day = Annotated[dt.date, AfterValidator(_sensible)]
LocalTime = Annotated[NaiveDatetime, AfterValidator(_sensible)]
