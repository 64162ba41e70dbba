"""What whoever issues or revokes certificates sends, in either street."""

import uuid
from collections.abc import Mapping
from typing import Annotated, ClassVar, Literal

from pydantic import Field

from portal.documents.certificates import Signatory
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


def signed_as(last: Signatory | None) -> dict[str, str]:
    """What stands in the fields at first: who signed last, most likely, signs next."""
    return {"signatory": last.name, "office": last.office} if last else {"office": "secretary_general"}


class Revocation(Form):
    labels: ClassVar[Mapping[str, Lazy]] = {"reason": N_("Your reason")}
    reason: Annotated[Text, Field(min_length=10, max_length=2000)]
