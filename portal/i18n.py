"""Languages: which there are, which one this reader has, and how a sentence, a date or a number reads in it."""

import datetime as dt
import io
import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from fractions import Fraction
from functools import lru_cache
from gettext import GNUTranslations, NullTranslations, c2py
from pathlib import Path
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date, format_skeleton, format_time, get_timezone_location
from babel.messages.mofile import write_mo
from babel.messages.plurals import get_plural
from babel.messages.pofile import read_po
from babel.numbers import format_decimal
from markupsafe import escape

LOCALES = Path(__file__).parent / "locale"
# The six languages of the association, each named in itself.
LANGUAGES = {
    "en": "English",
    "zh-Hans": "中文",
    "ja": "日本語",
    "ko": "한국어",
    "mn": "Монгол",
    "ru": "Русский",
}
SOURCE = "en"
# In these no comma stands between date and time.
WITHOUT_COMMA = {"zh-Hans", "ja", "ko"}
# Where Unicode's name of a city is not the one in use.
CITIES = {
    ("mn", "Asia/Pyongyang"): "Пхеньян", ("mn", "Asia/Khandyga"): "Хандыга", ("ru", "Asia/Sakhalin"): "Южно-Сахалинск",
}  # fmt: skip
# The signs between two pieces where they are full-width and bring their own space; elsewhere they are the English ones.
_FULL_WIDTH = {": ": "：", "; ": "；", ". ": "。", ".": "。", " (": "（", ")": "）"}
FULL_WIDTH = {"zh-Hans": {", ": "，", **_FULL_WIDTH}, "ja": {", ": "、", **_FULL_WIDTH}}
_language: ContextVar[str] = ContextVar("language", default=SOURCE)


class Lazy(str):
    """A message that is translated when it is printed, not when the module is read."""

    def __str__(self) -> str:
        return gettext(str.__str__(self))

    def __html__(self) -> str:
        return escape(str(self))

    def __format__(self, spec: str) -> str:
        return format(str(self), spec)

    def __mod__(self, values: object) -> str:
        return str(self) % values

    def __hash__(self) -> int:
        return str.__hash__(self)

    def __eq__(self, other: object) -> bool:
        return str.__eq__(self, other)


def N_(message: str) -> Lazy:  # noqa: N802 - gettext's own name for "mark now, translate later"
    return Lazy(message)


# Letters that only one of the six languages has; what is in none of them is taken for the source.
LETTERS = (
    ("ko", re.compile("[\uac00-\ud7af\u1100-\u11ff\u3130-\u318f]")),
    ("ja", re.compile("[\u3040-\u30ff]")),
    ("zh-Hans", re.compile("[\u4e00-\u9fff\u3400-\u4dbf]")),
    ("mn", re.compile("[ӨөҮү]")),
    ("ru", re.compile("[\u0400-\u04ff]")),
    (SOURCE, re.compile("[A-Za-z]")),
)


# Who writes with the same letters and nothing else: then the likelier language is believed.
SHARED = {"zh-Hans": {"ja"}, "ru": {"mn"}}


def written_in(text: str, likely: str = "") -> str:
    """The language that a text seems to be in, by its letters; empty if it has none."""
    code = next((code for code, letters in LETTERS if letters.search(text)), "")
    return likely if likely in SHARED.get(code, ()) else code


def offered() -> dict[str, str]:
    """The languages the interface is complete in: those with a catalogue, and the source."""
    return {code: name for code, name in LANGUAGES.items() if _is_offered(code)}


def _is_offered(code: str) -> bool:
    return code == SOURCE or (code in LANGUAGES and _catalogue(code).exists())


def language() -> str:
    return _language.get()


@contextmanager
def speaking(code: str) -> Iterator[None]:
    """Everything inside is said in this language; an unknown one falls back to the source."""
    token = _language.set(code if _is_offered(code) else SOURCE)
    try:
        yield
    finally:
        _language.reset(token)


def use(code: str) -> None:
    _language.set(code)


def gettext(message: str) -> str:
    return translations(language()).gettext(message) if message else ""


def ngettext(singular: str, plural: str, number: int) -> str:
    return translations(language()).ngettext(singular, plural, number)


def plural_index(code: str, number: int) -> int:
    """Which of its plural forms a language counts `number` with, from 0; also one without a catalogue."""
    return int(_plural_rule(code)(number))


def plural_forms(code: str) -> int:
    """How many there are."""
    return int(get_plural(code.replace("-", "_")).num_plurals)


@lru_cache
def _plural_rule(code: str) -> Callable[[int], int]:
    rule: Callable[[int], int] = c2py(get_plural(code.replace("-", "_")).plural_expr)
    return rule


_ = gettext


@lru_cache
def translations(code: str) -> NullTranslations:
    """The catalogue compiled in memory, so that no stale .mo can lie beside a .po."""
    if code == SOURCE or not _catalogue(code).exists():
        return NullTranslations()
    with _catalogue(code).open("rb") as source:
        catalogue = read_po(source, locale=code.replace("-", "_"))
    compiled = io.BytesIO()
    write_mo(compiled, catalogue)
    compiled.seek(0)
    return GNUTranslations(compiled)


def _catalogue(code: str) -> Path:
    return LOCALES / code.replace("-", "_") / "LC_MESSAGES" / "messages.po"


