"""What alumni say about themselves, and why a secretary hides an entry."""

from collections.abc import Mapping
from typing import Annotated, ClassVar

from pydantic import AfterValidator, Field

from portal.forms import Form, Line, Text, refusal
from portal.i18n import N_, Lazy


def _agreed(consent: bool) -> bool:
    if not consent:
        raise refusal(N_("Tick the box if you agree. Without it you cannot be on the list."))
    return consent


class Entry(Form):
    labels: ClassVar[Mapping[str, Lazy]] = {
        "name": N_("Your name on the list"),
        "sentence": N_("A sentence about you or your internship"),
        "consent": N_("I agree that everybody on the internet can read this entry, until I leave the list."),
    }
    name: Annotated[Line, Field(min_length=1, max_length=120)]
    sentence: Annotated[Line, Field(max_length=300)] = ""
    consent: Annotated[bool, AfterValidator(_agreed), Field(validate_default=True)] = False


class Hiding(Form):
    labels: ClassVar[Mapping[str, Lazy]] = {"reason": N_("Your reason")}
    reason: Annotated[Text, Field(min_length=10, max_length=2000)]
