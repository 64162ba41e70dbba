"""How a pair is settled."""

from typing import ClassVar

from portal.forms import Form
from portal.i18n import N_


class Settling(Form):
    labels: ClassVar = {"is_same": N_("Are they the same person?")}
    is_same: bool
