"""What each side may send: five marks and a text."""

import uuid
from collections.abc import Mapping
from typing import Annotated, ClassVar

from pydantic import Field

from portal.checkins.models import Side
from portal.checkins.words import QUESTIONS
from portal.forms import Form, Text
from portal.i18n import N_, Lazy

Mark = Annotated[int, Field(ge=1, le=5)]
TEXT = N_("What else should be known")


def _labels(side: Side) -> dict[str, Lazy]:
    return {**{f"mark_{number}": text for number, text in enumerate(QUESTIONS[side], 1)}, "text": TEXT}


class Answers(Form):
    mark_1: Mark
    mark_2: Mark
    mark_3: Mark
    mark_4: Mark
    mark_5: Mark
    text: Annotated[Text, Field(max_length=4000)] = ""
    key: uuid.UUID | None = None

    @property
    def marks(self) -> list[int]:
        return [self.mark_1, self.mark_2, self.mark_3, self.mark_4, self.mark_5]


class InternAnswers(Answers):
    labels: ClassVar[Mapping[str, Lazy]] = _labels(Side.INTERN)


class HostAnswers(Answers):
    labels: ClassVar[Mapping[str, Lazy]] = _labels(Side.HOST)


FORMS: dict[Side, type[Answers]] = {Side.INTERN: InternAnswers, Side.HOST: HostAnswers}
