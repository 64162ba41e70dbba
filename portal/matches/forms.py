"""What the secretariat may send about a match."""

import uuid
from collections.abc import Mapping
from typing import Annotated, ClassVar

from pydantic import Field

from portal.forms import Form
from portal.i18n import N_, Lazy
from portal.matches.rules import LARGEST_SEED
from portal.placements.matching import Side


class NewRun(Form):
    labels: ClassVar[Mapping[str, Lazy]] = {
        "optimal_for": N_("Which side the rule favours"),
        "seed": N_("Seed of the lottery"),
    }
    optimal_for: Side
    seed: Annotated[int, Field(ge=0, le=LARGEST_SEED)] | None = None
    key: uuid.UUID | None = None
