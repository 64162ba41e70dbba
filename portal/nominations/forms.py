"""What home coordinators may send."""

import uuid
from collections.abc import Mapping
from typing import Annotated, ClassVar

from pydantic import Field

from portal.applications.models import RefusalCode
from portal.forms import Form, LocalTime, Text
from portal.i18n import N_, Lazy
from portal.nominations.words import Item

Reason = Annotated[Text, Field(min_length=10, max_length=2000)]


class Filters(Form):
    labels: ClassVar[Mapping[str, Lazy]] = {
        "call": N_("Call"),
        "home": N_("Home government"),
        "status": N_("State"),
        "paper": N_("How it came"),
        "q": N_("Name or number"),
        "sort": N_("Order"),
    }
    call: str = ""
    home: str = ""
    status: str = ""
    paper: str = ""
    q: str = ""
    sort: str = ""


class Return(Form):
    labels: ClassVar[Mapping[str, Lazy]] = {
        "reason": N_("What is to be corrected"),
        "due_at": N_("To be corrected by"),
    }
    reason: Reason
    due_at: LocalTime


class Refusal(Form):
    labels: ClassVar[Mapping[str, Lazy]] = {
        "code": N_("Why you do not nominate"),
        "reason": N_("Your reason, in words the applicant will read"),
    }
    code: RefusalCode
    reason: Reason


class Nomination(Form):
    """`at` is the page to go back to."""

    at: str = ""


class NoteForm(Form):
    labels: ClassVar[Mapping[str, Lazy]] = {"text": N_("New note")}
    text: Annotated[Text, Field(min_length=1, max_length=4000)]
    key: uuid.UUID | None = None


class Checklist(Form):
    labels: ClassVar[Mapping[str, Lazy]] = {"items": N_("Looked at")}
    items: Annotated[list[Item], Field(default_factory=list)]
