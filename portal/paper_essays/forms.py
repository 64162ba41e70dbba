"""What a coordinator enters from paper."""

import uuid
from collections.abc import Mapping
from typing import Annotated, ClassVar, Literal

from pydantic import AfterValidator, Field

from portal.accounts.forms import Address, Language, Name
from portal.consents.models import Purpose
from portal.forms import Form, Line, refusal
from portal.i18n import N_, Lazy
from portal.paper_essays.words import PURPOSES


def _ticked(given: bool) -> bool:
    if not given:
        raise refusal(N_("Compare every line with the scan, then tick the box."))
    return given


class Newcomer(Form):
    """Who wrote it."""

    labels: ClassVar[Mapping[str, Lazy]] = {
        "name": N_("Name of the author"),
        "home_id": N_("Home government"),
        "email": N_("E-mail address"),
        "language": N_("Language of the author"),
    }
    name: Name
    home_id: uuid.UUID
    email: Address | None = None
    language: Language
    key: uuid.UUID | None = None


class Paper(Form):
    """The file itself is read by the upload."""

    labels: ClassVar[Mapping[str, Lazy]] = {"scan": N_("Scan of the essay on paper")}


class Comparison(Form):
    labels: ClassVar[Mapping[str, Lazy]] = {"is_compared": N_("I compared every line with the scan, and they agree.")}
    version: int
    is_compared: Annotated[bool, AfterValidator(_ticked), Field(validate_default=True)] = False


Answer = Literal["yes", "no"]


class Signed(Form):
    """The answers as they stand on the signed paper."""

    labels: ClassVar[Mapping[str, Lazy]] = {
        **{purpose.value: told for purpose, told in PURPOSES.items()},
        "guardian_name": N_("Parent or guardian who signed"),
        "scan": N_("Scan of the signed consent"),
    }
    take_part: Answer
    name: Answer
    text: Answer
    translation: Answer
    photo: Answer
    guardian_name: Annotated[Line, Field(max_length=120)] = ""

    def answers(self) -> dict[Purpose, bool]:
        return {purpose: getattr(self, purpose.value) == "yes" for purpose in Purpose}
