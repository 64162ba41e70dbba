"""Which text on a page is data, and which is a word that somebody forgot to translate."""

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass, field

import sqlalchemy as sa
from sqlmodel import Session

from portal.db import Table
from portal.demonstration.past_edition import SIGNATORY
from portal.i18n import LANGUAGES, written_in
from portal.registry import sources
from portal.registry.words import COUNTRIES

# Written so in every language: names of things, formats, codes, levels, currencies, units.
EVERYWHERE = {
    "NEAR", "PioNEAR", "GOV", "UK", "PDF", "DOCX", "HWPX", "HWP", "CSV", "XLSX", "JSON", "ZIP", "ICS", "iCalendar",
    "API", "OpenAPI", "UTC", "SHA", "MiB", "MB", "KiB", "kB", "Excel", "Word", "CEFR", "TOPIK", "JLPT", "HSK",
    "IELTS", "TOEFL", "ISO", "WCAG", "AA", "GeoNames", "Natural", "Earth", "Noto", "CC", "BY", "SA", "MIT", "OFL",
    "REML", "ICC", "BLUP", "KRW", "JPY", "CNY", "MNT", "RUB", "USD", "KPW", "EUR", "QR", "PNG", "JPEG", "JPG",
    "TIFF", "WebP", "GIF", "HEIC", "ID", "URL", "HTTP", "HTTPS", "GET", "POST", "ETag", "OR", "Tools", "numpy",
    "typst", "Chromium", "GitHub", "Wikidata", "Creative", "Commons", "Attribution", "Web", "HTML", "Cookie",
    "aimag", "Shift", "ODbL", "QGIS",
    "iso-codes", "pycountry",
    "neargov.org", "timezone-boundary-builder", "next", "null", "TXT",
    "Unicode", "CLDR", "htmx", "Frontend", "axe",
}  # fmt: skip
# Words of the names that hints give as examples, in the script of their language.
EXAMPLES = {"Батбаярын", "Туул", "Иванов", "Пётр", "Сергеевич"}
CODE = re.compile(
    r"[A-Z]{2}-[A-Z0-9]{1,3}|[ABC][12](?![A-Z0-9])|[A-Z]\d{4}-\d+|[2-9A-HJ-NP-Z]{5,12}|[0-9a-f]{8,64}"  # codes, hashes
    r"|(?<![a-z])(?=[a-z]*\d)[2-9a-z]{12}(?![a-z])|[a-z]+(-[a-z]+)*-20\d\d"  # aliases, addresses of calls
    r"|\{\w+\}"  # what a sentence leaves room for, where its wording is edited
    r"|[\w.+-]+@[\w.-]+|https?://\S+|/[\w/{}.?=&-]*"
)
LATIN = re.compile(r"[A-Za-zÀ-ɏ][A-Za-zÀ-ɏ'’.-]*")
QUOTED = re.compile("[“„«「『‘](.+?)[”“»」』’]|(?:: |：)(.+)$")
# What stands between texts on one line.
PARTS = re.compile(r" [–·—:/] |, |: |[\n()“”«»]")
CYRILLIC = re.compile(r"[\u0400-\u04ff]{3,}")
# Columns that hold proper names, whose words may stand on a page of any language and in any composition.
NAMES = {
    "person.name", "application.native_name", "application.roman_name", "application.family_name",
    "application.given_name", "application.patronymic", "application.roman_family_name",
    "application.guardian_name", "application.roman_given_name", "authorship.native_name", "authorship.roman_name",
    "authorship.school", "alumnus.name", "judge.name", "host.name", "host.address", "host.contact_name",
    "host.website", "host.contact_email", "opening.place", "government.native_name", "government.names",
    "government.seat", "government.contact_name", "government.website", "government.contact_email",
    "committee.names", "partner.names", "partner.website", "letter.referee_name", "letter.referee_email",
    "consent.name", "consent_guardian.name", "consent_guardian.email", "agreement_guardian.name", "judge.email",
    "person.email", "stored_file.name", "call.slug", "edition.slug", "opening.slug", "benefit.currency",
    "agreement_signature.name", "translation.translator", "stay_evaluation.supervisor", "interview_slot.place",
    "message.address", "government.aliases", "person.zone", "call.zone", "edition.zone", "sign_in.browser",
}  # fmt: skip


