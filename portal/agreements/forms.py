"""What the parties, the secretariat and a guardian may send."""

import uuid
from typing import Annotated, ClassVar

from pydantic import Field

from portal.accounts.forms import Address, Language, Name
from portal.agreements.models import Party
from portal.forms import Form, Text
from portal.i18n import N_

Reason = Annotated[Text, Field(min_length=10, max_length=2000)]


class Confirmation(Form):
    """`digest` is that of the text that the person has read."""

    labels: ClassVar = {"name": N_("Your name"), "party": N_("You confirm for")}
    party: Party
    name: Name
    digest: Annotated[str, Field(max_length=64)]
    key: uuid.UUID | None = None


class Refusal(Form):
    labels: ClassVar = {"reason": N_("Your reason"), "party": N_("You refuse for")}
    party: Party
    reason: Reason


class Scan(Form):
    """The file itself is read by the upload."""

    labels: ClassVar = {
        "party": N_("Who has signed"),
        "name": N_("Name under the signature"),
        "scan": N_("Scan of the signed agreement"),
    }
    party: Party
    name: Name
    digest: Annotated[str, Field(max_length=64)]


class Named(Form):
    labels: ClassVar = {
        "name": N_("Name of the guardian"),
        "email": N_("E-mail address of the guardian"),
        "language": N_("Language of the mail"),
    }
    name: Name
    email: Address
    language: Language
    key: uuid.UUID | None = None


class Again(Form):
    key: uuid.UUID | None = None


class Remaking(Form):
    labels: ClassVar = {"reason": N_("Your reason")}
    reason: Reason
    key: uuid.UUID | None = None


class GuardiansWord(Form):
    labels: ClassVar = {"name": N_("Your name")}
    name: Name
    digest: Annotated[str, Field(max_length=64)]


class GuardiansRefusal(Form):
    labels: ClassVar = {"reason": N_("Your reason")}
    reason: Reason
