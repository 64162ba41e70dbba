"""What a secretary sends who sits with the jury, or takes the finalists."""

import uuid
from collections.abc import Mapping
from typing import Annotated, ClassVar

from pydantic import Field, field_validator

from portal.forms import Form, Text, refusal
from portal.i18n import N_, Lazy
from portal.juries.models import Outcome

MOST = 60  # decided at once
Reason = Annotated[Text, Field(max_length=2000)]
NeededReason = Annotated[Text, Field(min_length=10, max_length=2000)]
Pairs = Annotated[list[Annotated[str, Field(max_length=120)]], Field(max_length=MOST)]


class KeyForm(Form):
    key: uuid.UUID | None = None


class TakeForm(Form):
    """`chosen` are codes of essays between which one may choose; `seen` names the order that the page showed."""

    labels: ClassVar[Mapping[str, Lazy]] = {"chosen": N_("Who goes on"), "reason": N_("Reason")}

    chosen: Annotated[list[str], Field(max_length=2000)] = Field(default_factory=list)
    reason: Reason = ""
    seen: str = ""
    key: uuid.UUID | None = None


class FollowForm(Form):
    labels: ClassVar[Mapping[str, Lazy]] = {"code": N_("Essay"), "reason": N_("Reason")}

    code: Annotated[str, Field(max_length=12)]
    reason: NeededReason


class DecideForm(Form):
    """`choices` say for each essay what it gets, as "CODE award-id", "CODE commended" or "CODE not_awarded"; `seen`
    what was decided when the page was made, as "CODE mark"."""

    labels: ClassVar[Mapping[str, Lazy]] = {"choices": N_("Decision"), "reason": N_("Reason")}

    choices: Annotated[Pairs, Field(min_length=1)]
    seen: Pairs = Field(default_factory=list)
    reason: Reason = ""

    @field_validator("choices", "seen")
    @classmethod
    def _pairs(cls, given: list[str]) -> list[str]:
        if any(not each.split(" ", 1)[0] for each in given) or len(_by_code(given)) < len(given):
            raise refusal(N_("The decisions could not be read. Reload the page and choose again."))
        return given

    @field_validator("choices")
    @classmethod
    def _known(cls, given: list[str]) -> list[str]:
        if not all(_is_known(what) for what in _by_code(given).values()):
            raise refusal(N_("Choose one from the list."))
        return given

    @property
    def decisions(self) -> dict[str, tuple[Outcome, uuid.UUID | None]]:
        return {code: _decision(what) for code, what in _by_code(self.choices).items()}

    @property
    def marks(self) -> dict[str, str]:
        return _by_code(self.seen)


def _by_code(given: list[str]) -> dict[str, str]:
    return {code: what for code, _space, what in (each.partition(" ") for each in given)}


def _is_known(what: str) -> bool:
    try:
        _decision(what)
    except ValueError:
        return False
    return True


def _decision(what: str) -> tuple[Outcome, uuid.UUID | None]:
    if what in {Outcome.COMMENDED, Outcome.NOT_AWARDED}:
        return Outcome(what), None
    return Outcome.AWARDED, uuid.UUID(what)


class SecondForm(Form):
    """What the second person saw and agrees to."""

    seen: Annotated[str, Field(max_length=120)] = ""


class GroupForm(Form):
    """A group of awards."""

    category_id: uuid.UUID
    language: Annotated[str, Field(max_length=16)] = ""


class WithheldForm(GroupForm):
    labels: ClassVar[Mapping[str, Lazy]] = {
        "award_id": N_("Award"),
        "number": N_("How many places are withheld"),
        "reason": N_("Reason"),
    }

    award_id: uuid.UUID
    number: Annotated[int, Field(ge=1, le=100)]
    reason: NeededReason


class HeldForm(GroupForm):
    """One that is withheld already; `seen` names what the second person saw."""

    award_id: uuid.UUID
    seen: Annotated[str, Field(max_length=120)] = ""


class MinutesForm(Form):
    """`seen` is the length of what stood there, so that nobody overwrites what another has just written."""

    labels: ClassVar[Mapping[str, Lazy]] = {"minutes": N_("Minutes")}

    minutes: Annotated[Text, Field(max_length=50_000)] = ""
    seen: Annotated[str, Field(max_length=64)] = ""


class ReasonForm(Form):
    labels: ClassVar[Mapping[str, Lazy]] = {"reason": N_("Reason")}

    reason: NeededReason
