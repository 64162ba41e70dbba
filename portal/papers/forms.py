"""Whom a coordinator enters from paper."""

import uuid
from typing import Annotated, ClassVar

from pydantic import Field

from portal.accounts.forms import Address, Language, Name
from portal.forms import Form, Line
from portal.i18n import N_
from portal.papers.words import SCANS


class Newcomer(Form):
    labels: ClassVar = {
        "name": N_("Name of the applicant"),
        "home_id": N_("Home government"),
        "email": N_("E-mail address"),
        "language": N_("Language of the applicant"),
    }
    name: Name
    home_id: uuid.UUID
    email: Address | None = None
    language: Language
    key: uuid.UUID | None = None


class Scans(Form):
    """The files themselves are read by the uploads."""

    labels: ClassVar = {
        **{scan.value: name for scan, name in SCANS.items()},
        "guardian_name": N_("Parent or guardian who signed the consent"),
    }
    guardian_name: Annotated[Line, Field(max_length=120)] = ""
