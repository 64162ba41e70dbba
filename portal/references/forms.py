"""Naming a referee, and what a referee sends."""

import uuid
from typing import Annotated, ClassVar

from pydantic import Field

from portal.accounts.forms import Address, Language, Name
from portal.forms import Form, Text
from portal.i18n import N_

LONGEST = 10_000


class Referee(Form):
    labels: ClassVar = {
        "name": N_("Name of the referee"),
        "email": N_("E-mail address of the referee"),
        "language": N_("Language of the mail"),
    }
    name: Name
    email: Address
    language: Language
    key: uuid.UUID | None = None


class Again(Form):
    key: uuid.UUID | None = None


class Reference(Form):
    """The file itself is read by the upload."""

    labels: ClassVar = {"letter": N_("Your letter as a file"), "text": N_("Or type your letter")}
    text: Annotated[Text, Field(max_length=LONGEST)] = ""
