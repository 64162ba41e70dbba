"""What the secretariat sends to order a deal, and judges and the secretariat when a reading ends."""

import uuid
from collections.abc import Mapping
from typing import Annotated, ClassVar

from pydantic import Field

from portal.deals.rules import LARGEST_SEED
from portal.forms import Form, Text
from portal.i18n import N_, Lazy
from portal.judging.models import Round


class OrderForm(Form):
    labels: ClassVar[Mapping[str, Lazy]] = {"round": N_("Round"), "seed": N_("Seed")}

    round: Round
    seed: Annotated[int, Field(ge=0, le=LARGEST_SEED)] | None = None
    key: uuid.UUID | None = None


class ConflictForm(Form):
    labels: ClassVar[Mapping[str, Lazy]] = {"reason": N_("How you know the writer")}

    reason: Annotated[Text, Field(min_length=1, max_length=300)]
    key: uuid.UUID | None = None


class LeaveForm(Form):
    labels: ClassVar[Mapping[str, Lazy]] = {"reason": N_("Reason"), "edition_id": N_("Contest")}

    reason: Annotated[Text, Field(min_length=1, max_length=1000)]


class LeaveDeskForm(LeaveForm):
    edition_id: uuid.UUID
