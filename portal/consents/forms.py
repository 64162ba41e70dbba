"""What a person sends about their guardian, and what who decides answers."""

import uuid
from collections.abc import Mapping
from typing import Annotated, ClassVar

from pydantic import AfterValidator

from portal.accounts.forms import Address, Name
from portal.consents.models import Purpose
from portal.forms import Form, refusal
from portal.i18n import LANGUAGES, N_

ANSWER = "answer_"  # the field of a purpose: "answer_take_part"


def _one_of_six(code: str) -> str:
    if code not in LANGUAGES:
        raise refusal(N_("Choose one from the list."))
    return code


# A guardian's own texts are there in all six languages, whatever the interface is complete in.
AnyLanguage = Annotated[str, AfterValidator(_one_of_six)]


class Named(Form):
    labels: ClassVar = {
        "name": N_("Name of the guardian"),
        "email": N_("E-mail address of the guardian"),
        "language": N_("Language of the guardian"),
    }
    name: Name
    email: Address
    language: AnyLanguage
    key: uuid.UUID | None = None


class Again(Form):
    key: uuid.UUID | None = None


class Answers(Form):
    """Everything may be missing: what is wrong is said in the language of the text, not of the interface.

    `digest` is that of the text that was read, in `language`.
    """

    answer_take_part: str = ""
    answer_name: str = ""
    answer_text: str = ""
    answer_translation: str = ""
    answer_photo: str = ""
    signature: str = ""
    language: str = ""
    digest: str = ""

    @property
    def answers(self) -> Mapping[Purpose, bool | None]:
        """Yes, no, or nothing yet, by purpose."""
        said = {"yes": True, "no": False}
        return {purpose: said.get(getattr(self, ANSWER + purpose.value)) for purpose in Purpose}


class OneMore(Form):
    """A yes, or its withdrawal, by itself; `then` is the page that it was pressed on."""

    digest: str = ""
    then: str = ""
