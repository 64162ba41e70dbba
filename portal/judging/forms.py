"""What a secretary sends to appoint, and a judge to mark."""

import uuid
from collections.abc import Mapping
from typing import Annotated, Any, ClassVar

from pydantic import Field, create_model, field_validator

from portal.contests.rules import CRITERIA
from portal.forms import Form, Line, Text, refusal
from portal.i18n import LANGUAGES, N_, Lazy
from portal.judging.models import Round

WORDS = 2000  # characters of a comment, a note or a reason


class JudgeForm(Form):
    labels: ClassVar[Mapping[str, Lazy]] = {
        "email": N_("E-mail address"),
        "languages": N_("Languages they read"),
        "government_id": N_("Government they belong to"),
    }

    email: Annotated[Line, Field(max_length=254)]
    languages: Annotated[list[str], Field(min_length=1)]
    government_id: uuid.UUID | None = None

    @field_validator("languages")
    @classmethod
    def _known(cls, languages: list[str]) -> list[str]:
        if not set(languages) <= set(LANGUAGES):
            raise refusal(N_("Choose one from the list."))
        return sorted(set(languages))


class AppointForm(Form):
    labels: ClassVar[Mapping[str, Lazy]] = {"judge_id": N_("Judge")}

    judge_id: uuid.UUID


class ReadingForm(Form):
    """Which of a judge's readings of the essay."""

    round: Round = Round.FIRST


class ReopenForm(ReadingForm):
    labels: ClassVar[Mapping[str, Lazy]] = {"reason": N_("Reason")}

    reason: Annotated[Text, Field(min_length=1, max_length=WORDS)]


class MarksBase(Form):
    """What a judge writes, and points by the position of the criterion: points_1, points_2 and so on."""

    comment: Annotated[Text, Field(max_length=WORDS)] | None = None
    private_note: Annotated[Text, Field(max_length=WORDS)] | None = None

    def points(self, position: int) -> int | None:
        found: int | None = getattr(self, f"points_{position}", None)
        return found


_points: dict[str, Any] = {
    f"points_{n}": (Annotated[int | None, Field(ge=1, le=10)], None) for n in range(1, CRITERIA + 1)
}


class _Labels(dict[str, Lazy]):
    """All fields of points are called alike, where the rubric is not known."""

    def get(self, name: str, default: Any = None) -> Any:
        return super().get("points" if name.startswith("points_") else name, default)


MarksForm: type[MarksBase] = create_model("MarksForm", __base__=MarksBase, **_points)
MarksForm.labels = _Labels(
    points=N_("Points"), comment=N_("Comment to the author"), private_note=N_("Note to the jury")
)
