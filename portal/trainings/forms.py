"""What a secretary writes about an anchor essay."""

import uuid
from collections.abc import Mapping, Sequence
from typing import Annotated, Any

from pydantic import AfterValidator, Field, create_model

from portal.contests.forms.fields import in_six
from portal.contests.models import Criterion
from portal.forms import Line, Text, by_language, in_fields, refusal
from portal.i18n import LANGUAGES, N_
from portal.judging.forms import MISSING, POINTS, PointsBase, PointsLabels
from portal.trainings.models import Anchor

NOT_OFFERED = N_("Choose one from the list.")


def _known(code: str) -> str:
    if code not in LANGUAGES:
        raise refusal(NOT_OFFERED)
    return code


class AnchorFields(PointsBase):
    """With the reference as points, and the explanation by language."""

    language: Annotated[str, AfterValidator(_known)]
    title: Annotated[Line, Field(min_length=1, max_length=160)]
    text: Annotated[Text, Field(min_length=1, max_length=50_000)]
    notes: Annotated[Text, Field(max_length=5000)] = ""
    key: uuid.UUID | None = None

    def reference(self, criteria: Sequence[Criterion]) -> dict[str, int]:
        return {str(each.position): points for each in criteria if (points := self.points(each.position)) is not None}

    def amiss(self, languages: Sequence[str], criteria: Sequence[Criterion]) -> dict[str, object]:
        """What is wrong with it beside the edition, by field."""
        found: dict[str, object] = {} if self.language in languages else {"language": NOT_OFFERED}
        lacking = (f"points_{each.position}" for each in criteria if self.points(each.position) is None)
        return {**found, **dict.fromkeys(lacking, MISSING)}

    def facts(self, criteria: Sequence[Criterion]) -> dict[str, Any]:
        """Columns of its table."""
        words = self.model_dump(include={"language", "title", "text", "notes"})
        return {**words, "reference": self.reference(criteria), "explanation": by_language(self, "explanation")}


Story = Annotated[Text, Field(max_length=5000)]
AnchorForm: type[AnchorFields] = create_model(
    "AnchorForm", __base__=AnchorFields, **POINTS, **in_six("explanation", Story, required=True)
)
AnchorForm.labels = PointsLabels(
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
