"""What a secretary may send about a government."""

import datetime as dt
from typing import Annotated, Any, ClassVar
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field
from pydantic.networks import validate_email
from pydantic_core import PydanticCustomError

from portal.clock import today
from portal.forms import Form, Line, Text, refusal
from portal.i18n import N_
from portal.registry import words
from portal.registry.models import Membership

FOUNDED = dt.date(1996, 1, 1)
MOST_ALIASES = 30


def checked_email(text: str) -> str:
    if not text:
        return text
    try:
        return validate_email(text)[1]
    except PydanticCustomError:
        raise refusal(N_("Enter an e-mail address, for example office@example.org.")) from None


def checked_website(text: str) -> str:
    if not text:
        return text
    try:
        parts = urlsplit(text)
        fits = parts.scheme in {"http", "https"} and "." in (parts.hostname or "") and parts.username is None
    except ValueError:
        fits = False
    if not fits or any(c.isspace() for c in text):
        raise refusal(N_("Enter a web address that begins with https:// or http://."))
    return text


def _past(day: dt.date) -> dt.date:
    if not FOUNDED <= day <= today():
        raise refusal(N_("Enter a date between the association's founding in 1996 and today."))
    return day


def _listed(text: str) -> str:
    lines = [" ".join(line.split()) for line in text.split("\n")]
    kept = list(dict.fromkeys(line for line in lines if line))
    if len(kept) > MOST_ALIASES or any(len(line) > 120 for line in kept):
        raise refusal(N_("Write at most 30 names of at most 120 characters, one a line."))
    return "\n".join(kept)


Name = Annotated[Line, Field(min_length=2, max_length=120)]


class Edit(Form):
    """A government as a secretary wants it. `version` tells which state the editor had before their eyes."""

    labels: ClassVar = {
        "name_en": words.FIELDS["names.en"],
        "name_zh": words.FIELDS["names.zh-Hans"],
        "name_ja": words.FIELDS["names.ja"],
        "name_ko": words.FIELDS["names.ko"],
        "name_mn": words.FIELDS["names.mn"],
        "name_ru": words.FIELDS["names.ru"],
        **{field: words.FIELDS[field] for field in (
            "aliases", "status", "status_since", "contact_name", "contact_email", "website",
        )},
    }  # fmt: skip

    name_en: Name
    name_zh: Name
    name_ja: Name
    name_ko: Name
    name_mn: Name
    name_ru: Name
    aliases: Annotated[Text, Field(max_length=4000), AfterValidator(_listed)] = ""
    status: Membership
    status_since: Annotated[dt.date, AfterValidator(_past)] | None = None
    contact_name: Annotated[Line, Field(max_length=120)] = ""
    contact_email: Annotated[Line, Field(max_length=254), AfterValidator(checked_email)] = ""
    website: Annotated[Line, Field(max_length=300), AfterValidator(checked_website)] = ""
    version: Annotated[str, Field(max_length=16)] = ""

    def wanted(self) -> dict[str, Any]:
        """The edit as `rules.values` has a government: field to plain value."""
        return {
            **{f"names.{code}": getattr(self, name) for name, code in NAMES.items()},
            "aliases": self.aliases.split("\n") if self.aliases else [],
            "status": self.status.value,
            "status_since": self.status_since.isoformat() if self.status_since else None,
            "contact_name": self.contact_name,
            "contact_email": self.contact_email,
            "website": self.website,
        }


NAMES = {
    "name_en": "en", "name_zh": "zh-Hans", "name_ja": "ja", "name_ko": "ko", "name_mn": "mn", "name_ru": "ru",
}  # fmt: skip


def filled(values: dict[str, Any]) -> dict[str, Any]:
    """The values of a government as the form's fields show them."""
    plain = {field: value for field, value in values.items() if not field.startswith("names.")}
    names = {name: values[f"names.{code}"] for name, code in NAMES.items()}
    return {**names, **plain, "aliases": "\n".join(values["aliases"])}
