"""What a secretary sends to appoint, and a judge to mark."""

import uuid
from collections.abc import Mapping
from typing import Annotated, Any, ClassVar

from pydantic import Field, create_model

from portal.contests.forms.fields import Labels
from portal.contests.rules import CRITERIA
from portal.forms import Form, Text
from portal.i18n import N_, Lazy
from portal.judging.models import Round

WORDS = 2000  # characters of a comment, a note or a reason


class AppointForm(Form):
    labels: ClassVar[Mapping[str, Lazy]] = {"judge_id": N_("Judge")}

    judge_id: uuid.UUID


class ReadingForm(Form):
    """Which of a judge's readings of the essay."""

    round: Round = Round.FIRST


class ReopenForm(ReadingForm):
    labels: ClassVar[Mapping[str, Lazy]] = {"reason": N_("Reason")}

    reason: Annotated[Text, Field(min_length=1, max_length=WORDS)]


class PointsBase(Form):
    """Points by the position of the criterion: points_1, points_2 and so on, which `POINTS` adds."""

    def points(self, position: int) -> int | None:
        found: int | None = getattr(self, f"points_{position}", None)
        return found


class MarksBase(PointsBase):
    """What a judge writes beside the points."""

    comment: Annotated[Text, Field(max_length=WORDS)] | None = None
    private_note: Annotated[Text, Field(max_length=WORDS)] | None = None


POINTS: dict[str, Any] = {
    f"points_{n}": (Annotated[int | None, Field(ge=1, le=10)], None) for n in range(1, CRITERIA + 1)
}
MISSING = N_("Choose 1 to 10 points.")


class PointsLabels(Labels):
    """All fields of points are called alike, where the rubric is not known."""

    def get(self, name: str, default: Any = None) -> Any:
        return super().get("points" if name.startswith("points_") else name, default)


MarksForm: type[MarksBase] = create_model("MarksForm", __base__=MarksBase, **POINTS)
MarksForm.labels = PointsLabels(
    points=N_("Points"), comment=N_("Comment to the author"), private_note=N_("Note to the jury")
)
