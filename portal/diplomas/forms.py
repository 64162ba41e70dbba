"""What secretaries and authors may send about certificates of the contest."""

import uuid
from collections.abc import Mapping
from typing import Annotated, ClassVar

from pydantic import Field

from portal.documents.forms import Issuing
from portal.forms import Form
from portal.i18n import N_, Lazy


class IssuingMany(Issuing):
    """`all` has a job issue whatever was never issued, and no box counts."""

    labels: ClassVar[Mapping[str, Lazy]] = {**Issuing.labels, "essay_ids": N_("Certificates to issue")}
    essay_ids: Annotated[list[uuid.UUID], Field(default_factory=list, max_length=50)]
    all: bool = False


class Showing(Form):
    """What the public page may show: nothing unless it is ticked."""

    labels: ClassVar[Mapping[str, Lazy]] = {
        "shows_name": N_("My name, as it stands on the certificate"),
        "shows_title": N_("The title of my essay"),
    }
    shows_name: bool = False
    shows_title: bool = False
