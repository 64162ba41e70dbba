"""What the secretariat may send."""

import uuid
from collections.abc import Mapping
from typing import Annotated, ClassVar

from pydantic import Field

from portal.applications.models import RefusalCode
from portal.forms import Form, Text
from portal.i18n import N_, Lazy


class Confirmation(Form):
    """What was shown is to be done, for these governments."""

    labels: ClassVar[Mapping[str, Lazy]] = {"government": N_("Governments")}
    government: Annotated[list[str], Field(min_length=1, max_length=200)]
    key: uuid.UUID | None = None


class Refusals(Confirmation):
    labels: ClassVar[Mapping[str, Lazy]] = {
        "government": N_("Governments"),
        "code": N_("Why they are not nominated"),
        "reason": N_("The reason, in words the applicants will read"),
    }
    code: RefusalCode
    reason: Annotated[Text, Field(min_length=10, max_length=2000)]
