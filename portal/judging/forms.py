"""What a secretary sends to appoint, and a judge to mark."""

import uuid
from collections.abc import Mapping
from typing import Annotated, Any, ClassVar

from pydantic import Field, create_model

from portal.contests.rules import CRITERIA
from portal.forms import Form, Text
from portal.i18n import N_, Lazy


class AppointForm(Form):
    labels: ClassVar[Mapping[str, Lazy]] = {"judge_id": N_("Judge")}

    judge_id: uuid.UUID


class MarksBase(Form):
    """A comment, and points by the position of the criterion: points_1, points_2 and so on."""

    comment: Annotated[Text, Field(max_length=5000)] | None = None

    def points(self, position: int) -> int | None:
        found: int | None = getattr(self, f"points_{position}", None)
        return found


_points: dict[str, Any] = {
    f"points_{n}": (Annotated[int | None, Field(ge=1, le=10)], None) for n in range(1, CRITERIA + 1)
}


class _Labels(dict[str, Lazy]):
    """All fields of points are called alike."""

    def get(self, name: str, default: Any = None) -> Any:
        return super().get(name.partition("_")[0], default)


MarksForm: type[MarksBase] = create_model("MarksForm", __base__=MarksBase, **_points)
MarksForm.labels = _Labels(points=N_("Points"), comment=N_("Comment"))
