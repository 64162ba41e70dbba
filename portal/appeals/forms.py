"""What an author writes, and what is answered."""

import uuid
from collections.abc import Mapping
from typing import Annotated, ClassVar

from pydantic import Field

from portal.appeals.models import Ruling
from portal.forms import Form, Text
from portal.i18n import N_, Lazy

SHORTEST, LONGEST = 20, 5000


class AppealForm(Form):
    labels: ClassVar[Mapping[str, Lazy]] = {"text": N_("What was not done as the rules say")}

    key: uuid.UUID | None = None
    text: Annotated[Text, Field(min_length=SHORTEST, max_length=LONGEST)]


class RulingForm(Form):
    labels: ClassVar[Mapping[str, Lazy]] = {"ruling": N_("Your decision"), "answer": N_("Answer to the author")}

    ruling: Ruling
    answer: Annotated[Text, Field(min_length=SHORTEST, max_length=LONGEST)]
