"""What an author says about an uploaded file."""

import uuid

from portal.forms import Form


class FileForm(Form):
    """The file itself comes beside the form."""


class ConfirmForm(Form):
    """The essay's version and the file that were seen: what counts is what was confirmed."""

    version: int
    manuscript_id: uuid.UUID
