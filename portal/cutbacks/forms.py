"""What the secretariat or a host says when it takes places away from applicants who count on them."""

from typing import Annotated, ClassVar

from pydantic import Field, ValidationInfo, field_validator

from portal.cutbacks.rules import What
from portal.forms import Form, Text, refusal
from portal.i18n import N_


class CutbackForm(Form):
    """`capacity` is asked only where places stay."""

    labels: ClassVar = {
        "what": N_("What happens to the opening"),
        "capacity": N_("Places that stay"),
        "reason": N_("Your reason"),
    }

    what: What
    capacity: Annotated[Annotated[int, Field(ge=1, le=50)] | None, Field(validate_default=True)] = None
    reason: Annotated[Text, Field(min_length=10, max_length=2000)]

    @field_validator("capacity")
    @classmethod
    def _said_how_many(cls, capacity: int | None, info: ValidationInfo) -> int | None:
        if capacity is None and info.data.get("what") is What.FEWER:
            raise refusal(N_("Enter how many places stay."))
        return capacity
