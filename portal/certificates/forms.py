"""What secretaries and holders may send about certificates."""

import uuid
from collections.abc import Mapping
from typing import Annotated, ClassVar, Literal

from pydantic import Field

from portal.certificates.rules import Signatory
from portal.forms import Form, Line, Text
from portal.i18n import N_, Lazy


class Issuing(Form):
    labels: ClassVar[Mapping[str, Lazy]] = {
        "signatory": N_("Name of who signs"),
        "office": N_("Office of who signs"),
    }
    signatory: Annotated[Line, Field(min_length=2, max_length=80)]
    office: Literal["secretary_general", "deputy_secretary_general"]
    key: uuid.UUID | None = None

    @property
    def by(self) -> Signatory:
        return Signatory(self.signatory, self.office)


class IssuingMany(Issuing):
    labels: ClassVar[Mapping[str, Lazy]] = {**Issuing.labels, "placement_ids": N_("Certificates to issue")}
    placement_ids: Annotated[
        list[uuid.UUID], Field(default_factory=list, min_length=1, max_length=50, validate_default=True)
    ]


class Revocation(Form):
    labels: ClassVar[Mapping[str, Lazy]] = {"reason": N_("Your reason")}
    reason: Annotated[Text, Field(min_length=10, max_length=2000)]


class Showing(Form):
    """What the public page may show: nothing unless it is ticked."""

    labels: ClassVar[Mapping[str, Lazy]] = {
        "shows_name": N_("My name, as it stands on the certificate"),
        "shows_host": N_("Where I worked: the host organisation and its government"),
        "shows_dates": N_("From when to when I worked there"),
    }
    shows_name: bool = False
    shows_host: bool = False
    shows_dates: bool = False
