"""What a secretary sends to take a judge's marks out, or back in."""

from collections.abc import Mapping
from typing import Annotated, ClassVar

from pydantic import Field

from portal.forms import Form, Text
from portal.i18n import N_, Lazy


class ReasonForm(Form):
    labels: ClassVar[Mapping[str, Lazy]] = {"reason": N_("Reason")}

    reason: Annotated[Text, Field(min_length=10, max_length=2000)]
