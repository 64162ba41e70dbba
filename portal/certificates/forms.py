"""What secretaries and holders may send about certificates."""

import uuid
from collections.abc import Mapping
from typing import Annotated, ClassVar

from pydantic import Field

from portal.documents.forms import Issuing
from portal.forms import Form
from portal.i18n import N_, Lazy


class IssuingMany(Issuing):
    labels: ClassVar[Mapping[str, Lazy]] = {**Issuing.labels, "placement_ids": N_("Certificates to issue")}
    placement_ids: Annotated[
        list[uuid.UUID], Field(default_factory=list, min_length=1, max_length=50, validate_default=True)
    ]


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
