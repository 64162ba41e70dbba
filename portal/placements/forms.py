"""What hosts and candidates may send about a placement."""

import uuid
from collections.abc import Mapping
from typing import Annotated, ClassVar

from pydantic import Field

from portal.forms import Form, Text
from portal.i18n import N_, Lazy


class Proposal(Form):
    labels: ClassVar[Mapping[str, Lazy]] = {"reason": N_("Your reason")}
    application_id: uuid.UUID
    reason: Annotated[Text, Field(min_length=10, max_length=2000)]
    key: uuid.UUID | None = None


class Refusal(Form):
    labels: ClassVar[Mapping[str, Lazy]] = {"reason": N_("Your reason")}
    reason: Annotated[Text, Field(min_length=10, max_length=2000)]


class Declining(Form):
    labels: ClassVar[Mapping[str, Lazy]] = {"reason": N_("Your reason")}
    reason: Annotated[Text, Field(max_length=2000)] = ""
