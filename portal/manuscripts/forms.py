"""What an author says about an uploaded file."""

import uuid
from collections.abc import Mapping
from typing import ClassVar

from portal.forms import Form
from portal.i18n import N_, Lazy


class FileForm(Form):
    """The file itself comes beside the form."""

    labels: ClassVar[Mapping[str, Lazy]] = {"file": N_("File")}


class ConfirmForm(Form):
    """The essay's version and the file that were seen: what counts is what was confirmed."""

    version: int
    manuscript_id: uuid.UUID
