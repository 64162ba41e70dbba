"""What a person may send about themselves and about roles."""

import datetime as dt
import uuid
from typing import Annotated, ClassVar

from email_validator import EmailNotValidError, validate_email
from pydantic import AfterValidator, BeforeValidator, ConfigDict, Field, ValidationInfo, field_validator

from portal import i18n
from portal.accounts import passwords, rules
from portal.accounts.models import Role
from portal.accounts.words import ZONES
from portal.forms import Form, Line, Text, refusal
from portal.i18n import N_

NO_ADDRESS = N_("Enter an e-mail address such as name@example.org.")
COMMON = N_("This password is too easily guessed. Put several unrelated words together.")
OWN_NAME = N_("Leave your name and your e-mail address out of the password.")
NOT_THE_PRESENT_ONE = N_("This is not your present password. Type it again.")


def _address(text: str) -> str:
    address = rules.normal_email(text)
    try:
        validate_email(address, check_deliverability=False, globally_deliverable=False, allow_smtputf8=False)
    except EmailNotValidError:
        raise refusal(NO_ADDRESS) from None
    if "." not in address.rpartition("@")[2]:
        raise refusal(NO_ADDRESS)
    return address


def _normal_password(text: object) -> object:
    return passwords.normal(text) if isinstance(text, str) else text


def _known_zone(zone: str) -> str:
    if zone not in ZONES:
        raise refusal(N_("Choose one from the list."))
    return zone


def _offered_language(code: str) -> str:
    if code not in i18n.offered():
        raise refusal(N_("Choose one from the list."))
    return code


def _new_password(password: str) -> str:
    if passwords.is_common(password):
        raise refusal(COMMON)
    return password


def without_own_name(password: str, name: str, email: str) -> str:
    if passwords.names_its_owner(password, name, email):
        raise refusal(OWN_NAME)
    return password


Name = Annotated[Line, Field(min_length=1, max_length=120)]
Address = Annotated[Line, Field(max_length=254), AfterValidator(_address)]
Password = Annotated[Text, BeforeValidator(_normal_password), Field(max_length=passwords.LONGEST)]
NewPassword = Annotated[Password, Field(min_length=passwords.SHORTEST), AfterValidator(_new_password)]
Language = Annotated[str, AfterValidator(_offered_language)]
Zone = Annotated[str, AfterValidator(_known_zone)]
Token = Annotated[str, Field(max_length=100)]

LABELS = {
    "name": N_("Your name"),
    "email": N_("E-mail address"),
    "password": N_("Password"),
    "language": N_("Language of pages and messages"),
    "zone": N_("Time zone"),
}


class RegisterForm(Form):
    labels: ClassVar = LABELS
    name: Name
    email: Address
    language: Language
    zone: Zone
    password: NewPassword

    @field_validator("password")
    @classmethod
    def _not_their_own_name(cls, password: str, typed: ValidationInfo) -> str:
        return without_own_name(password, typed.data.get("name", ""), typed.data.get("email", ""))


class VerifyForm(Form):
    labels: ClassVar = {"password": N_("The password you registered with")}
    token: Token
    password: Password


class SignInForm(Form):
    """An address in any form: one that nobody can have is an unknown one."""

    labels: ClassVar = LABELS
    email: Annotated[Line, Field(max_length=254), AfterValidator(rules.normal_email)]
    password: Password
    next: Annotated[str, Field(max_length=2000)] = "/"


class ResetForm(Form):
    labels: ClassVar = LABELS
    email: Address


class NewPasswordForm(Form):
    labels: ClassVar = {"password": N_("New password")}
    password: NewPassword


class DetailsForm(Form):
    labels: ClassVar = LABELS
    name: Name
    language: Language
    zone: Zone


class ChangePasswordForm(Form):
    labels: ClassVar = {"current": N_("Present password"), "password": N_("New password")}
    current: Password
    password: NewPassword


class PeopleFilter(Form):
    labels: ClassVar = {"q": N_("Name or e-mail address")}
    q: Annotated[Line, Field(max_length=100)] = ""


def government_of(role: Role | None, government: uuid.UUID | None) -> uuid.UUID | None:
    """The government a role is for: asked of coordinators, dropped for everybody else."""
    if role is Role.COORDINATOR and government is None:
        raise refusal(N_("Choose the government that this person coordinates."))
    return government if role is Role.COORDINATOR else None


def given_by_the_secretariat(role: Role) -> Role:
    if role in rules.FOR_AN_EDITION:
        raise refusal(N_("Give this role on the pages of the contest."))
    return role


class RoleForm(Form):
    """A role that a secretary gives; those of an edition are given on the edition's own pages."""

    labels: ClassVar = {
        "role": N_("Role"),
        "government": N_("Government"),
        "begins_on": N_("First day"),
        "ends_on": N_("Last day"),
    }
    model_config = ConfigDict(validate_default=True)
    role: Role
    government: uuid.UUID | None = None
    begins_on: dt.date
    ends_on: dt.date | None = None
    key: uuid.UUID | None = None

    @field_validator("role")
    @classmethod
    def _given_here(cls, role: Role) -> Role:
        return given_by_the_secretariat(role)

    @field_validator("government")
    @classmethod
    def _only_for_coordinators(cls, government: uuid.UUID | None, typed: ValidationInfo) -> uuid.UUID | None:
        return government_of(typed.data.get("role"), government)

    @field_validator("ends_on")
    @classmethod
    def _in_order(cls, ends_on: dt.date | None, typed: ValidationInfo) -> dt.date | None:
        begins_on = typed.data.get("begins_on")
        if ends_on and begins_on and ends_on < begins_on:
            raise refusal(N_("The last day is before the first. Enter a later one."))
        return ends_on