def babel_locale(code: str | None = None) -> Locale:
    """English is written as in Britain, day before month, as most members write dates."""
    wanted = code or language()
    return Locale.parse("en_GB" if wanted == "en" else wanted.replace("-", "_"))


def best_match(accepted: str) -> str:
    """The offered language that an Accept-Language header asks for first."""
    wanted = sorted((_preference(part) for part in accepted.split(",")[:20]), reverse=True)
    for weight, tag in wanted:
        found = _offered_for(tag)
        if weight > 0 and found:
            return found
    return SOURCE


def _preference(part: str) -> tuple[float, str]:
    tag, _semicolon, weight = part.strip().partition(";q=")
    try:
        return (float(weight) if weight else 1.0), tag.strip().lower()
    except ValueError:
        return 0.0, tag


def _offered_for(tag: str) -> str | None:
    primary = tag.split("-", maxsplit=1)[0]
    return next((code for code in offered() if code.lower() == tag or code.split("-")[0] == primary), None)


def day(date: dt.date) -> str:
    if language() == "mn":
        return f"{_mongolian_month(date)}ын {date.day}"
    return format_date(date, "long", locale=babel_locale())


def month(date: dt.date) -> str:
    if language() == "mn":
        return _mongolian_month(date)
    return format_skeleton("yMMMM", date, locale=babel_locale())


def _mongolian_month(date: dt.date) -> str:
    """As "2027 оны 3 дугаар сар": in figures, as offices write it. The ordinal's vowels follow those of the number."""
    ordinal = "дүгээр" if date.month in {1, 4, 9, 11} else "дугаар"
    return f"{date.year} оны {date.month} {ordinal} сар"


def instant(at: dt.datetime, zone: str = "UTC") -> str:
    """Date and time in a zone, with its offset: "31 March 2027, 18:00 (UTC+9)"."""
    local = at.astimezone(ZoneInfo(zone))
    between = " " if language() in WITHOUT_COMMA else ", "
    return f"{day(local.date())}{between}{_clock(local)} ({offset(local)})"


def _clock(local: dt.datetime) -> str:
    return format_time(local, "HH:mm", locale=babel_locale())


def duration(span: dt.timedelta) -> str:
    """How long, in one unit and rounded down: "3 days", but "47 hours" and "90 minutes" below two of a unit."""
    if span >= dt.timedelta(days=2):
        return ngettext("%(num)s day", "%(num)s days", span.days) % {"num": span.days}
    minutes = span // dt.timedelta(minutes=1)
    if minutes >= 120:
        return ngettext("%(num)s hour", "%(num)s hours", minutes // 60) % {"num": minutes // 60}
    return ngettext("%(num)s minute", "%(num)s minutes", minutes) % {"num": minutes}


def listing(parts: Iterable[object]) -> str:
    """Things one after another: "a, b, c"."""
    return between(", ", alike=True).join(str(part) for part in parts)


def between(sign: str, *, alike: bool = False, code: str = "") -> str:
    """A sign between two pieces of a line, given as English writes it: "a, b", "a: b", "a (b)".

    Between things that are alike Chinese has a comma of its own.
    """
    signs = FULL_WIDTH.get(code or language(), {})
    return "、" if signs and alike else signs.get(sign, sign)


def number(value: float | Fraction, digits: int = 0) -> str:
    """A number with its decimal sign and its groups of three: "1,234.50", "1 234,50"."""
    pattern = f"#,##0.{'0' * digits}" if digits else "#,##0"
    return format_decimal(float(value), format=pattern, locale=babel_locale())


def city(zone: str) -> str:
    """What people call a zone: the city it is named after."""
    own = CITIES.get((language(), zone))
    return own or get_timezone_location(zone, locale=babel_locale(), return_city=True)


def deadline(at: dt.datetime, zone: str, reader_zone: str) -> str:
    """An instant where it is decided and, if clocks differ, where the reader is.

    "31 March 2027, 18:00 in Seoul (UTC+9) — 17:00 in Ulaanbaatar"
    """
    local, theirs = at.astimezone(ZoneInfo(zone)), at.astimezone(ZoneInfo(reader_zone))
    there = _("%(day)s, %(time)s in %(city)s (%(offset)s)") % {**_read(local, zone), "offset": offset(local)}
    # UTC is nobody's city: it stands for a reader whose zone is not known.
    if theirs.utcoffset() == local.utcoffset() or reader_zone == "UTC":
        return there
    same_day = theirs.date() == local.date()
    also = _("%(deadline)s — %(time)s in %(city)s") if same_day else _("%(deadline)s — %(day)s, %(time)s in %(city)s")
    return also % {**_read(theirs, reader_zone), "deadline": there}


def _read(local: dt.datetime, zone: str) -> dict[str, str]:
    return {"day": day(local.date()), "time": _clock(local), "city": city(zone)}


def offset(local: dt.datetime) -> str:
    minutes = int((local.utcoffset() or dt.timedelta()).total_seconds()) // 60
    sign = "+" if minutes >= 0 else "−"
    hours, rest = divmod(abs(minutes), 60)
    if not minutes:
        return "UTC"
    return f"UTC{sign}{hours}" + (f":{rest:02}" if rest else "")
