"""What a reader sends."""

import uuid
from typing import ClassVar

from portal.forms import Form
from portal.i18n import N_


class ReadUntil(Form):
    """The newest message on the page: what came after it was opened stays unread."""

    until: uuid.UUID


class Reminders(Form):
    labels: ClassVar = {"wanted": N_("Reminders by e-mail")}
    wanted: bool
