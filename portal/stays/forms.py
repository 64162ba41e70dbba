"""What people may send about a stay."""

import datetime as dt
from collections.abc import Mapping
from typing import Annotated, ClassVar

from pydantic import Field, ValidationInfo, field_validator

from portal.clock import today
from portal.forms import Day, Form, Line, Text, refusal
from portal.i18n import N_, Lazy
from portal.stays.models import EndedBy, EndReason, Visa
from portal.stays.words import ITEMS

DATED = {Visa.APPLIED, Visa.GRANTED, Visa.REFUSED}
WHEN = N_("Enter the day on which that happened.")
IN_FUTURE = N_("This day lies in the future. Enter the day on which it happened.")
Reason = Annotated[Text, Field(min_length=10, max_length=2000)]
Mark = Annotated[int, Field(ge=1, le=5)]


class Shown(Form):
    labels: ClassVar[Mapping[str, Lazy]] = {"show": N_("Which stays")}
    show: str = ""


class VisaState(Form):
    labels: ClassVar[Mapping[str, Lazy]] = {"visa": N_("Your visa"), "visa_on": N_("On which day")}
    visa: Visa
    visa_on: Day | None = Field(default=None, validate_default=True)

    @field_validator("visa_on")
    @classmethod
    def _dated(cls, day: dt.date | None, info: ValidationInfo) -> dt.date | None:
        """What has happened has its day; elsewhere it may be tomorrow already. What has not happened has none."""
        if info.data.get("visa") not in DATED:
            return None
        if day is None:
            raise refusal(WHEN)
        if day > today() + dt.timedelta(days=1):
            raise refusal(IN_FUTURE)
        return day


class Proof(Form):
    labels: ClassVar[Mapping[str, Lazy]] = {"file": N_("Proof of insurance")}


class Arrival(Form):
    labels: ClassVar[Mapping[str, Lazy]] = {
        "arrives_on": N_("Day of arrival"),
        "arrives_at": N_("Time of arrival"),
        "arrival": N_("How you arrive"),
    }
    arrives_on: Day
    arrives_at: Annotated[Line, Field(pattern=r"^([01]\d|2[0-3]):[0-5]\d$")] = ""
    arrival: Annotated[Text, Field(min_length=3, max_length=1000)]


class WithReason(Form):
    labels: ClassVar[Mapping[str, Lazy]] = {"reason": N_("Your reason")}
    reason: Reason


class Start(Form):
    labels: ClassVar[Mapping[str, Lazy]] = {"started_on": N_("First day")}
    started_on: Day


class Wish(Form):
    labels: ClassVar[Mapping[str, Lazy]] = {"ends_on": N_("New last day"), "reason": N_("Your reason")}
    ends_on: Day
    reason: Reason


class Answer(Form):
    labels: ClassVar[Mapping[str, Lazy]] = {"agree": N_("Your answer")}
    agree: bool


class Ending(Form):
    labels: ClassVar[Mapping[str, Lazy]] = {
        "last_on": N_("Last day"),
        "ended_by": N_("Who ends the stay"),
        "end_code": N_("Why"),
        "reason": N_("In your own words"),
    }
    last_on: Day
    ended_by: EndedBy
    end_code: EndReason
    reason: Reason


class Judgement(Form):
    labels: ClassVar[Mapping[str, Lazy]] = {
        "supervisor": N_("Name of the supervisor"),
        **{f"item_{number}": text for number, text in enumerate(ITEMS, 1)},
        "text": N_("In the supervisor's own words"),
    }
    supervisor: Annotated[Line, Field(min_length=2, max_length=120)]
    item_1: Mark
    item_2: Mark
    item_3: Mark
    item_4: Mark
    item_5: Mark
    text: Annotated[Text, Field(min_length=10, max_length=4000)]

    @property
    def marks(self) -> list[int]:
        return [self.item_1, self.item_2, self.item_3, self.item_4, self.item_5]
