"""What officials and candidates may send about a placement."""

import uuid
from collections.abc import Mapping
from typing import Annotated, ClassVar

from pydantic import Field, ValidationInfo, field_validator

from portal.forms import SENTENCES, Form, Line, Text, refusal
from portal.i18n import N_, Lazy
from portal.placements import words
from portal.placements.models import Reason

SAY_IT = N_("Say in a sentence of at least 10 characters what the other reason is.")


class Filters(Form):
    labels: ClassVar[Mapping[str, Lazy]] = {"call": N_("Call"), "status": N_("State")}
    call: Line = ""
    status: Line = ""


class Proposal(Form):
    labels: ClassVar[Mapping[str, Lazy]] = {"reason": N_("Why this place is given outside the match")}
    application_id: uuid.UUID
    reason: Annotated[Text, Field(min_length=10, max_length=2000)]
    key: uuid.UUID | None = None


class Because(Form):
    """A reason by its code; another one than those is said in words."""

    labels: ClassVar[Mapping[str, Lazy]] = {"code": N_("Your reason"), "reason": N_("In your own words")}
    offered: ClassVar[tuple[Reason, ...]] = ()
    code: Reason
    reason: Annotated[Text, Field(max_length=2000, validate_default=True)] = ""

    @field_validator("code")
    @classmethod
    def _is_offered(cls, code: Reason) -> Reason:
        if code not in cls.offered:
            raise refusal(SENTENCES["enum"])
        return code

    @field_validator("reason")
    @classmethod
    def _is_said(cls, reason: str, info: ValidationInfo) -> str:
        if info.data.get("code") is Reason.OTHER and len(reason) < 10:
            raise refusal(SAY_IT)
        return reason


class Refusal(Because):
    offered: ClassVar[tuple[Reason, ...]] = words.OF_HOSTS


class Declining(Because):
    offered: ClassVar[tuple[Reason, ...]] = words.OF_APPLICANTS


class GivingBack(Because):
    """Which of these are whose, `rules.reasons` says."""

    offered: ClassVar[tuple[Reason, ...]] = words.OF_THE_SECRETARIAT
