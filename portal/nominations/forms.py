"""What home coordinators may send."""

from collections.abc import Mapping
from typing import Annotated, ClassVar

from pydantic import Field

from portal.forms import Form, Text
from portal.i18n import N_, Lazy


class Filters(Form):
    labels: ClassVar[Mapping[str, Lazy]] = {"call": N_("Call"), "status": N_("Status")}
    call: str = ""
    status: str = ""


class Reason(Form):
    labels: ClassVar[Mapping[str, Lazy]] = {"reason": N_("Your reason, in words the applicant will read")}
    reason: Annotated[Text, Field(min_length=10, max_length=2000)]


class Nomination(Form):
    labels: ClassVar[Mapping[str, Lazy]] = {"merit": N_("Place in your order of merit")}
    merit: Annotated[int, Field(ge=1, le=100)]
