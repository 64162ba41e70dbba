"""What a secretary writes about an anchor essay."""

import uuid
from collections.abc import Mapping, Sequence
from typing import Annotated, Any

from pydantic import AfterValidator, Field, create_model

from portal.contests.forms.fields import Labels, in_six
from portal.contests.models import Criterion
from portal.contests.rules import CRITERIA
from portal.forms import Form, Line, Text, by_language, in_fields, refusal
from portal.i18n import LANGUAGES, N_
from portal.trainings.models import Anchor

NOT_OFFERED = N_("Choose one from the list.")
POINTS = N_("Choose 1 to 10 points.")


def _known(code: str) -> str:
    if code not in LANGUAGES:
        raise refusal(NOT_OFFERED)
    return code


class AnchorFields(Form):
    """Points by the position of the criterion (points_1 and so on), the explanation by language."""

    language: Annotated[str, AfterValidator(_known)]
    title: Annotated[Line, Field(min_length=1, max_length=160)]
    text: Annotated[Text, Field(min_length=1, max_length=50_000)]
    notes: Annotated[Text, Field(max_length=5000)] = ""
    key: uuid.UUID | None = None

    def reference(self, criteria: Sequence[Criterion]) -> dict[str, int]:
        return {str(each.position): getattr(self, f"points_{each.position}") for each in criteria}

    def amiss(self, languages: Sequence[str], criteria: Sequence[Criterion]) -> dict[str, object]:
        """What is wrong with it beside the edition, by field."""
        found: dict[str, object] = {} if self.language in languages else {"language": NOT_OFFERED}
        lacking = (f"points_{each.position}" for each in criteria if getattr(self, f"points_{each.position}") is None)
        return {**found, **dict.fromkeys(lacking, POINTS)}

    def facts(self, criteria: Sequence[Criterion]) -> dict[str, Any]:
        """Columns of its table."""
        words = self.model_dump(include={"language", "title", "text", "notes"})
        return {**words, "reference": self.reference(criteria), "explanation": by_language(self, "explanation")}


class _Labels(Labels):
    """All fields of points are called alike."""

    def get(self, name: str, default: Any = None) -> Any:
        return super().get("points" if name.startswith("points_") else name, default)


Story = Annotated[Text, Field(max_length=5000)]
_points: dict[str, Any] = {
    f"points_{n}": (Annotated[int | None, Field(ge=1, le=10)], None) for n in range(1, CRITERIA + 1)
}
AnchorForm: type[AnchorFields] = create_model(
    "AnchorForm", __base__=AnchorFields, **_points, **in_six("explanation", Story, required=True)
)
AnchorForm.labels = _Labels(
    language=N_("Language"),
    title=N_("Title"),
    text=N_("Text"),
    notes=N_("Notes and references"),
    points=N_("Reference points"),
    explanation=N_("Why it earns these points"),
)


def of_anchor(anchor: Anchor) -> Mapping[str, Any]:
    """What stands in the fields."""
    points = {f"points_{position}": points for position, points in anchor.reference.items()}
    words = anchor.model_dump(include={"language", "title", "text", "notes"})
    return {**words, **points, **in_fields("explanation", anchor.explanation)}
