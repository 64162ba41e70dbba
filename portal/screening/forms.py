"""What screeners send."""

import re
import uuid
from collections.abc import Mapping
from typing import Annotated, ClassVar

from pydantic import Field, model_validator

from portal.forms import Form, Line, Text, refusal
from portal.i18n import N_, Lazy
from portal.screening.models import Item, Part, Reason

PASSAGE = re.compile(r"(title|text|notes):(\d{1,6})-(\d{1,6})")
WhyText = Annotated[Text, Field(min_length=10, max_length=2000)]


class ReasonForm(Form):
    """Why an essay is returned, or proposed for disqualification: the author reads both."""

    labels: ClassVar[Mapping[str, Lazy]] = {
        "code": N_("Kind of reason"),
        "reason": N_("Reason, which the author reads"),
    }

    code: Reason
    reason: WhyText
    key: uuid.UUID | None = None


class KeyForm(Form):
    """A button whose second press is answered like the first."""

    key: uuid.UUID | None = None


class AnswerForm(Form):
    """Why a proposed disqualification is dismissed: screeners read it."""

    labels: ClassVar[Mapping[str, Lazy]] = {"answer": N_("Why it is dismissed")}

    answer: WhyText


class TicksForm(Form):
    """What is ticked now, and what was when the page was made: another screener's ticks stay."""

    labels: ClassVar[Mapping[str, Lazy]] = {"items": N_("What you have checked")}

    items: list[Item] = Field(default_factory=list)
    seen: list[Item] = Field(default_factory=list)


class HideForm(Form):
    """Passages as "text:12-20" (characters of a part), or words that are looked for.

    `digest` is that of the text which the page showed: positions in another text would hide something else.
    """

    labels: ClassVar[Mapping[str, Lazy]] = {
        "passages": N_("Passages to hide"),
        "words": N_("Words to hide"),
        "choose": N_("Let me choose where"),
        "reason": N_("Why it is hidden now"),
    }

    digest: str = ""
    passages: Annotated[list[str], Field(max_length=500)] = Field(default_factory=list)
    words: Annotated[Line, Field(max_length=300)] = ""
    choose: bool = False
    reason: Annotated[Text, Field(max_length=500)] = ""

    @model_validator(mode="after")
    def _something(self) -> "HideForm":
        if not self.passages and not self.words:
            raise refusal(N_("Choose a passage, or type the words to hide."))
        if not all(PASSAGE.fullmatch(each) for each in self.passages):
            raise refusal(N_("The passages could not be read. Reload the page and choose them again."))
        return self

    @property
    def ranges(self) -> list[tuple[Part, tuple[int, int]]]:
        found = [PASSAGE.fullmatch(each) for each in self.passages]
        return [(Part(each[1]), (int(each[2]), int(each[3]))) for each in found if each]


class ShowForm(Form):
    """Which hidden passages are shown again."""

    labels: ClassVar[Mapping[str, Lazy]] = {"redactions": N_("Hidden passages")}

    redactions: Annotated[list[uuid.UUID], Field(min_length=1, max_length=500)]


class HideWordsForm(Form):
    """From the essay by its code: the words, and why."""

    labels: ClassVar[Mapping[str, Lazy]] = {"words": N_("Words to hide"), "reason": N_("Why it is hidden now")}

    words: Annotated[Line, Field(min_length=1, max_length=300)]
    reason: WhyText
