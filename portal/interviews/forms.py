"""What a host sends about interview times."""

import uuid
from collections.abc import Mapping
from typing import Annotated, ClassVar

from pydantic import Field

from portal.forms import Form, Line, LocalTime, Text
from portal.i18n import N_, Lazy

MOST_AT_ONCE = 20


class Offer(Form):
    """One time, or several in a row."""

    labels: ClassVar[Mapping[str, Lazy]] = {
        "first": N_("First interview"),
        "minutes": N_("Length in minutes"),
        "count": N_("How many in a row"),
        "pause": N_("Pause between them in minutes"),
        "place": N_("Where, or a link"),
        "note": N_("Note for the candidate"),
    }
    first: LocalTime
    minutes: Annotated[int, Field(ge=5, le=240)]
    count: Annotated[int, Field(ge=1, le=MOST_AT_ONCE)] = 1
    pause: Annotated[int, Field(ge=0, le=240)] = 0
    place: Annotated[Line, Field(max_length=300)]
    note: Annotated[Text, Field(max_length=1000)] = ""
    key: uuid.UUID | None = None


class Cancelling(Form):
    labels: ClassVar[Mapping[str, Lazy]] = {"reason": N_("Your reason")}
    reason: Annotated[Text, Field(min_length=10, max_length=1000)]
