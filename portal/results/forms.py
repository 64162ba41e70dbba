"""What a secretary may send about results, translations and awards to members."""

import datetime as dt
import uuid
from typing import Annotated, ClassVar, Literal

from pydantic import Field

from portal.forms import Form, Line, LocalTime, Text, at_local, refusal
from portal.i18n import N_
from portal.results.rules import MOST_MEMBERS
from portal.results.words import SAY_WHEN


class PublishForm(Form):
    labels: ClassVar = {"when": N_("When the results come out"), "publish_at": N_("Day and time")}
    when: Literal["at_once", "later"]
    publish_at: LocalTime | None = None

    def instant(self, zone: str) -> dt.datetime | None:
        """By the clocks of `zone`; None is at once. A missing time, or an hour that is skipped, is refused."""
        if self.when == "at_once":
            return None
        if self.publish_at is None:
            raise refusal(SAY_WHEN)
        return at_local(self.publish_at, zone)


class ConfirmForm(Form):
    """`seen` says what the page showed."""

    seen: str = ""


class TranslationForm(Form):
    labels: ClassVar = {"title": N_("Title"), "text": N_("Text"), "translator": N_("Who translated it")}
    title: Annotated[Line, Field(max_length=160)]
    text: Annotated[Text, Field(max_length=40_000)]
    translator: Annotated[Line, Field(max_length=120)]


class MembersForm(Form):
    labels: ClassVar = {"government_ids": N_("Governments with the award"), "reason": N_("Reason")}
    government_ids: Annotated[list[uuid.UUID], Field(default_factory=list, max_length=MOST_MEMBERS)]
    reason: Annotated[Text, Field(max_length=2000)] = ""