@dataclass
class Data:
    """All texts of a database: `exact` as a whole or by lines, `names` word by word."""

    exact: set[str] = field(default_factory=set)
    names: set[str] = field(default_factory=set)

    def covers(self, piece: str) -> bool:
        """Whether a piece of text is data, or has no Latin word that is not."""
        return self._is_known(piece) or all(
            self._is_known(part) or all(map(self._is_known, PARTS.split(part))) for part in piece.split(" – ")
        )

    def unquoted(self, text: str) -> str:
        """Without the data between quotation marks or behind a colon: a sentence that names an opening by its title."""
        return QUOTED.sub(lambda found: " " if _plain(found[1] or found[2]) in self.exact else found[0], text)

    def without(self, text: str) -> str:
        """What is left of a text when all data that it quotes is taken out."""
        for known in sorted((each for each in self.exact if len(each) > 3 and each in text), key=len, reverse=True):
            text = text.replace(known, " ")
        return text

    def _is_known(self, piece: str) -> bool:
        return _plain(piece) in self.exact or not self.strange(piece)

    def strange(self, text: str) -> list[str]:
        """The Latin words of a text that are neither names nor written so everywhere."""
        words = [word.rstrip(".'’-") for word in LATIN.findall(CODE.sub(" ", text))]
        return [word for word in words if len(word) > 2 and word not in EVERYWHERE and word not in self.names]


def _plain(text: str) -> str:
    return " ".join(text.split()).strip(" \n–—·•,;:.…()[]“”\"'/|+*→←=%#0123456789")


def everything(session: Session) -> Data:
    data = Data()
    for table in Table.metadata.sorted_tables:
        for row in session.execute(sa.select(table)):
            for column, value in zip(table.columns, row, strict=True):
                _keep(data, value, is_name=f"{table.name}.{column.name}" in NAMES)
    data.exact |= {*LANGUAGES.values(), *sources.organisation()["names"].values()}
    data.exact |= {name for names in COUNTRIES.values() for name in names.values()}
    data.names |= {*LATIN.findall(SIGNATORY.name)}
    data.names |= EXAMPLES | {
        word for name in LANGUAGES.values() for word in (*LATIN.findall(name), *CYRILLIC.findall(name))
    }
    return data


def _keep(data: Data, value: object, *, is_name: bool) -> None:
    for text in _leaves(value):
        data.exact |= {_plain(text), *map(_plain, text.splitlines())}
        if is_name:
            data.names |= {word.rstrip(".'’-") for word in LATIN.findall(text)} | {*CYRILLIC.findall(text)}


def _leaves(value: object) -> Iterable[str]:
    if isinstance(value, dict):
        value = [*value.values()]
    if isinstance(value, (list, tuple)):
        for each in value:
            yield from _leaves(each)
    elif isinstance(value, str):
        yield value
        if value.startswith(("{", "[")):
            yield from _leaves(_parsed(value))


def _parsed(text: str) -> object:
    try:
        return json.loads(text)
    except ValueError:
        return None


def foreign(text: str, language: str, data: Data) -> list[str]:
    """What a text in this language should not hold: English words, and Cyrillic ones where Cyrillic is not written."""
    is_own = _plain(text) in data.exact and written_in(text, language) == language
    if language == "en" or is_own:
        return []
    text = data.unquoted(text)
    found = data.strange(text)
    if language not in {"mn", "ru"}:
        known = data.names if _plain(text) not in data.exact else set(CYRILLIC.findall(text))
        found += [word for word in CYRILLIC.findall(text) if word not in known]
    return found
