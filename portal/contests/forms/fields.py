"""Fields that come in six languages, and what they are called."""

from typing import Annotated, Any

from pydantic import Field

from portal.forms import SUFFIXES, Line, Text
from portal.i18n import LANGUAGES, SOURCE, Lazy
from portal.i18n import gettext as _
from portal.registry.words import LANGUAGE_NAMES

CODES = {SUFFIXES[code]: code for code in LANGUAGES}
Title = Annotated[Line, Field(max_length=160)]
Name = Annotated[Line, Field(max_length=300)]
Story = Annotated[Text, Field(max_length=20_000)]


def in_six(name: str, kind: Any, *, required: bool) -> dict[str, Any]:
    """A field for each language; only English may be required, and stands in for the others."""
    wanted = {suffix: ... if required and CODES[suffix] == SOURCE else "" for suffix in SUFFIXES.values()}
    return {f"{name}_{suffix}": (kind, default) for suffix, default in wanted.items()}


class Labels(dict[str, Lazy]):
    """What fields are called: those in six languages by their name and the language."""

    def get(self, name: str, default: Any = None) -> Any:
        stem, _underscore, suffix = name.rpartition("_")
        if name in self or stem not in self or suffix not in CODES:
            return super().get(name, default)
        return _("%(label)s (%(language)s)") % {"label": self[stem], "language": LANGUAGE_NAMES[CODES[suffix]]}
