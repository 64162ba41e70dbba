"""What is written on the line."""

import uuid
from collections.abc import Mapping
from typing import Annotated, ClassVar

from pydantic import Field

from portal.forms import Form, Text
from portal.i18n import N_, Lazy


class Words(Form):
    labels: ClassVar[Mapping[str, Lazy]] = {"text": N_("Your message")}
    text: Annotated[Text, Field(min_length=2, max_length=4000)]
    key: uuid.UUID | None = None
