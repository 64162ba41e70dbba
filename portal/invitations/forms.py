"""What is asked of who invites, and of who is invited."""

import datetime as dt
import uuid
from typing import Annotated, ClassVar

from pydantic import AfterValidator, ConfigDict, ValidationInfo, field_validator

from portal.accounts import forms
from portal.accounts.models import Role
from portal.clock import today
from portal.forms import Day, Form, refusal
from portal.i18n import N_


class InvitationForm(Form):
    labels: ClassVar = {
        "email": N_("E-mail address"),
        "language": N_("Language of the mail"),
        "role": N_("Role"),
        "government": N_("Government"),
        "ends_on": N_("Last day of the role"),
    }
    model_config = ConfigDict(validate_default=True)
    email: forms.Address
    language: forms.Language
    role: Annotated[Role, AfterValidator(forms.given_by_the_secretariat)]
    government: uuid.UUID | None = None
    ends_on: dt.date | None = None
    key: uuid.UUID | None = None

    @field_validator("government")
    @classmethod
    def _only_for_coordinators(cls, government: uuid.UUID | None, typed: ValidationInfo) -> uuid.UUID | None:
        return forms.government_of(typed.data.get("role"), government)

    @field_validator("ends_on")
    @classmethod
    def _not_over(cls, ends_on: dt.date | None) -> dt.date | None:
        if ends_on and ends_on < today():
            raise refusal(N_("This day is past. Enter a later one."))
        return ends_on


class NewcomerForm(Form):
    """Who is invited and has no account chooses a name and a password; the link has shown the address."""

    labels: ClassVar = forms.LABELS
    name: forms.Name
    language: forms.Language
    zone: forms.Zone
    password: forms.NewPassword


class HandOverForm(Form):
    """`grant` is the role handed over: who coordinates several governments hands over one at a time."""

    labels: ClassVar = {
        "grant": N_("Government"),
        "email": N_("E-mail address of your successor"),
        "language": N_("Language of the mail"),
        "begins_on": N_("First day of your successor"),
    }
    grant: uuid.UUID
    email: forms.Address
    language: forms.Language
    begins_on: Day
    key: uuid.UUID | None = None
