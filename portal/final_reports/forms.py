"""What interns and the secretariat send about a final report, and how readers narrow the public list."""

import uuid
from collections.abc import Mapping
from typing import Annotated, Any, ClassVar, Literal

from pydantic import Field

from portal.final_reports.models import NameShown
from portal.forms import Form, Line, Text
from portal.i18n import N_, Lazy
from portal.registry.models import Country

LONGEST = 60_000  # of one part: more than any report may have, so that a long draft is kept
Language = Literal["en", "zh-Hans", "ja", "ko", "mn", "ru"]
Part = Annotated[Text, Field(max_length=LONGEST)]


class Publication(Form):
    """Whether the report may be published, and how its author is named."""

    labels: ClassVar[Mapping[str, Lazy]] = {"publication": N_("May everybody read your report?")}
    publication: Literal["no", "full", "given", "unnamed"] = "no"

    def consent(self) -> dict[str, Any]:
        named = NameShown.UNNAMED if self.publication == "no" else NameShown(self.publication)
        return {"may_publish": self.publication != "no", "name_shown": named}


class Report(Publication):
    labels: ClassVar[Mapping[str, Lazy]] = {
        "title": N_("Title"),
        "language": N_("Language of the report"),
        "did": N_("What you did"),
        "learned": N_("What you learned"),
        "proposals": N_("What you propose"),
        "file": N_("Your report as a file, with pictures if you like"),
        **Publication.labels,
    }
    title: Annotated[Line, Field(max_length=200)] = ""
    language: Language = "en"
    did: Part = ""
    learned: Part = ""
    proposals: Part = ""
    version: str = ""
    key: uuid.UUID | None = None
    then: Literal["save", "submit"] = "save"

    def content(self) -> dict[str, Any]:
        return {**self.model_dump(include={"title", "language", "did", "learned", "proposals"}), **self.consent()}


class Returning(Form):
    labels: ClassVar[Mapping[str, Lazy]] = {"reason": N_("What is to be corrected")}
    reason: Annotated[Text, Field(min_length=10, max_length=2000)]


class Filter(Form):
    """Of the public list."""

    labels: ClassVar[Mapping[str, Lazy]] = {"country": N_("Country of the host"), "language": N_("Language")}
    country: Country | None = None
    language: Language | None = None
    after: uuid.UUID | None = None
